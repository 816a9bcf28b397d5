//! When unsaved changes of the plan are kept: soon after an edit, but not at every key.

use super::draft::Draft;
use std::time::{Duration, Instant};

/// The time from a change until it is kept.
const DELAY: Duration = Duration::from_millis(500);

/// What there is to do about unsaved changes.
#[derive(Debug, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// The changes are to be kept after this long.
    In(Duration),
    /// The changes are to be kept now.
    Keep,
    /// There are no unsaved changes any more: what was kept is to be forgotten.
    Forget,
}

/// Which changes of the plan are kept.
#[derive(Default)]
pub struct Autosave {
    /// The revision that is kept; absent where nothing is unsaved.
    kept: Option<u64>,
    changed: Option<Instant>,
}

impl Autosave {
    /// Notes that the draft's changes are kept already.
    pub fn is_kept(&mut self, draft: &Draft) {
        *self = Self { kept: Some(draft.revision()), changed: None };
    }

    /// Says what to do about the draft as it is now.
    pub fn follow(&mut self, draft: &Draft, now: Instant) -> Due {
        let unsaved = draft.is_dirty().then(|| draft.revision());
        if unsaved == self.kept {
            self.changed = None;
            return Due::Nothing;
        }
        if unsaved.is_none() {
            *self = Self::default();
            return Due::Forget;
        }
        let due = *self.changed.get_or_insert(now) + DELAY;
        if now < due {
            return Due::In(due - now);
        }
        *self = Self { kept: unsaved, changed: None };
        Due::Keep
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Plan;

    #[test]
    fn changes_are_kept_soon_and_forgotten_when_there_are_none() {
        let (mut draft, mut autosave) = (Draft::new(Plan::empty("a"), None), Autosave::default());
        let start = Instant::now();
        let at = |autosave: &mut Autosave, draft: &Draft, ms| autosave.follow(draft, start + Duration::from_millis(ms));
        assert_eq!(at(&mut autosave, &draft, 0), Due::Nothing);
        for (ms, left) in [(0, 500), (200, 300), (400, 100)] {
            draft.edit(Some(1), |plan| plan.name.push('x'));
            assert_eq!(at(&mut autosave, &draft, ms), Due::In(Duration::from_millis(left)), "typing puts nothing off");
        }
        assert_eq!(at(&mut autosave, &draft, 500), Due::Keep);
        assert_eq!(at(&mut autosave, &draft, 501), Due::Nothing);
        draft.edit(None, |plan| plan.run.workers = 3);
        assert_eq!(at(&mut autosave, &draft, 600), Due::In(Duration::from_millis(500)));
        // Changes restored from an earlier window are forgotten as soon as none is unsaved.
        let mut restored = Autosave::default();
        restored.is_kept(&draft);
        draft.undo();
        draft.undo();
        assert_eq!(at(&mut restored, &draft, 0), Due::Forget);
        assert_eq!((at(&mut autosave, &draft, 700), at(&mut autosave, &draft, 800)), (Due::Forget, Due::Nothing));
    }
}

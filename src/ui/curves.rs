//! The curves of shown runs, kept from frame to frame; those that take long are worked out in the background.

use model::{Run, Setting, Slices, SlicesSource};
use scene::curves::{CurveKind, Known, curve, on_cpu};
use std::{collections::HashMap, sync::Arc};

/// Columns of a curve, at any width of its plot.
const COLUMNS: usize = 800;
/// Above this number of slices, a curve is worked out in the background.
const MANY: usize = 20_000;

/// How far a run was when its curves were made.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Made {
    run: u32,
    ended: bool,
    now_ns: u64,
}

/// The curves of shown runs, by setting.
#[derive(Default)]
pub struct Curves {
    kept: HashMap<Setting, Kept>,
}

/// The curves of one setting's run.
struct Kept {
    made: Made,
    curves: Arc<[Known; 4]>,
    /// Whether one of them is being worked out in the background.
    to_come: bool,
}

/// A curve that is to be worked out in the background.
#[derive(Debug)]
pub struct Long {
    setting: Setting,
    made: Made,
    slices: Slices,
    source: Option<SlicesSource>,
    length_ns: u64,
}

/// A curve that was worked out in the background.
pub struct Worked {
    setting: Setting,
    made: Made,
    on_cpu: Known,
}

impl Curves {
    /// The curves of a run, by [`CurveKind::ALL`], and the one that is still to be worked out. They are made anew when
    /// the run has ended and, while it goes on, when it is a tenth longer, so that the work stays in proportion to the
    /// run.
    pub fn of(&mut self, run: &Run) -> (Arc<[Known; 4]>, Option<Long>) {
        let made = Made { run: run.id, ended: run.end.is_some(), now_ns: run.now_ns };
        let before = self.kept.get(&run.setting()).filter(|kept| kept.made.run == run.id);
        // While a curve is being worked out, none is made anew.
        if let Some(kept) = before.filter(|kept| kept.to_come || kept.made.is_fresh(made)) {
            return (kept.curves.clone(), None);
        }
        let long = (run.slices.len() > MANY).then(|| Long::of(run, made));
        let until_then = || match before {
            Some(kept) => kept.curves[CurveKind::OnCpu as usize].clone(),
            None => Err("it is being worked out".to_owned()),
        };
        let curves = Arc::new(CurveKind::ALL.map(|kind| match kind {
            CurveKind::OnCpu if long.is_some() => until_then(),
            kind => curve(run, kind, COLUMNS),
        }));
        self.kept.insert(run.setting(), Kept { made, curves: curves.clone(), to_come: long.is_some() });
        (curves, long)
    }

    /// Takes in a curve that was worked out, unless another run is shown by now.
    pub fn take(&mut self, worked: Worked) {
        let kept = self.kept.get_mut(&worked.setting);
        if let Some(kept) = kept.filter(|kept| kept.to_come && kept.made == worked.made) {
            Arc::make_mut(&mut kept.curves)[CurveKind::OnCpu as usize] = worked.on_cpu;
            kept.to_come = false;
        }
    }

    /// Stops waiting for curves, and shows why in their place.
    pub fn give_up(&mut self, why: &str) {
        for kept in self.kept.values_mut().filter(|kept| kept.to_come) {
            Arc::make_mut(&mut kept.curves)[CurveKind::OnCpu as usize] = Err(why.to_owned());
            kept.to_come = false;
        }
    }
}

impl Long {
    fn of(run: &Run, made: Made) -> Self {
        let (slices, source) = (run.slices.clone(), run.slices_source);
        Self { setting: run.setting(), made, slices, source, length_ns: run.length_ns() }
    }

    /// Works the curve out.
    pub fn work_out(self) -> Worked {
        let on_cpu = Ok(on_cpu(&self.slices, self.source, self.length_ns, COLUMNS));
        Worked { setting: self.setting, made: self.made, on_cpu }
    }
}

impl Made {
    fn is_fresh(self, now: Self) -> bool {
        self.ended == now.ended && (now.ended || now.now_ns < self.now_ns + self.now_ns / 10)
    }
}

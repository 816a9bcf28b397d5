//! The plan being edited, with undo, redo, the selected task, and whether it is saved.

use model::{Plan, Target, Task};
use std::{collections::VecDeque, path::PathBuf};
use store::{
    plan_file::{self, PlanFile, Saving},
    unsaved::Unsaved,
};

/// The most steps that can be undone.
const MOST_STEPS: usize = 200;

#[derive(Clone)]
struct Step {
    plan: Plan,
    selected: usize,
}

/// The plan being edited.
pub struct Draft {
    plan: Plan,
    /// The plan's file, where it has one.
    pub path: Option<PathBuf>,
    /// What its file held when it was read or saved, or the starter that it came from.
    text: String,
    /// The selected task's place; beyond the last where there is none.
    pub selected: usize,
    saved: Plan,
    undo: VecDeque<Step>,
    redo: Vec<Step>,
    last_key: Option<u64>,
    revision: u64,
    /// The revision with which it came in place of another: no two drafts of a window share it.
    number: u64,
    /// Whether it was not made here and its user has not allowed it to be run.
    unasked: bool,
}

impl Draft {
    /// A plan as it is in its file, or as a starter has it.
    pub fn new(plan: Plan, path: Option<PathBuf>) -> Self {
        let saved = plan.clone();
        Self {
            plan,
            path,
            text: String::new(),
            selected: 0,
            saved,
            undo: VecDeque::new(),
            redo: Vec::new(),
            last_key: None,
            revision: 0,
            number: 0,
            unasked: false,
        }
    }

    /// Marks the plan as not made here: what it executes is to be shown before it is run.
    pub fn of_others(self) -> Self {
        Self { unasked: true, ..self }
    }

    /// Whether its user is to be asked before it is run.
    pub fn is_unasked(&self) -> bool {
        self.unasked
    }

    /// Notes that its user has allowed it to be run, with every change made to it here.
    pub fn allow(&mut self) {
        self.unasked = false;
    }

    /// A plan as it was read.
    pub fn of(file: PlanFile, path: Option<PathBuf>) -> Self {
        let text = file.text().to_owned();
        Self { text, ..Self::new(file.plan, path) }
    }

    /// A plan with changes that an earlier window had not saved; undo gives the plan of the file.
    pub fn restored(unsaved: Unsaved) -> Self {
        let name = unsaved.path.as_deref().map(|path| path.display().to_string());
        let read = plan_file::parse(&unsaved.text, name.as_deref().unwrap_or("plan"), unsaved.folder.as_deref());
        let empty = || Plan { folder: unsaved.folder.clone(), ..Plan::empty("Untitled plan") };
        let file = read.unwrap_or_else(|_| PlanFile::of(empty()));
        let mut draft = Self::of(file, unsaved.path);
        draft.edit(None, |plan| *plan = *unsaved.plan);
        draft.unasked = unsaved.unasked;
        draft
    }

    /// What is to be kept of changes that are not saved.
    pub fn unsaved(&self) -> Unsaved {
        let mut unsaved = Unsaved::new(&self.plan, self.path.as_deref(), &self.text);
        unsaved.unasked = self.unasked;
        unsaved
    }

    /// The draft as successor of another: its revision continues the former's, so that the plan is checked anew.
    pub fn following(self, former: &Self) -> Self {
        let revision = former.revision + 1;
        Self { revision, number: revision, ..self }
    }

    /// What to save at a path.
    pub fn saving(&self, path: PathBuf) -> Saving {
        Saving { path, plan: Box::new(self.plan.clone()), opened: self.path.clone(), text: self.text.clone() }
    }

    /// The plan as it is now.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// A number that grows with every change of the plan.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A number that no other draft of the window has.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The selected task.
    pub fn task(&self) -> Option<&Task> {
        self.plan.tasks.get(self.selected)
    }

    /// Whether it differs from what was last saved or opened.
    pub fn is_dirty(&self) -> bool {
        self.plan != self.saved
    }

    /// Notes what its file holds now.
    pub fn mark_saved(&mut self, saved: Saving) {
        self.plan.folder = saved.path.parent().map(PathBuf::from);
        self.saved = Plan { folder: self.plan.folder.clone(), ..*saved.plan };
        self.path = Some(saved.path);
        self.text = saved.text;
    }

    /// Changes the plan. Changes in a row with the same key, as by typing in one field, are undone together.
    pub fn edit(&mut self, key: Option<u64>, change: impl FnOnce(&mut Plan)) {
        let before = self.step();
        change(&mut self.plan);
        if self.plan == before.plan {
            return;
        }
        self.revision += 1;
        if key.is_none() || key != self.last_key {
            self.remember(before);
        }
        self.redo.clear();
        self.last_key = key;
    }

    fn step(&self) -> Step {
        Step { plan: self.plan.clone(), selected: self.selected }
    }

    fn remember(&mut self, step: Step) {
        self.undo.push_back(step);
        if self.undo.len() > MOST_STEPS {
            self.undo.pop_front();
        }
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Undoes the last change.
    pub fn undo(&mut self) {
        if let Some(step) = self.undo.pop_back() {
            self.redo.push(self.step());
            self.restore(step);
        }
    }

    /// Makes the change again that was undone last.
    pub fn redo(&mut self) {
        if let Some(step) = self.redo.pop() {
            self.undo.push_back(self.step());
            self.restore(step);
        }
    }

    fn restore(&mut self, step: Step) {
        let folder = self.plan.folder.take();
        self.plan = Plan { folder, ..step.plan };
        self.selected = step.selected;
        self.last_key = None;
        self.revision += 1;
    }

    /// Adds a task of one instance behind the selected one, and selects it.
    pub fn add(&mut self, target: Target) {
        self.add_task(Task::new(target));
    }

    /// Adds a task behind the selected one, and selects it.
    pub fn add_task(&mut self, mut task: Task) {
        let place = (self.selected + 1).min(self.plan.tasks.len());
        if task.name.is_empty() {
            task.name = "program".to_owned();
        }
        self.edit(None, |plan| plan.tasks.insert(place, task));
        self.selected = place;
    }

    /// Puts a copy of the selected task behind it, and selects the copy.
    pub fn duplicate(&mut self) {
        let Some(task) = self.task().cloned() else { return };
        let place = self.selected + 1;
        self.edit(None, |plan| plan.tasks.insert(place, task));
        self.selected = place;
    }

    /// Removes the selected task, and selects its neighbour.
    pub fn remove(&mut self) {
        let place = self.selected;
        if place < self.plan.tasks.len() {
            self.edit(None, |plan| drop(plan.tasks.remove(place)));
            self.selected = place.min(self.plan.tasks.len().saturating_sub(1));
        }
    }

    /// Whether the selected task has a neighbour above (`-1`) or below (`1`).
    pub fn can_move(&self, by: isize) -> bool {
        let to = self.selected.checked_add_signed(by);
        self.task().is_some() && to.is_some_and(|to| to < self.plan.tasks.len())
    }

    /// Swaps the selected task with its neighbour above (`-1`) or below (`1`).
    pub fn shift(&mut self, by: isize) {
        if self.can_move(by) {
            let (from, to) = (self.selected, self.selected.saturating_add_signed(by));
            self.edit(None, |plan| plan.tasks.swap(from, to));
            self.selected = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        let mut plan = Plan::empty("test");
        plan.tasks = ["a", "b", "c"].map(|name| Task::new(Target::Builtin(name.to_owned()))).into();
        Draft::new(plan, None)
    }

    fn names(draft: &Draft) -> String {
        draft.plan().tasks.iter().map(|task| task.name.as_str()).collect()
    }

    #[test]
    fn typing_in_one_field_is_one_step() {
        let mut draft = draft();
        for text in ["x", "xy", "xyz"] {
            draft.edit(Some(1), |plan| plan.name = text.to_owned());
        }
        draft.edit(Some(2), |plan| plan.run.workers = 3);
        draft.undo();
        assert_eq!((draft.plan().name.as_str(), draft.plan().run.workers), ("xyz", 0));
        draft.undo();
        assert_eq!(draft.plan().name, "test");
        assert!(!draft.can_undo() && !draft.is_dirty());
        draft.redo();
        assert_eq!(draft.plan().name, "xyz");
    }

    #[test]
    fn tasks_are_added_copied_moved_and_removed() {
        let mut draft = draft();
        draft.shift(1);
        assert_eq!((names(&draft).as_str(), draft.selected), ("bac", 1));
        draft.duplicate();
        assert_eq!((names(&draft).as_str(), draft.selected), ("baac", 2));
        draft.add(Target::Builtin("z".to_owned()));
        assert_eq!((names(&draft).as_str(), draft.selected), ("baazc", 3));
        draft.selected = 4;
        draft.remove();
        assert_eq!((names(&draft).as_str(), draft.selected), ("baaz", 3));
        (0..4).for_each(|_| draft.undo());
        assert_eq!(names(&draft), "abc");
    }

    #[test]
    fn removing_from_nothing_does_nothing() {
        let mut draft = Draft::new(Plan::empty("none"), None);
        draft.remove();
        draft.duplicate();
        draft.shift(-1);
        assert!(!draft.can_undo() && draft.task().is_none());
        draft.add(Target::Builtin("z".to_owned()));
        assert_eq!(names(&draft), "z");
    }

    #[test]
    fn a_change_that_changes_nothing_is_no_step() {
        let mut draft = draft();
        draft.edit(None, |_| {});
        assert!(!draft.can_undo());
    }

    #[test]
    fn the_steps_are_bounded() {
        let mut draft = draft();
        (0..500).for_each(|n| draft.edit(None, |plan| plan.run.workers = n + 1));
        assert_eq!(draft.undo.len(), MOST_STEPS);
    }

    #[test]
    fn saving_clears_the_dirty_mark_until_the_next_change() {
        let mut draft = draft();
        draft.edit(None, |plan| plan.run.repeat = 9);
        assert!(draft.is_dirty());
        draft.mark_saved(draft.saving(PathBuf::from("folder/plan.toml")));
        assert!(!draft.is_dirty());
        assert_eq!(draft.plan().folder.as_deref(), Some(std::path::Path::new("folder")));
        draft.undo();
        assert!(draft.is_dirty());
    }
}

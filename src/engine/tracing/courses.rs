//! The courses of executions by their numbers: for those in progress everything known, for those that are over the
//! totals.
//!
//! A run may have a million executions, of which few are in progress at once. So each execution has an entry in a list,
//! and no map grows.

use super::course::{Course, Totals};

/// Where the course of an execution is stored.
#[derive(Clone, Copy, Default)]
enum Place {
    #[default]
    Nowhere,
    /// Its index among those in progress.
    Live(u32),
    /// Its index among those that are over.
    Over(u32),
}

/// Stores the courses.
#[derive(Default)]
pub struct Courses {
    places: Vec<Place>,
    live: Vec<(u32, Course)>,
    over: Vec<Totals>,
}

impl Courses {
    fn place(&self, id: u32) -> Place {
        self.places.get(id as usize).copied().unwrap_or_default()
    }

    /// The course of an execution in progress.
    pub fn get(&self, id: u32) -> Option<&Course> {
        let Place::Live(at) = self.place(id) else { return None };
        self.live.get(at as usize).map(|(_, course)| course)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, id: u32) -> Option<&mut Course> {
        let Place::Live(at) = self.place(id) else { return None };
        self.live.get_mut(at as usize).map(|(_, course)| course)
    }

    /// The course of an execution, created by `begin` if there is none yet; absent if it is over.
    pub fn open(&mut self, id: u32, begin: impl FnOnce() -> Course) -> Option<&mut Course> {
        if self.places.len() <= id as usize {
            self.places.resize(id as usize + 1, Place::Nowhere);
        }
        let place = &mut self.places[id as usize];
        if matches!(place, Place::Nowhere) {
            *place = Place::Live(self.live.len() as u32);
            self.live.push((id, begin()));
        }
        self.get_mut(id)
    }

    /// An execution is over: only its totals are kept.
    pub fn close(&mut self, id: u32) {
        let Place::Live(at) = self.place(id) else { return };
        let (_, course) = self.live.swap_remove(at as usize);
        if let Some((moved, _)) = self.live.get(at as usize) {
            self.places[*moved as usize] = Place::Live(at);
        }
        self.places[id as usize] = Place::Over(self.over.len() as u32);
        self.over.push(course.totals());
    }

    /// Closes those that are over.
    pub fn close_where(&mut self, is_over: impl Fn(&Course) -> bool) {
        // From the last one backwards: the one that takes the place of a closed one was checked before.
        for at in (0..self.live.len()).rev() {
            let (id, course) = &self.live[at];
            if is_over(course) {
                self.close(*id);
            }
        }
    }

    /// Whether an execution's course is over.
    pub fn is_over(&self, id: u32) -> bool {
        matches!(self.place(id), Place::Over(_))
    }

    /// What an execution did, as far as it is known by now.
    pub fn totals(&self, id: u32) -> Option<Totals> {
        match self.place(id) {
            Place::Nowhere => None,
            Place::Live(at) => self.live.get(at as usize).map(|(_, course)| course.totals()),
            Place::Over(at) => self.over.get(at as usize).copied(),
        }
    }

    /// The courses in progress, in no particular order.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut Course)> {
        self.live.iter_mut().map(|(id, course)| (*id, course))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An execution that enters and leaves at these instants, and is on a CPU from its start for this long.
    fn course(entered_ns: u64, left_ns: u64, on_cpu_ns: u64) -> Course {
        let mut course = Course::default();
        course.stamped(Some(entered_ns), Some(left_ns));
        course.slice(entered_ns, entered_ns + on_cpu_ns, 0, false);
        course
    }

    #[test]
    fn each_is_found_by_its_number_whoever_is_closed_before() {
        let mut courses = Courses::default();
        for id in [7, 0, 3, 9] {
            let begun = courses.open(id, || course(0, 100 + u64::from(id), 10)).expect("it goes on");
            assert_eq!(begun.left_ns(), Some(100 + u64::from(id)));
        }
        courses.close(7);
        courses.close(5);
        courses.get_mut(3).expect("it goes on").slice(20, 103, 0, false);
        courses.close_where(Course::is_complete);
        assert!(courses.is_over(7) && courses.is_over(3) && !courses.is_over(0) && !courses.is_over(1_000));
        assert!(courses.open(3, Course::default).is_none(), "it is over");
        let on_cpu = |id| courses.totals(id).map(|totals| totals.on_cpu_ns);
        assert_eq!([0, 3, 7, 9, 5, 1_000].map(on_cpu), [Some(10), Some(93), Some(10), Some(10), None, None]);
        assert_eq!(courses.get(9).and_then(Course::left_ns), Some(109));
        assert!(courses.get(3).is_none());
        courses.close_where(|_| true);
        assert_eq!(courses.iter_mut().count(), 0);
    }
}

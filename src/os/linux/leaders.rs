//! Children that this process started itself, and those that it adopted.

use super::tree::descendants;
use crate::{SeenProcess, unix::number_of};
use std::{
    collections::BTreeSet,
    io,
    process::{Child, Command},
    sync::{Mutex, PoisonError},
};

/// Children that this process started itself, by [`spawn_leader`]: the holder of each waits for it.
static LEADERS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

pub fn spawn_leader(command: &mut Command) -> io::Result<Child> {
    crate::lead_group(command);
    // Locked until the child's number is known, so that `reap_strays` can't reap it in between.
    let mut leaders = LEADERS.lock().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn()?;
    leaders.insert(child.id());
    Ok(child)
}

pub fn reap_strays() {
    let (own, group) = (crate::pid(), number_of(rustix::process::getpgrp()));
    let mut leaders = LEADERS.lock().unwrap_or_else(PoisonError::into_inner);
    let children: Vec<SeenProcess> = descendants(own).into_iter().filter(|process| process.parent == own).collect();
    leaders.retain(|leader| children.iter().any(|child| child.pid == *leader));
    for child in children.iter().filter(|child| child.ended && child.group != group && !leaders.contains(&child.pid)) {
        let _ = crate::reap(child.pid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen_process;

    #[test]
    fn who_was_adopted_and_has_ended_is_reaped_and_nobody_who_is_waited_for() {
        crate::adopt_orphans().expect("Linux");
        // The orphan's parent tells the orphan's number and ends; the orphan leads a group of its own, and ends later.
        let mut parent = Command::new("sh");
        parent.args(["-c", "setsid sh -c 'echo $$; exec sleep 0.1' & wait_for=$!; exit 0"]);
        parent.stdout(std::process::Stdio::piped());
        let output = spawn_leader(&mut parent).expect("sh").wait_with_output().expect("ended");
        let orphan: u32 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
        let ended = |pid: u32| seen_process(pid).is_none_or(|seen| seen.ended);
        while !ended(orphan) {
            std::thread::yield_now();
        }
        let mut waited_for = spawn_leader(&mut Command::new("true")).expect("true");
        while !ended(waited_for.id()) {
            std::thread::yield_now();
        }
        reap_strays();
        assert_eq!(seen_process(orphan), None, "it is reaped");
        assert!(waited_for.wait().expect("it is there").success());
    }
}

//! A host that is killed leaves no process behind.

use crate::{
    support::{Folder, until},
    tree::{descendants, processes},
};
use std::{collections::BTreeSet, process::Stdio, time::Instant};

fn alive(pids: &BTreeSet<u32>) -> usize {
    processes().into_iter().filter(|(pid, _, state)| pids.contains(pid) && *state != 'Z').count()
}

#[test]
fn a_killed_host_leaves_no_process_behind_in_any_mode() {
    let (built_in, program) = (
        "[[task]]\ntarget = \"sleep\"\nargs = { seconds = 600 }\ncount = 100\n",
        "[[task]]\ntarget = \"program:sh\"\nargs = [\"-c\", \"sleep 600 & sleep 600\"]\ncount = 3\n",
    );
    for (mode, tasks, most) in [
        ("processes", format!("{built_in}{program}"), 110),
        ("process-pool", built_in.to_owned(), 101),
        ("sequential", program.to_owned(), 4),
        ("threads", built_in.to_owned(), 1),
    ] {
        let folder = Folder::new();
        folder.write("plan.toml", format!("schema = 1\n[run]\nmode = \"{mode}\"\nrepeat = 1\nwarmup = 0\n{tasks}"));
        let mut host = folder.command(&["run", "plan.toml"]).stderr(Stdio::null()).spawn().expect("it starts");
        until("everybody to be there", || descendants(host.id()).len() >= most);
        let everybody = descendants(host.id());
        host.kill().expect("killed");
        host.wait().expect("reaped");
        let killed = Instant::now();
        until("everybody to be gone", || alive(&everybody) == 0);
        println!(
            "{mode}: {} processes were gone {} ms after their host",
            everybody.len(),
            killed.elapsed().as_millis()
        );
    }
}

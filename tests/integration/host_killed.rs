//! A host that is killed leaves nobody behind.

use crate::support::{Folder, until};
use std::{collections::BTreeSet, fs, process::Stdio, time::Instant};

/// Parent and state of every process, as /proc has them.
fn processes() -> Vec<(u32, u32, char)> {
    let entries = fs::read_dir("/proc").expect("Linux has /proc").filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let of = |pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
        Some((pid, rest.next()?.chars().next()?, rest.next()?.parse().ok()?))
    };
    pids.filter_map(of).map(|(pid, state, parent)| (pid, parent, state)).collect()
}

/// Everybody below a process.
fn descendants(root: u32) -> BTreeSet<u32> {
    let all = processes();
    let mut found = BTreeSet::from([root]);
    loop {
        let more: Vec<u32> =
            all.iter().filter(|p| found.contains(&p.1) && !found.contains(&p.0)).map(|p| p.0).collect();
        if more.is_empty() {
            found.remove(&root);
            return found;
        }
        found.extend(more);
    }
}

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

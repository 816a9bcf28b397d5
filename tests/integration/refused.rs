//! If the system refuses what measuring needs, the next weaker source takes over: a run never fails because of its
//! measurement.

use crate::support::{Folder, Said, plan, required};
use serde_json::Value;
use std::{io, os::unix::process::CommandExt, process::Command};

/// Lets the kernel refuse perf_event_open(2), and nothing else, to a command and all that it starts.
fn refuse_switch_records(command: &mut Command) {
    use libc::{BPF_ABS, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, sock_filter};
    let filter = |code: u32, jt: u8, jf: u8, k: u32| sock_filter { code: code as u16, jt, jf, k };
    let program = [
        filter(BPF_LD | BPF_W | BPF_ABS, 0, 0, 0),
        filter(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, libc::SYS_perf_event_open as u32),
        filter(BPF_RET | BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32),
        filter(BPF_RET | BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let install = move || {
        let mut program = program;
        let program = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
        // SAFETY: between fork and exec only system calls are made; the filter lives through the call that copies it.
        let refused = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) != 0
        };
        if refused { Err(io::Error::last_os_error()) } else { Ok(()) }
    };
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe { command.pre_exec(install) };
}

/// Limits the descriptors of a command, and of all that it starts.
fn limit_descriptors(command: &mut Command, most: u64) {
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    let set = move || {
        // SAFETY: the pointer is to a live value of the type that setrlimit reads.
        let refused = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) } != 0;
        if refused { Err(io::Error::last_os_error()) } else { Ok(()) }
    };
    // SAFETY: the closure makes one system call, allocates nothing and takes no lock.
    unsafe { command.pre_exec(set) };
}

fn is_one_sentence(note: &str) -> bool {
    !note.is_empty() && !note.contains('\n') && !note.trim_end_matches('.').contains(". ")
}

fn first_run(said: &Said) -> Value {
    assert_eq!(said.status, 0, "{said:?}");
    said.json()["runs"][0].clone()
}

#[test]
fn without_permission_for_switch_records_slices_are_sampled_and_a_sentence_says_why() {
    let folder = Folder::new();
    // Long enough for looks: they come 50 times a second, and not before 20 ms.
    folder.write("plan.toml", plan("duty-cycle", "args = { share = 0.5, seconds = 0.3 }\ncount = 4"));
    for mode in ["sequential", "threads", "thread-pool", "processes", "process-pool"] {
        let mut command = folder.command(&["run", "plan.toml", "--json", "--mode", mode]);
        refuse_switch_records(&mut command);
        let run = first_run(&command.output().expect("the program starts").into());
        assert_eq!(run["slices_source"], "sampled", "{mode}: {}", run["slices_note"]);
        let note = run["slices_note"].as_str().unwrap_or_else(|| panic!("{mode}: no note"));
        assert!(is_one_sentence(note) && note.contains("perf_event_paranoid"), "{mode}: {note}");
        assert_eq!(run["states_source"], "schedstat", "{mode}");
        for execution in run["executions"].as_array().expect("a list") {
            assert!(execution["states"]["on_cpu_ns"].as_u64().is_some_and(|ns| ns > 0), "{mode}: {execution}");
            let slices = execution["slices"].as_array();
            assert!(slices.is_some_and(|slices| !slices.is_empty()), "{mode}: no slice is sampled of {execution}");
        }
    }
}

#[test]
fn calibrating_without_switch_records_says_so_once_a_mode_and_tells_the_rest() {
    let folder = Folder::new();
    let mut command = folder.command(&["calibrate", "--json"]);
    refuse_switch_records(&mut command);
    let said: Said = command.output().expect("the program starts").into();
    assert_eq!(said.status, 0, "{said:?}");
    for mode in said.json()["costs"]["modes"].as_array().expect("a list") {
        let slices = &mode["levels"][2];
        assert!(slices["per_launch_ns"].is_null() && slices["adds"].is_null(), "{slices}");
        assert!(slices["note"].as_str().is_some_and(is_one_sentence), "{slices}");
        assert!(mode["levels"][1]["adds"]["median_ns"].is_f64(), "{mode}");
    }
}

#[test]
fn where_descriptors_suffice_for_a_run_alone_the_run_goes_on_without_records() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("primes", "args = { limit = 20000 }\ncount = 3"));
    for mode in ["threads", "processes"] {
        let run = |measure: &str, descriptors: u64| -> Said {
            let mut command = folder.command(&["run", "plan.toml", "--json", "--mode", mode, "--measure", measure]);
            limit_descriptors(&mut command, descriptors);
            command.output().expect("the program starts").into()
        };
        let fewest = (8..100).find(|most| run("states", *most).status == 0).expect("100 are enough");
        let runs: Vec<_> = (fewest..fewest + 8).map(|most| first_run(&run("slices", most))).collect();
        for run in &runs {
            let exact = run["slices_source"] == "switch-records";
            let note = run["slices_note"].as_str();
            assert!(exact || note.is_some_and(|note| is_one_sentence(note) && note.contains("ulimit -n")), "{note:?}");
        }
        assert!(runs.iter().any(|run| run["slices_note"].is_string()), "{mode}: with {fewest} there is room for all");
    }
}

#[test]
fn processes_that_end_before_they_are_read_are_measured_all_the_same() {
    let folder = Folder::new();
    for (target, lines, mode) in [
        ("program:true", "count = 200", "processes"),
        ("sleep", "args = { seconds = 0 }\ncount = 400", "processes"),
        ("sleep", "args = { seconds = 0 }\ncount = 2000", "threads"),
    ] {
        folder.write("plan.toml", plan(target, lines));
        let run = first_run(&folder.run(&["run", "plan.toml", "--json", "--mode", mode, "--workers", "4"]));
        for execution in run["executions"].as_array().expect("a list") {
            assert_eq!(execution["outcome"]["kind"], "success", "{target} {mode}: {execution}");
            let stamp = |key: &str| execution["stamps"][key].as_u64().expect("a stamp");
            let states = &execution["states"];
            let sum: u64 = ["on_cpu_ns", "runnable_ns", "blocked_ns"]
                .map(|key| states[key].as_u64().unwrap_or_else(|| panic!("{target} {mode}: {execution}")))
                .iter()
                .sum();
            assert_eq!(sum, stamp("left_ns") - stamp("entered_ns"), "{target} {mode}: {execution}");
        }
    }
}

#[test]
fn without_records_the_clocks_count_own_threads_and_children_and_nothing_is_said_of_them() {
    if Command::new("python3").arg("--version").output().is_err() {
        return required::<()>("own threads need python3").unwrap_or_default();
    }
    let folder = Folder::alone();
    let source = "import hashlib, subprocess, sys, threading\n\n\
                  def digest():\n    hashlib.sha256(bytes(64 << 20)).digest()\n\n\
                  def helped():\n    thread = threading.Thread(target=digest)\n    thread.start()\n    thread.join()\n    \
                  subprocess.run([sys.executable, '-c', 'import hashlib; hashlib.sha256(bytes(64 << 20)).digest()'])\n";
    folder.write("own.py", source);
    folder.write("plan.toml", plan("python:own.py:helped", "count = 2"));
    let modes = ["threads", "processes", "sequential"];
    let cpu_ns = modes.map(|mode| {
        let mut command = folder.command(&["run", "plan.toml", "--json", "--repeat", "1", "--mode", mode]);
        refuse_switch_records(&mut command);
        let said: Said = command.output().expect("the program starts").into();
        let run = first_run(&said);
        let document = said.json();
        let ids = document["findings"].as_array().expect("findings").iter().map(|found| &found["id"]);
        let ids: Vec<&Value> = ids.collect();
        let silent = ["own-threads", "waiting", "serialised-on-a-lock", "runs-at-once"];
        assert!(!ids.iter().any(|id| silent.iter().any(|other| *id == other)), "{mode}: {ids:?}");
        let usage = |execution: &Value| {
            let of = |word: &str| execution["usage"][word].as_u64().unwrap_or(0);
            of("user_ns") + of("system_ns")
        };
        let executions = run["executions"].as_array().expect("executions");
        executions.iter().map(usage).sum::<u64>() + run["own"]["on_cpu_ns"].as_u64().unwrap_or(0)
    });
    let (least, most) = (cpu_ns.iter().min().expect("three"), cpu_ns.iter().max().expect("three"));
    assert!(*least as f64 > 0.5 * *most as f64, "{modes:?}: {cpu_ns:?}");
}

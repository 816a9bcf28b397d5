//! A full /dev/shm, and functions that tamper with the run's folder.

use crate::{
    cases::python,
    support::{Folder, Said, command, plan, required},
};
use std::{path::Path, process::Command};

/// For the command alone, mounts a small /dev/shm, and a small file system over the folder `tmp` for temporary files.
/// Writes into the file `left` what the command leaves in both.
const SMALL: &str = r#"
left=$1 shm=$2 tmp=$3; shift 3
mount -t tmpfs -o size=$shm tmpfs /dev/shm || exit 97
mkdir -p tmp && { [ "$tmp" = - ] || mount -t tmpfs -o size=$tmp tmpfs "$PWD/tmp" || exit 97; } && chmod 1777 tmp
TMPDIR=$PWD/tmp "$@"; status=$?
ls -A /dev/shm tmp | grep spawnscope- >"$left"
exit $status
"#;

/// The program's answer with so little shared memory (and temporary files, unless `tmp` is `-`); asserts that nothing
/// is left of the run.
pub fn with_memory(folder: &Folder, shm: &str, tmp: &str, arguments: &[&str]) -> Option<Said> {
    let program = command(Path::new("/")).get_program().to_string_lossy().into_owned();
    in_own_memory(folder, shm, tmp, &[&[program.as_str()], arguments].concat())
}

/// The same for any command that starts the program.
pub fn in_own_memory(folder: &Folder, shm: &str, tmp: &str, words: &[&str]) -> Option<Said> {
    if !Command::new("unshare").args(["-m", "true"]).output().is_ok_and(|output| output.status.success()) {
        return required("a mount namespace needs root");
    }
    let mut unshare = Command::new("unshare");
    unshare.args(["-m", "sh", "-c", SMALL, "sh", "left", shm, tmp]);
    unshare.args(words);
    let said: Said = unshare.current_dir(folder.path("")).env_remove("DISPLAY").output().expect("it starts").into();
    assert_ne!(said.status, 97, "no file system was mounted: {said:?}");
    assert_eq!(std::fs::read_to_string(folder.path("left")).expect("listed"), "", "a folder was left: {said:?}");
    Some(said)
}

#[test]
fn stamps_have_their_room_however_small_the_shared_memory_is() {
    let folder = Folder::new();
    folder.write("p.toml", plan("primes", "args = { limit = 10 }\ncount = 300"));
    let arguments = ["run", "p.toml", "--json", "--mode", "process-pool/2"];
    let Some(said) = with_memory(&folder, "16k", "-", &arguments) else { return };
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert_eq!(said.json()["runs"][0]["executions"].as_array().map(Vec::len), Some(300));
}

#[test]
fn a_folder_that_memory_has_no_room_for_goes_among_the_temporary_files() {
    let Some(python) = python() else { return };
    let folder = Folder::new();
    folder.write("work.py", "def work():\n    return 5\n");
    folder.write("p.toml", plan("python:work.py:work", "count = 3"));
    let run = ["run", "p.toml", "--json", "--python", &python, "--mode"];
    let with = |shm, tmp, mode: &str| with_memory(&folder, shm, tmp, &[&run[..], &[mode]].concat());
    for mode in ["threads", "processes:fork"] {
        let Some(said) = with("16k", "-", mode) else { return };
        assert_eq!(said.status, 0, "{mode}: {}", said.stderr);
        assert_eq!(said.json()["runs"][0]["executions"][2]["result"], 5, "{mode}");
    }
    // A pool's semaphores are Python's own, and also in shared memory.
    let Some(said) = with("16k", "-", "process-pool/2") else { return };
    assert_eq!(said.status, 1, "{}", said.stderr);
    assert!(said.stderr.contains("No space left on device"), "{}", said.stderr);
}

#[test]
fn where_no_place_has_room_a_sentence_names_them_all() {
    let Some(python) = python() else { return };
    let folder = Folder::new();
    folder.write("work.py", "def work():\n    return 5\n");
    folder.write("p.toml", plan("python:work.py:work", ""));
    let Some(said) = with_memory(&folder, "16k", "16k", &["run", "p.toml", "--python", &python]) else { return };
    assert_eq!((said.status, said.stderr.lines().count()), (2, 1), "{said:?}");
    for part in ["no room", "/dev/shm: No space left on device", "tmp: No space", "TMPDIR"] {
        assert!(said.stderr.contains(part), "no {part}: {said:?}");
    }
}

#[test]
fn a_function_that_shortens_the_stamps_ends_no_host() {
    let Some(python) = python() else { return };
    let folder = Folder::new();
    folder.write(
        "work.py",
        "import os, sys\n\ndef shorten(name):\n    os.truncate(os.path.join(sys.modules['spawnscope_runner'].FOLDER, name), 0)\n\n\
         def work():\n    return 5\n",
    );
    let tasks = "args = [\"slots\"]\n[[task]]\ntarget = \"python:work.py:shorten\"\nargs = [\"sending\"]\n\
                 [[task]]\ntarget = \"python:work.py:work\"\n";
    folder.write("p.toml", plan("python:work.py:shorten", tasks));
    for mode in ["sequential", "threads", "processes:fork", "processes:spawn", "process-pool/2"] {
        let said = folder.run(&["run", "p.toml", "--json", "--python", &python, "--mode", mode]);
        assert_eq!(said.status, 1, "{mode}: {said:?}");
        let run = &said.json()["runs"][0];
        let refused = &run["executions"][0]["outcome"]["message"];
        assert!(refused.as_str().is_some_and(|why| why.contains("Operation not permitted")), "{mode}: {refused}");
        assert_eq!(run["executions"][2]["result"], 5, "{mode}");
    }
}

//! How a forkserver's process ended is reported once, even if several threads ask at the same time.

use super::interpreters;
use crate::support::Folder;
use std::process::Command;

/// Three threads ask at once for the exit codes of processes; without the runner's fix most of them get 255.
const SCRIPT: &str = r#"
import multiprocessing, os, sys, threading
sys.setswitchinterval(1e-6)

def ends():
    os._exit(4)

def ask(process, codes, waits):
    if waits:
        process.join()
    while process.exitcode is None:
        pass
    codes.append(process.exitcode)

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    import runner
    runner.ask_forkserver_once()
    codes = []
    for _ in range(40):
        process = multiprocessing.get_context("forkserver").Process(target=ends)
        process.start()
        askers = [threading.Thread(target=ask, args=(process, codes, waits)) for waits in (False, True, True)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
    assert codes == [4] * 120, codes
"#;

#[test]
fn threads_that_ask_a_forkserver_at_once_get_the_same_exit_code() {
    let folder = Folder::new();
    folder.write("ask.py", SCRIPT);
    for python in interpreters::all().iter().filter(|python| !python.pypy) {
        let join = concat!(env!("CARGO_MANIFEST_DIR"), "/resources/python/join.py");
        let joined = Command::new(&python.path).arg(join).output().expect("it starts");
        folder.write("runner.py", String::from_utf8(joined.stdout).expect("a source"));
        let said =
            Command::new(&python.path).arg(folder.path("ask.py")).arg(folder.path("")).output().expect("it starts");
        assert!(said.status.success(), "{}: {}", python.path.display(), String::from_utf8_lossy(&said.stderr));
    }
}

//! Runs an interpreter on a little code, with a deadline, and collects its output.

use std::{
    ffi::OsString,
    io::{self, ErrorKind, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        OnceLock,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

/// The pause between two looks at a process that should have ended.
const LOOK: Duration = Duration::from_millis(2);
/// How long a guard may take to end the interpreter and everything that it started.
const GUARD_PATIENCE: Duration = Duration::from_secs(3);

/// What an interpreter wrote until it ended.
pub(super) struct Answer {
    /// How it ended.
    pub(super) status: ExitStatus,
    /// Its output, at most as many bytes as the caller allowed.
    pub(super) stdout: Vec<u8>,
    /// The beginning of its error output.
    pub(super) stderr: String,
}

/// Why there is no answer.
pub(super) enum Silence {
    /// It could not be started.
    NotStarted(io::Error),
    /// It was not done at the deadline, and was ended.
    Deadline,
}

/// Executes a file with these arguments, without input. It runs in `folder`, else in the root, where no user or plan has put
/// modules. At the deadline it is ended with everything that it started. At most `most_bytes` of its output are read.
pub(super) fn ask(
    executable: &Path,
    words: &[&std::ffi::OsStr],
    folder: Option<&Path>,
    deadline: Duration,
    most_bytes: u64,
) -> Result<Answer, Silence> {
    let until = Instant::now() + deadline;
    known_format(executable).map_err(Silence::NotStarted)?;
    let mut command = guarded(executable);
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let neutral = executable.ancestors().last().filter(|root| root.has_root());
    if let Some(folder) = folder.filter(|folder| folder.is_dir()).or(neutral) {
        // A shim may use this variable.
        command.current_dir(folder).env("PWD", folder);
    }
    // Ctrl-C in a terminal signals the host's whole group; a guard ends by itself with its host.
    loop {
        match ask_once(&mut command, until, most_bytes) {
            // A file that another process still writes can't be executed yet.
            Err(Silence::NotStarted(error))
                if error.kind() == ErrorKind::ExecutableFileBusy && Instant::now() < until =>
            {
                thread::sleep(LOOK);
            }
            answer => return answer,
        }
    }
}

/// The guard of executed interpreters: a program and its arguments, to put before the interpreter's own. Without it (in a unit
/// test), what an interpreter starts may outlast this process.
static GUARD: OnceLock<Vec<OsString>> = OnceLock::new();

/// Sets the guard of executed interpreters. Call it once, at the start.
pub fn guard_by(words: Vec<OsString>) {
    let _ = GUARD.set(words);
}

fn guarded(executable: &Path) -> Command {
    let [guard, words @ ..] = GUARD.get().map_or(&[][..], Vec::as_slice) else { return Command::new(executable) };
    let mut command = Command::new(guard);
    command.args(words).arg(executable);
    command
}

fn ask_once(command: &mut Command, until: Instant, most_bytes: u64) -> Result<Answer, Silence> {
    let mut child = os::spawn_leader(command).map_err(Silence::NotStarted)?;
    // Closing this pipe tells the guard that nobody waits any more. The interpreter itself gets no input.
    let host = child.stdin.take();
    let answer = read_aside(child.stdout.take(), most_bytes)
        .and_then(|stdout| Ok((stdout, read_aside(child.stderr.take(), 4096)?)))
        .map_err(Silence::NotStarted)
        .and_then(|(stdout, stderr)| collect(&mut child, &stdout, &stderr, until).ok_or(Silence::Deadline));
    drop(host);
    if answer.is_err() {
        end(&mut child);
    }
    answer.and_then(|answer| not_executed(&answer).map_or(Ok(answer), |error| Err(Silence::NotStarted(error))))
}

/// Why the guard could not execute the interpreter: its message ends with the system's error number.
fn not_executed(answer: &Answer) -> Option<io::Error> {
    os::system_error_in(answer.stderr.strip_prefix("spawnscope guard: ")?)
}

/// Refuses a file that the system can't execute: the C library would give it to a shell, which would run it as a script.
fn known_format(executable: &Path) -> io::Result<()> {
    let mut head = Vec::new();
    // An executable file need not be readable.
    let Ok(file) = std::fs::File::open(executable) else { return Ok(()) };
    file.take(os::PROGRAM_HEAD_BYTES).read_to_end(&mut head)?;
    match os::may_be_executed(&head) {
        true => Ok(()),
        false => Err(io::Error::other("it is neither a program of this system nor a script that begins with #!")),
    }
}

/// Reads a pipe in a thread of its own, and closes it after `most_bytes`. Fails where the system has no room for another
/// thread.
fn read_aside(pipe: Option<impl Read + Send + 'static>, most_bytes: u64) -> io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // After an error, what was read before it is the answer.
            let _ = pipe.take(most_bytes).read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    };
    thread::Builder::new().name("answer".to_owned()).spawn(read)?;
    Ok(receiver)
}

fn collect(
    child: &mut Child,
    stdout: &Receiver<Vec<u8>>,
    stderr: &Receiver<Vec<u8>>,
    until: Instant,
) -> Option<Answer> {
    let left = || until.saturating_duration_since(Instant::now());
    let stdout = stdout.recv_timeout(left()).ok()?;
    let stderr = stderr.recv_timeout(left()).ok()?;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                return Some(Answer { status, stdout, stderr: String::from_utf8_lossy(&stderr).into_owned() });
            }
            Ok(None) if !left().is_zero() => thread::sleep(LOOK),
            _ => return None,
        }
    }
}

/// Waits until the guard has ended, whose stdin is closed by now; kills it and all below it if it takes too long.
fn end(child: &mut Child) {
    let forced = Instant::now() + if GUARD.get().is_some() { GUARD_PATIENCE } else { Duration::ZERO };
    while matches!(child.try_wait(), Ok(None)) && Instant::now() < forced {
        thread::sleep(LOOK);
    }
    os::kill_below(child.id());
    let _ = child.kill();
    let _ = child.wait();
}

//! Runs an interpreter on a little code, with a deadline, and takes down what it writes.

use std::{
    io::{self, ErrorKind, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

/// How long a look at a process that should have ended waits before the next.
const LOOK: Duration = Duration::from_millis(2);

/// What an interpreter wrote until it ended.
pub(super) struct Answer {
    /// How it ended.
    pub(super) status: ExitStatus,
    /// At most as many bytes as were asked for.
    pub(super) stdout: Vec<u8>,
    /// The beginning of what it complained about.
    pub(super) stderr: String,
}

/// Why there is no answer.
pub(super) enum Silence {
    /// It could not be started.
    NotStarted(io::Error),
    /// It was not done at the deadline, and has been ended.
    Deadline,
}

/// Executes a file with these words, without input, in `folder` where there is one, else in the root, where there is
/// nothing that a user or a plan has put there. It is ended at the deadline, with all that it started; of its output no more
/// than `most_bytes` is read.
pub(super) fn ask(
    executable: &Path,
    words: &[&std::ffi::OsStr],
    folder: Option<&Path>,
    deadline: Duration,
    most_bytes: u64,
) -> Result<Answer, Silence> {
    let until = Instant::now() + deadline;
    let mut command = Command::new(executable);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let neutral = executable.ancestors().last().filter(|root| root.has_root());
    if let Some(folder) = folder.filter(|folder| folder.is_dir()).or(neutral) {
        // A shim may go by the variable.
        command.current_dir(folder).env("PWD", folder);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    // This thread waits for it, so that it ends with the program too, at Ctrl-C for instance.
    crate::os::tie_to_this_thread(&mut command);
    let mut child = known_format(executable).and_then(|()| start(&mut command, until)).map_err(Silence::NotStarted)?;
    let answer = read_aside(child.stdout.take(), most_bytes)
        .and_then(|stdout| Ok((stdout, read_aside(child.stderr.take(), 4096)?)))
        .map_err(Silence::NotStarted)
        .and_then(|(stdout, stderr)| collect(&mut child, &stdout, &stderr, until).ok_or(Silence::Deadline));
    if answer.is_err() {
        end(&mut child);
    }
    answer
}

/// What the system can't execute the C library would give to a shell, which would run it as a script of its own.
fn known_format(executable: &Path) -> io::Result<()> {
    const ELF_HEADER_BYTES: u64 = 52;
    let mut head = Vec::new();
    // What may be executed need not be readable.
    let Ok(file) = std::fs::File::open(executable) else { return Ok(()) };
    file.take(ELF_HEADER_BYTES).read_to_end(&mut head)?;
    let is_whole_elf = head.starts_with(b"\x7fELF") && head.len() as u64 == ELF_HEADER_BYTES;
    match is_whole_elf || head.starts_with(b"#!") {
        true => Ok(()),
        false => Err(io::Error::other("it is neither a program of this system nor a script that begins with #!")),
    }
}

/// A file that somebody still writes can't be executed for a moment.
fn start(command: &mut Command, until: Instant) -> io::Result<Child> {
    loop {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy && Instant::now() < until => {
                thread::sleep(LOOK);
            }
            result => return result,
        }
    }
}

/// Reads a pipe in a thread of its own; when it has read enough it closes the pipe. The error is that there is no room for
/// a thread more.
fn read_aside(pipe: Option<impl Read + Send + 'static>, most_bytes: u64) -> io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before an error is the answer.
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

/// Ends a process, and where the system has groups of processes all that it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        // A shell has `kill` built in.
        let group = format!("kill -s KILL -- -{}", child.id());
        let _ = Command::new("/bin/sh").args(["-c", &group]).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

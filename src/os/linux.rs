//! Linux.

use super::{ProcessEnd, UsageCount};
use rustix::{
    event::epoll,
    fd::{AsFd, OwnedFd},
    fs::{CWD, Mode},
    process::{Pid, PidfdFlags, Signal, WaitId, WaitIdOptions},
    time::{ClockId, clock_gettime},
};
use std::{
    io,
    mem::MaybeUninit,
    path::{Path, PathBuf},
    time::Duration,
};

/// CLOCK_MONOTONIC in nanoseconds: the same in every process of the machine.
pub fn monotonic_ns() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

/// CPU time of the whole process so far, in nanoseconds.
pub fn process_cpu_ns() -> u64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    (now.tv_sec * 1_000_000_000 + now.tv_nsec) as u64
}

/// CPU time of the calling thread so far, in nanoseconds.
pub fn thread_cpu_ns() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    (now.tv_sec * 1_000_000_000 + now.tv_nsec) as u64
}

/// The calling process.
pub fn pid() -> u32 {
    std::process::id()
}

/// The calling thread, as the kernel numbers it.
pub fn tid() -> u32 {
    rustix::thread::gettid().as_raw_nonzero().get() as u32
}

/// Which side of a fork one is on.
pub enum Forked {
    /// The new process.
    Child,
    /// The old one; the number is the child's.
    Parent(u32),
}

/// Forks the calling process: the child goes on with a copy of all memory.
///
/// # Errors
/// The system has no room for a process more (EAGAIN, ENOMEM).
///
/// # Safety
/// The calling thread is the only one of its process: the child has a copy of the others' locks and not of the others.
pub unsafe fn fork() -> io::Result<Forked> {
    // SAFETY: the caller sees to it.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child),
        child => Ok(Forked::Parent(child as u32)),
    }
}

/// Ends the process at once: no destructor, no exit handler.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: ends the process; nothing is left to be unsafe.
    unsafe { libc::_exit(code) }
}

/// Has the kernel kill the calling process when the thread that made it ends. A parent that is gone already is noticed.
pub fn die_with_parent(parent: u32) {
    let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    if rustix::process::getppid().is_none_or(|now| now.as_raw_nonzero().get() as u32 != parent) {
        exit_now(1);
    }
}

/// Makes the calling process the parent of every orphan among its descendants.
///
/// # Errors
/// The kernel is older than 3.4.
pub fn adopt_orphans() -> io::Result<()> {
    Ok(rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?)
}

/// Orphans are not the calling process's any more.
pub fn adopt_no_more() {
    let _ = rustix::process::set_child_subreaper(None);
}

/// Has the calling process lead a process group of its own.
pub fn lead_own_group() {
    let _ = rustix::process::setpgid(None, None);
}

/// Whether a process is there and has `ancestor` above it.
pub fn descends_from(process: u32, ancestor: u32) -> bool {
    std::iter::successors(parent_of(process), |above| parent_of(*above)).any(|above| above == ancestor)
}

/// Whether a process, or one of its threads, is there and has not ended. A process that waits to be reaped has ended,
/// unless threads of it go on. One of which nothing can be read, for want of a descriptor, is taken to run.
pub fn is_running(pid: u32, tid: Option<u32>) -> bool {
    let path = tid.map_or_else(|| format!("/proc/{pid}/stat"), |tid| format!("/proc/{pid}/task/{tid}/stat"));
    let stat = match std::fs::read_to_string(path) {
        Ok(stat) => stat,
        Err(error) => return error.kind() != io::ErrorKind::NotFound && error.raw_os_error() != Some(libc::ESRCH),
    };
    // After the name in brackets, which may hold anything: the state, and 17 words on the number of threads.
    let Some((_, words)) = stat.rsplit_once(')') else { return false };
    let mut words = words.split_whitespace();
    let ended = words.next().is_none_or(|state| matches!(state, "Z" | "X"));
    let threads = words.nth(16).and_then(|number| number.parse::<u32>().ok());
    !ended || (tid.is_none() && threads.is_some_and(|threads| threads > 1))
}

/// How a process was called; nothing of one that has ended.
pub fn command_line(process: u32) -> Option<String> {
    let bytes = std::fs::read(format!("/proc/{process}/cmdline")).ok().filter(|bytes| !bytes.is_empty())?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', " "))
}

pub(super) fn processes() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in brackets may hold anything; after it come the state and the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok().filter(|parent| *parent != 0)
}

/// Ends the process as a signal would, without a core file: for who passes on how another ended.
pub fn die_by(signal: i32) -> ! {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // SAFETY: the default action of a signal and raising it; nothing of the process is used afterwards.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
    exit_now(128 + signal)
}

/// Has the kernel kill the program when the calling thread ends.
pub fn tie_to_this_thread(command: &mut std::process::Command) {
    let parent = pid();
    // SAFETY: between fork and exec only system calls are made, and `_exit`.
    unsafe {
        std::os::unix::process::CommandExt::pre_exec(command, move || {
            die_with_parent(parent);
            Ok(())
        });
    }
}

/// The calling process's parent.
pub fn parent_pid() -> u32 {
    rustix::process::getppid().map_or(0, |pid| pid.as_raw_nonzero().get() as u32)
}

fn pid_of(pid: u32) -> io::Result<Pid> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no process number"))
}

/// A descriptor that becomes readable when a child has ended.
///
/// # Errors
/// No descriptor is free.
pub fn exit_watch(child: u32) -> io::Result<OwnedFd> {
    Ok(rustix::process::pidfd_open(pid_of(child)?, PidfdFlags::empty())?)
}

/// Blocks until a child has ended, and leaves it to be reaped.
pub fn wait_without_reaping(child: u32) {
    let Ok(pid) = pid_of(child) else { return };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(rustix::io::Errno::INTR) = rustix::process::waitid(WaitId::Pid(pid), options) {}
}

/// Reaps a child that has ended, or blocks until it has.
///
/// # Errors
/// It is no child of this process.
pub fn reap(child: u32) -> io::Result<(ProcessEnd, UsageCount)> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    loop {
        // SAFETY: both pointers are to live locals of the types that wait4 writes.
        let reaped = unsafe { libc::wait4(child as i32, &mut status, 0, usage.as_mut_ptr()) };
        if reaped == child as i32 {
            break;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    // SAFETY: zeroed and then written by wait4; every bit pattern is a valid rusage.
    Ok((end_of(status), count_of(&unsafe { usage.assume_init() })))
}

/// What a wait status says.
pub fn end_of(status: i32) -> ProcessEnd {
    if libc::WIFSIGNALED(status) {
        ProcessEnd::Signalled(libc::WTERMSIG(status))
    } else {
        ProcessEnd::Exited(libc::WEXITSTATUS(status))
    }
}

/// A wait status that says this; the counterpart of [`end_of`].
pub fn status_of(end: ProcessEnd) -> i32 {
    match end {
        ProcessEnd::Exited(code) => (code & 0xFF) << 8,
        ProcessEnd::Signalled(signal) => signal & 0x7F,
    }
}

/// What the calling thread has used so far.
pub fn thread_usage() -> UsageCount {
    usage_of(libc::RUSAGE_THREAD)
}

fn usage_of(who: libc::c_int) -> UsageCount {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is to a live local of the type that getrusage writes; zeroes are a valid rusage.
    let usage = unsafe {
        libc::getrusage(who, usage.as_mut_ptr());
        usage.assume_init()
    };
    count_of(&usage)
}

fn count_of(usage: &libc::rusage) -> UsageCount {
    let ns = |time: libc::timeval| (time.tv_sec * 1_000_000_000 + time.tv_usec * 1_000) as u64;
    UsageCount {
        user_ns: ns(usage.ru_utime),
        system_ns: ns(usage.ru_stime),
        voluntary: usage.ru_nvcsw as u64,
        involuntary: usage.ru_nivcsw as u64,
        minor_faults: usage.ru_minflt as u64,
        major_faults: usage.ru_majflt as u64,
        max_rss_bytes: usage.ru_maxrss as u64 * 1024,
    }
}

/// Gives memory that was freed back to the system: after a run of very many executions the allocator holds much of it.
pub fn give_memory_back() {
    // SAFETY: it has no preconditions, and may be called by any thread at any time.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Most memory that the calling process ever had resident (`VmHWM`). Not getrusage's figure, which a child inherits
/// from whoever executed it.
pub fn peak_resident_bytes() -> Option<u64> {
    peak_in_status("/proc/self/status")
}

/// The same of another process, by now; absent where it is gone.
pub fn peak_resident_bytes_of(pid: u32) -> Option<u64> {
    peak_in_status(&format!("/proc/{pid}/status"))
}

fn peak_in_status(path: &str) -> Option<u64> {
    let status = std::fs::read_to_string(path).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

/// A signal on the way to a process's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndSignal {
    /// SIGTERM: please.
    Terminate,
    /// SIGCONT: one that is stopped hears nothing else but SIGKILL.
    Continue,
    /// SIGKILL: now.
    Kill,
}

pub(super) fn signal_number(signal: EndSignal) -> Signal {
    match signal {
        EndSignal::Terminate => Signal::TERM,
        EndSignal::Continue => Signal::CONT,
        EndSignal::Kill => Signal::KILL,
    }
}

/// Makes a FIFO that only this user may open.
///
/// # Errors
/// The folder is not writable, or the name is taken.
pub fn make_fifo(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR)?)
}

/// Opens a FIFO for writing, if somebody reads it; writing to it does not wait either.
///
/// # Errors
/// Nobody reads it, or it is not there.
pub fn open_without_waiting(fifo: &Path) -> io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK).open(fifo)
}

/// Sends what is written to stdout to nowhere.
///
/// # Errors
/// The system has no /dev/null.
pub fn silence_stdout() -> io::Result<()> {
    let null = std::fs::OpenOptions::new().write(true).open("/dev/null")?;
    Ok(rustix::stdio::dup2_stdout(null)?)
}

/// Has reads from a descriptor return at once where there is nothing to read.
///
/// # Errors
/// It is no open descriptor.
pub fn set_nonblocking(fd: impl AsFd) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(&fd)?;
    Ok(rustix::fs::fcntl_setfl(&fd, flags | rustix::fs::OFlags::NONBLOCK)?)
}

/// Has a program lead a process group of its own. The standard library can still use posix_spawn for it.
pub fn lead_group(command: &mut std::process::Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

/// What to do about an error of starting a thread or a process; empty where nothing is known to help.
pub fn limit_hint(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(libc::EAGAIN) => "; the system's limit of threads and processes is reached: lower `workers`",
        Some(libc::EMFILE | libc::ENFILE) => "; no descriptors are left: lower `workers`",
        Some(libc::ENOMEM) => "; no memory is left: lower `workers`",
        _ => "",
    }
}

/// Raises the soft limit of descriptors if it is below `wanted`, as far as the hard limit allows.
pub fn make_room_for_descriptors(wanted: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted as u64) {
        limit.current = Some(limit.maximum.map_or(wanted as u64, |most| most.min(wanted as u64)));
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

/// Where runs may keep their folders, the best place first: in memory where the system has that, so that nothing waits for a
/// disk; else, or where that is full, among the temporary files.
pub fn run_folder_roots() -> Vec<PathBuf> {
    let memory = Path::new("/dev/shm");
    let usable = rustix::fs::access(memory, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok();
    usable.then(|| memory.to_owned()).into_iter().chain([std::env::temp_dir()]).collect()
}

/// The system's error that a sentence of another process ends in, `(os error 11)`; absent where it ends in none.
pub fn system_error_in(sentence: &str) -> Option<io::Error> {
    let number = sentence.trim_end().rsplit_once("(os error ")?.1.strip_suffix(')')?.parse().ok()?;
    Some(io::Error::from_raw_os_error(number))
}

/// Removes what dead hosts and executions left where run folders are made, as [`super::HeldFolder::sweep`] does.
pub fn sweep_run_folders(emptied: impl Fn(&Path) -> bool) {
    run_folder_roots().iter().for_each(|root| super::HeldFolder::sweep(root, &emptied));
}

/// Waits until one of two descriptors can be read, or has come to its end.
///
/// # Errors
/// Those of poll, interruptions aside.
pub fn wait_for_either(first: impl AsFd, second: impl AsFd) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let mut both = [PollFd::new(&first, PollFlags::IN), PollFd::new(&second, PollFlags::IN)];
    loop {
        match poll(&mut both, None) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether the other side of a pipe has been closed.
pub fn has_hung_up(pipe: impl AsFd) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    let mut watched = [PollFd::new(&pipe, PollFlags::empty())];
    let now = rustix::time::Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut watched, Some(&now)).is_ok() && watched[0].revents().contains(PollFlags::HUP)
}

/// Waits for any of many descriptors, each known by a number.
pub struct Poller {
    epoll: OwnedFd,
}

impl Poller {
    /// A poller of nothing.
    ///
    /// # Errors
    /// No descriptor is free.
    pub fn new() -> io::Result<Self> {
        Ok(Self { epoll: epoll::create(epoll::CreateFlags::CLOEXEC)? })
    }

    /// Watches a descriptor for something to read; closing it ends that.
    ///
    /// # Errors
    /// The system has no room for one more.
    pub fn add(&self, fd: impl AsFd, key: u64) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, fd, epoll::EventData::new_u64(key), epoll::EventFlags::IN)?)
    }

    /// Watches a descriptor for its other end's being closed, whatever there is to read.
    ///
    /// # Errors
    /// The system has no room for one more.
    pub fn add_hangup(&self, fd: impl AsFd, key: u64) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, fd, epoll::EventData::new_u64(key), epoll::EventFlags::empty())?)
    }

    /// Watches a descriptor no more.
    pub fn remove(&self, fd: impl AsFd) {
        let _ = epoll::delete(&self.epoll, fd);
    }

    /// The keys that are ready; with `block`, waits until there is one.
    ///
    /// # Errors
    /// Those of epoll_wait, interruptions aside.
    pub fn wait(&self, block: bool, keys: &mut Vec<u64>) -> io::Result<()> {
        self.wait_at_most((!block).then_some(Duration::ZERO), keys)
    }

    /// The keys that are ready; waits until there is one, or for so long; for ever where there is no limit.
    ///
    /// # Errors
    /// Those of epoll_wait; after an interruption it waits anew.
    pub fn wait_at_most(&self, most: Option<Duration>, keys: &mut Vec<u64>) -> io::Result<()> {
        keys.clear();
        let mut events = [MaybeUninit::<epoll::Event>::uninit(); 64];
        let most = most.map(|most| rustix::time::Timespec {
            tv_sec: most.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: most.subsec_nanos().into(),
        });
        loop {
            match epoll::wait(&self.epoll, &mut events, most.as_ref()) {
                Ok((ready, _)) => break keys.extend(ready.iter().map(|event| event.data.u64())),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_status_says_what_was_put_in() {
        for end in [ProcessEnd::Exited(0), ProcessEnd::Exited(101), ProcessEnd::Signalled(11)] {
            assert_eq!(end_of(status_of(end)), end);
        }
    }

    #[test]
    fn the_clock_goes_on_and_the_peak_is_known() {
        let before = monotonic_ns();
        assert!(monotonic_ns() >= before && before > 0);
        assert!(peak_resident_bytes().expect("Linux says it") > 1 << 16);
    }
}

//! What a thread of another process does at an instant, read from `/proc`: its system call and its clocks.

use crate::{CallKind, SyscallNow, ThreadClocks};
use std::{fs::File, io, os::unix::fs::FileExt};

/// A thread's files, kept open: a look then costs a read of each, and no open.
pub struct ThreadWatch {
    syscall: File,
    schedstat: File,
    /// Open where the core is asked for.
    stat: Option<File>,
}

impl ThreadWatch {
    pub fn open(pid: u32, tid: u32, core: bool) -> io::Result<Self> {
        let open = |name: &str| File::open(format!("/proc/{pid}/task/{tid}/{name}"));
        let stat = core.then(|| open("stat")).transpose()?;
        Ok(Self { syscall: open("syscall")?, schedstat: open("schedstat")?, stat })
    }

    pub fn core(&self) -> Option<u32> {
        let mut text = [0; 512];
        let length = self.stat.as_ref()?.read_at(&mut text, 0).ok()?;
        core_of(&String::from_utf8_lossy(&text[..length]))
    }

    pub fn now(&self) -> io::Result<SyscallNow> {
        let mut text = [0; 256];
        match self.syscall.read_at(&mut text, 0) {
            Ok(length) => Ok(syscall_of(&String::from_utf8_lossy(&text[..length]))),
            Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Ok(SyscallNow::Gone),
            Err(error) => Err(error),
        }
    }

    pub fn clocks(&self) -> Option<ThreadClocks> {
        let mut text = [0; 96];
        let length = self.schedstat.read_at(&mut text, 0).ok()?;
        super::clocks::clocks_of(&text[..length])
    }
}

pub fn tells_states() -> bool {
    ["syscall", "schedstat"].iter().all(|name| std::fs::exists(format!("/proc/thread-self/{name}")).unwrap_or(false))
}

pub fn look_hint(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(libc::EPERM | libc::EACCES) => {
            "; looking at it needs the right to trace it: run it as the same user, and not set-user-id"
        }
        Some(libc::EMFILE | libc::ENFILE) => "; no descriptors are left: raise `ulimit -n`",
        Some(libc::ENOENT) => "; this kernel does not tell the states of threads",
        _ => "",
    }
}

/// The 39th word of `stat` (proc_pid_stat(5)). The second, the name in brackets, may contain anything.
fn core_of(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(36)?.parse().ok()
}

/// Reads `running`, `-1 SP PC`, or the call's number, six arguments, SP and PC; all in hexadecimal except the number.
fn syscall_of(text: &str) -> SyscallNow {
    let mut words = text.split_ascii_whitespace();
    match words.next().map(str::parse::<i64>) {
        None => SyscallNow::Gone,
        Some(Err(_)) => SyscallNow::Running,
        Some(Ok(number)) if number < 0 => SyscallNow::BlockedOutside,
        Some(Ok(number)) => {
            let mut next = || u64::from_str_radix(words.next()?.trim_start_matches("0x"), 16).ok();
            let args = std::array::from_fn(|_| next().unwrap_or(0));
            SyscallNow::InCall { number, args, stack_pointer: next().unwrap_or(0) }
        }
    }
}

pub fn call_kind(number: i64, args: &[u64; 6]) -> CallKind {
    match number {
        libc::SYS_futex => CallKind::Futex { address: args[0] },
        libc::SYS_futex_waitv => CallKind::Futex { address: 0 },
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => CallKind::Sleep,
        libc::SYS_pselect6 => wait_for_many(args[0], args[4] != 0),
        libc::SYS_ppoll => wait_for_many(args[1], args[2] != 0),
        libc::SYS_wait4 | libc::SYS_waitid => CallKind::Child,
        number if IO_CALLS.contains(&number) => CallKind::Io,
        number => old_call_kind(number, args),
    }
}

pub fn reads_from_child(pid: u32, tid: u32, number: i64, args: &[u64; 6]) -> bool {
    if number != libc::SYS_read {
        return false;
    }
    let Ok(pipe) = std::fs::read_link(format!("/proc/{pid}/fd/{}", args[0])) else { return false };
    let children = || std::fs::read_to_string(format!("/proc/{pid}/task/{tid}/children")).unwrap_or_default();
    pipe.as_os_str().as_encoded_bytes().starts_with(b"pipe:")
        && children().split_ascii_whitespace().flat_map(str::parse).any(|child: u32| crate::has_open(child, &pipe))
}

fn wait_for_many(descriptors: u64, has_timeout: bool) -> CallKind {
    match (descriptors, has_timeout) {
        (0, true) => CallKind::Sleep,
        (0, false) => CallKind::Other,
        _ => CallKind::Io,
    }
}

/// Calls that newer architectures no longer have.
#[cfg(target_arch = "x86_64")]
fn old_call_kind(number: i64, args: &[u64; 6]) -> CallKind {
    const IO: [i64; 9] = [
        libc::SYS_open,
        libc::SYS_epoll_wait,
        libc::SYS_getdents,
        libc::SYS_stat,
        libc::SYS_lstat,
        libc::SYS_rename,
        libc::SYS_unlink,
        libc::SYS_mkdir,
        libc::SYS_rmdir,
    ];
    match number {
        libc::SYS_select => wait_for_many(args[0], args[4] != 0),
        // The timeout is an int in milliseconds; a negative one means none.
        libc::SYS_poll => wait_for_many(args[1], args[2] as i32 >= 0),
        number if IO.contains(&number) => CallKind::Io,
        _ => CallKind::Other,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn old_call_kind(_: i64, _: &[u64; 6]) -> CallKind {
    CallKind::Other
}

/// Calls that wait for a descriptor or a disk, on every architecture.
const IO_CALLS: [i64; 46] = [
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_preadv,
    libc::SYS_pwritev,
    libc::SYS_preadv2,
    libc::SYS_pwritev2,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_recvmmsg,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_sendfile,
    libc::SYS_splice,
    libc::SYS_vmsplice,
    libc::SYS_tee,
    libc::SYS_copy_file_range,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_connect,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_io_getevents,
    libc::SYS_io_uring_enter,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_close,
    libc::SYS_getdents64,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_renameat2,
    libc::SYS_unlinkat,
    libc::SYS_mkdirat,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_sync,
    libc::SYS_syncfs,
    libc::SYS_sync_file_range,
    libc::SYS_msync,
    libc::SYS_readahead,
];

/// The system call, unlike the C library's function, affects one thread only.
#[cfg(any(test, feature = "testing"))]
pub fn give_up_root_in_this_thread() {
    const NOBODY: libc::uid_t = 65_534;
    let same = libc::uid_t::MAX;
    // SAFETY: the calls take numbers and touch no memory.
    let refused = unsafe { libc::geteuid() == 0 && libc::syscall(libc::SYS_setresuid, same, NOBODY, same) != 0 };
    assert!(!refused, "root can become anybody");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        assert_eq!(syscall_of("running\n"), SyscallNow::Running);
        assert_eq!(syscall_of("-1 0x7ffe0 0x7f00\n"), SyscallNow::BlockedOutside);
        let call = syscall_of("202 0x7f0010 0x189 0x0 0x7ffd 0x0 0xffffffffffffffff 0x7f 0x7e\n");
        assert_eq!(
            call,
            SyscallNow::InCall { number: 202, args: [0x7f_0010, 0x189, 0, 0x7ffd, 0, u64::MAX], stack_pointer: 0x7f }
        );
    }

    #[test]
    fn calls_have_their_kinds() {
        let args = |at: usize, value| std::array::from_fn(|i| if i == at { value } else { 0 });
        assert_eq!(call_kind(libc::SYS_futex, &args(0, 64)), CallKind::Futex { address: 64 });
        assert_eq!(call_kind(libc::SYS_clock_nanosleep, &args(2, 64)), CallKind::Sleep);
        assert_eq!(call_kind(libc::SYS_pselect6, &args(4, 64)), CallKind::Sleep);
        assert_eq!(call_kind(libc::SYS_pselect6, &args(0, 5)), CallKind::Io);
        assert_eq!(call_kind(libc::SYS_ppoll, &args(1, 1)), CallKind::Io);
        assert_eq!(call_kind(libc::SYS_wait4, &args(0, 1)), CallKind::Child);
        assert_eq!(call_kind(libc::SYS_sched_yield, &args(0, 0)), CallKind::Other);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_old_select_of_an_older_python_is_a_sleep() {
        assert_eq!(call_kind(libc::SYS_select, &[0, 0, 0, 0, 64, 0]), CallKind::Sleep);
        assert_eq!(call_kind(libc::SYS_select, &[4, 64, 0, 0, 64, 0]), CallKind::Io);
        assert_eq!(call_kind(libc::SYS_poll, &[0, 0, u64::from(u32::MAX), 0, 0, 0]), CallKind::Other);
    }

    #[test]
    fn a_pipe_is_read_from_a_child_while_that_lives() {
        use std::{os::fd::AsRawFd, process};
        let (pid, tid) = (crate::pid(), crate::tid());
        if !std::path::Path::new(&format!("/proc/{pid}/task/{tid}/children")).exists() {
            return println!("skipped: this kernel does not tell the children of a thread");
        }
        let (stdin, stdout) = (process::Stdio::piped(), process::Stdio::piped());
        let mut child = process::Command::new("cat").stdin(stdin).stdout(stdout).spawn().expect("cat");
        let fd = child.stdout.as_ref().expect("a pipe").as_raw_fd() as u64;
        let args = |fd| std::array::from_fn(|i| if i == 0 { fd } else { 0 });
        assert!(reads_from_child(pid, tid, libc::SYS_read, &args(fd)));
        assert!(!reads_from_child(pid, tid, libc::SYS_write, &args(fd)));
        let file = std::fs::File::open("/proc/self/status").expect("a file that is no pipe");
        assert!(!reads_from_child(pid, tid, libc::SYS_read, &args(file.as_raw_fd() as u64)));
        let (other, _writer) = std::io::pipe().expect("a pipe that the child has not");
        assert!(!reads_from_child(pid, tid, libc::SYS_read, &args(other.as_raw_fd() as u64)));
        let out = child.stdout.take();
        child.wait().expect("it ends");
        assert!(!reads_from_child(pid, tid, libc::SYS_read, &args(fd)));
        drop(out);
    }

    #[test]
    fn a_thread_of_ones_own_can_be_watched() {
        let (tell, hear) = std::sync::mpsc::channel::<()>();
        let (tid_tell, tid) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            tid_tell.send(crate::tid()).expect("somebody listens");
            let _ = hear.recv();
        });
        let watch = ThreadWatch::open(crate::pid(), tid.recv().expect("a thread"), true).expect("opened");
        assert!(watch.core().is_some_and(|core| core < 8192));
        let in_futex = |now| matches!(now, SyscallNow::InCall { number: libc::SYS_futex, .. });
        while !in_futex(watch.now().expect("readable")) {
            std::thread::yield_now();
        }
        assert!(watch.clocks().expect("clocks").on_cpu_ns > 0);
        drop(tell);
        thread.join().expect("it ends");
        while watch.now().expect("readable") != SyscallNow::Gone {
            std::thread::yield_now();
        }
        assert_eq!(watch.clocks(), None);
        assert!(crate::kernel_tick_ns() >= 500_000);
    }
}

//! Which of the standard streams were closed when the program was started, and a limit on the size of files. Linux.

use std::{
    fmt::Display,
    io::{self, Write},
    os::fd::{AsFd, AsRawFd},
    sync::atomic::{AtomicU8, Ordering},
};

/// A bit for each of stdin, stdout and stderr that was closed.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// Before `main`, Rust's runtime opens /dev/null in place of a closed stream, so that no file gets its number; but what is
/// written there is lost without an error. So the loader lets us look before that.
#[used]
// SAFETY: the loader calls each function of this section once, before `main`, in the only thread; this one asks the kernel
// and stores a number, and needs nothing of the runtime, which is not there yet.
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    for stream in 0..3 {
        // SAFETY: plain numbers go to the kernel, and no memory of ours.
        if unsafe { libc::fcntl(stream, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << stream, Ordering::Relaxed);
        }
    }
}

/// Whether a standard stream was closed when the program was started.
pub fn was_closed(stream: impl AsFd) -> bool {
    let number = stream.as_fd().as_raw_fd();
    (0..3).contains(&number) && CLOSED.load(Ordering::Relaxed) & (1 << number) != 0
}

/// Where the address space is limited, has the C library take memory for all threads from one place: it would reserve 64 MiB
/// for each of a number of them, until there is none left. To be called before there are threads.
pub fn spare_address_space() {
    use rustix::process::{Resource, getrlimit};
    let limited = [Resource::As, Resource::Data].into_iter().any(|resource| getrlimit(resource).current.is_some());
    #[cfg(target_env = "gnu")]
    if limited {
        // SAFETY: sets a number of the allocator; nothing else runs yet.
        unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
    }
    #[cfg(not(target_env = "gnu"))]
    let _ = limited;
}

/// From now on a write beyond RLIMIT_FSIZE is an error (EFBIG) of this process, and not its end. What it executes has the
/// system's way again.
pub fn bear_file_size_limit() {
    extern "C" fn nothing(_: libc::c_int) {}
    let nothing: extern "C" fn(libc::c_int) = nothing;
    // SAFETY: the handler does nothing, so it may run at any instant. It is no SIG_IGN, which programs would inherit.
    unsafe { libc::signal(libc::SIGXFSZ, nothing as libc::sighandler_t) };
}

/// Says a line on stderr. Nobody hears it where the reader is gone or the file full; `eprintln!` would panic.
pub fn say_on_stderr(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

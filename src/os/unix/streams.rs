//! Stdout, and a limit on the size of files.

use std::{fs::OpenOptions, io};

pub fn silence_stdout() -> io::Result<()> {
    let null = OpenOptions::new().write(true).open("/dev/null")?;
    Ok(rustix::stdio::dup2_stdout(null)?)
}

pub fn bear_file_size_limit() {
    extern "C" fn nothing(_: libc::c_int) {}
    let nothing: extern "C" fn(libc::c_int) = nothing;
    // SAFETY: the handler does nothing, so it may run at any instant. It is no SIG_IGN, which programs would inherit.
    unsafe { libc::signal(libc::SIGXFSZ, nothing as libc::sighandler_t) };
}

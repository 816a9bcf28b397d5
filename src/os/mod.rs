//! The one room that knows the platform.
//!
//! The folder `interface` says what each system gives to the rest of the program. Each system has a folder with the same
//! functions; the one for the target is built as `system`. `unix` has what all POSIX systems share. Linux is built, run and
//! tested. The other systems are type-checked only: they refuse what they lack, and make no runs (`docs/portability.md`).

#![allow(unsafe_code, reason = "the system's functions are unsafe; each call says why it is safe")]

mod interface;
pub use interface::*;

#[cfg(not(target_os = "linux"))]
mod lacking;
#[cfg(target_os = "linux")]
#[path = "linux/mod.rs"]
mod system;
#[cfg(target_os = "macos")]
#[path = "macos/mod.rs"]
mod system;
#[cfg(windows)]
#[path = "windows/mod.rs"]
mod system;
#[cfg(unix)]
mod unix;

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
compile_error!("src/os/interface says what a system has to give: write a folder beside linux/ that does");

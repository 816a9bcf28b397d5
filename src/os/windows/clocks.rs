//! The performance counter, and what threads and processes used of CPUs.

use std::{mem::zeroed, sync::OnceLock};
use windows_sys::Win32::{
    Foundation::FILETIME,
    System::{
        Performance::{QueryPerformanceCounter, QueryPerformanceFrequency},
        Threading::{GetCurrentProcess, GetCurrentThread, GetProcessTimes, GetThreadTimes},
    },
};

pub fn monotonic_ns() -> i64 {
    static PER_SECOND: OnceLock<i64> = OnceLock::new();
    let per_second = *PER_SECOND.get_or_init(|| asked(QueryPerformanceFrequency));
    // This overflows from 2^63 ns on, 292 years after the machine's start.
    (i128::from(asked(QueryPerformanceCounter)) * 1_000_000_000 / i128::from(per_second)) as i64
}

/// Neither function fails since Windows XP.
fn asked(ask: unsafe extern "system" fn(*mut i64) -> i32) -> i64 {
    let mut number = 0;
    // SAFETY: the number goes to a live local.
    unsafe { ask(&raw mut number) };
    number
}

pub fn process_cpu_ns() -> u64 {
    // SAFETY: the handle needs no closing, and the times go to live locals.
    used_ns(|made, ended, kernel, user| unsafe { GetProcessTimes(GetCurrentProcess(), made, ended, kernel, user) })
}

pub fn thread_cpu_ns() -> u64 {
    // SAFETY: as above.
    used_ns(|made, ended, kernel, user| unsafe { GetThreadTimes(GetCurrentThread(), made, ended, kernel, user) })
}

/// CPU time in the kernel and in user mode. Asking about the calling process or thread is always allowed.
fn used_ns(ask: impl FnOnce(*mut FILETIME, *mut FILETIME, *mut FILETIME, *mut FILETIME) -> i32) -> u64 {
    // SAFETY: a FILETIME is two numbers.
    let [mut made, mut ended, mut kernel, mut user]: [FILETIME; 4] = unsafe { zeroed() };
    ask(&raw mut made, &raw mut ended, &raw mut kernel, &raw mut user);
    // In units of 100 ns.
    let ns = |time: FILETIME| (u64::from(time.dwHighDateTime) << 32 | u64::from(time.dwLowDateTime)) * 100;
    ns(kernel) + ns(user)
}

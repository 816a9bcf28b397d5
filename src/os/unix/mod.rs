//! What all POSIX systems share.

mod access;
mod clocks;
mod folders;
mod limits;
mod processes;
mod shared_file;
mod signals;
mod streams;
mod waiting;

pub use {
    access::*, clocks::*, folders::*, limits::*, processes::*, shared_file::*, signals::*, streams::*, waiting::*,
};

//! What a system gives to the rest of the program, in one place: the meaning of each function, its units, its errors.
//!
//! Each function asks `system`, the one folder that was built for this system; one that it lacks does not compile. What a
//! system does not have it refuses by an error of the kind [`Unsupported`](std::io::ErrorKind::Unsupported) whose text is a
//! whole clause (`macOS does not tell …`), or by `None`, or an empty list: each function says by which. No system makes a
//! value up. `docs/portability.md` has the list.
//!
//! Whether runs can be made at all is one question, [`run_lack`], which is asked before the first. A function that only runs
//! need, and that gives nothing (`adopt_no_more`, say), does nothing where that is refused.

mod access;
mod affinity;
mod asking;
mod clocks;
mod files;
mod folders;
mod front_end;
mod machine_state;
mod mapped_files;
mod memory;
mod processes;
mod signals;
mod starting;
mod streams;
mod switch_records;
mod thread_state;
mod tree;
mod waiting;

pub use {
    access::*, affinity::*, asking::*, clocks::*, files::*, folders::*, front_end::*, machine_state::*,
    mapped_files::*, memory::*, processes::*, signals::*, starting::*, streams::*, switch_records::*, thread_state::*,
    tree::*, waiting::*,
};

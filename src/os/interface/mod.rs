//! What each system gives to the rest of the program: what each function means, its units and its errors.
//!
//! Each function calls `system`, the folder that was built for this system; if a folder lacks one, the program does not
//! compile. Where a system lacks the facility, the function returns an error of the kind
//! [`Unsupported`](std::io::ErrorKind::Unsupported) whose text is a whole clause (`macOS does not tell …`), or `None`, or an
//! empty list; its comment says which. No system makes a value up. `docs/portability.md` has the list.
//!
//! [`run_lack`] says whether runs can be made at all, and is asked before the first. Where they can't, a function that only
//! runs need and that returns nothing (`adopt_no_more`, say) does nothing.

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

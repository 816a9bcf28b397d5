//! Where the GIL of a Python interpreter lies. In CPython, up to the newest, it lies within the exported symbol `_PyRuntime`,
//! since the main interpreter's state is part of that. A futex with an address in there is the GIL; any other is a lock. A
//! sub-interpreter with a GIL of its own has it elsewhere, so a wait for that one counts as a lock.
//!
//! In PyPy, the only futexes in the library's own data are those of the GIL (seen on 7.3); each lock of a Python program lies
//! on the heap.

use object::{Object, ObjectSegment, ObjectSymbol, ReadCache, SegmentFlags, SymbolKind, elf::PF_W};
use os::{self, MappedFile};
use std::{
    collections::{HashMap, HashSet},
    fs::File,
    ops::Range,
};

/// The symbol that holds an interpreter's whole state.
const SYMBOL: &str = "_PyRuntime";
/// The beginning of the name of PyPy's library.
const PYPY: &str = "libpypy";
/// Less than the size of any `_PyRuntime`, so that the names of smaller symbols need not be read.
const TOO_SMALL: u64 = 256;

/// The GILs of the watched processes. Each interpreter's file is read once.
#[derive(Default)]
pub struct Interpreters {
    /// By device and inode.
    files: HashMap<(String, u64), Option<Runtime>>,
    processes: HashMap<u32, Option<Range<u64>>>,
    asked: bool,
    seen: bool,
}

/// The data of an interpreter's file in which its GIL lies.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Runtime {
    /// Added, modulo 2^64, to the address at which the file's first byte is mapped; so it serves for fixed addresses too.
    offset: u64,
    size: u64,
}

impl Interpreters {
    /// The addresses between which the GIL of a process lies; `None` where it is neither PyPy nor a CPython with symbols.
    pub fn gil_of(&mut self, pid: u32) -> Option<Range<u64>> {
        if let Some(known) = self.processes.get(&pid) {
            return known.clone();
        }
        let found = self.find(pid);
        self.asked = true;
        self.seen |= found.is_some();
        self.processes.insert(pid, found.clone());
        found
    }

    /// Whether any process was asked about.
    pub fn asked(&self) -> bool {
        self.asked
    }

    /// Whether a process had an interpreter whose GIL can be distinguished from other locks.
    pub fn seen(&self) -> bool {
        self.seen
    }

    /// Forgets all other processes, since their numbers may be reused.
    pub fn keep(&mut self, processes: &HashSet<u32>) {
        self.processes.retain(|pid, _| processes.contains(pid));
    }

    fn find(&mut self, pid: u32) -> Option<Range<u64>> {
        let executable = os::executable_of(pid)?;
        let may_hold_it = |file: &MappedFile| file.path == executable || is_library(&file.path);
        os::mapped_files(pid).into_iter().filter(may_hold_it).find_map(|file| {
            let find =
                || if name_of(&file.path).starts_with(PYPY) { data_of(&file.path) } else { runtime_in(&file.path) };
            let runtime = self.files.entry(file.identity).or_insert_with(find).clone()?;
            let start = file.start.wrapping_add(runtime.offset);
            Some(start..start.wrapping_add(runtime.size))
        })
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_library(path: &str) -> bool {
    ["libpython", PYPY].iter().any(|known| name_of(path).starts_with(known))
}

/// The writable data of a library; `None` where it has none, or the file can't be read.
fn data_of(path: &str) -> Option<Runtime> {
    let cache = ReadCache::new(File::open(path).ok()?);
    let file = object::File::parse(&cache).ok()?;
    let is_writable = |flags| matches!(flags, SegmentFlags::Elf { p_flags, .. } if (p_flags & PF_W).0 != 0);
    let data = file.segments().find(|segment| is_writable(segment.flags()))?;
    let first = file.segments().find(|segment| segment.file_range().0 == 0)?;
    Some(Runtime { offset: data.address().wrapping_sub(first.address()), size: data.size() })
}

/// The `_PyRuntime` of a file; `None` where it has none, or the file can't be read.
fn runtime_in(path: &str) -> Option<Runtime> {
    let cache = ReadCache::new(File::open(path).ok()?);
    let file = object::File::parse(&cache).ok()?;
    let symbol = symbol_in(file.dynamic_symbols()).or_else(|| {
        // The full symbol table is large, so it is read for an interpreter only.
        name_of(path).contains("python").then(|| symbol_in(file.symbols())).flatten()
    })?;
    let first = file.segments().find(|segment| segment.file_range().0 == 0)?;
    Some(Runtime { offset: symbol.0.wrapping_sub(first.address()), size: symbol.1 })
}

fn symbol_in<'a>(mut symbols: impl Iterator<Item = impl ObjectSymbol<'a>>) -> Option<(u64, u64)> {
    let symbol = symbols.find(|symbol| {
        symbol.kind() == SymbolKind::Data && symbol.size() >= TOO_SMALL && symbol.name() == Ok(SYMBOL)
    })?;
    Some((symbol.address(), symbol.size()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_no_interpreter_has_no_gil() {
        let mut interpreters = Interpreters::default();
        assert_eq!(interpreters.gil_of(os::pid()), None);
        assert!(!interpreters.seen());
    }

    #[test]
    fn a_library_is_known_by_its_name() {
        assert!(is_library("/opt/lib/libpython3.13.so.1.0"));
        assert!(is_library("/opt/pypy/bin/libpypy3.10-c.so"));
        assert!(!is_library("/opt/libpython/other.so"));
    }
}

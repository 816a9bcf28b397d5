//! Where the GIL of a Python interpreter lies: within the exported symbol `_PyRuntime`, up to the newest CPython (the
//! main interpreter's state, which holds the GIL, is part of it). A futex whose address is in there is the GIL; any
//! other is a lock. A sub-interpreter with a GIL of its own has it elsewhere: waiting for that counts as a lock.
//!
//! PyPy's are the only futexes in its library's own data (seen on 7.3: those of its GIL, while each lock of a Python program
//! lies on the heap).

use object::{Object, ObjectSegment, ObjectSymbol, ReadCache, SegmentFlags, SymbolKind, elf::PF_W};
use os::{self, MappedFile};
use std::{
    collections::{HashMap, HashSet},
    fs::File,
    ops::Range,
};

/// The symbol that holds an interpreter's whole state.
const SYMBOL: &str = "_PyRuntime";
/// How the library's name begins that is PyPy.
const PYPY: &str = "libpypy";
/// Smaller data than any `_PyRuntime`; the names of such symbols need not be read.
const TOO_SMALL: u64 = 256;

/// What is known of the interpreters of the processes that are looked at. Each file is read once.
#[derive(Default)]
pub struct Interpreters {
    /// By device and inode.
    files: HashMap<(String, u64), Option<Runtime>>,
    processes: HashMap<u32, Option<Range<u64>>>,
    asked: bool,
    seen: bool,
}

/// Where a file has what its GIL lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Runtime {
    /// Counted from where the file's first byte is mapped: modulo 2^64, so that it holds for a fixed address too.
    offset: u64,
    size: u64,
}

impl Interpreters {
    /// The addresses of a process in which its GIL lies; absent where it is neither PyPy nor a CPython with symbols.
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

    /// Whether an interpreter was met whose GIL can be told from other locks.
    pub fn seen(&self) -> bool {
        self.seen
    }

    /// Forgets all processes but these: their numbers may be given to others.
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

/// The data of a library that can be written; absent where there is none, and where the file can't be read.
fn data_of(path: &str) -> Option<Runtime> {
    let cache = ReadCache::new(File::open(path).ok()?);
    let file = object::File::parse(&cache).ok()?;
    let is_writable = |flags| matches!(flags, SegmentFlags::Elf { p_flags, .. } if (p_flags & PF_W).0 != 0);
    let data = file.segments().find(|segment| is_writable(segment.flags()))?;
    let first = file.segments().find(|segment| segment.file_range().0 == 0)?;
    Some(Runtime { offset: data.address().wrapping_sub(first.address()), size: data.size() })
}

/// `_PyRuntime` of a file; absent where it has none, and where the file can't be read.
fn runtime_in(path: &str) -> Option<Runtime> {
    let cache = ReadCache::new(File::open(path).ok()?);
    let file = object::File::parse(&cache).ok()?;
    let symbol = symbol_in(file.dynamic_symbols()).or_else(|| {
        // A large table, worth reading in an interpreter alone.
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

//! The files that another process executes and has mapped, read from `/proc`.

use crate::MappedFile;

pub fn mapped_files(pid: u32) -> Vec<MappedFile> {
    let maps = std::fs::read(format!("/proc/{pid}/maps")).unwrap_or_default();
    let mut files: Vec<MappedFile> = Vec::new();
    for file in String::from_utf8_lossy(&maps).lines().filter_map(mapped_file) {
        if files.iter().all(|known| known.identity != file.identity) {
            files.push(file);
        }
    }
    files
}

/// Reads `START-END PERMISSIONS OFFSET DEVICE INODE PATH`; `None` where the offset is not 0 or there is no file.
fn mapped_file(line: &str) -> Option<MappedFile> {
    let mut rest = line;
    let mut next = || {
        let (word, after) = rest.trim_start().split_once(' ')?;
        rest = after;
        Some(word)
    };
    let (start, _) = next()?.split_once('-')?;
    let _permissions = next()?;
    let offset = next()?;
    let device = next()?.to_owned();
    let inode = next()?.parse().ok()?;
    let path = rest.trim_start();
    let from_its_beginning = u64::from_str_radix(offset, 16).ok()? == 0;
    (from_its_beginning && path.starts_with('/')).then_some(())?;
    let start = u64::from_str_radix(start, 16).ok()?;
    Some(MappedFile { start, identity: (device, inode), path: path.to_owned() })
}

pub fn executable_of(pid: u32) -> Option<String> {
    let path = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    Some(path.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_read_with_blanks_in_its_path() {
        let line = "7f00-8f00 r--p 00000000 fe:00 4711                       /opt/my python/libpython3.so";
        let file = mapped_file(line).expect("a file");
        assert_eq!((file.start, file.identity), (0x7f00, ("fe:00".to_owned(), 4711)));
        assert_eq!(file.path, "/opt/my python/libpython3.so");
        assert_eq!(mapped_file("7f00-8f00 r-xp 00001000 fe:00 4711   /opt/libpython3.so"), None);
        assert_eq!(mapped_file("7f00-8f00 rw-p 00000000 00:00 0 "), None);
    }

    #[test]
    fn a_process_has_mapped_what_it_executes() {
        let (pid, executable) = (std::process::id(), executable_of(std::process::id()).expect("a program"));
        assert!(mapped_files(pid).iter().any(|file| file.path == executable));
        assert!(mapped_files(u32::MAX).is_empty());
    }
}

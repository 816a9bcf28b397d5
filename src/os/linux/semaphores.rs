//! Named semaphores, which outlive the process that made them.

use std::{fs, path::Path};

/// Where the C library keeps named semaphores (sem_overview(7)): `/NAME` as the file `sem.NAME`.
const SEMAPHORES: &str = "/dev/shm";

/// Removes the semaphores that are named after a run's folder: `NAME-…`.
pub fn remove_semaphores(name: &str) {
    remove_below(Path::new(SEMAPHORES), name);
}

/// Only their maker or root can remove them. A semaphore that is in use works on until its last user ends.
fn remove_below(root: &Path, name: &str) {
    let begin = format!("sem.{name}-");
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&begin) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semaphores_go_with_the_folder_that_they_are_called_after() {
        let root = tempfile::tempdir().expect("a folder");
        for name in ["sem.spawnscope-run-a-x1", "sem.spawnscope-run-a-x2", "sem.spawnscope-run-ab-x3", "sem.mp-x4"] {
            fs::write(root.path().join(name), "").expect("written");
        }
        remove_below(root.path(), "spawnscope-run-a");
        let mut left: Vec<_> =
            fs::read_dir(root.path()).expect("read").map(|it| it.expect("read").file_name()).collect();
        left.sort();
        assert_eq!(left, ["sem.mp-x4", "sem.spawnscope-run-ab-x3"]);
    }
}

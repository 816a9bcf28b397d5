//! Which files of a traceback are not the user's.

/// Folders in which Python installations and package managers keep their files.
const PLACES: [&str; 6] =
    ["/lib/python", "/lib64/python", "/lib/pypy", "/lib-python/", "/site-packages/", "/dist-packages/"];

/// Whether a file is the interpreter's or an installed package's. Python names its frozen modules `<…>`.
pub fn is_library(file: &str) -> bool {
    file.starts_with('<') || PLACES.iter().any(|place| file.contains(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_python_and_packages_bring_is_not_the_users() {
        for file in ["/v/lib/python3.12/site-packages/x.py", "/usr/lib/pypy3.9/a.py", "<frozen importlib._bootstrap>"] {
            assert!(is_library(file), "{file}");
        }
        for file in ["/home/python3.12/x.py", "/lib/x.py", "work.py"] {
            assert!(!is_library(file), "{file}");
        }
    }
}

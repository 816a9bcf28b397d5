//! Shows clap's help and errors in the program's own form: an error is one line.

use super::{exit, screen};
use clap::error::{ContextKind, Error, ErrorKind};
use std::io::{self, IsTerminal};

/// Prints help or the version, or says on one line what is wrong with the arguments; returns the exit status.
pub fn answer(error: &Error) -> u8 {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match print(error) {
            Ok(()) => exit::SUCCESS,
            Err(message) => exit::refuse(&message),
        };
    }
    exit::refuse(&sentence(error))
}

/// Prints help or the version, in clap's colours if stdout is a terminal.
fn print(error: &Error) -> Result<(), String> {
    let text = error.render();
    match io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        true => screen::print(&text.ansi().to_string()),
        false => screen::print(&text.to_string()),
    }
}

fn sentence(error: &Error) -> String {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ");
    let said = |line: &&str| !["tip: to pass", "For more information"].iter().any(|start| line.starts_with(start));
    let rest: Vec<_> = lines.filter(|line| !line.is_empty()).filter(said).collect();
    let details = rest.join(", ").replace("tip: ", "");
    let joined = if details.is_empty() { first.to_owned() } else { format!("{first} {details}") };
    // An error about a value says itself what to do; for the others there is the help.
    match error.get(ContextKind::InvalidValue) {
        Some(_) => joined,
        None => format!("{joined}; see `spawnscope --help`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;

    fn said(words: &[&str]) -> String {
        let words = ["spawnscope"].iter().chain(words);
        sentence(&Cli::try_parse_from(words).map(|_| ()).expect_err("wrong"))
    }

    #[test]
    fn a_usage_error_is_one_line_with_its_mend() {
        for (words, parts) in [
            (&["run", "--wokers", "2"][..], ["'--wokers'", "'--workers'"]),
            (&["run", "--mode", "thraeds"], ["--mode", "did you mean `threads`?"]),
            (&["run", "--start-method", "forksrever"], ["--start-method", "did you mean `forkserver`?"]),
            (&["compare", "--modes", "threads,processes:spwan"], ["--modes", "did you mean `spawn`?"]),
            (&["run", "--repeat", "0"], ["--repeat", "1..=10000"]),
            (&["run", "--workers", "-1"], ["--workers", "0..=1000000"]),
            (&["run", "--timeout", "soon"], ["--timeout", "60s"]),
            (&["run", "--timeout", "0s"], ["--timeout", "above zero"]),
            (&["compare", "--modes", "threads"], ["--modes", "two"]),
            (&["compare", "--modes", "threads,threads"], ["--modes", "twice"]),
            (&["sweep", "--sweep", "primes.limit=5..1"], ["--sweep", "write the smaller number first"]),
            (&["export", "runs.json"], ["<FILE>", "--help"]),
            (&["check"], ["<PLAN>", "--help"]),
        ] {
            let said = said(words);
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(parts.iter().all(|part| said.contains(part)), "{words:?}: {said}");
            assert!(!said.contains("For more information"), "{said}");
        }
    }
}

//! Exit statuses, and the line on stderr that goes with an error.

use super::screen;

/// Every execution succeeded.
pub const SUCCESS: u8 = 0;
/// Some executions did not succeed.
pub const SOME_FAILED: u8 = 1;
/// A usage, plan or file error.
pub const REFUSED: u8 = 2;
/// Interrupted by Ctrl-C or a request to end.
pub const INTERRUPTED: u8 = 130;

/// Says on stderr, on one line, why the program refuses; gives the exit status for that.
pub fn refuse(message: &str) -> u8 {
    screen::complain(one_line(message));
    REFUSED
}

/// The message on one line: a file's name in it may contain line breaks and control characters.
fn one_line(message: &str) -> String {
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    message.trim_end().chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_message_is_one_line() {
        assert_eq!(super::one_line("a\nb\u{1b}[1m ü\n"), "a\\nb\\u{1b}[1m ü");
    }
}

//! The stacks that Python's faulthandler writes, and which of them belongs to an execution.

pub mod source_lines;

use interpreters::is_library;

/// The runner's function that answers where executions are, called by another signal's handler.
const ANSWERS: &str = "tell_where";

/// A thread in such a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Stack {
    /// Python's number of the thread: an address at the upper end of its stack.
    ident: u64,
    /// Whether the signal's handler ran in it; the system runs it in the main thread.
    current: bool,
    /// Whether a call's line is the one being executed; PyPy only knows where a function begins.
    exact: bool,
    /// The innermost call first.
    calls: Vec<Call>,
}

#[derive(Debug, PartialEq, Eq)]
struct Call {
    file: String,
    line: u32,
    function: String,
}

/// The threads in a text of faulthandler. None if it left threads out, because then a stack's owner can't be told.
pub fn parse(text: &str) -> Option<Vec<Stack>> {
    let mut stacks: Vec<Stack> = Vec::new();
    for line in text.lines() {
        if line == "..." {
            return None;
        }
        match (header(line), stacks.last_mut()) {
            (Some(stack), _) => stacks.push(stack),
            (None, Some(stack)) => stack.calls.extend(call(line)),
            (None, None) => {}
        }
    }
    Some(stacks)
}

/// `Thread 0x00007f6a695676c0 [name] (most recent call first):`, or with `Current thread`.
fn header(line: &str) -> Option<Stack> {
    let current = line.strip_prefix("Current thread 0x");
    let rest = current.or_else(|| line.strip_prefix("Thread 0x"))?;
    let ident = u64::from_str_radix(rest.split_ascii_whitespace().next()?, 16).ok()?;
    Some(Stack { ident, current: current.is_some(), exact: !line.contains("approximate line"), calls: Vec::new() })
}

/// `  File "/a/locks.py", line 10 in both`
fn call(line: &str) -> Option<Call> {
    let (file, rest) = line.strip_prefix("  File \"")?.rsplit_once("\", line ")?;
    let (line, function) = rest.split_once(" in ")?;
    Some(Call { file: file.to_owned(), line: line.parse().ok()?, function: function.to_owned() })
}

/// The stack of the thread that handles signals, the main thread.
pub fn of_main(stacks: &[Stack]) -> Option<&Stack> {
    stacks.iter().find(|stack| stack.current)
}

/// The stack that contains this stack pointer. Threads' stacks don't overlap, and each thread's number is the address
/// of the upper end of its stack.
pub fn of_pointer(stacks: &[Stack], pointer: u64) -> Option<&Stack> {
    stacks.iter().filter(|stack| stack.ident > pointer).min_by_key(|stack| stack.ident)
}

impl Stack {
    /// Where the execution in this thread is, in the runner's own format, and the calls that led there. None if no call
    /// of the user is above one of the runner.
    pub fn told(&self, runner_file: &str) -> Option<(String, String)> {
        let is_own = |call: &Call| call.file.ends_with(runner_file);
        // If Python is just answering the other signal, those calls are not the execution's.
        let answers = self.calls.iter().rposition(|call| is_own(call) && call.function == ANSWERS);
        let interrupted = answers.map_or(0, |at| at + self.calls[at..].iter().take_while(|call| is_own(call)).count());
        let calls = &self.calls[interrupted..];
        let calls = &calls[..calls.iter().position(is_own)?];
        let at = calls.iter().find(|call| !is_library(&call.file)).or(calls.first())?;
        let name = at.file.rsplit('/').next().unwrap_or(&at.file);
        let place = match self.exact {
            true => format!("{name}:{}, in {}", at.line, at.function),
            false => format!("{name}, in {}", at.function),
        };
        let lines = calls.iter().rev().map(|call| match self.exact {
            true => format!("  File \"{}\", line {}, in {}\n", call.file, call.line, call.function),
            false => format!("  File \"{}\", in {}\n", call.file, call.function),
        });
        let head = "Where it was shortly before its timeout (most recent call last):\n".to_owned();
        Some((place, lines.fold(head, |text, line| text + &line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNER: &str = "/spawnscope_runner.py";

    /// As CPython 3.15 writes it, with thread names in brackets.
    const TWO: &str = "Thread 0x00007f2522b916c0 [back] (most recent call first):
  File \"/usr/lib/python3.15/threading.py\", line 363 in wait
  File \"/home/a b/locks.py\", line 12 in both
  File \"/run/x/spawnscope_runner.py\", line 752 in perform
  File \"/usr/lib/python3.15/threading.py\", line 1161 in run

Current thread 0x00007f25230a2780 [python3.15] (most recent call first):
  File \"/home/a b/stuck.py\", line 17 in <lambda>
  File \"/run/x/spawnscope_runner.py\", line 752 in perform
";

    fn stacks(text: &str) -> Vec<Stack> {
        parse(text).expect("whole")
    }

    #[test]
    fn the_users_innermost_line_is_the_place() {
        let all = stacks(TWO);
        let (place, stack) = all[0].told(RUNNER).expect("a place");
        assert_eq!(place, "locks.py:12, in both");
        let lines: Vec<&str> = stack.lines().skip(1).map(str::trim).collect();
        assert_eq!(lines[0], "File \"/home/a b/locks.py\", line 12, in both");
        assert_eq!(lines.len(), 2, "nothing of the runner, nor of what is below: {stack}");
        assert_eq!(of_main(&all).and_then(|main| main.told(RUNNER)).expect("a place").0, "stuck.py:17, in <lambda>");
    }

    #[test]
    fn a_stack_is_the_threads_whose_pointer_lies_below_its_number() {
        let all = stacks(TWO);
        let ident = |pointer| of_pointer(&all, pointer).map(|stack| stack.ident);
        assert_eq!(ident(0x7f25_22b9_04c0), Some(0x7f25_22b9_16c0));
        assert_eq!(ident(0x7f25_230a_0000), Some(0x7f25_230a_2780));
        assert_eq!(ident(0x7fff_ffff_0000), None);
    }

    #[test]
    fn an_answer_that_python_is_about_to_give_is_passed_over() {
        let text = "Current thread 0x00007f25230a2780 (most recent call first):
  File \"/usr/lib/python3.13/linecache.py\", line 171 in updatecache
  File \"/usr/lib/python3.13/traceback.py\", line 264 in extract_stack
  File \"/run/x/spawnscope_runner.py\", line 734 in calls_of_frame
  File \"/run/x/spawnscope_runner.py\", line 722 in tell_where
  File \"/run/x/spawnscope_runner.py\", line 697 in <lambda>
  File \"/home/a b/stuck.py\", line 11 in both
  File \"/run/x/spawnscope_runner.py\", line 752 in perform
";
        let (place, stack) = stacks(text)[0].told(RUNNER).expect("a place");
        assert_eq!(place, "stuck.py:11, in both");
        assert_eq!(stack.lines().count(), 2, "{stack}");
    }

    #[test]
    fn pypys_lines_are_those_of_functions_and_are_not_told() {
        let text = "Current thread 0x7F1E5E8E9780 (most recent call first, approximate line numbers):\n  File \
                    \"/a/stuck.py\", line 14 in stuck\n  File \"/x/spawnscope_runner.py\", line 1 in perform\n";
        assert_eq!(stacks(text)[0].told(RUNNER).expect("a place").0, "stuck.py, in stuck");
    }

    #[test]
    fn what_is_not_whole_or_not_an_executions_tells_nothing() {
        assert_eq!(parse("Thread 0x1 (most recent call first):\n...\n"), None);
        assert_eq!(parse("").map(|all| all.len()), Some(0));
        let other = stacks("Thread 0x10 (most recent call first):\n  File \"/a/b.py\", line 1 in f\n");
        assert_eq!(other[0].told(RUNNER), None);
        let torn = stacks("Thread 0xzz (most\nThread 0x10 (most recent call first):\n  File \"/a/b.py\", li\n");
        assert_eq!((torn.len(), torn[0].calls.len()), (1, 0));
    }
}

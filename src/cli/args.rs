//! The arguments of the command line.

use clap::{Args, Parser, Subcommand};
use model::{
    Choice, Interpreter, Measure, Plan, Runtime, StartMethod, SweepAxis, duration,
    plan::{MAX_CHOICES, MAX_EXECUTIONS, MAX_PRECISION, MAX_REPEATS},
};
use std::{path::PathBuf, time::Duration};
use store::plan_file::{read_choice, read_measure, read_start_method};

/// Launch the same tasks as threads and as processes, watch both, and see which is faster and why.
#[derive(Debug, Parser)]
#[command(name = "spawnscope", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// Open the window with this plan (TOML) or these saved runs (JSON)
    #[arg(value_name = "PLAN|RUNS.json")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run a plan in one mode
    Run(RunArgs),
    /// Run a plan in two or more modes, interleaved, and say which is faster
    Compare(CompareArgs),
    /// Run a plan at several numbers of workers, or values of an argument, and say which is best
    Sweep(SweepArgs),
    /// Write saved runs in other formats
    Export(ExportArgs),
    /// Say whether a plan can be run, and what is wrong with it
    Check(CheckArgs),
    /// List the built-in targets with their args
    Targets(TargetsArgs),
    /// Say what measuring costs on this machine, by a self-test of about a second
    Calibrate(CalibrateArgs),
    /// Print a plan to start from
    New(NewArgs),
    /// Allow `check` and the window to start a plan's own interpreter while they only look at the plan, and the window to run
    /// a plan without first showing what it executes
    Trust(TrustArgs),
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// How tasks are launched: sequential, threads, processes, thread-pool or process-pool; Python functions also
    /// interpreters or asyncio; optionally with start method, workers and interpreter: processes:spawn/4@python3.13
    #[arg(long, value_parser = read_choice)]
    pub mode: Option<Choice>,
    /// Most executions in flight; 0 for all
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(0..=MAX_EXECUTIONS as i64))]
    pub workers: Option<u32>,
    #[command(flatten)]
    pub shared: Shared,
}

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The modes to compare, each optionally with a start method, workers and an interpreter:
    /// threads,threads/2,processes:spawn,threads@python3.13,threads@native [default: what the plan compares; else
    /// threads,processes; with programs sequential,processes; the pools if the plan's mode is a pool]
    #[arg(long, value_name = "MODE,MODE", value_parser = read_modes)]
    pub modes: Option<Choices>,
    /// Most executions in flight; 0 for all
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(0..=MAX_EXECUTIONS as i64))]
    pub workers: Option<u32>,
    #[command(flatten)]
    pub shared: Shared,
}

#[derive(Debug, Args)]
pub struct SweepArgs {
    /// The modes to sweep, as in `compare`, or one alone [default: what `compare` compares]
    #[arg(long, value_name = "MODE,MODE", value_parser = read_swept_modes)]
    pub modes: Option<Choices>,
    /// The numbers of workers: 1..8 or 1,2,4; beside --sweep one number [default: 1 to twice the cores]
    #[arg(long, value_name = "LIST", value_parser = SweepAxis::read_workers)]
    pub workers: Option<SweepAxis>,
    /// What to vary: one argument of a task, primes.limit=1e5..1e7:log5 (five points with a constant ratio),
    /// sleep.seconds=0.1..0.4:lin4 or NAME.KEY=1,2,3; in a list of arguments its position, xz.0=1..9
    #[arg(long, value_name = "TASK.ARG=VALUES")]
    pub sweep: Option<SweepAxis>,
    #[command(flatten)]
    pub shared: Shared,
}

/// Options of every command that runs a plan; each overrides the plan's own setting.
#[derive(Debug, Default, Args)]
pub struct Shared {
    /// The plan's file, `-` for stdin; by default a starter plan
    pub plan: Option<PathBuf>,
    /// Measured runs of each mode: exactly so many, unless --precision or --limit is given too
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_REPEATS)))]
    pub repeat: Option<u32>,
    /// Go on with repeats until half of the width of each interval is at most this share of its middle: 5% or 0.05; 0 for
    /// exactly --repeat
    #[arg(long, value_name = "SHARE", value_parser = read_precision)]
    pub precision: Option<f64>,
    /// Go on for --precision no longer than this: 60s, 5m
    #[arg(long, value_name = "DURATION", value_parser = read_timeout)]
    pub limit: Option<Duration>,
    /// The seed of the order of runs and of intervals; by default a new one for each experiment
    #[arg(long, value_name = "N")]
    pub seed: Option<u32>,
    /// Runs of each mode before the measured ones, which do not count
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_REPEATS)))]
    pub warmup: Option<u32>,
    /// How much to measure: stamps, states (on a CPU, ready, blocked), or slices (on which core when) [default: slices]
    #[arg(long, value_name = "LEVEL", value_parser = read_measure)]
    pub measure: Option<Measure>,
    /// The longest an execution may take: 60s, 250ms, 1m30s
    #[arg(long, value_name = "DURATION", value_parser = read_timeout)]
    pub timeout: Option<Duration>,
    /// The longest that loading the targets may take, before the first execution: 60s [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = read_timeout)]
    pub load_timeout: Option<Duration>,
    /// How processes are started: fork or spawn, Python's also forkserver; Python's threads: thread, subclass, raw or
    /// daemon; Python in sequence: call or run
    #[arg(long, value_name = "METHOD", value_parser = read_start_method)]
    pub start_method: Option<StartMethod>,
    /// The interpreter of Python functions, a name on PATH or a path; a comparison takes several
    #[arg(long, value_name = "PYTHON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub python: Vec<String>,
    /// Also write the result to this file, in the format of its extension; may be repeated
    #[arg(long, value_name = "FILE")]
    pub export: Vec<PathBuf>,
    /// Let --export replace existing files
    #[arg(long)]
    pub force: bool,
    /// Print the result as one JSON document on stdout; messages go to stderr
    #[arg(long)]
    pub json: bool,
    /// Draw the charts of --export light on dark, for dark slides
    #[arg(long)]
    pub dark: bool,
    /// Leave the values of the plan's environment variables out of JSON documents; their names stay
    #[arg(long)]
    pub no_env: bool,
    /// Remember to trust the interpreters that the plan names
    #[arg(long)]
    pub trust: bool,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Runs that were saved as JSON
    #[arg(value_name = "RUNS.json")]
    pub runs: PathBuf,
    /// Files to write, each in the format of its extension
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
    /// Draw charts light on dark, for dark slides
    #[arg(long)]
    pub dark: bool,
    /// Leave the values of the plan's environment variables out of a JSON document; their names stay
    #[arg(long)]
    pub no_env: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The plan's file, `-` for stdin
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Trust the interpreters that the plan names, and remember it
    #[arg(long)]
    pub trust: bool,
}

#[derive(Debug, Args)]
pub struct TrustArgs {
    /// An interpreter, a virtual environment, or a plan (with all interpreters that it names); without a path, list what is
    /// trusted
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Trust it no longer
    #[arg(long, requires = "paths")]
    pub forget: bool,
}

#[derive(Debug, Args)]
pub struct TargetsArgs {
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct NewArgs {
    /// The new plan's name, or the name of a starter plan
    pub name: Option<String>,
}

/// Choices, none of them twice.
pub type Choices = Box<[Choice]>;

fn read_modes(list: &str) -> Result<Choices, String> {
    let modes = read_swept_modes(list)?;
    if modes.len() < 2 {
        return Err("a comparison takes two modes; write for example threads,processes".to_owned());
    }
    Ok(modes)
}

fn read_swept_modes(list: &str) -> Result<Choices, String> {
    let mut modes = Vec::new();
    for word in list.split(',').map(str::trim) {
        let mode = read_choice(word)?;
        if modes.contains(&mode) {
            return Err(format!("{mode} is there twice; name each mode once"));
        }
        modes.push(mode);
    }
    if modes.len() > MAX_CHOICES {
        return Err(format!("{} modes are too many for one comparison; name at most {MAX_CHOICES}", modes.len()));
    }
    Ok(modes.into())
}

fn read_precision(text: &str) -> Result<f64, String> {
    let (number, divisor) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let share = number.trim().parse::<f64>().ok().map(|number| number / divisor);
    share
        .filter(|share| (0.0..=MAX_PRECISION).contains(share))
        .ok_or_else(|| "it must be from 0 to 100%, for example 5% or 0.05".to_owned())
}

fn read_timeout(text: &str) -> Result<Duration, String> {
    let timeout = duration::parse(text)?;
    if timeout.is_zero() { Err("it must be above zero, for example 60s".to_owned()) } else { Ok(timeout) }
}

impl Shared {
    /// Replaces the plan's own settings by the given options.
    pub fn apply_to(&self, plan: &mut Plan) {
        let run = &mut plan.run;
        // --repeat alone asks for exactly so many.
        let exactly = self.repeat.filter(|_| self.limit.is_none()).map(|_| 0.0);
        run.precision = self.precision.or(exactly).unwrap_or(run.precision);
        run.limit = self.limit.unwrap_or(run.limit);
        run.seed = self.seed.map(u64::from).or(run.seed);
        run.repeat = self.repeat.unwrap_or(run.repeat);
        run.warmup = self.warmup.unwrap_or(run.warmup);
        run.timeout = self.timeout.or(run.timeout);
        run.load_timeout = self.load_timeout.unwrap_or(run.load_timeout);
        run.measure = self.measure.unwrap_or(run.measure);
        run.start_method = self.start_method.or(run.start_method);
        run.python = self.python.first().cloned().or(run.python.take());
    }

    /// The choices with the start method that was given, as far as they leave it open and their mode has it.
    ///
    /// # Errors
    /// One sentence: no mode among them has it.
    pub fn with_start_method(&self, choices: Vec<Choice>, plan: &Plan) -> Result<Vec<Choice>, String> {
        let Some(method) = self.start_method else { return Ok(choices) };
        let has = |choice: &Choice| {
            let python = |runtime: &Runtime| matches!(runtime, Runtime::Python(_));
            let offered = |runtime: &Runtime| StartMethod::of_mode(choice.mode, python(runtime)).contains(&method);
            plan.runtimes(*choice).iter().any(offered)
        };
        if !choices.iter().any(|choice| choice.start_method == Some(method) || has(choice)) {
            let modes: Vec<_> = choices.iter().map(Choice::to_string).collect();
            return Err(format!(
                "--start-method {method} is for none of {}; leave it out, or add its mode",
                modes.join(", ")
            ));
        }
        let with = |choice: Choice| match choice.start_method {
            None if has(&choice) => Choice { start_method: Some(method), ..choice },
            _ => choice,
        };
        Ok(choices.into_iter().map(with).collect())
    }

    /// The choices in each of the interpreters that were given, as far as they leave the interpreter open.
    pub fn in_each_python(&self, choices: Vec<Choice>) -> Vec<Choice> {
        if self.python.len() < 2 {
            return choices;
        }
        let each = |choice: Choice| {
            let python = |word: &String| Choice { runtime: Runtime::Python(Interpreter::new(word)), ..choice };
            match choice.runtime {
                Runtime::Any => self.python.iter().map(python).collect(),
                _ => vec![choice],
            }
        };
        choices.into_iter().flat_map(each).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn clap_finds_the_commands_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_override_the_plan() {
        let words = [
            "spawnscope",
            "run",
            "p.toml",
            "--workers",
            "3",
            "--timeout",
            "2s",
            "--export",
            "a.png",
            "--export",
            "b.csv",
        ];
        let Some(Verb::Run(args)) = Cli::parse_from(words).verb else { panic!("no run") };
        let mut plan = Plan::empty("p");
        args.shared.apply_to(&mut plan);
        assert_eq!((args.workers, plan.run.repeat, plan.run.timeout), (Some(3), 7, Some(Duration::from_secs(2))));
        assert_eq!(args.shared.export, [PathBuf::from("a.png"), PathBuf::from("b.csv")]);
    }

    #[test]
    fn so_many_repeats_are_exactly_so_many_unless_a_precision_is_given_too() {
        let precision = |words: &[&str]| {
            let words = ["spawnscope", "compare"].iter().chain(words);
            let Some(Verb::Compare(args)) = Cli::parse_from(words).verb else { panic!("no comparison") };
            let mut plan = Plan::empty("p");
            args.shared.apply_to(&mut plan);
            plan.run.precision
        };
        assert_eq!(precision(&[]), 0.05);
        assert_eq!(precision(&["--repeat", "10"]), 0.0);
        assert_eq!(precision(&["--repeat", "10", "--precision", "2%"]), 0.02);
        assert_eq!(precision(&["--repeat", "10", "--limit", "2m"]), 0.05);
        assert!(read_precision("120%").is_err() && read_precision("nan").is_err());
    }

    #[test]
    fn several_interpreters_make_a_choice_of_each() {
        let shared = Shared { python: vec!["python3.8".to_owned(), "python3.13".to_owned()], ..Shared::default() };
        let choices = ["threads", "processes:fork@python3"].map(|text| text.parse().expect("a choice"));
        let words: Vec<_> = shared.in_each_python(choices.to_vec()).iter().map(Choice::to_string).collect();
        assert_eq!(words, ["threads@python3.8", "threads@python3.13", "processes:fork@python3"]);
    }

    #[test]
    fn a_file_without_a_verb_opens_the_window() {
        let cli = Cli::parse_from(["spawnscope", "plan.toml"]);
        assert!(cli.verb.is_none() && cli.file == Some(PathBuf::from("plan.toml")));
    }
}

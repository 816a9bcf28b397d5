//! A checked request, with the runs to make.

use super::{Request, naming, rounds::Rounds};
use interpreters::{Consent, check_python};
use model::{Choice, Experiment, LaunchMode, Machine, Plan, Problem, experiment::Scheduled, plan::ONE_PROGRAM};
use std::hash::{BuildHasher, RandomState};
use targets::check::{check_plan, check_sweep};

/// An experiment that can begin.
#[derive(Debug)]
pub struct Prepared {
    pub request: Request,
    /// The experiment as it is first reported: it has no runs yet.
    pub experiment: Experiment,
    pub rounds: Rounds,
    /// The runs that are made in any case.
    pub schedule: Vec<Scheduled>,
}

impl Prepared {
    /// Checks a request; for that it executes the interpreters that it names.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn check(request: Request, machine: &Machine) -> Result<Self, String> {
        if let Some(lack) = os::run_lack() {
            return Err(lack.to_owned());
        }
        let sweep = request.sweep.clone().map(|axis| naming::named(&request.plan, &request.choices, axis));
        let request = Request { sweep, ..request };
        let problem = first_problem(&request.plan, &request.choices)
            .or_else(|| check_sweep(&request.plan, &request.choices, request.sweep.as_ref()?).into_iter().next());
        if let Some(problem) = problem {
            return Err(problem.message);
        }
        // A target that can't be called plainly (a coroutine, a Process of the user's own) has no baseline, nor has a
        // plan whose sequential run would be the same.
        let is_same = request.baseline && request.plan.is_one_program();
        let in_sequence = || first_problem(&request.plan, &[LaunchMode::Sequential.into()]).is_none();
        let baseline = request.baseline && !is_same && in_sequence();
        let notes = is_same.then(|| ONE_PROGRAM.to_owned()).into_iter().collect();
        Ok(Self::new(Request { baseline, ..request }, machine.clone(), notes, random_seed()))
    }

    /// The experiment of a checked request; the seed is the plan's own, if it has one.
    pub fn new(request: Request, machine: Machine, baseline_notes: Vec<String>, seed: u64) -> Self {
        let mut plan = request.plan.clone();
        let seed = *plan.run.seed.get_or_insert(seed);
        let mut rounds = Rounds::new(&request, seed);
        let schedule = rounds.first();
        if let [choice] = request.choices[..] {
            plan.run.mode = choice.mode;
        }
        let experiment = Experiment {
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            machine,
            plan,
            sweep: request.sweep.clone(),
            schedule: schedule.clone(),
            compared: rounds.settings().to_vec(),
            runs: Vec::new(),
            ended: false,
            message: None,
            baseline_notes,
        };
        Self { request, experiment, rounds, schedule }
    }
}

/// A seed that differs for every experiment, small enough for any reader of JSON. The standard library's hash keys are
/// random.
fn random_seed() -> u64 {
    RandomState::new().hash_one(0) >> 32
}

/// What is wrong with a plan in these choices. What can be checked without an interpreter comes first.
fn first_problem(plan: &Plan, choices: &[Choice]) -> Option<Problem> {
    let problem = check_plan(plan, choices).into_iter().next();
    problem.or_else(|| check_python(plan, choices, Consent::Running).into_iter().next())
}

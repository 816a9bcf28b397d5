//! Functions from elsewhere: pyperformance's benchmarks (from PyPI, installed by `.ci/run`), unchanged.

use super::{executions, interpreters};
use crate::support::{Folder, required};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// Benchmark, function, and its argument.
const BENCHMARKS: [(&str, &str, u32); 3] =
    [("bm_nqueens", "bench_n_queens", 6), ("bm_fannkuch", "fannkuch", 7), ("bm_pidigits", "calc_ndigits", 60)];

/// The folder in which pyperformance is installed.
fn installed() -> Option<PathBuf> {
    let given = env::var_os("SPAWNSCOPE_PYPERFORMANCE").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pyperformance"));
    if folder.join("pyperformance").is_dir() {
        return Some(folder);
    }
    required(&format!("pyperformance is not in {}", folder.display()))
}

/// What the function returns when the interpreter calls it without Spawnscope.
fn expected(pyperformance: &Path, python: &Path, file: &Path, function: &str, argument: u32) -> String {
    let folder = file.parent().expect("a folder");
    let code = format!(
        "import sys; sys.path.insert(0, {:?}); import run_benchmark; print(repr(run_benchmark.{function}({argument})))",
        folder.to_str().expect("UTF-8")
    );
    let said = Command::new(python)
        .env("PYTHONPATH", pyperformance)
        .args(["-c", &code])
        .output()
        .expect("the interpreter starts");
    assert!(said.status.success(), "{said:?}");
    String::from_utf8(said.stdout).expect("UTF-8").trim_end().to_owned()
}

#[test]
fn functions_that_nobody_here_wrote_run_unchanged() {
    let Some(pyperformance) = installed() else { return };
    // The benchmarks import pyperf, which imports psutil, which is built for one version of Python.
    let asked = |path: &Path| {
        let found = Command::new(path).env("PYTHONPATH", &pyperformance).args(["-c", "import pyperf"]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let usable = interpreters::all().into_iter().map(|found| found.path).find(|path| asked(path));
    let python = usable.expect("an interpreter that can import what was installed for it");
    let benchmarks = pyperformance.join("pyperformance/data-files/benchmarks");
    let folder = Folder::new();
    let mut plan = format!("schema = 1\n[run]\npython = \"{}\"\nrepeat = 1\nwarmup = 0\n", python.display());
    let mut results = Vec::new();
    for (name, function, argument) in BENCHMARKS {
        let file = benchmarks.join(name).join("run_benchmark.py");
        plan += &format!("[[task]]\ntarget = \"python:{}:{function}\"\nargs = [{argument}]\n", file.display());
        plan += "count = 2\n";
        let result = expected(&pyperformance, &python, &file, function, argument);
        results.extend([(name, result.clone()), (name, result)]);
    }
    folder.write("plan.toml", plan);
    for (mode, method) in [("threads", "thread"), ("processes", "fork"), ("processes", "spawn")] {
        let arguments = ["run", "plan.toml", "--json", "--mode", mode, "--start-method", method];
        let said = folder.command(&arguments).env("PYTHONPATH", &pyperformance).output().expect("the program starts");
        let document = crate::support::Said::from(said).json();
        for (execution, (name, result)) in executions(&document).iter().zip(&results) {
            assert_eq!(execution["outcome"]["kind"], "success", "{name} in {mode} {method}: {execution}");
            let shown = &execution["result"];
            assert_eq!(&shown.as_str().map_or_else(|| shown.to_string(), str::to_owned), result, "{name} in {mode}");
        }
    }
}

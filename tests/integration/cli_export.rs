//! Saved runs, and their exports.

use crate::support::{Folder, plan};
use std::fs;

/// A folder with saved runs in `runs.json`.
fn saved() -> Folder {
    let folder = Folder::new();
    folder.write("plan.toml", plan("primes", "args = { limit = 20000 }\ncount = 4"));
    let said = folder.run(&["compare", "plan.toml", "--repeat", "2", "--json"]);
    assert_eq!(said.status, 0, "{said:?}");
    folder.write("runs.json", said.stdout);
    folder
}

#[test]
fn saved_runs_are_written_in_every_format() {
    let folder = saved();
    let said = folder.run(&["export", "runs.json", "a.png", "b.svg", "c.csv", "d.json", "e.launch.svg"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, ""), "{said:?}");
    let png = fs::File::open(folder.path("a.png")).expect("written");
    let info = png::Decoder::new(std::io::BufReader::new(png)).read_info().expect("a PNG").info().size();
    assert!(info.0 > 600 && info.1 > 200, "{info:?}");
    assert_eq!(folder.run(&["export", "runs.json", "dark.svg", "--dark"]).status, 0);
    let is_on = |name: &str, paper: &str| {
        fs::read_to_string(folder.path(name)).expect("written").contains(&format!("fill=\"{paper}\"/>"))
    };
    assert!(is_on("b.svg", "#ffffff") && is_on("dark.svg", "#121519"));
    let svg = fs::read_to_string(folder.path("b.svg")).expect("written");
    let svg = roxmltree::Document::parse(&svg).expect("XML");
    assert_eq!(svg.root_element().tag_name().name(), "svg");
    let launch = fs::read_to_string(folder.path("e.launch.svg")).expect("written");
    assert!(launch.contains("Start latency") && launch.contains("Exit to join") && launch.contains("8 executions"));
    assert_eq!(folder.run(&["export", "runs.json", "f.findings.svg", "g.findings.png", "h.findings.csv"]).status, 0);
    let findings = fs::read_to_string(folder.path("f.findings.svg")).expect("written");
    assert!(findings.contains("Too few repeats to tell") && findings.contains("To try: "), "two repeats tell nothing");
    let mut csv = csv::Reader::from_path(folder.path("h.findings.csv")).expect("written");
    assert!(csv.records().any(|record| &record.expect("a row")[0] == "too-few-repeats"));
    let mut csv = csv::Reader::from_path(folder.path("c.csv")).expect("written");
    assert!(csv.records().all(|record| record.is_ok()) && csv.position().record() > 1);
    let document = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(folder.path(name)).expect("written")).expect("JSON")
    };
    assert_eq!(document("runs.json"), document("d.json"), "nothing is lost");
    let costs = &document("d.json")["launch_costs"];
    for (setting, mode) in costs.as_array().expect("a list").iter().zip(["threads", "processes"]) {
        let start = &setting["start_latency_ns"];
        assert_eq!((&setting["mode"], &start["count"]), (&mode.into(), &8.into()));
        let quantiles = ["p50", "p90", "p99", "max"].map(|name| start[name].as_f64().expect("known"));
        assert!(quantiles.is_sorted() && quantiles[0] > 0.0, "{quantiles:?}");
    }
}

#[test]
fn a_comparison_writes_a_report_and_what_an_execution_costs() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("primes", "name = \"one | two\"\nargs = { limit = 20000 }\ncount = 3"));
    let files = ["x.md", "x.waterfall.svg", "x.waterfall.csv", "x.json"];
    let mut arguments = vec!["compare", "plan.toml", "--repeat", "2", "--limit", "1s"];
    files.iter().for_each(|file| arguments.extend(["--export", file]));
    let said = folder.run(&arguments);
    assert_eq!(said.status, 0, "{said:?}");
    let report = fs::read_to_string(folder.path("x.md")).expect("written");
    for part in
        ["**Machine:**", "## Results", "| Makespan |", "## What an execution costs", "| launching |", "| together |"]
    {
        assert!(report.contains(part), "{part} is not in {report}");
    }
    assert!(report.contains("| one \\| two | primes | limit = 20000 | 3 |"), "{report}");
    let svg = fs::read_to_string(folder.path("x.waterfall.svg")).expect("written");
    assert!(roxmltree::Document::parse(&svg).is_ok() && svg.contains("waiting to be joined"));
    let document: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path("x.json")).expect("written")).expect("JSON");
    let settings = document["waterfall"]["settings"].as_array().expect("a list");
    assert_eq!(settings.len(), 2);
    for cost in settings {
        let steps = cost["steps"].as_array().expect("a list");
        let sum: f64 = steps.iter().map(|step| step["mean_ns"].as_f64().expect("known")).sum();
        let span = cost["span"]["mean_ns"].as_f64().expect("known");
        assert!((sum - span).abs() < 1.0, "{sum} is not {span}");
        assert_eq!(cost["executions"], cost["repeats"].as_u64().expect("a number") * 3);
    }
    let mut csv = csv::Reader::from_path(folder.path("x.waterfall.csv")).expect("written");
    let rows: Vec<_> = csv.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.iter().filter(|row| &row[6] == "together").count(), 2);
    // A document that was read back must say the same.
    assert_eq!(folder.run(&["export", "x.json", "again.md"]).status, 0);
    assert_eq!(fs::read_to_string(folder.path("again.md")).expect("written"), report);
}

#[test]
fn a_plan_that_fails_has_a_report_too_and_no_waterfall() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("fail", "args = { kind = \"panic\" }"));
    let said = folder.run(&["run", "plan.toml", "--export", "x.md", "--export", "x.waterfall.png"]);
    let report = fs::read_to_string(folder.path("x.md")).expect("written");
    assert!(report.contains("did not succeed.\n\n- `fail` (`threads, repeat 1`): panicked"), "{report}");
    assert!(said.stderr.contains("no repeat is complete"), "{said:?}");
    assert!(said.status != 0 && !folder.path("x.waterfall.png").exists());
}

#[test]
fn a_run_exports_what_it_measured() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("sleep", "args = { seconds = 0.001 }"));
    let said = folder.run(&["run", "plan.toml", "--export", "a.csv", "--export", "b.json"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert!(said.stdout.contains("Wrote a.csv") && folder.path("a.csv").exists(), "{said:?}");
    assert_eq!(folder.run(&["export", "b.json", "c.svg"]).status, 0);
}

#[test]
fn what_cannot_be_exported_is_refused() {
    let folder = saved();
    folder.write("broken.json", "{\"schema\": \"spawnscope.experiment/1\"");
    folder.write("newer.json", "{\"schema\": \"spawnscope.experiment/2\"}");
    folder.write("other.json", "[1, 2]");
    for (arguments, part) in [
        (&["export", "runs.json", "chart.gif"][..], "chart.gif"),
        (&["export", "runs.json", "none/a.csv"], "make it first"),
        (&["export", "runs.json", "."], "."),
        (&["export", "none.json", "a.csv"], "no such file"),
        (&["export", "broken.json", "a.csv"], "broken.json"),
        (&["export", "newer.json", "a.csv"], "newer"),
        (&["export", "other.json", "a.csv"], "other.json"),
        (&["run", "plan.toml", "--export", "chart.gif"], "chart.gif"),
        (&["broken.json"], "broken.json"),
    ] {
        let said = folder.run(arguments);
        assert!(said.refusal().contains(part), "{arguments:?}: {said:?}");
    }
    assert!(!folder.path("a.csv").exists() && !folder.path("chart.gif").exists());
}

#[test]
fn a_file_that_is_there_is_refused_before_anything_runs() {
    let folder = saved();
    // Running this plan would leave a trace.
    folder.write("trace.toml", plan("program:touch", "args = [\"ran\"]"));
    let pair = "sequential,processes";
    folder.write("there.csv", "mine");
    folder.write("file", "mine");
    std::os::unix::fs::symlink("there.csv", folder.path("link.csv")).expect("linked");
    fs::create_dir(folder.path("folder.csv")).expect("made");
    for (files, part) in [
        (&["there.csv"][..], "there.csv: there is such a file already; give another name, or --force to replace it"),
        (&["new.csv", "link.csv"], "link.csv: there is such a file already"),
        (&["new.csv", "new.json", "./new.csv"], "two exports"),
        (&["folder.csv"], "folder"),
        (&["none/a.csv"], "make it first"),
        (&["file/a.csv"], "a part of its path is no folder"),
        (&["/proc/a.csv"], "can't be written"),
    ] {
        for verb in [
            &["run", "trace.toml", "--mode", "processes"][..],
            &["compare", "trace.toml", "--modes", pair],
            &["sweep", "trace.toml", "--modes", "processes", "--workers", "1,2"],
        ] {
            let exports = files.iter().flat_map(|file| ["--export", file]);
            let arguments: Vec<_> = verb.iter().copied().chain(exports).collect();
            let said = folder.run(&arguments);
            assert!(said.refusal().contains(part), "{arguments:?}: {said:?}");
        }
        let said = folder.run(&[&["export", "runs.json"], files].concat());
        assert!(said.refusal().contains(part), "{files:?}: {said:?}");
    }
    assert!(!folder.path("ran").exists() && !folder.path("new.csv").exists());
    assert_eq!(fs::read(folder.path("there.csv")).expect("readable"), b"mine");

    let said = folder.run(&["run", "trace.toml", "--mode", "processes", "--export", "link.csv", "--force"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert!(folder.path("ran").exists() && folder.path("link.csv").is_symlink());
    assert!(fs::read_to_string(folder.path("there.csv")).expect("readable").contains("touch"));
    assert_eq!(folder.run(&["export", "runs.json", "there.csv", "--force"]).status, 0);
}

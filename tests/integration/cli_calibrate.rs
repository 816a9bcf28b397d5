//! `calibrate`: what measuring costs, printed for people and for scripts.

use crate::support::Folder;
use serde_json::Value;

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value}"))
}

#[test]
fn the_self_test_tells_what_each_level_adds_or_why_it_is_not_known() {
    let said = Folder::new().run(&["calibrate", "--json"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, ""), "{said:?}");
    let document = said.json();
    assert_eq!(document["schema"], "spawnscope.measuring-costs/1");
    let costs = &document["costs"];
    assert!(costs["stamp_ns"].as_f64().is_some_and(|ns| ns > 0.0), "{costs}");
    let modes: Vec<_> = list(costs, "modes").iter().map(|mode| &mode["mode"]).collect();
    assert_eq!(modes, ["threads", "processes"]);
    for mode in list(costs, "modes") {
        let levels: Vec<_> = list(mode, "levels").iter().map(|level| &level["measure"]).collect();
        assert_eq!(levels, ["stamps", "states", "slices"]);
        assert!(mode["levels"][0]["per_launch_ns"].as_f64().is_some_and(|ns| ns > 0.0), "{mode}");
        list(mode, "levels").iter().for_each(check_level);
    }
}

/// A number, or the reason why there is none.
fn check_level(level: &Value) {
    let measured = level["per_launch_ns"].is_f64();
    assert_eq!(level["note"].is_string(), !measured, "{level}");
    if let Some(median) = level["adds"]["median_ns"].as_f64() {
        let ends = ["low_ns", "high_ns"].map(|key| level["adds"][key].as_f64().expect("an end"));
        assert!(measured && ends[0] <= median && median <= ends[1], "{level}");
    }
}

#[test]
fn people_get_a_table() {
    let said = Folder::new().run(&["calibrate"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, ""), "{said:?}");
    for part in ["Threads: stamps", "Processes (fork): stamps", "and states", "and slices", "One stamp"] {
        assert!(said.stdout.contains(part), "no {part}: {said:?}");
    }
}

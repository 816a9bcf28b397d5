//! What is found on this machine and near a plan.

use super::*;
use crate::{consent::allow, probe::probe, testing::python3};
use std::collections::BTreeSet;

#[test]
fn every_interpreter_is_found_once_and_by_a_word_that_means_it() {
    if python3().is_none() {
        return;
    }
    let found = discover(None, &Trusted::default());
    let identities: BTreeSet<_> = found.iter().map(|found| identity(&found.facts.executable)).collect();
    assert_eq!(identities.len(), found.len(), "{found:?}");
    assert!(found.iter().any(|found| !found.too_old));
    for found in &found {
        let word = found.interpreter.word();
        match (probe(word, None, Consent::Running), found.refusal()) {
            (Ok(probed), None) => assert_eq!(identity(&probed.executable), identity(&found.facts.executable)),
            (Err(why), Some(refusal)) => assert!(why.starts_with(&refusal), "{why}"),
            (probed, refusal) => panic!("{word}: {probed:?}, {refusal:?}"),
        }
        assert!(!found.facts.executable.to_string_lossy().contains("/shims/"), "{found:?}");
    }
}

#[test]
fn a_name_on_path_is_shorter_than_a_path() {
    let Some(python) = python3() else {
        return;
    };
    let found = discover(None, &Trusted::default());
    let named = found.iter().find(|found| identity(&found.facts.executable) == identity(&python.executable));
    let word = named.expect("python3").interpreter.word();
    assert_eq!(word, "python3");
}

#[cfg(unix)]
#[test]
fn a_virtual_environment_near_the_plan_is_another_interpreter_than_its_base() {
    let Some(python) = python3() else {
        return;
    };
    let root = tempfile::tempdir().expect("a folder");
    let plan = root.path().join("plans");
    for home in [root.path().join(".venv"), plan.join("mine")] {
        std::fs::create_dir_all(home.join("bin")).expect("a folder");
        std::fs::write(home.join("pyvenv.cfg"), "home = /nowhere\n").expect("a file");
        std::os::unix::fs::symlink(&python.executable, home.join("bin/python3")).expect("a link");
    }
    let of_plan = |found: &[Discovered]| found.iter().filter(|it| it.facts.executable.starts_with(root.path())).count();
    assert_eq!(of_plan(&discover(Some(&plan), &Trusted::default())), 0, "nobody was asked");
    let mut trusted = Trusted::default();
    for file in [root.path().join(".venv/bin/python3"), plan.join("mine/bin/python3")] {
        allow(&file, &mut trusted).expect("readable");
    }
    let found = discover(Some(&plan), &trusted);
    let environments: Vec<_> = found.iter().filter(|found| found.facts.executable.starts_with(root.path())).collect();
    let origins: Vec<_> = environments.iter().map(|found| found.origin.clone()).collect();
    assert_eq!(origins, ["mine", ".venv"].map(|name| Origin::Venv(name.to_owned())), "{environments:?}");
    assert_eq!(environments[0].interpreter.word(), "mine/bin/python3");
    assert_eq!(
        probe("mine/bin/python3", Some(&plan), Consent::Running).map(|probed| probed.executable),
        Ok(plan.join("mine/bin/python3"))
    );
    assert!(found.iter().any(|found| identity(&found.facts.executable) == identity(&python.executable)));
}

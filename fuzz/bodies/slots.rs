//! The mapped files of a run: whatever words stand in them, the run is told and exported.
//!
//! The first half of the bytes is written over the slots, header included; the second half over the sizes.

use super::{experiment, export};
use spawnscope::{
    engine::told,
    protocol::{sending::SendingFile, slots::Slots},
};
use std::{fs::OpenOptions, os::unix::fs::FileExt, path::Path, sync::Arc};

const EXECUTIONS: u32 = 3;

pub fn run(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let [slots_path, sending_path] = ["slots", "sending"].map(|name| folder.path().join(name));
    let slots = Slots::create(&slots_path, EXECUTIONS as usize).expect("made");
    let sending = SendingFile::create(&sending_path, EXECUTIONS as usize).expect("made");
    let (first, second) = bytes.split_at(bytes.len() / 2 / 8 * 8);
    overwrite(&slots_path, first);
    overwrite(&sending_path, second);
    let mut experiment = experiment(EXECUTIONS);
    told::take_in(&mut experiment.runs[0], &experiment.plan.tasks, &slots, Some(Arc::new(sending)), []);
    export(&experiment);
}

/// Writes into a file as far as it goes.
fn overwrite(path: &Path, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).expect("opened");
    let length = file.metadata().expect("its length").len() as usize;
    file.write_all_at(&bytes[..bytes.len().min(length)], 0).expect("written");
}

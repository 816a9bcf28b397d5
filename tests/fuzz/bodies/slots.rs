//! The mapped files of a run: whatever words stand in them, the run is told and exported.
//!
//! The first half of the bytes is written over the slots, header included; the second half over the sizes.

use super::{experiment, export, zeroed};
use spawnscope::{
    engine::told,
    protocol::{sending::SendingFile, slots::Slots},
};
use std::{fs::File, os::unix::fs::FileExt, sync::Arc};

const EXECUTIONS: u32 = 3;

pub fn run(bytes: &[u8]) {
    let count = EXECUTIONS as usize;
    let (first, second) = bytes.split_at(bytes.len() / 2 / 8 * 8);
    let (slots_file, sending_file) = (zeroed(Slots::file_bytes(count)), zeroed(SendingFile::file_bytes(count)));
    let again = |file: &File| file.try_clone().expect("a second descriptor");
    let slots = Slots::begin(again(&slots_file), count).expect("mapped");
    let sending = SendingFile::begin(again(&sending_file), count).expect("mapped");
    overwrite(&slots_file, first);
    overwrite(&sending_file, second);
    let mut experiment = experiment(EXECUTIONS);
    told::take_in(&mut experiment.runs[0], &experiment.plan.tasks, Arc::new(slots), Some(Arc::new(sending)), []);
    export(&experiment);
}

/// Writes into a file as far as it goes.
fn overwrite(file: &File, bytes: &[u8]) {
    let length = file.metadata().expect("its length").len() as usize;
    file.write_all_at(&bytes[..bytes.len().min(length)], 0).expect("written");
}

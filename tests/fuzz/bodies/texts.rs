//! The lines of the FIFO, and orders: what is none is passed over; what is one is taken in and exported.

use super::{experiment, export, zeroed};
use spawnscope::{
    engine::told,
    model::Stage,
    protocol::{
        slots::{Head, Reported, Slots, Word},
        text::{Order, Text},
    },
};
use std::sync::Arc;

pub fn run(bytes: &[u8]) {
    let lines = || bytes.split(|byte| *byte == b'\n');
    lines().for_each(|line| drop(serde_json::from_slice::<Order>(line)));
    let texts: Vec<Text> = lines().filter_map(|line| serde_json::from_slice(line).ok()).collect();
    if texts.is_empty() {
        return;
    }
    let slots = Slots::begin(zeroed(Slots::file_bytes(4)), 4).expect("mapped");
    slots.set_head(Head::Origin, 1_000);
    slots.set_head(Head::Launched, 4);
    for (id, verdict) in [Reported::ReturnedText, Reported::Raised, Reported::Failed].into_iter().enumerate() {
        let slot = slots.slot(id);
        Stage::ALL.into_iter().zip(1_001..).for_each(|(stage, ns)| slot.stamp(stage, ns));
        slot.set(Word::Verdict, verdict as i64);
    }
    let mut experiment = experiment(4);
    told::take_in(&mut experiment.runs[0], &experiment.plan.tasks, Arc::new(slots), None, texts);
    export(&experiment);
}

//! The threads and processes that an execution started besides its own, in the inspector.

use super::inspector::heading;
use crate::widgets::rows::fact;
use eframe::egui::{Label, Response, RichText, Role, Ui, WidgetInfo};
use model::{Execution, Member, MemberKind, OwnWork, quantity::human_ns};

/// Draws the section: all of them together, then each with its time on a CPU; nothing where it started none.
pub fn show(ui: &mut Ui, execution: &Execution) {
    let Some(own) = execution.own.as_deref().filter(|own| own.count() > 0) else { return };
    heading(ui, "Own threads and processes");
    line(ui, &count_words(own), &human_ns(own.on_cpu_ns)).on_hover_text(format!(
        "How many it started, and their time on a CPU together; at most {} at once",
        own.most_at_once
    ));
    for member in &execution.members {
        line(ui, &words(member), &human_ns(member.states.on_cpu_ns)).on_hover_text(more(member));
    }
    if own.not_listed > 0 {
        let text = format!("{} more, which took less CPU time", own.not_listed);
        ui.add(Label::new(RichText::new(text).small().weak()).wrap());
    }
}

fn line(ui: &mut Ui, words: &str, value: &str) -> Response {
    let label = format!("{words}: {value}");
    let line = ui.scope(|ui| fact(ui, words, value)).response;
    line.widget_info(|| WidgetInfo::labeled(Role::Label, true, &label));
    line
}

/// `3 threads, 1 process`
fn count_words(own: &OwnWork) -> String {
    let counted = |count: u32, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts = [counted(own.threads, "thread", "threads"), counted(own.processes, "process", "processes")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `sha256sum, process 4712`
fn words(member: &Member) -> String {
    let what = match member.kind {
        MemberKind::Thread => format!("thread {}", member.tid),
        MemberKind::Process => format!("process {}", member.pid),
    };
    member.name.as_deref().map_or_else(|| what.clone(), |name| format!("{name}, {what}"))
}

/// What else the member did, and when.
fn more(member: &Member) -> String {
    let states = &member.states;
    let ended =
        member.ended_ns.map_or_else(|| "its end was not seen".to_owned(), |ns| format!("ended {}", human_ns(ns)));
    let memory = member
        .max_rss_bytes
        .map_or_else(String::new, |bytes| format!("; at most {} of memory seen", model::quantity::human_bytes(bytes)));
    format!(
        "On a CPU {}, ready {}, blocked {}; born {} after the run's origin, {ended}{memory}",
        human_ns(states.on_cpu_ns),
        human_ns(states.runnable_ns),
        human_ns(states.blocked_ns),
        human_ns(member.born_ns),
    )
}

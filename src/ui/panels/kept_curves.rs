//! The curves of shown runs, kept from frame to frame; what takes long is worked out in a thread.

use crossbeam_channel::{Receiver, bounded};
use eframe::egui::{Context, Id, Ui};
use model::Run;
use scene::curves::{CurveKind, Known, curve, on_cpu};
use std::sync::Arc;

/// Columns of a curve, whatever the width of its plot.
const COLUMNS: usize = 800;
/// From so many slices on, no frame waits for them.
const MANY: usize = 20_000;

/// How far a run was when its curves were made.
#[derive(Clone, Copy, PartialEq)]
struct Made {
    run: u32,
    ended: bool,
    now_ns: u64,
}

/// The curves of one setting's run.
#[derive(Clone)]
struct Kept {
    made: Made,
    curves: Arc<[Known; 4]>,
    /// The one that a thread works out.
    to_come: Option<Receiver<Known>>,
}

/// The curves of a run, by [`CurveKind::ALL`]: made anew when it has ended, and while it goes on when it is a tenth longer,
/// so that the work stays in proportion to the run.
pub fn of(ui: &Ui, run: &Run) -> Arc<[Known; 4]> {
    let id = Id::unique(("curves", run.setting()));
    let now = Made { run: run.id, ended: run.end.is_some(), now_ns: run.now_ns };
    let kept: Option<Kept> = ui.data(|data| data.get_temp(id));
    let mut kept = match kept {
        Some(kept) if kept.made.is_fresh(now) && kept.to_come.is_none() => return kept.curves,
        // One at a time: what a thread is at is waited for.
        Some(kept) if kept.made.is_fresh(now) || (kept.made.run == run.id && kept.to_come.is_some()) => kept,
        before => make(ui.ctx(), run, now, before),
    };
    if let Some(Ok(on_cpu)) = kept.to_come.as_ref().map(Receiver::try_recv) {
        Arc::make_mut(&mut kept.curves)[CurveKind::OnCpu as usize] = on_cpu;
        kept.to_come = None;
    }
    let curves = kept.curves.clone();
    ui.data_mut(|data| data.insert_temp(id, kept));
    curves
}

impl Made {
    fn is_fresh(self, now: Self) -> bool {
        let alike = self.run == now.run && self.ended == now.ended;
        alike && (now.ended || now.now_ns < self.now_ns + self.now_ns / 10)
    }
}

fn make(ctx: &Context, run: &Run, made: Made, before: Option<Kept>) -> Kept {
    let many = run.slices.len() > MANY;
    let until_then = || match before.as_ref().filter(|kept| kept.made.run == run.id) {
        Some(kept) => kept.curves[CurveKind::OnCpu as usize].clone(),
        None => Err("it is being worked out".to_owned()),
    };
    let curves = CurveKind::ALL.map(|kind| match kind {
        CurveKind::OnCpu if many => until_then(),
        kind => curve(run, kind, COLUMNS),
    });
    Kept { made, curves: Arc::new(curves), to_come: many.then(|| work_out(ctx, run)) }
}

/// Works the curve of the executions on a CPU out in a thread.
fn work_out(ctx: &Context, run: &Run) -> Receiver<Known> {
    let (sender, receiver) = bounded(1);
    let refused = sender.clone();
    let (slices, source, length_ns, ctx) = (run.slices.clone(), run.slices_source, run.length_ns(), ctx.clone());
    let work = move || {
        let _ = sender.send(Ok(on_cpu(&slices, source, length_ns, COLUMNS)));
        ctx.request_repaint();
    };
    if let Err(error) = std::thread::Builder::new().name("curves".to_owned()).spawn(work) {
        let _ = refused.send(Err(format!("the system refused a thread: {error}; try again")));
    }
    receiver
}

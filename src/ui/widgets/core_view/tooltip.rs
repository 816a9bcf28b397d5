//! The tooltip of a slice.

use crate::widgets::{legend::sample, timeline::tooltip as bars};
use eframe::egui::{self, Id, PopupAnchor, Response, Tooltip, Ui};
use model::{Run, Slice};
use scene::{
    charts::legend::Swatch,
    timeline::{
        Hit, Stack,
        core_rows::{CoreMoment, Who, after_text, moment_text, owner_text, source_text, when_text},
    },
};

/// The gap that keeps the tooltip off the slice.
const GAP: f32 = 16.0;
/// The widest line.
const WIDTH: f32 = 460.0;

/// What lies under the pointer.
pub enum Pointed {
    /// A slice; where it is narrower than a point and not alone, also the core's use around it.
    Slice(Slice, Option<CoreMoment>),
    /// An execution in the row above the cores.
    Bar(Hit, Option<Stack>),
}

impl Pointed {
    /// The execution that a click selects.
    pub fn execution(&self) -> Option<u32> {
        match self {
            Self::Slice(slice, _) => slice.owner.execution(),
            Self::Bar(hit, _) => Some(hit.execution),
        }
    }

    fn id(&self, plot: Id) -> Id {
        match self {
            Self::Slice(slice, _) => plot.with(("slice", slice.core, slice.from_ns)),
            Self::Bar(hit, _) => plot.with(("bar", hit.execution)),
        }
    }
}

/// Shows briefly, beside the pointer, what is known of it.
pub fn show(response: &Response, run: &Run, pointed: &Pointed) {
    let (slice, moment) = match pointed {
        Pointed::Slice(slice, moment) => (slice, moment),
        Pointed::Bar(hit, states) => return bars::show(response, run, &bars::Pointed::Bar(*hit, *states)),
    };
    let id = pointed.id(response.id);
    let tooltip = Tooltip::always_open(response.ctx.clone(), response.layer_id, id, PopupAnchor::Pointer);
    tooltip.gap(GAP).show(|ui| {
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        lines(ui, run, slice);
        if let Some(moment) = moment {
            ui.separator();
            ui.scope(|ui| {
                ui.set_max_width(WIDTH);
                ui.add(egui::Label::new(moment_text(run, slice.core, moment)).wrap());
            });
        }
    });
}

fn lines(ui: &mut Ui, run: &Run, slice: &Slice) {
    ui.horizontal(|ui| {
        sample(ui, Swatch::full(Who::of(run, slice.owner).colour()));
        ui.strong(owner_text(run, slice.owner));
    });
    ui.label(when_text(slice));
    ui.label(after_text(run, slice));
    ui.weak(source_text(run));
}

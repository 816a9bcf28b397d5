//! The centre: tabs that can be dragged side by side.

use super::{comparison, costs, executions, messages, padded, sweep, table, timeline, why};
use crate::{
    activity::Activity,
    state::{Pane, State},
    widgets::rows::empty,
};
use eframe::egui::{Label, RichText, Role, Style, Ui, Visuals, WidgetInfo, WidgetText};
use egui_material_icons::icons::{ICON_HISTORY, ICON_SCHEDULE};
use egui_tiles::{Behavior, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse};

/// The arrangement of the tabs.
pub struct Centre {
    tree: Tree<Pane>,
}

impl Centre {
    /// All tabs in one place, the timeline in front.
    pub fn new() -> Self {
        let panes = vec![
            Pane::Timeline,
            Pane::Comparison,
            Pane::Sweep,
            Pane::Why,
            Pane::Table,
            Pane::Executions,
            Pane::Costs,
            Pane::Messages,
        ];
        Self { tree: Tree::new_tabs(eframe::egui::Id::unique("centre"), panes) }
    }

    /// Draws the tabs.
    pub fn show(&mut self, ui: &mut Ui, state: &mut State) {
        if let Some(front) = state.session.front.take() {
            self.tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if *pane == front));
        }
        self.tree.ui(&mut Tabs { state }, ui);
    }

    /// Whether the per-core use of the idle machine is on the screen: on the timeline tab, while there is no run to
    /// show.
    pub fn shows_idle(&self, state: &State) -> bool {
        let shown = self.tree.active_tiles();
        let timeline = |id: &TileId| matches!(self.tree.tiles.get(*id), Some(Tile::Pane(Pane::Timeline)));
        !state.shown.has_runs() && shown.iter().any(timeline)
    }
}

struct Tabs<'a> {
    state: &'a mut State,
}

impl Tabs<'_> {
    fn pane(&mut self, ui: &mut Ui, pane: Pane) {
        let of_summary = !matches!(pane, Pane::Timeline | Pane::Executions | Pane::Messages);
        if of_summary && self.state.activity == Activity::SummingUp && !self.state.shown.summary.is_there() {
            return empty(ui, ICON_SCHEDULE, "Summing up", timeline::SUMMING_UP);
        }
        match pane {
            Pane::Timeline => timeline::show(ui, self.state),
            Pane::Table => table::show(ui, self.state),
            Pane::Comparison => comparison::show(ui, self.state),
            Pane::Executions => executions::show(ui, self.state),
            Pane::Costs => costs::show(ui, self.state),
            Pane::Why => why::show(ui, self.state),
            Pane::Sweep => sweep::show(ui, self.state),
            Pane::Messages => messages::show(ui, self.state),
        }
    }
}

/// A note that the results are of the plan before it was edited.
fn before_edit(ui: &mut Ui) {
    const TEXT: &str =
        "These results are of the plan before your edit. Run or compare again to measure it as it is now.";
    let color = ui.visuals().warn_fg_color;
    let line = ui.horizontal(|ui| {
        ui.label(ICON_HISTORY.rich_text().size(16.0).color(color));
        ui.add(Label::new(RichText::new(TEXT).small().strong()).truncate());
    });
    line.response.widget_info(|| WidgetInfo::labeled(Role::Label, true, TEXT));
}

impl Behavior<Pane> for Tabs<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut Pane) -> UiResponse {
        padded(ui, |ui| {
            if *pane != Pane::Messages && self.state.results_are_of_the_plan_before() {
                before_edit(ui);
            }
            self.pane(ui, *pane);
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        match pane {
            Pane::Timeline => "Timeline",
            Pane::Table => "Table",
            Pane::Comparison => "Comparison",
            Pane::Executions => "Executions",
            Pane::Costs => "Costs",
            Pane::Why => "Why",
            Pane::Sweep => "Sweep",
            Pane::Messages => "Messages",
        }
        .into()
    }

    fn tab_bar_height(&self, _style: &Style) -> f32 {
        28.0
    }

    fn tab_title_spacing(&self, _visuals: &Visuals) -> f32 {
        12.0
    }

    fn tab_bar_color(&self, visuals: &Visuals) -> eframe::egui::Color32 {
        visuals.panel_fill
    }

    fn tab_bg_color(
        &self,
        visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        tab: &TabState,
    ) -> eframe::egui::Color32 {
        if tab.active { visuals.extreme_bg_color } else { visuals.panel_fill }
    }

    fn tab_text_color(
        &self,
        visuals: &Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        tab: &TabState,
    ) -> eframe::egui::Color32 {
        if tab.active { visuals.strong_text_color() } else { visuals.weak_text_color() }
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..Default::default() }
    }
}

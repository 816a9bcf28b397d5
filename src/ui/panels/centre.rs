//! The centre: tabs that can be dragged side by side.

use super::{padded, timeline};
use crate::{
    activity::Activity,
    state::{Pane, State},
    tab::Shows,
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
        Self { tree: Tree::new_tabs(eframe::egui::Id::unique("centre"), Pane::ALL.to_vec()) }
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
        let tab = pane.tab();
        let is_summed_up = self.state.activity != Activity::SummingUp || self.state.shown.summary.is_there();
        if tab.shows == Shows::Summary && !is_summed_up {
            return empty(ui, ICON_SCHEDULE, "Summing up", timeline::SUMMING_UP);
        }
        (tab.show)(ui, self.state);
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
            if pane.tab().shows != Shows::Nothing && self.state.results_are_of_the_plan_before() {
                before_edit(ui);
            }
            self.pane(ui, *pane);
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        pane.tab().title.into()
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

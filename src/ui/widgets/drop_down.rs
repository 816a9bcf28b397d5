//! A panel below a button that stays open while it is used, and may have boxes that open and close. egui keeps only one
//! such box open at a time, so the panel keeps its own state.

use eframe::egui::{Popup, PopupCloseBehavior, Response, Ui};

/// Shows the panel while it is open: from a click on the button until the next one, or until a click outside.
pub fn show(ui: &Ui, button: &Response, add: impl FnOnce(&mut Ui)) {
    let id = button.id.with("drop down");
    let mut open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false) != button.clicked();
    // A click that closes a box in the panel leaves the panel open.
    let box_open = Popup::is_any_open(ui.ctx());
    let popup = Popup::from_response(button).open_bool(&mut open).close_behavior(PopupCloseBehavior::IgnoreClicks);
    let beside = popup.show(add).is_some_and(|shown| shown.response.clicked_elsewhere());
    if beside && !button.clicked() && !box_open {
        open = false;
    }
    ui.data_mut(|data| data.insert_temp(id, open));
}

//! A field for an argument of a Python function, with a small menu that says how its text is read.

use crate::{
    python::value::{self, Kind},
    theme,
};
use eframe::egui::{Button, Id, Popup, Response, RichText, Role, TextEdit, TextStyle, Ui, WidgetInfo, vec2};
use serde_json::Value;

/// The width of the menu's button, enough for its longest word.
const MENU: f32 = 54.0;

/// The typed text, and the value that it was read as.
#[derive(Clone, Default)]
struct Typed {
    text: String,
    kind: Kind,
    value: Option<Value>,
}

/// How a field looks.
pub struct FieldLook<'a> {
    /// Its accessible name.
    pub label: &'a str,
    /// The hint shown while it is empty.
    pub hint: &'a str,
    /// Whether something is wrong with it.
    pub wrong: bool,
    /// The width kept free on its right.
    pub right: f32,
}

/// Edits `value`; an empty text means no value.
pub fn show(ui: &mut Ui, id: Id, value: &mut Option<Value>, look: &FieldLook<'_>) -> Response {
    let mut typed = typed(ui, id, value.as_ref());
    ui.spacing_mut().item_spacing.x = 4.0;
    let width = (ui.available_width() - MENU - look.right - 12.0).max(40.0);
    let color = look.wrong.then(|| theme::failure(ui.visuals()));
    let field = TextEdit::singleline(&mut typed.text).id(id).hint_text(look.hint.to_owned()).text_color_opt(color);
    let response = ui.add(field.font(TextStyle::Monospace).desired_width(width));
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, look.label));
    let menu = menu(ui, &mut typed, look.label);
    if response.changed() || menu {
        typed.value = value::read(&typed.text, typed.kind);
        value.clone_from(&typed.value);
    }
    // An empty field keeps the chosen kind for the text to come.
    if response.has_focus() || menu || (value.is_none() && typed.kind != Kind::Json) {
        ui.data_mut(|data| data.insert_temp(id, typed));
    } else {
        ui.data_mut(|data| data.remove::<Typed>(id));
    }
    response
}

fn typed(ui: &Ui, id: Id, value: Option<&Value>) -> Typed {
    let typed: Option<Typed> = ui.data(|data| data.get_temp(id));
    typed.filter(|typed| typed.value.as_ref() == value).unwrap_or_else(|| Typed {
        text: value.map(value::text_of).unwrap_or_default(),
        kind: value.map(value::kind_of).unwrap_or_default(),
        value: value.cloned(),
    })
}

/// Shows the menu of kinds; returns whether the user chose one.
fn menu(ui: &mut Ui, typed: &mut Typed, label: &str) -> bool {
    let shown = match (&typed.value, typed.kind) {
        (Some(value), Kind::Json) if value::kind_of(value) == Kind::Python => Kind::Python,
        (_, kind) => kind,
    };
    let button = Button::new(RichText::new(shown.word()).small()).min_size(vec2(MENU, theme::ROW - 4.0));
    let button = ui.add(button);
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Kind of {label}")));
    let mut chosen = None;
    Popup::menu(&button).show(|ui| {
        for kind in Kind::ALL {
            let fits =
                kind != Kind::Json || typed.text.trim().is_empty() || value::as_json(typed.text.trim()).is_some();
            let line = ui.add_enabled(fits, Button::new(kind.word()).selected(kind == shown).right_text(""));
            line.widget_info(|| WidgetInfo::selected(Role::Button, fits, kind == shown, format!("As {}", kind.word())));
            let line = line.on_hover_text(kind.help()).on_disabled_hover_text("What is typed here is no JSON");
            if line.clicked() {
                chosen = Some(kind);
            }
        }
    });
    button.on_hover_text(format!("Read as {}. {}", shown.word(), shown.help()));
    typed.kind = chosen.unwrap_or(typed.kind);
    chosen.is_some()
}

//! What the window and the terminal need to know of the system.

use crate::system;

/// Whether the environment names a display, as for X11 and Wayland. Other systems have one or none, without a name.
pub const fn display_has_name() -> bool {
    system::DISPLAY_HAS_NAME
}

/// Whether the system itself shows file dialogs. Elsewhere a desktop portal or zenity may.
pub const fn has_file_dialogs() -> bool {
    system::HAS_FILE_DIALOGS
}

//! What a window and a terminal want to know of the system.

use crate::system;

/// Whether a display is named by the environment: X11's and Wayland's are. Elsewhere there is one, or none, and no name.
pub const fn display_has_name() -> bool {
    system::DISPLAY_HAS_NAME
}

/// Whether the system shows file dialogs by itself. Elsewhere a desktop portal or zenity may.
pub const fn has_file_dialogs() -> bool {
    system::HAS_FILE_DIALOGS
}

//! What the window remembers: its theme and its size.

use super::atomic;
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The version of the settings file.
pub const SETTINGS_SCHEMA: u32 = 1;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeChoice {
    /// As the system's.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What the window remembers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Always [`SETTINGS_SCHEMA`].
    pub schema: u32,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// The window's inner width, in points.
    pub width: f32,
    /// The window's inner height, in points.
    pub height: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { schema: SETTINGS_SCHEMA, theme: ThemeChoice::System, width: 1280.0, height: 800.0 }
    }
}

impl Settings {
    /// Reads the file; if it does not exist, gives the defaults.
    ///
    /// # Errors
    /// One sentence: the file can't be read or understood. The caller then uses the defaults.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(refused(path, &error.to_string())),
        };
        let settings: Self = toml::from_str(&text).map_err(|error| refused(path, error.message()))?;
        if settings.schema != SETTINGS_SCHEMA {
            return Err(refused(path, &format!("its schema is {}, not {SETTINGS_SCHEMA}", settings.schema)));
        }
        Ok(settings.within_reason())
    }

    /// Writes the file as a whole: first beside it, then in its place.
    ///
    /// # Errors
    /// One sentence: the folder or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let text = toml::to_string(self).map_err(|error| error.to_string())?;
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| atomic::write(path, text.as_bytes()))
            .map_err(|error| format!("could not save the settings to {}: {error}", path.display()))
    }

    fn within_reason(self) -> Self {
        let side = |value: f32, least: f32| if value.is_finite() { value.clamp(least, 16_384.0) } else { least };
        Self { width: side(self.width, 640.0), height: side(self.height, 480.0), ..self }
    }
}

fn refused(path: &Path, why: &str) -> String {
    format!("could not read the settings in {} ({why}); the defaults are used", path.display())
}

/// The settings' file; absent where the user has no home.
pub fn path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "spawnscope").map(|dirs| dirs.config_dir().join("settings.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/settings.toml");
        let settings = Settings { theme: ThemeChoice::Dark, width: 900.0, ..Settings::default() };
        settings.write(&path).expect("written");
        assert_eq!(Settings::read(&path), Ok(settings));
    }

    #[test]
    fn no_file_gives_the_defaults_and_a_broken_one_a_sentence() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.toml");
        assert_eq!(Settings::read(&path), Ok(Settings::default()));
        fs::write(&path, "theme = 7").expect("written");
        assert!(Settings::read(&path).unwrap_err().contains("the defaults are used"));
        fs::write(&path, "schema = 9\ntheme = \"dark\"\nwidth = 1.0\nheight = 1.0").expect("written");
        assert!(Settings::read(&path).unwrap_err().contains("schema is 9"));
    }
}

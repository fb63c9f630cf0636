//! The application's key and secret in the data folder, made on the first start. Only the owner may read the file.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::auth::App;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    app_key: String,
    app_secret: String,
}

/// Why the credentials can't be had.
#[derive(Debug, thiserror::Error)]
#[error("credentials file {path}: {reason}")]
pub struct CredentialsError {
    path: String,
    reason: String,
}

/// Where they are.
pub fn path(folder: &Path) -> PathBuf {
    folder.join("credentials.toml")
}

/// Reads them; `None` where there are none yet.
pub fn read(folder: &Path) -> Result<Option<App>, CredentialsError> {
    let path = path(folder);
    let failed = |reason: String| CredentialsError { path: path.display().to_string(), reason };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error.to_string())),
    };
    let file: File = toml::from_str(&text).map_err(|error| failed(error.message().to_owned()))?;
    Ok(Some(App::new(file.app_key, file.app_secret)))
}

/// Reads them, or makes and keeps new ones.
pub fn read_or_make(folder: &Path) -> Result<App, CredentialsError> {
    if let Some(app) = read(folder)? {
        return Ok(app);
    }
    let app = App::random();
    let path = path(folder);
    write(&path, &app)
        .map_err(|error| CredentialsError { path: path.display().to_string(), reason: error.to_string() })?;
    Ok(app)
}

/// Writes beside and renames, so that a cut leaves either no file or a whole one.
fn write(path: &Path, app: &App) -> std::io::Result<()> {
    let file = File { app_key: app.key().into(), app_secret: app.secret().into() };
    let text = toml::to_string(&file).map_err(std::io::Error::other)?;
    let new = path.with_extension("new");
    let _ = std::fs::remove_file(&new);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn made_once_and_readable_by_the_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap().is_none());
        let app = read_or_make(folder.path()).unwrap();
        assert!(read_or_make(folder.path()).unwrap() == app);
        let mode = std::fs::metadata(path(folder.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(path(folder.path()), "app_key = 1").unwrap();
        let error = read_or_make(folder.path()).unwrap_err().to_string();
        assert!(error.starts_with("credentials file ") && error.contains("credentials.toml"), "{error}");
    }
}

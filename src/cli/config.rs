//! Everything the options fill in, as the commands use it.

use std::path::{Path, PathBuf};

use roomgate::auth::App;
use roomgate::settings::Settings;
use tracing::level_filters::LevelFilter;

use super::failure::Failure;

/// The values of all options.
#[derive(Debug, Clone)]
pub(super) struct Config {
    /// What the gateway is started with; its `data` and `app` are filled in by [`settings`](Config::settings).
    pub(super) settings: Settings,
    pub(super) data: PathBuf,
    pub(super) memory: bool,
    pub(super) app_key: Option<String>,
    pub(super) app_secret: Option<String>,
    pub(super) url: Option<String>,
    pub(super) internal_url: Option<String>,
    pub(super) log: LogFormat,
    pub(super) log_level: LevelFilter,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogFormat {
    Text,
    Json,
}

impl Default for Config {
    fn default() -> Config {
        let settings = Settings::default();
        Config {
            data: settings.data.clone().unwrap_or_default(),
            internal_url: Some(format!("http://{}", settings.internal_listen)),
            settings,
            memory: false,
            app_key: None,
            app_secret: None,
            url: Some("http://127.0.0.1:8080/nimserver".into()),
            log: LogFormat::Text,
            log_level: LevelFilter::INFO,
        }
    }
}

impl Config {
    /// Key and secret, where they were given.
    pub(super) fn app(&self) -> Result<Option<App>, Failure> {
        let missing = |name| Failure::usage(format!("app_key and app_secret come together: {name} is missing"));
        match (&self.app_key, &self.app_secret) {
            (Some(key), Some(secret)) => Ok(Some(App::new(key, secret))),
            (None, None) => Ok(None),
            (Some(_), None) => Err(missing("app_secret")),
            (None, Some(_)) => Err(missing("app_key")),
        }
    }

    /// The data folder, if it can be one.
    pub(super) fn folder(&self) -> Result<&Path, Failure> {
        let folder = &self.data;
        if folder.is_file() {
            return Err(Failure::usage(format!("data folder: expected a folder, {} is a file", folder.display())));
        }
        Ok(folder)
    }

    /// What the gateway is started with.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let data = if self.memory { None } else { Some(self.folder()?.to_owned()) };
        let settings = Settings { app: self.app()?, data, ..self.settings.clone() };
        if settings.listen == settings.internal_listen && settings.listen.port() != 0 {
            return Err(Failure::usage(format!(
                "internal_listen: expected another address than listen, got {} for both",
                settings.listen
            )));
        }
        if let (true, Some(folder)) = (settings.test.clock, &settings.data) {
            // What is kept there would be dated from a time that has not come.
            return Err(Failure::usage(format!(
                "test.clock: expected memory, since a data folder outlives the test's time, got data in {}",
                folder.display()
            )));
        }
        Ok(settings)
    }
}

//! Everything the options fill in, as the commands use it.

use std::path::PathBuf;

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
    pub(super) log: LogFormat,
    pub(super) log_level: LevelFilter,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogFormat {
    Text,
    Json,
}

/// Where the server API of a gateway on this machine is.
pub(super) const DEFAULT_URL: &str = "http://127.0.0.1:8080/nimserver";

impl Default for Config {
    fn default() -> Config {
        let settings = Settings::default();
        Config {
            data: settings.data.clone().unwrap_or_default(),
            settings,
            memory: false,
            app_key: None,
            app_secret: None,
            url: Some(DEFAULT_URL.into()),
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

    /// What the gateway is started with.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let data = (!self.memory).then(|| self.data.clone());
        let settings = Settings { app: self.app()?, data, ..self.settings.clone() };
        if settings.listen == settings.internal_listen && settings.listen.port() != 0 {
            return Err(Failure::usage(format!(
                "internal_listen: expected another address than listen, got {} for both",
                settings.listen
            )));
        }
        Ok(settings)
    }
}

//! What every command that calls a gateway needs: its address, and key and secret.

use std::path::Path;

use clap::ArgMatches;
use roomgate::auth::App;
use roomgate::credentials;

use super::config::Config;
use super::failure::Failure;
use super::layers::{self, Environment};
use super::line::Line;
use super::options::Used;
use super::{command, leaf};

/// An application server on the command line.
pub(super) struct Caller {
    pub(super) app: App,
    pub(super) url: String,
}

impl Caller {
    /// Reads the options; key and secret come from the data folder where they were not given.
    pub(super) fn load(flags: &ArgMatches, environment: &Environment) -> Result<Caller, Failure> {
        let config = config(flags, environment)?;
        let app = match config.app()? {
            Some(app) => app,
            None => in_folder(config.folder()?)?,
        };
        Ok(Caller { app, url: server_api(config.url.as_deref().unwrap_or_default()) })
    }

    /// What a command with these flags, and no environment, would find; `None` where it would complain.
    pub(super) fn found_by(flags: &[String]) -> Option<Caller> {
        let line = ["roomgate", "sign"].into_iter().chain(flags.iter().map(String::as_str));
        let matches = command().try_get_matches_from(line).ok()?;
        Caller::load(leaf(&matches).1, &Vec::new()).ok()
    }

    /// A line to the gateway for `command`.
    pub(super) fn line(self, command: &str) -> Result<Line, Failure> {
        Line::open(&self.url, self.app, command)
    }
}

/// The options of a command that calls a gateway. What somebody should know of them is said.
pub(super) fn config(flags: &ArgMatches, environment: &Environment) -> Result<Config, Failure> {
    let loaded = layers::load(Used::Calling, flags, environment)?;
    for warning in &loaded.warnings {
        eprintln!("roomgate: {warning}");
    }
    Ok(loaded.config)
}

/// An address without a path is that of a gateway.
pub(super) fn server_api(url: &str) -> String {
    let url = url.trim_end_matches('/');
    match url.split_once("://") {
        Some((_, host)) if !host.contains('/') => format!("{url}/nimserver"),
        _ => url.to_owned(),
    }
}

fn in_folder(folder: &Path) -> Result<App, Failure> {
    let found = credentials::read(folder).map_err(Failure::run)?;
    found.ok_or_else(|| {
        Failure::usage(format!(
            "no credentials: {} does not exist; start the gateway here first, or give its folder with --data, \
             or --app-key and --app-secret",
            credentials::path(folder).display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::server_api;

    #[test]
    fn only_an_address_without_a_path_is_completed() {
        for url in ["http://a:1", "http://a:1/", "http://a:1/nimserver", "http://a:1/nimserver/"] {
            assert_eq!(server_api(url), "http://a:1/nimserver");
        }
        assert_eq!(server_api("http://a:1/other"), "http://a:1/other");
    }
}

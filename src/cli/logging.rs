//! Log lines on standard error: readable on a terminal, or one JSON object each.

use std::io::IsTerminal;

use super::config::{Config, LogFormat};

/// Starts logging, for the whole process.
pub(super) fn start(config: &Config) {
    let lines = tracing_subscriber::fmt().with_max_level(config.log_level).with_writer(std::io::stderr);
    match config.log {
        LogFormat::Json => lines.json().init(),
        LogFormat::Text => lines.with_ansi(wants_colours()).with_target(false).init(),
    }
}

fn wants_colours() -> bool {
    // https://no-color.org
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stderr().is_terminal() && !is_unwanted
}

//! Log lines on standard error: readable on a terminal, or one JSON object each.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use super::config::{Config, LogFormat};
use super::failure::one_line;

/// Starts logging, for the whole process; also of panics.
pub(super) fn start(config: &Config) {
    let lines = tracing_subscriber::fmt().with_max_level(config.log_level).with_writer(std::io::stderr);
    match config.log {
        LogFormat::Json => lines.json().init(),
        LogFormat::Text => lines.with_ansi(wants_colours()).with_target(false).init(),
    }
    std::panic::set_hook(Box::new(log_panic));
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let what = one_line(panic.payload_as_str().unwrap_or("not a text"));
    tracing::error!(location, "panicked at {location}: {what}");
}

fn wants_colours() -> bool {
    // https://no-color.org
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stderr().is_terminal() && !is_unwanted
}

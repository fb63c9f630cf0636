//! A bar on standard error, where that is a terminal; nothing where it is not.

use indicatif::{ProgressBar, ProgressStyle};
use roomgate::harness::load::Watch;

/// The bar.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(super) fn new() -> Progress {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:20} [{bar:40}] {human_pos}/{human_len} {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Progress { bar }
    }

    /// It is over: the table has the terminal to itself.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn begin(&self, what: &str, steps: u64) {
        self.bar.reset();
        self.bar.set_length(steps);
        self.bar.set_message(what.to_owned());
    }

    fn done(&self, steps: u64) {
        self.bar.set_position(steps);
    }
}

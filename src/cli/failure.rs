//! What ends the program early: one line on standard error, and an exit code.

use std::fmt::{self, Display};
use std::process::ExitCode;

/// Why the program ends without having done what was asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// What was written on the command line, in the environment or in the file is wrong: exit code 2.
    Usage(String),
    /// It was right, but could not be done: exit code 1.
    Run(String),
}

impl Failure {
    pub(super) fn usage(why: impl Display) -> Failure {
        Failure::Usage(why.to_string())
    }

    pub(super) fn run(why: impl Display) -> Failure {
        Failure::Run(why.to_string())
    }

    /// Says so, and answers the exit code.
    pub(super) fn report(&self) -> ExitCode {
        eprintln!("roomgate: {self}");
        match self {
            Failure::Usage(_) => ExitCode::from(2),
            Failure::Run(_) => ExitCode::FAILURE,
        }
    }
}

impl Display for Failure {
    /// One line, whatever is quoted in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Usage(why) | Failure::Run(why)) = self;
        let lines: Vec<&str> = why.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        f.write_str(&lines.join(" "))
    }
}

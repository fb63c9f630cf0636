//! What ends the program early: one line on standard error, and an exit code.

use std::fmt::{self, Display};
use std::process::ExitCode;

use clap::error::ContextKind;

use super::cell::clean;
use super::near;

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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Usage(why) | Failure::Run(why)) = self;
        f.write_str(&clean(&one_line(why)))
    }
}

impl From<clap::Error> for Failure {
    /// clap's own text is several paragraphs: the error, perhaps a tip, then how to use the command.
    fn from(error: clap::Error) -> Failure {
        let text = without_far_tips(error).to_string();
        let is_of_use = |paragraph: &&str| !paragraph.starts_with("Usage:") && !paragraph.starts_with("For more");
        let paragraphs: Vec<String> = text.split("\n\n").map(str::trim).filter(is_of_use).map(one_line).collect();
        Failure::Usage(format!("{} (see roomgate --help)", paragraphs.join("; ").trim_start_matches("error: ")))
    }
}

/// Whatever is quoted in it.
pub(super) fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

/// clap calls similar what only shares a few letters.
fn without_far_tips(mut error: clap::Error) -> clap::Error {
    let tips = [
        (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand),
        (ContextKind::InvalidValue, ContextKind::SuggestedValue),
    ];
    for (written, tip) in tips {
        let name = |kind| error.get(kind).map(|name| name.to_string().trim_start_matches('-').to_owned());
        if !name(written).zip(name(tip)).is_some_and(|(written, tip)| near::is_near(&written, &tip)) {
            error.remove(tip);
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use super::super::command;
    use super::*;

    fn complaint(line: &str) -> String {
        Failure::from(command().try_get_matches_from(line.split(' ')).unwrap_err()).to_string()
    }

    #[test]
    fn what_is_misspelt_gets_one_line_with_the_near_name_and_no_far_one() {
        let cases = [
            (
                "roomgate --socket-ping-intervall 1s",
                "unexpected argument '--socket-ping-intervall' found; \
                 tip: a similar argument exists: '--socket-ping-interval'",
            ),
            ("roomgate --port 80", "unexpected argument '--port' found"),
            ("roomgate sned", "unrecognized subcommand 'sned'; tip: a similar subcommand exists: 'send'"),
            ("roomgate start", "unrecognized subcommand 'start'"),
        ];
        for (line, expected) in cases {
            assert_eq!(complaint(line), format!("{expected} (see roomgate --help)"));
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(
            complaint("roomgate send hi"),
            "the following required arguments were not provided: --room <ROOM> --from <ACCID> (see roomgate --help)"
        );
    }

    #[test]
    fn a_type_that_no_message_has_is_refused_with_those_there_are() {
        assert_eq!(
            complaint("roomgate send --room 1 --from a --type 5 hi"),
            "invalid value '5' for '--type <TYPE>' [possible values: 0, 1, 2, 3, 4, 6, 10, 100] (see roomgate --help)"
        );
    }
}

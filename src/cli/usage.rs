//! What is said about a command line that can't be understood: one line, like every other error.

use std::process::ExitCode;

use clap::error::ErrorKind;

use super::failure::Failure;

/// Prints help or version where that was asked for, a complaint otherwise. Answers the exit code.
pub(super) fn report(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that has seen enough, such as head, is no failure.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        _ => Failure::usage(one_line(&error.to_string())).report(),
    }
}

/// clap's own text is several paragraphs: the error, perhaps a tip, then how to use the command.
fn one_line(text: &str) -> String {
    let is_of_use = |paragraph: &&str| !paragraph.starts_with("Usage:") && !paragraph.starts_with("For more");
    let paragraphs: Vec<String> = text.split("\n\n").map(str::trim).filter(is_of_use).map(join_lines).collect();
    format!("{} (see roomgate --help)", paragraphs.join("; ").trim_start_matches("error: "))
}

fn join_lines(paragraph: &str) -> String {
    paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::command;
    use super::*;

    fn complaint(line: &[&str]) -> String {
        one_line(&command().try_get_matches_from(line).unwrap_err().to_string())
    }

    #[test]
    fn a_misspelt_flag_gets_one_line_with_the_near_one() {
        assert_eq!(
            complaint(&["roomgate", "--socket-ping-intervall", "1s"]),
            "unexpected argument '--socket-ping-intervall' found; \
             tip: a similar argument exists: '--socket-ping-interval' (see roomgate --help)"
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let complaint = complaint(&["roomgate", "send", "hi"]);
        assert_eq!(
            complaint,
            "the following required arguments were not provided: --room <ROOM> --from <ACCID> (see roomgate --help)"
        );
    }
}

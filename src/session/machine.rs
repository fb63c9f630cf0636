//! Which frames a client may send when, and when it has sent too many bad ones. Pure: tested without a socket.

use crate::api;
use crate::base::{Invalid, limits};
use crate::model::Refusal;
use crate::wire::client::Unreadable;
use crate::wire::{ClientFrame, CloseCode, Op, Text, server};

#[derive(Debug, Default)]
pub(super) struct Machine {
    logged_in: bool,
    malformed: u32,
}

/// What to do about a frame.
#[derive(Debug)]
pub(super) enum Step {
    /// It asks for something that may be asked now.
    Act(ClientFrame),
    /// It is refused.
    Refuse(Text),
    /// It is refused, and it was one too many.
    Close(Text, CloseCode),
}

impl Machine {
    /// From now on everything but another login may be asked.
    pub(super) fn log_in(&mut self) {
        self.logged_in = true;
    }

    pub(super) fn hear(&mut self, text: &str) -> Step {
        match ClientFrame::read(text) {
            Ok(frame) if self.logged_in && frame.op == Op::Login => {
                let refusal = Refusal::Repeated("login: this connection is logged in already".into());
                Step::Refuse(refuse(frame.id, &refusal))
            }
            Ok(frame) if !self.logged_in && frame.op != Op::Login => {
                let refusal = Refusal::Forbidden(format!("{}: log in first", frame.op.name()));
                self.malformed(refuse(frame.id, &refusal))
            }
            Ok(frame) => match &frame.op {
                Op::Named(verb) if api::find_verb(verb).is_none() => {
                    Step::Refuse(refuse(frame.id, &unknown(verb).into()))
                }
                _ => Step::Act(frame),
            },
            Err(Unreadable::Wrong(id, invalid)) => Step::Refuse(refuse(id, &invalid.into())),
            Err(Unreadable::NotAnObject(invalid)) => self.malformed(refuse(None, &invalid.into())),
        }
    }

    fn malformed(&mut self, answer: Text) -> Step {
        self.malformed += 1;
        if self.malformed >= limits::MALFORMED_FRAMES {
            Step::Close(answer, CloseCode::Malformed)
        } else {
            Step::Refuse(answer)
        }
    }
}

fn unknown(verb: &str) -> Invalid {
    let verbs: Vec<&str> = Op::own_names().chain(api::verbs()).collect();
    Invalid::value("op", format!("one of {}", verbs.join(", ")), verb)
}

/// The reply to a request that is not done.
pub(super) fn refuse(id: Option<u64>, refusal: &Refusal) -> Text {
    server::refusal(id, refusal.code(), &refusal.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(step: Step) -> String {
        match step {
            Step::Refuse(text) => text.payload().to_owned(),
            other => panic!("expected a refusal, got {other:?}"),
        }
    }

    #[test]
    fn nothing_goes_before_login() {
        let mut machine = Machine::default();
        let refused = answer(machine.hear(r#"{"op":"join","id":1,"roomid":"1"}"#));
        assert_eq!(refused, r#"{"op":"reply","id":1,"code":403,"desc":"join: log in first"}"#);
        assert!(matches!(machine.hear(r#"{"op":"login","id":2}"#), Step::Act(_)));
    }

    #[test]
    fn there_is_one_login_a_connection() {
        let mut machine = Machine::default();
        machine.log_in();
        assert!(matches!(machine.hear(r#"{"op":"join","id":1}"#), Step::Act(_)));
        assert!(answer(machine.hear(r#"{"op":"login","id":2}"#)).contains("417"));
    }

    #[test]
    fn the_tenth_malformed_frame_is_the_last() {
        let mut machine = Machine::default();
        machine.log_in();
        for _ in 1..limits::MALFORMED_FRAMES {
            assert!(answer(machine.hear("nonsense")).contains("414"));
            assert!(answer(machine.hear(r#"{"op":"dance","id":1}"#)).contains("414"), "answered, but not counted");
        }
        assert!(matches!(machine.hear("[]"), Step::Close(_, CloseCode::Malformed)));
    }
}

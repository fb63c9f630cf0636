//! A history is read as it was written.

use super::*;

fn text(text: &str) -> Text {
    Text::from(text)
}

fn message() -> Message {
    Message {
        room: 3,
        from: text("ann"),
        msg_id: text("m"),
        time: 7,
        lane: Lane::High,
        directed: true,
        kind: 100,
        content: text("a \"b\""),
        ext: text(""),
        digest: u64::MAX,
    }
}

/// One of each that has members which could be mistaken for another's.
fn entries() -> Vec<What> {
    let send = Send {
        room: 3,
        msg_id: text("m"),
        lane: Lane::Normal,
        kind: 0,
        content: text("x"),
        ext: text(""),
        to: vec![text("bob")],
        resend: true,
        outcomes: true,
    };
    let invoked = |request| What::Invoked { call: 1, by: text("ann"), connection: Some(2), request };
    let arrived = |frame| What::Arrived { connection: 2, place: 1, bytes: 9, frame };
    let outcomes = vec![(text("bob"), text("queued"))];
    let webhook = Webhook { id: text("1"), body: text("{}"), signed: true, answered: None, message: None };
    vec![
        invoked(Request::Send(send)),
        invoked(Request::Bad { kind: text("dance") }),
        invoked(Request::SetRole { room: 3, target: text("bob"), role: Role::Muted, given: true }),
        What::Completed { call: 1, answer: Answer::Sent { message: message(), outcomes } },
        What::Completed { call: 2, answer: Answer::Refused { code: 403, desc: text("no") } },
        What::LoggingIn { connection: 2, token_is_right: true, resume: Some(Left { session: 1, received: 4 }) },
        What::Reading { connection: 2, pace: Pace::Slow { bytes_per_second: 5 } },
        arrived(Frame::Message(message())),
        arrived(Frame::Lost { lane: text("normal"), count: 4 }),
        arrived(Frame::Reply { call: Some(3), code: 200 }),
        arrived(Frame::Other { text: text("?") }),
        What::Webhook(webhook),
        What::Read { since: 1, state: State::Room { room: 3, announcement: None } },
        What::Read { since: 1, state: State::Roles { room: 3, roles: vec![(text("bob"), Role::Manager)] } },
        What::Nemesis { fault: Fault::Receiver { mood: Mood::Slow } },
        What::Memory { bytes: 5, moment: Moment::Round { round: 1, connections: 2 } },
    ]
}

#[test]
fn a_history_is_read_as_it_was_written() {
    let setup = Setup {
        seed: u64::MAX,
        reach: Reach { process: true, folder: true, webhooks: false },
        bounds: Bounds::usual(),
    };
    let entries = (0..).zip(entries()).map(|(at, what)| Entry { at, what }).collect();
    let history = History { setup, entries };
    let mut file = Vec::new();
    history.write(&mut file).unwrap();
    assert_eq!(History::read(&*file).unwrap(), history);
    assert!(History::read(&b""[..]).unwrap_err().to_string().contains("begins with its setup"));
}

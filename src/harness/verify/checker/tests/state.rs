//! What is kept, what is told, and what is held in memory.

use crate::harness::verify::checker::Invariant::{Durable, Memory, NoFabrication, Webhooks};
use crate::harness::verify::checker::story::{Story, to_room};
use crate::harness::verify::history::{
    Answer, Kept, Message, Moment, Pace, Request, Role, Send, State, Text, Webhook, WebhookMessage, What,
};

fn offer(value: &str) -> Request {
    Request::Offer { room: 1, key: "k".into(), value: value.into() }
}

fn queue(values: &[&str]) -> State {
    State::Queue { room: 1, elements: values.iter().map(|value| ("k".into(), Text::from(*value))).collect() }
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let story = |values: &[&str]| {
        let mut story = Story::new();
        for value in ["a", "b"] {
            let call = story.call("owner", offer(value));
            story.complete(call, Answer::Done);
        }
        story.restart();
        story.read(queue(values));
        story
    };
    let right = story(&["b"]);
    right.breaks(&[]);
    assert_eq!(right.judged(Durable), 1);
    story(&[]).breaks(&[Durable]);
    story(&["a"]).breaks(&[Durable]);
}

#[test]
fn what_was_under_way_may_be_there_or_not() {
    for values in [&["a"][..], &["b"], &["c"], &[]] {
        let mut story = Story::new();
        let first = story.call("owner", offer("a"));
        story.complete(first, Answer::Done);
        let beside = [story.call("owner", offer("b")), story.call("other", offer("c"))];
        story.call("owner", Request::Poll { room: 1, key: "k".into() });
        story.complete(beside[1], Answer::Done);
        story.restart();
        story.read(queue(values));
        let expected = if values == ["a"] { &[Durable][..] } else { &[] };
        story.breaks(expected);
    }
}

#[test]
fn accounts_roles_and_rooms_are_kept() {
    let story = |exists: bool, roles: Vec<(Text, Role)>, announcement: &str| {
        let mut story = Story::new();
        let role = Request::SetRole { room: 1, target: "ann".into(), role: Role::Manager, given: true };
        let update = Request::UpdateRoom { room: 1, announcement: "news".into() };
        for request in [Request::CreateAccount { accid: "ann".into() }, role, update] {
            let call = story.call("owner", request);
            story.complete(call, Answer::Done);
        }
        story.restart();
        story.read(State::Account { accid: "ann".into(), exists });
        story.read(State::Roles { room: 1, roles });
        story.read(State::Room { room: 1, announcement: Some(announcement.into()) });
        story
    };
    let roles = || vec![(Text::from("ann"), Role::Manager)];
    story(true, roles(), "news").breaks(&[]);
    story(false, roles(), "news").breaks(&[Durable]);
    story(true, Vec::new(), "news").breaks(&[Durable]);
    story(true, roles(), "").breaks(&[Durable]);
}

#[test]
fn a_history_has_what_was_accepted_and_nothing_else() {
    let kept = |id: &str| Kept { from: "cat".into(), msg_id: id.into(), time: 1, content: "hello".into() };
    let story = |ids: &[&str]| {
        let mut story = Story::new();
        story.send("cat", &to_room(1, "m1"));
        story.call("cat", Request::Send(to_room(1, "m2")));
        story.restart();
        story.read(State::Past { room: 1, messages: ids.iter().map(|id| kept(id)).collect() });
        story
    };
    story(&["m1"]).breaks(&[]);
    story(&["m1", "m2"]).breaks(&[]);
    story(&["m2"]).breaks(&[Durable]);
    story(&["m1", "m3"]).breaks(&[NoFabrication]);
}

fn told(id: &str, message: &Message, answered: u16) -> Webhook {
    let about = WebhookMessage {
        room: message.room,
        from: message.from.clone(),
        msg_id: message.msg_id.clone(),
        content: message.content.clone(),
        to: Vec::new(),
    };
    let body = format!("about {}", message.msg_id).into();
    Webhook { id: id.into(), body, signed: true, answered: Some(answered), message: Some(about) }
}

/// A message that is told of by these.
fn telling(tell: impl Fn(&Message) -> Vec<Webhook>) -> Story {
    let mut story = Story::new();
    story.history.setup.reach.webhooks = true;
    let message = story.send("cat", &to_room(1, "m1"));
    tell(&message).into_iter().for_each(|webhook| story.note(What::Webhook(webhook)));
    story
}

#[test]
fn an_event_comes_until_it_is_received_and_is_the_same_each_time() {
    telling(|message| vec![told("e1", message, 500), told("e1", message, 200), told("e1", message, 200)]).breaks(&[]);
    telling(|message| vec![told("e1", message, 500)]).breaks(&[Webhooks]);
    telling(|message| vec![told("e1", message, 500), told("e2", message, 200)]).breaks(&[Webhooks]);
    telling(|_| Vec::new()).breaks(&[Webhooks]);
    let changed = |message: &Message| Webhook { body: "other".into(), ..told("e1", message, 200) };
    telling(|message| vec![told("e1", message, 500), changed(message)]).breaks(&[Webhooks]);
    let unsigned = |message: &Message| Webhook { signed: false, ..told("e1", message, 200) };
    telling(|message| vec![unsigned(message)]).breaks(&[Webhooks]);
}

#[test]
fn what_was_refused_or_not_sent_is_told_to_nobody() {
    let other = |message: &Message| Message { msg_id: "m2".into(), ..message.clone() };
    telling(|message| vec![told("e1", message, 200), told("e2", &other(message), 200)]).breaks(&[Webhooks]);
    let mut story = telling(|message| vec![told("e1", message, 200)]);
    let call = story.call("cat", Request::Send(to_room(1, "m2")));
    let refused = story.accepted("cat", &to_room(1, "m2"));
    story.note(What::Webhook(told("e2", &refused, 200)));
    story.breaks(&[]);
    story.complete(call, Answer::Refused { code: 13004, desc: "".into() });
    story.breaks(&[Webhooks]);
}

#[test]
fn rounds_of_connections_leave_nothing_behind() {
    let story = |growth: &[u64]| {
        let mut story = Story::new();
        let mut bytes = 10_000_000;
        for (round, more) in (0..).zip(growth) {
            bytes += more;
            story.note(What::Memory { bytes, moment: Moment::Round { round, connections: 1000 } });
        }
        story
    };
    story(&[0, 5_000_000, 0, 700_000, 0]).breaks(&[]);
    story(&[0, 5_000_000, 800_000, 1_000_000, 900_000]).breaks(&[Memory]);
}

#[test]
fn a_member_that_reads_nothing_costs_no_more_than_its_queue() {
    let story = |count: usize| {
        let mut story = Story::new();
        let ann = story.connect("ann", Some(1000));
        story.log_in(ann);
        story.join(ann, 1);
        story.note(What::Reading { connection: ann, pace: Pace::Stopped });
        let large = |number| Send { content: "x".repeat(800).into(), ..to_room(1, &format!("m{number}")) };
        let messages: Vec<_> = (0..count).map(|number| story.send("cat", &large(number))).collect();
        story.note(What::Reading { connection: ann, pace: Pace::Free });
        messages.iter().for_each(|message| story.gets(ann, message));
        story
    };
    story(17).breaks(&[]);
    story(18).breaks(&[Memory]);
}

#[test]
fn memory_goes_back_after_load() {
    let story = |after: u64| {
        let mut story = Story::new();
        for (bytes, moment) in [(5_000_000, Moment::Base), (50_000_000, Moment::Load), (after, Moment::After)] {
            story.note(What::Memory { bytes, moment });
        }
        story
    };
    story(6_000_000).breaks(&[]);
    story(6_000_001).breaks(&[Memory]);
}

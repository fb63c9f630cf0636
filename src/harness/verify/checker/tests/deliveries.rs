//! What arrives: as it was sent, once, in order, in time, all of it.

use crate::harness::verify::checker::Invariant::{NoFabrication, NoLoss, NoPanic, Once, Order, Time};
use crate::harness::verify::checker::story::{Story, again, to, to_room, urgent};
use crate::harness::verify::history::{Answer, Ending, Message, Request, Send, What};

#[test]
fn what_arrives_was_sent_so_by_its_sender() {
    let sent = || {
        let mut story = Story::new();
        let ann = story.member("ann", &[1]);
        let message = story.send("cat", &to_room(1, "m1"));
        (story, ann, message)
    };
    let changes: [fn(&mut Message); 5] = [
        |message| message.content = "hallo".into(),
        |message| message.from = "dan".into(),
        |message| message.msg_id = "m2".into(),
        |message| message.directed = true,
        |message| message.digest += 1,
    ];
    for change in changes {
        let (mut story, ann, mut message) = sent();
        change(&mut message);
        story.gets(ann, &message);
        story.breaks(&[NoFabrication]);
    }
}

#[test]
fn what_was_refused_does_not_arrive_and_what_was_not_answered_may() {
    let story = |code| {
        let mut story = Story::new();
        let ann = story.member("ann", &[1]);
        let call = story.call("cat", Request::Send(to_room(1, "m1")));
        let message = story.accepted("cat", &to_room(1, "m1"));
        story.gets(ann, &message);
        story.complete(call, Answer::Refused { code, desc: "".into() });
        story
    };
    story(13004).breaks(&[NoFabrication]);
    // It failed on its way, so it may have got somewhere.
    story(500).breaks(&[NoPanic]);
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    story.call("cat", Request::Send(to_room(1, "m1")));
    let message = story.accepted("cat", &to_room(1, "m1"));
    story.gets(ann, &message);
    story.breaks(&[]);
}

#[test]
fn a_message_comes_once_also_where_it_is_sent_again() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let first = story.send("cat", &to_room(1, "m1"));
    story.gets(ann, &first);
    let second = story.send("cat", &again(to_room(1, "m1")));
    story.ping(ann);
    story.breaks(&[]);
    story.gets(ann, &second);
    story.breaks(&[Once]);
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let message = story.send("cat", &to_room(1, "m1"));
    story.gets(ann, &message);
    story.gets(ann, &message);
    story.breaks(&[Once]);
}

#[test]
fn what_is_not_marked_is_another_message_and_who_enters_again_starts_anew() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    for _ in 0..2 {
        let message = story.send("cat", &to_room(1, "m1"));
        story.gets(ann, &message);
    }
    story.leave(ann, 1);
    story.join(ann, 1);
    let message = story.send("cat", &again(to_room(1, "m1")));
    story.gets(ann, &message);
    story.breaks(&[]);
    let directed = story.send("cat", &to(1, "m2", &["ann"]));
    story.gets(ann, &directed);
    story.leave(ann, 1);
    story.join(ann, 1);
    let directed = story.send("cat", &again(to(1, "m2", &["ann"])));
    story.gets(ann, &directed);
    story.breaks(&[Once]);
}

#[test]
fn two_sendings_at_once_may_be_taken_in_either_order() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let (first, second) = (to_room(1, "m1"), again(to_room(1, "m1")));
    let calls = [&first, &second].map(|send: &Send| story.call("cat", Request::Send(send.clone())));
    let messages = [story.accepted("cat", &second), story.accepted("cat", &first)];
    messages.iter().for_each(|message| story.gets(ann, message));
    let [again, new] = messages;
    story.complete(calls[0], Answer::Sent { message: new, outcomes: Vec::new() });
    story.complete(calls[1], Answer::Sent { message: again, outcomes: Vec::new() });
    story.breaks(&[]);
}

#[test]
fn messages_of_a_sender_arrive_in_their_order_and_others_in_any() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let [first, second] = ["m1", "m2"].map(|id| story.send("cat", &to_room(1, id)));
    story.gets(ann, &second);
    story.gets(ann, &first);
    story.breaks(&[Order]);
    let mut story = Story::new();
    let ann = story.member("ann", &[1, 2]);
    let (first, second) = (story.send("cat", &to_room(1, "m1")), story.send("cat", &to_room(2, "m2")));
    story.gets(ann, &second);
    story.gets(ann, &first);
    story.breaks(&[]);
}

#[test]
fn what_is_asked_first_on_a_connection_is_done_first() {
    let mut story = Story::new();
    let (ann, cat) = (story.member("ann", &[1]), story.member("cat", &[1]));
    let sends = ["m1", "m2"].map(|id| to_room(1, id));
    let calls = [0, 1].map(|at: usize| story.ask(cat, Request::Send(sends[at].clone())));
    let messages = [0, 1].map(|at: usize| story.accepted("cat", &sends[at]));
    for at in [1, 0] {
        story.gets(ann, &messages[at]);
    }
    for at in [0, 1] {
        story.reply(cat, calls[at], Answer::Sent { message: messages[at].clone(), outcomes: Vec::new() });
    }
    story.breaks(&[Order]);
}

#[test]
fn times_do_not_go_back() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let first = story.send("cat", &to_room(1, "m1"));
    story.gets(ann, &first);
    story.clock -= 10;
    let second = story.send("dan", &to_room(1, "m2"));
    story.gets(ann, &second);
    story.breaks(&[Time]);
}

#[test]
fn a_notice_from_before_comes_before() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let first = story.send("cat", &to_room(1, "m1"));
    let notice = Message { kind: 5, from: "bob".into(), msg_id: "n1".into(), time: first.time - 1, ..first.clone() };
    story.gets(ann, &first);
    story.gets(ann, &notice);
    story.breaks(&[Time]);
}

#[test]
fn what_was_sent_before_an_answer_was_asked_for_is_there_before_it() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    story.send("cat", &to_room(1, "m1"));
    story.breaks(&[]);
    story.ping(ann);
    story.breaks(&[NoLoss]);
}

#[test]
fn who_is_gone_need_get_nothing_and_who_goes_on_gets_all() {
    let story = |resumed: bool, arrives: bool| {
        let mut story = Story::new();
        let ann = story.member("ann", &[1]);
        story.note(What::Ending { connection: ann, how: Ending::Cut });
        story.note(What::Ended { connection: ann, code: None });
        let message = story.send("cat", &to_room(1, "m1"));
        let back = story.connect("ann", None);
        story.note(What::LoggingIn { connection: back, token_is_right: true, resume: None });
        let session = if resumed { ann } else { 100 };
        story.note(What::LoggedIn { connection: back, session, resumed });
        if arrives {
            story.gets(back, &message);
        }
        story.ping(back);
        story
    };
    story(false, false).breaks(&[]);
    story(true, true).breaks(&[]);
    story(true, false).breaks(&[NoLoss]);
}

#[test]
fn an_end_that_nobody_asked_for_and_an_internal_error_are_told() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    story.breaks(&[]);
    story.note(What::Ended { connection: ann, code: Some(1011) });
    story.breaks(&[NoPanic]);
    for (code, expected) in [(None, &[NoPanic][..]), (Some(4101), &[NoPanic]), (Some(4003), &[])] {
        let mut story = Story::new();
        let ann = story.member("ann", &[1]);
        story.note(What::Ended { connection: ann, code });
        story.breaks(expected);
    }
    let mut story = Story::new();
    story.note(What::Panicked { line: "thread panicked".into() });
    story.breaks(&[NoPanic]);
    let mut story = Story::new();
    let call = story.call("cat", Request::CreateAccount { accid: "dan".into() });
    story.complete(call, Answer::Status { status: 502 });
    story.breaks(&[NoPanic]);
}

#[test]
fn an_answer_tells_nothing_of_urgent_frames_behind_very_many_others() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let sends: Vec<_> = (0..40).map(|number| urgent(to_room(1, &format!("u{number}")))).collect();
    let messages: Vec<_> = sends.iter().map(|send| story.send("cat", send)).collect();
    let ping = story.ask(ann, Request::Ping);
    messages[..33].iter().for_each(|message| story.gets(ann, message));
    story.reply(ann, ping, Answer::Done);
    story.breaks(&[]);
}

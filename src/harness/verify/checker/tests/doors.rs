//! Who may get something: rooms, lists, logins, kicks.

use crate::harness::verify::checker::Invariant::{
    AfterKick, BeforeLogin, DirectedSecrecy, NoFabrication, RoomIsolation,
};
use crate::harness::verify::checker::story::{Story, to, to_room, urgent};
use crate::harness::verify::history::{Answer, Frame, Request, Role, What};

#[test]
fn who_is_in_a_room_gets_what_is_said_there_and_who_is_not_does_not() {
    let mut story = Story::new();
    let (ann, bob) = (story.member("ann", &[1]), story.member("bob", &[2]));
    let message = story.send("cat", &to_room(1, "m1"));
    story.gets(ann, &message);
    story.breaks(&[]);
    story.gets(bob, &message);
    story.breaks(&[RoomIsolation]);
}

#[test]
fn who_comes_or_goes_in_this_moment_may_get_it_or_not() {
    let mut story = Story::new();
    let (ann, bob) = (story.member("ann", &[]), story.member("bob", &[1]));
    let message = story.send("cat", &to_room(1, "m1"));
    let (entering, leaving) = (story.ask(ann, Request::Join { room: 1 }), story.ask(bob, Request::Leave { room: 1 }));
    let other = story.send("cat", &urgent(to_room(1, "m2")));
    story.gets(ann, &other);
    story.reply(ann, entering, Answer::Done);
    story.gets(bob, &message);
    story.reply(bob, leaving, Answer::Done);
    story.breaks(&[]);
    story.gets(bob, &other);
    story.breaks(&[RoomIsolation]);
}

#[test]
fn a_directed_message_is_for_those_who_are_listed() {
    let mut story = Story::new();
    let (ann, bob) = (story.member("ann", &[1]), story.member("bob", &[1]));
    let message = story.send("cat", &to(1, "m1", &["ann"]));
    story.gets(ann, &message);
    story.breaks(&[]);
    story.gets(bob, &message);
    story.breaks(&[DirectedSecrecy]);
}

#[test]
fn nothing_comes_before_the_login_nor_does_it_do_anything() {
    let mut story = Story::new();
    let ann = story.connect("ann", None);
    let early = story.ask(ann, Request::Join { room: 1 });
    story.reply(ann, early, Answer::Refused { code: 403, desc: "".into() });
    story.breaks(&[]);
    let message = story.send("cat", &to_room(1, "m1"));
    story.gets(ann, &message);
    story.breaks(&[BeforeLogin]);
}

#[test]
fn a_call_before_the_login_that_is_done_and_a_login_with_a_wrong_token_are_told() {
    let mut story = Story::new();
    let ann = story.connect("ann", None);
    let early = story.ask(ann, Request::Bad { kind: "join before login".into() });
    story.reply(ann, early, Answer::Done);
    story.breaks(&[BeforeLogin]);
    let mut story = Story::new();
    let connection = story.connect("ann", None);
    story.note(What::LoggingIn { connection, token_is_right: false, resume: None });
    story.note(What::LoggedIn { connection, session: 1, resumed: false });
    story.breaks(&[BeforeLogin]);
}

#[test]
fn nothing_of_a_room_follows_its_kicked_until_it_is_entered_again() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1, 2]);
    let kick = story.call("owner", Request::Kick { room: 1, target: "ann".into() });
    let message = story.send("cat", &to_room(1, "m1"));
    story.gets(ann, &message);
    story.arrives(ann, 50, Frame::Kicked { room: 1, reason: 2 });
    story.complete(kick, Answer::Done);
    let elsewhere = story.send("cat", &to_room(2, "m2"));
    story.gets(ann, &elsewhere);
    story.breaks(&[]);
    let late = story.send("cat", &to_room(1, "m3"));
    story.gets(ann, &late);
    story.breaks(&[AfterKick]);
    story.history.entries.pop();
    story.join(ann, 1);
    let next = story.send("cat", &to_room(1, "m4"));
    story.gets(ann, &next);
    story.breaks(&[]);
}

#[test]
fn who_is_put_out_hears_of_it() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let kick = story.call("owner", Request::Kick { room: 1, target: "ann".into() });
    story.complete(kick, Answer::Done);
    story.breaks(&[]);
    story.ping(ann);
    story.breaks(&[AfterKick]);
}

#[test]
fn who_is_not_in_a_room_or_in_its_blocklist_is_refused() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    let elsewhere = story.ask(ann, Request::Send(to_room(2, "m1")));
    story.reply(ann, elsewhere, Answer::Refused { code: 403, desc: "".into() });
    story.breaks(&[]);
    let elsewhere = story.ask(ann, Request::Send(to_room(2, "m2")));
    let message = story.accepted("ann", &to_room(2, "m2"));
    story.reply(ann, elsewhere, Answer::Sent { message, outcomes: Vec::new() });
    story.breaks(&[NoFabrication]);
    let mut story = Story::new();
    let ann = story.member("ann", &[]);
    let role = Request::SetRole { room: 1, target: "ann".into(), role: Role::Blocklisted, given: true };
    let block = story.call("owner", role);
    story.complete(block, Answer::Done);
    story.join(ann, 1);
    story.breaks(&[NoFabrication]);
}

#[test]
fn who_is_muted_is_refused() {
    let mut story = Story::new();
    let role = |given| Request::SetRole { room: 1, target: "ann".into(), role: Role::Muted, given };
    let ann = story.member("ann", &[1]);
    let mute = story.call("owner", role(true));
    // It is not muted yet, perhaps.
    let message = story.send("ann", &to_room(1, "m1"));
    story.gets(ann, &message);
    story.complete(mute, Answer::Done);
    let refused = story.ask(ann, Request::Send(to_room(1, "m2")));
    story.reply(ann, refused, Answer::Refused { code: 13004, desc: "".into() });
    story.breaks(&[]);
    let mut wrong = to_room(1, "m3");
    wrong.content = "I speak".into();
    let accepted = story.send("ann", &wrong);
    story.gets(ann, &accepted);
    story.breaks(&[NoFabrication]);
}

//! What is urgent, what was lost, and what is said of each recipient.

use crate::harness::verify::checker::Invariant::{Accounted, NoLoss, Overtaking};
use crate::harness::verify::checker::story::{Story, to, to_room, urgent};
use crate::harness::verify::history::{ConnectionNumber, Frame, Message, Pace, Request, Send, Text, What};

const BUFFER: u32 = 1000;

fn large(send: Send) -> Send {
    Send { content: "x".repeat(800).into(), ..send }
}

/// Somebody who reads nothing, with a narrow connection.
fn stopped(story: &mut Story) -> ConnectionNumber {
    let ann = story.connect("ann", Some(BUFFER));
    story.log_in(ann);
    story.join(ann, 1);
    story.note(What::Reading { connection: ann, pace: Pace::Stopped });
    ann
}

fn say(story: &mut Story, count: usize, make: impl Fn(Send) -> Send, kind: &str) -> Vec<Message> {
    (0..count).map(|number| story.send("cat", &make(to_room(1, &format!("{kind}{number}"))))).collect()
}

fn read_on(story: &mut Story, ann: ConnectionNumber, messages: &[&[Message]]) {
    story.note(What::Reading { connection: ann, pace: Pace::Free });
    messages.iter().copied().flatten().for_each(|message| story.gets(ann, message));
    story.ping(ann);
}

#[test]
fn an_urgent_frame_waits_for_no_more_bytes_than_is_published() {
    let story = |ahead: usize| {
        let mut story = Story::new();
        let ann = stopped(&mut story);
        let (bulk, now) = (say(&mut story, 9, large, "b"), say(&mut story, 1, urgent, "u"));
        read_on(&mut story, ann, &[&bulk[..ahead], &now, &bulk[ahead..]]);
        story
    };
    let right = story(5);
    right.breaks(&[]);
    assert_eq!(right.judged(Overtaking), 1);
    story(6).breaks(&[Overtaking]);
}

#[test]
fn after_so_many_urgent_frames_a_normal_one_goes() {
    let story = |run: usize| {
        let mut story = Story::new();
        let ann = stopped(&mut story);
        let (waits, now) = (say(&mut story, 1, |send| send, "n"), say(&mut story, 33, urgent, "u"));
        read_on(&mut story, ann, &[&now[..run], &waits, &now[run..]]);
        story
    };
    story(32).breaks(&[]);
    story(33).breaks(&[Overtaking]);
}

#[test]
fn what_a_full_lane_drops_is_told_and_counted() {
    let story = |lost: Option<u64>| {
        let mut story = Story::new();
        let bob = story.member("bob", &[1]);
        let ann = stopped(&mut story);
        let bulk = say(&mut story, 15, large, "b");
        bulk.iter().for_each(|message| story.gets(bob, message));
        story.ping(bob);
        story.note(What::Reading { connection: ann, pace: Pace::Free });
        story.gets(ann, &bulk[0]);
        if let Some(count) = lost {
            story.arrives(ann, 40, Frame::Lost { lane: "normal".into(), count });
        }
        bulk[5..].iter().for_each(|message| story.gets(ann, message));
        story.ping(ann);
        story.ping(bob);
        story
    };
    let right = story(Some(4));
    right.breaks(&[]);
    assert_eq!(right.judged(Accounted), 4);
    for wrong in [Some(3), Some(5), None] {
        story(wrong).breaks(&[Accounted]);
    }
}

#[test]
fn a_lane_that_is_not_full_drops_nothing() {
    let mut story = Story::new();
    let ann = stopped(&mut story);
    let bulk = say(&mut story, 6, large, "b");
    story.note(What::Reading { connection: ann, pace: Pace::Free });
    story.arrives(ann, 40, Frame::Lost { lane: "normal".into(), count: 1 });
    bulk[1..].iter().for_each(|message| story.gets(ann, message));
    story.ping(ann);
    story.breaks(&[NoLoss]);
}

#[test]
fn who_reads_freely_loses_nothing_however_much_there_is() {
    let mut story = Story::new();
    let ann = story.member("ann", &[1]);
    for message in &say(&mut story, 30, large, "b")[..29] {
        story.gets(ann, message);
    }
    story.ping(ann);
    story.breaks(&[NoLoss]);
}

#[test]
fn a_notice_that_others_heard_counts_among_the_lost() {
    let story = |count: u64| {
        let mut story = Story::new();
        let bob = story.member("bob", &[1]);
        let ann = stopped(&mut story);
        let bulk = say(&mut story, 15, large, "b");
        let notice = Message { kind: 5, msg_id: "n".into(), digest: 0, time: bulk[3].time, ..bulk[3].clone() };
        bulk[..4].iter().for_each(|message| story.gets(bob, message));
        story.gets(bob, &notice);
        bulk[4..].iter().for_each(|message| story.gets(bob, message));
        story.ping(bob);
        story.note(What::Reading { connection: ann, pace: Pace::Free });
        story.arrives(ann, 40, Frame::Lost { lane: "normal".into(), count });
        bulk[5..].iter().for_each(|message| story.gets(ann, message));
        story.ping(ann);
        story.ping(bob);
        story
    };
    story(6).breaks(&[]);
    story(5).breaks(&[Accounted]);
    story(7).breaks(&[Accounted]);
}

#[test]
fn what_is_said_of_a_recipient_is_true() {
    let story = |accid: &str, outcome: &str, gets: bool| {
        let mut story = Story::new();
        let ann = story.member("ann", &[1]);
        story.member("bob", &[2]);
        let made = story.call("owner", Request::CreateAccount { accid: "dan".into() });
        story.complete(made, crate::harness::verify::history::Answer::Done);
        let outcomes: Vec<(Text, Text)> = vec![(accid.into(), outcome.into())];
        let message = story.send_told("cat", &to(1, "m1", &[accid]), outcomes);
        if gets {
            story.gets(ann, &message);
            story.ping(ann);
        }
        story
    };
    for (accid, outcome, gets) in [
        ("ann", "queued", true),
        ("bob", "not_in_room", false),
        ("dan", "not_in_room", false),
        ("eve", "unknown", false),
    ] {
        story(accid, outcome, gets).breaks(&[]);
    }
    for (accid, outcome, gets) in [
        ("ann", "not_in_room", true),
        ("ann", "unknown", true),
        ("ann", "duplicate", true),
        ("ann", "late", true),
        ("bob", "queued", false),
        ("dan", "unknown", false),
        ("eve", "queued", false),
    ] {
        story(accid, outcome, gets).breaks(&[Accounted]);
    }
}

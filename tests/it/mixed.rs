//! Ten thousand sends of every kind at once: none lost, none doubled, none to the wrong member, each sender's in order.

use std::collections::HashMap;

use roomgate::base::RoomId;
use roomgate::client::{Event, Outgoing, ReceivedMessage};

use crate::support::{House, Member, SOON};

const MEMBERS: usize = 10;
const SENDERS: usize = 10;
const MESSAGES: usize = 1_000;

/// What message `number` of a sender is: everything follows from the number, so a receiver can check it.
struct Plan {
    high: bool,
    to: Option<Vec<usize>>,
}

fn plan(number: usize) -> Plan {
    let to = match number % 3 {
        0 => None,
        step => Some(
            (0..MEMBERS)
                .filter(|member| (number + member * step).is_multiple_of(4))
                .chain([number % MEMBERS])
                .collect(),
        ),
    };
    Plan { high: number.is_multiple_of(7), to }
}

fn outgoing(number: usize) -> Outgoing {
    let plan = plan(number);
    let mut message = Outgoing::text(number.to_string());
    if let Some(to) = plan.to {
        message = message.to(to.iter().map(|member| format!("m{member}")));
    }
    if plan.high { message.high() } else { message }
}

fn is_for(number: usize, member: usize) -> bool {
    plan(number).to.is_none_or(|to| to.contains(&member))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_mixed_sends_arrive_exactly() {
    let house = House::with(|settings| settings.limits.high_priority_per_second = 0).await;
    let room = house.room().await;
    let mut receivers = Vec::new();
    for number in 0..MEMBERS {
        receivers.push(house.member_in(room, &format!("m{number}")).await);
    }
    let reading =
        receivers.into_iter().enumerate().map(|(member, receiver)| tokio::spawn(receive_all(member, receiver)));
    let reading: Vec<_> = reading.collect();
    let mut senders = Vec::new();
    for number in 0..SENDERS {
        senders.push(house.member_in(room, &format!("s{number}")).await);
    }
    let sending = senders.iter_mut().enumerate().map(async |(number, sender)| {
        let accid = sender.accid.clone();
        for message in 0..MESSAGES {
            // Half of the senders are members, half are spoken for by the application server.
            if number % 2 == 0 {
                sender.sends(room, outgoing(message)).await;
                while sender.client.try_next().is_some() {}
            } else {
                house.server_sends(room, &accid, outgoing(message)).await;
                while sender.client.try_next().is_some() {}
            }
        }
    });
    futures::future::join_all(sending).await;
    for reader in reading {
        reader.await.unwrap();
    }
    assert_eq!(house.metric("roomgate_frames_dropped_total"), 0.0);
}

async fn receive_all(member: usize, mut receiver: Member) {
    let expected: Vec<usize> = (0..MESSAGES).filter(|number| is_for(*number, member)).collect();
    let mut came: HashMap<String, Vec<ReceivedMessage>> = HashMap::new();
    let mut time = 0;
    let mut count = 0;
    while count < expected.len() * SENDERS {
        match receiver.client.next_within(SOON).await {
            Some(Event::Message(message)) if message.is_notice() => {}
            Some(Event::Message(message)) => {
                if !message.is_high() {
                    assert!(message.time() >= time, "time in a room never goes back");
                    time = message.time();
                }
                came.entry(message.from().to_owned()).or_default().push(message);
                count += 1;
            }
            other => panic!("m{member} has {count} messages, then {other:?}"),
        }
    }
    for (sender, messages) in came {
        let (high, normal): (Vec<_>, Vec<_>) = messages.iter().partition(|message| message.is_high());
        for (lane, is_high) in [(high, true), (normal, false)] {
            let numbers: Vec<usize> = lane.iter().map(|message| message.attach().parse().unwrap()).collect();
            let right: Vec<usize> = expected.iter().copied().filter(|number| plan(*number).high == is_high).collect();
            assert_eq!(numbers, right, "from {sender} to m{member}");
            for message in lane {
                assert_eq!(message.is_directed(), plan(message.attach().parse().unwrap()).to.is_some());
            }
        }
    }
    receiver.hears_nothing_but_notices().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_has_the_order_in_which_messages_were_heard() {
    const EACH: usize = 200;
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let senders = (0..8).map(|sender| {
        let api = house.api.clone();
        tokio::spawn(async move {
            for number in 0..EACH {
                api.send(room, "owner", Outgoing::text("x").id(format!("{sender}-{number}"))).await.expect("accepted");
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
    let mut heard = Vec::new();
    while heard.len() < 8 * EACH {
        heard.push(ann.hears().await.msg_id().to_owned());
    }
    assert_eq!(read_history(&house, room, heard.len()).await, heard);
}

/// The ids of a room's first text messages, page by page: the next one begins with the last moment of the one before.
async fn read_history(house: &House, room: RoomId, count: usize) -> Vec<String> {
    let (mut from, mut ids) = (0, Vec::new());
    while ids.len() < count {
        let (room, from_text) = (room.to_string(), from.to_string());
        let place = [("roomid", room.as_str()), ("accid", "ann"), ("timetag", &from_text)];
        let asked = [&place[..], &[("limit", "200"), ("reverse", "1"), ("type", "0")]].concat();
        let page = house.call("history/queryChatroomMsg", &asked).await;
        for record in page["msgs"].as_array().expect("messages") {
            let id = record["msgid"].as_str().expect("an id").to_owned();
            if !ids.contains(&id) {
                ids.push(id);
            }
            from = record["sendtime"].as_u64().expect("a time");
        }
    }
    ids
}

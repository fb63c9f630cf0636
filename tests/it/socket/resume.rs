//! A session goes on over another connection (promise 5 of the socket protocol).

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::{Client, Event, Outgoing, Resume};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::raw::{frame, handshake};
use crate::support::{House, Member, SOON, eventually};

const HALF_A_MINUTE: Duration = Duration::from_secs(30);

impl House {
    /// The member logs in over a new connection and wants to go on where it left off.
    async fn comes_back(&self, accid: &str, token: &str, left_off: &Resume) -> (Member, bool) {
        let mut client = self.visitor().await;
        let resumed = client.resume("key", accid, token, left_off).await.expect("a login");
        (Member::new(accid, token, client), resumed)
    }

    /// The member's connection breaks and the gateway has noticed; it comes back and its session goes on.
    async fn breaks_and_comes_back(&self, member: Member) -> Member {
        let (accid, token, left_off) = (member.accid.clone(), member.token.clone(), member.client.left_off());
        self.loses(member).await;
        let (member, resumed) = self.comes_back(&accid, &token, &left_off).await;
        assert!(resumed, "{accid} could not go on");
        member
    }
}

/// What it has heard by now, in order: texts, and what else there was in braces.
async fn heard(member: &mut Member) -> Vec<String> {
    member.client.ping().await.expect("an answer");
    let mut heard = Vec::new();
    while let Some(event) = member.client.try_next() {
        heard.push(match event {
            Event::Message(message) if message.is_notice() => {
                let attach: Value = serde_json::from_str(message.attach()).expect("JSON");
                format!("{{{}}}", attach["id"])
            }
            Event::Message(message) => message.attach().to_owned(),
            other => format!("{{{other:?}}}"),
        });
    }
    heard
}

fn urgent(text: &str) -> Outgoing {
    Outgoing::text(text).high()
}

#[tokio::test]
async fn what_was_sent_meanwhile_arrives_and_nobody_notices() {
    let house = House::open().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let mut ann = house.member_in(room, "ann").await;
    bob.hears_notice(301, "ann").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    house.loses(ann).await;
    house.server_sends(room, "owner", Outgoing::text("to all")).await;
    house.server_sends(room, "owner", Outgoing::text("to ann").to(["ann"])).await;
    house.server_sends(room, "owner", urgent("urgent")).await;
    (ann, _) = house.comes_back("ann", &token, &left_off).await;
    assert_eq!(heard(&mut ann).await, ["urgent", "to all", "to ann"]);
    assert_eq!(ann.client.left_off().session, left_off.session);
    ann.sends(room, Outgoing::text("back")).await;
    assert_eq!(heard(&mut ann).await, ["back"]);
    assert_eq!(heard(&mut bob).await, ["to all", "urgent", "back"], "neither a leaving nor an entering");
    assert_eq!(house.metric("roomgate_sessions"), 2.0);
}

#[tokio::test]
async fn what_was_written_and_not_received_comes_again() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let left_off = ann.client.left_off();
    for text in ["one", "two", "three"] {
        house.server_sends(room, "owner", Outgoing::text(text)).await;
    }
    ann.hears_text("one").await;
    ann.hears_text("two").await;
    let (token, later) = (ann.token.clone(), ann.client.left_off());
    assert_eq!(later.received, left_off.received + 2);
    house.loses(ann).await;
    let (mut ann, resumed) = house.comes_back("ann", &token, &later).await;
    assert!(resumed);
    assert_eq!(heard(&mut ann).await, ["three"]);
}

#[tokio::test]
async fn it_may_break_again_and_again() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for round in 0..20 {
        house.server_sends(room, "owner", Outgoing::text(format!("{round} before"))).await;
        let (token, left_off) = (ann.token.clone(), ann.client.left_off());
        house.loses(ann).await;
        house.server_sends(room, "owner", Outgoing::text(format!("{round} meanwhile"))).await;
        (ann, _) = house.comes_back("ann", &token, &left_off).await;
        // Once more before anything is read.
        house.loses(ann).await;
        (ann, _) = house.comes_back("ann", &token, &left_off).await;
        assert_eq!(heard(&mut ann).await, [format!("{round} before"), format!("{round} meanwhile")]);
    }
}

#[tokio::test]
async fn an_answer_on_its_way_is_not_lost() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    let send = json!({"op": "send", "id": 77, "roomid": room.to_string(), "msgId": "m", "msgType": 0, "attach": "x"});
    ann.client.send_raw(send.to_string()).await.unwrap();
    eventually("it was sent", || house.metric(r#"roomgate_messages_total{kind="room",lane="normal"}"#) == 1.0).await;
    house.loses(ann).await;
    let (mut ann, _) = house.comes_back("ann", &token, &left_off).await;
    let Event::Message(message) = ann.event().await else { panic!("the message") };
    assert_eq!(message.attach(), "x");
    let Event::Other(reply) = ann.event().await else { panic!("the answer") };
    assert!(reply.starts_with(r#"{"op":"reply","id":77,"code":200"#), "{reply}");
}

#[tokio::test]
async fn half_a_minute_and_no_longer() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let mut ann = house.member_in(room, "ann").await;
    bob.hears_notice(301, "ann").await;
    let token = ann.token.clone();
    let left_off = ann.client.left_off();
    house.loses(ann).await;
    house.clock.advance(HALF_A_MINUTE - Duration::from_millis(1));
    let resumed;
    (ann, resumed) = house.comes_back("ann", &token, &left_off).await;
    assert!(resumed);
    house.loses(ann).await;
    house.clock.advance(HALF_A_MINUTE);
    bob.hears_notice(302, "ann").await;
    let (mut ann, resumed) = house.comes_back("ann", &token, &left_off).await;
    assert!(!resumed);
    assert_ne!(ann.client.left_off().session, left_off.session);
    ann.enters(room).await;
    assert_eq!(house.metric(r#"roomgate_resumes_total{outcome="too_late"}"#), 1.0);
}

#[tokio::test]
async fn too_much_meanwhile_ends_the_session() {
    let house = House::with(|settings| settings.socket.resume_bytes = 4096).await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let ann = house.member_in(room, "ann").await;
    bob.hears_notice(301, "ann").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    house.loses(ann).await;
    for _ in 0..5 {
        house.server_sends(room, "owner", Outgoing::text("x".repeat(1000))).await;
    }
    let mut heard_by_bob = Vec::new();
    while !heard_by_bob.contains(&"{302}".to_owned()) {
        heard_by_bob.extend(heard(&mut bob).await);
    }
    let (mut ann, resumed) = house.comes_back("ann", &token, &left_off).await;
    assert!(!resumed);
    assert!(heard(&mut ann).await.is_empty());
}

#[tokio::test]
async fn what_is_promised_is_not_dropped_by_what_comes_later() {
    let house = House::with(|settings| settings.lanes.normal_bytes = 4096).await;
    let room = house.room().await;
    let ann = house.member_in(room, "ann").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    house.loses(ann).await;
    // Ten times what the lane holds.
    let texts: Vec<String> = (0..40).map(|number| format!("{number}{}", "x".repeat(1000))).collect();
    for text in &texts {
        house.server_sends(room, "owner", Outgoing::text(text)).await;
    }
    let (mut ann, resumed) = house.comes_back("ann", &token, &left_off).await;
    assert!(resumed);
    house.server_sends(room, "owner", Outgoing::text("later")).await;
    let mut expected = texts;
    expected.push("later".into());
    assert_eq!(heard(&mut ann).await, expected);
}

#[tokio::test]
async fn a_connection_that_the_gateway_still_believes_in_gives_way() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let left_off = ann.client.left_off();
    let (mut again, resumed) = house.comes_back("ann", &ann.token, &left_off).await;
    assert!(resumed);
    house.server_sends(room, "owner", Outgoing::text("here")).await;
    again.hears_text("here").await;
    let Event::Closed { code, .. } = ann.event().await else { panic!("the old connection goes on") };
    assert_eq!(code, None, "nothing is said that would keep a client away");
    assert_eq!(house.metric("roomgate_sessions"), 1.0);
}

#[tokio::test]
async fn nobody_else_goes_on_with_it() {
    let house = House::open().await;
    let room = house.room().await;
    let ann = house.member_in(room, "ann").await;
    let eve = house.account("eve").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    house.loses(ann).await;
    let (mut eve, resumed) = house.comes_back("eve", &eve, &left_off).await;
    assert!(!resumed);
    house.server_sends(room, "owner", Outgoing::text("secret").to(["ann"])).await;
    assert!(heard(&mut eve).await.is_empty());
    let (mut ann, resumed) = house.comes_back("ann", &token, &left_off).await;
    assert!(resumed);
    assert_eq!(heard(&mut ann).await, ["secret"]);
}

#[tokio::test]
async fn what_is_acknowledged_is_not_kept() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let early = ann.client.left_off();
    house.server_sends(room, "owner", Outgoing::text("one")).await;
    ann.hears_text("one").await;
    ann.client.acknowledge().await.unwrap();
    ann.client.ping().await.unwrap();
    let token = ann.token.clone();
    house.loses(ann).await;
    let (_, resumed) = house.comes_back("ann", &token, &early).await;
    assert!(!resumed, "it had said that it has more");
    assert_eq!(house.metric(r#"roomgate_resumes_total{outcome="too_much"}"#), 1.0);
}

#[tokio::test]
async fn whoever_never_says_what_it_has_goes_on_only_if_it_has_all() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut silent = house.member_in(room, "silent").await;
    let mut missing = house.member_in(room, "missing").await;
    silent.hears_notice(301, "missing").await;
    house.server_sends(room, "owner", Outgoing::text("one")).await;
    let early = missing.client.left_off();
    silent.hears_text("one").await;
    missing.hears_text("one").await;
    // Long enough, and looked at once more.
    for _ in 0..14 {
        house.clock.advance(Duration::from_secs(5));
        tokio::task::yield_now().await;
    }
    let mut silent = house.breaks_and_comes_back(silent).await;
    let token = missing.token.clone();
    house.loses(missing).await;
    let (_, resumed) = house.comes_back("missing", &token, &early).await;
    assert!(!resumed);
    house.server_sends(room, "owner", Outgoing::text("two")).await;
    assert!(heard(&mut silent).await.ends_with(&["two".to_owned()]));
}

#[tokio::test]
async fn a_goodbye_ends_it_and_a_close_code_of_its_own_does_not() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    for (code, kept) in
        [(None, false), (Some(1000u16), false), (Some(1001), false), (Some(3000), true), (Some(4900), true)]
    {
        let mut ann = house.log_in("ann", &token).await;
        ann.client.join(room).await.unwrap();
        let left_off = ann.client.left_off();
        let payload = code.map(|code| code.to_be_bytes().to_vec()).unwrap_or_default();
        let (mut stream, _) = handshake(house.gateway.addr(), "/ws", &[]).await;
        let login = json!({"op": "login", "appKey": "key", "accid": "ann", "token": token,
            "resume": {"session": left_off.session, "received": left_off.received}});
        stream.write_all(&frame(0x81, login.to_string().as_bytes())).await.unwrap();
        stream.write_all(&frame(0x88, &payload)).await.unwrap();
        let mut rest = Vec::new();
        tokio::time::timeout(SOON, stream.read_to_end(&mut rest)).await.unwrap().unwrap();
        let echo = [&[0x88, payload.len() as u8], payload.as_slice()].concat();
        assert!(rest.ends_with(&echo), "{code:?}: its close comes back: {rest:?}");
        drop(stream);
        let (ann, resumed) = house.comes_back("ann", &token, &left_off).await;
        assert_eq!(resumed, kept, "{code:?}");
        ann.client.close().await;
    }
}

#[tokio::test]
async fn who_was_put_out_meanwhile_hears_of_it() {
    let house = House::open().await;
    let room = house.room().await;
    let ann = house.member_in(room, "ann").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    house.loses(ann).await;
    let kick = [("roomid", &*room.to_string()), ("accid", "owner"), ("targetAccid", "ann")];
    house.call("chatroom/kickMember", &kick).await;
    let (mut ann, resumed) = house.comes_back("ann", &token, &left_off).await;
    assert!(resumed);
    let Event::Kicked { reason, .. } = ann.event().await else { panic!("kicked") };
    assert_eq!(reason, 2);
    ann.enters(room).await;
}

#[tokio::test]
async fn a_blocked_account_is_out_at_once() {
    let house = House::open().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let ann = house.member_in(room, "ann").await;
    bob.hears_notice(301, "ann").await;
    house.loses(ann).await;
    house.call("user/block", &[("accid", "ann"), ("needkick", "true")]).await;
    bob.hears_notice(302, "ann").await;
}

#[tokio::test]
async fn whoever_wants_no_answer_goes_on_too() {
    let house = House::open().await;
    let room = house.room().await;
    let ann = house.member_in(room, "ann").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    house.loses(ann).await;
    let login = json!({"op": "login", "appKey": "key", "accid": "ann", "token": token,
        "resume": {"session": left_off.session, "received": left_off.received}});
    let mut client = house.visitor().await;
    client.send_raw(login.to_string()).await.unwrap();
    eventually("it goes on", || house.metric(r#"roomgate_resumes_total{outcome="resumed"}"#) == 1.0).await;
    // Nothing waits for it when its new connection is there.
    assert!(client.next_within(Duration::from_millis(200)).await.is_none(), "it is not closed");
    client.ping().await.expect("an answer over the new connection");
}

#[tokio::test]
async fn a_blocked_account_is_out_although_its_connection_is_not_closed_yet() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let ann = house.member_in(room, "ann").await;
    bob.hears_notice(301, "ann").await;
    let (mut stream, _) = handshake(house.gateway.addr(), "/ws", &[]).await;
    let left_off = ann.client.left_off();
    let login = json!({"op": "login", "id": 1, "appKey": "key", "accid": "ann", "token": ann.token,
        "resume": {"session": left_off.session, "received": left_off.received}});
    stream.write_all(&frame(0x81, login.to_string().as_bytes())).await.unwrap();
    stream.write_all(&frame(0x88, &4900u16.to_be_bytes())).await.unwrap();
    // From here on the other side neither reads nor closes, and no time goes by.
    eventually("it is away", || house.metric("roomgate_sessions_away") == 1.0).await;
    house.call("user/block", &[("accid", "ann"), ("needkick", "true")]).await;
    bob.hears_notice(302, "ann").await;
}

#[tokio::test]
async fn a_fresh_login_of_the_same_device_takes_its_place() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    let login = json!({"appKey": "key", "accid": "ann", "token": token, "deviceId": "phone"});
    let mut client = house.visitor().await;
    client.request("login", login.clone()).await.unwrap();
    client.join(room).await.unwrap();
    house.loses(Member::new("ann", &token, client)).await;
    house.visitor().await.request("login", login).await.unwrap();
    eventually("the old session is over", || house.metric("roomgate_sessions_away") == 0.0).await;
}

#[tokio::test]
async fn where_resume_is_off_a_session_ends_with_its_connection() {
    let house = House::without_resume().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let ann = house.member_in(room, "ann").await;
    bob.hears_notice(301, "ann").await;
    let (token, left_off) = (ann.token.clone(), ann.client.left_off());
    drop(ann);
    bob.hears_notice(302, "ann").await;
    let (_, resumed) = house.comes_back("ann", &token, &left_off).await;
    assert!(!resumed);
}

#[tokio::test]
async fn a_bad_resume_is_refused_with_words() {
    let house = House::open().await;
    let token = house.account("ann").await;
    for (resume, named) in [
        (json!("x"), "resume"),
        (json!({"received": 1}), "session"),
        (json!({"session": "s", "received": -1}), "received"),
    ] {
        let login = json!({"appKey": "key", "accid": "ann", "token": token, "resume": resume});
        let error = house.visitor().await.request("login", login).await.unwrap_err();
        assert_eq!(error.code(), Some(414));
        assert!(error.to_string().contains(named), "{error}");
    }
}

/// Cuts anywhere in the stream, room-wide, directed and urgent messages mixed: the member has each exactly once, in order for each lane.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_cuts_lose_and_double_nothing() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    let mut ann = house.log_in("ann", &token).await;
    ann.client.join(room).await.unwrap();
    let sending = send_many(&house, room);
    let receiving = async {
        let mut random = fastrand::Rng::with_seed(7);
        let (mut got, mut urgent) = (Vec::new(), Vec::new());
        let mut cuts = 0;
        while got.len() + urgent.len() < 2 * MANY {
            for _ in 0..random.usize(0..40) {
                match ann.client.next_within(Duration::from_millis(100)).await {
                    Some(Event::Message(message)) if message.is_notice() => {}
                    Some(Event::Message(message)) if message.is_high() => urgent.push(message.attach().to_owned()),
                    Some(Event::Message(message)) => got.push(message.attach().to_owned()),
                    Some(other) => panic!("{other:?}"),
                    None => break,
                }
            }
            if cuts == 200 {
                continue;
            }
            if random.bool() {
                ann.client.acknowledge().await.unwrap();
            }
            cuts += 1;
            let left_off = std::mem::replace(&mut ann.client, Client::connect(house.gateway.addr()).await.unwrap());
            let left_off = left_off.break_off();
            assert!(ann.client.resume("key", "ann", &token, &left_off).await.unwrap(), "cut {cuts}");
        }
        (got, urgent, cuts)
    };
    let ((), (got, urgent, cuts)) = tokio::join!(sending, receiving);
    let sent = |is_urgent: bool| (0..2 * MANY).filter(move |number| (number % 4 == 3) == is_urgent);
    assert!(got.iter().map(String::as_str).eq(sent(false).map(|number| number.to_string())), "{got:?}");
    assert!(urgent.iter().map(String::as_str).eq(sent(true).map(|number| number.to_string())), "{urgent:?}");
    assert_eq!(cuts, 200);
}

const MANY: usize = 2500;

async fn send_many(house: &House, room: RoomId) {
    for number in 0..2 * MANY {
        let text = Outgoing::text(number.to_string());
        let message = if number % 2 == 1 { text.to(["ann"]) } else { text };
        house.server_sends(room, "owner", if number % 4 == 3 { message.high() } else { message }).await;
    }
}

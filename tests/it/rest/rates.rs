//! How often actions may be called (section 1.6). The clock stands still until a test turns it.

use std::time::Duration;

use serde_json::json;

use crate::support::House;

const SECOND: Duration = Duration::from_secs(1);

async fn house_with(calls_per_second: u32) -> House {
    House::with_patience(|settings| {
        settings.limits.calls_per_second = calls_per_second;
        settings.rooms.broadcast = true;
    })
    .await
}

/// Calls so often; whether each was served.
async fn call(house: &House, path: &str, params: &[(&str, &str)], times: usize) -> Vec<bool> {
    let mut served = Vec::new();
    for _ in 0..times {
        match house.api.call(path, params).await {
            Ok(_) => served.push(true),
            Err(error) => {
                assert_eq!(error.code(), Some(416), "{error}");
                served.push(false);
            }
        }
    }
    served
}

#[tokio::test]
async fn one_too_many_in_a_second_and_the_action_is_refused_for_ten() {
    let house = house_with(3).await;
    let room = house.room().await.to_string();
    let get = [("roomid", room.as_str())];
    assert_eq!(call(&house, "chatroom/get", &get, 3).await, [true; 3]);
    let (code, desc) = house.refusal("chatroom/get", &get).await;
    assert_eq!((code, desc.contains("query too fast")), (416, true), "{desc}");
    let members = [("roomid", room.as_str()), ("accids", r#"["owner"]"#)];
    assert_eq!(call(&house, "chatroom/queryMembers", &members, 3).await, [true; 3], "each action is counted alone");
    for _ in 0..9 {
        house.clock.advance(SECOND);
        assert_eq!(call(&house, "chatroom/get", &get, 5).await, [false; 5]);
    }
    house.clock.advance(SECOND);
    assert_eq!(call(&house, "chatroom/get", &get, 4).await, [true, true, true, false], "trying did not prolong it");
}

#[tokio::test]
async fn as_many_every_second_are_fine() {
    let house = house_with(3).await;
    let room = house.room().await.to_string();
    for _ in 0..5 {
        assert_eq!(call(&house, "chatroom/get", &[("roomid", &room)], 3).await, [true; 3]);
        house.clock.advance(SECOND);
    }
}

#[tokio::test]
async fn who_is_not_the_application_uses_nothing_up() {
    let house = house_with(2).await;
    let room = house.room().await.to_string();
    let get = [("roomid", room.as_str())];
    let body = format!("roomid={room}");
    let signed = house.gateway.app().sign(&house.clock);
    let mut forged = signed.pairs();
    for header in &mut forged {
        header.1 = if header.0.eq_ignore_ascii_case("CheckSum") {
            "0000000000000000000000000000000000000000"
        } else {
            header.1
        };
    }
    let address = "/nimserver/chatroom/get.action";
    for headers in [&[][..], &forged] {
        for _ in 0..3 {
            let answer = house.http().send("POST", address, headers, body.as_bytes()).await;
            assert_eq!(answer.refusal().0, 414, "{answer:?}");
        }
    }
    for _ in 0..3 {
        assert_eq!(house.http().send("GET", address, &signed.pairs(), b"").await.status, 405);
    }
    assert_eq!(call(&house, "chatroom/get", &get, 3).await, [true, true, false]);
}

#[tokio::test]
async fn anybody_may_ask_for_ever_whether_it_lives() {
    let house = house_with(2).await;
    for _ in 0..10 {
        let answer = house.http().send("GET", "/nimserver/health/liveness.action", &[], b"").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"code":200}"#));
    }
}

#[tokio::test]
async fn members_on_their_sockets_are_not_counted() {
    let house = house_with(2).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for _ in 0..10 {
        ann.client.request("get", json!({"roomid": room.to_string()})).await.unwrap();
    }
    assert_eq!(call(&house, "chatroom/get", &[("roomid", &room.to_string())], 3).await, [true, true, false]);
}

const BROADCAST: [(&str, &str); 3] = [("msgId", "m"), ("fromAccid", "owner"), ("attach", "x")];

#[tokio::test]
async fn ten_broadcasts_a_minute_then_a_minute_none() {
    let house = house_with(100).await;
    house.room().await;
    for _ in 0..2 {
        for _ in 0..10 {
            assert_eq!(call(&house, "chatroom/broadcast", &BROADCAST, 1).await, [true]);
            house.clock.advance(SECOND * 5);
        }
        assert_eq!(call(&house, "chatroom/broadcast", &BROADCAST, 1).await, [false]);
        house.clock.advance(SECOND * 60 - Duration::from_millis(1));
        assert_eq!(call(&house, "chatroom/broadcast", &BROADCAST, 1).await, [false]);
        house.clock.advance(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn twelve_hundred_histories_a_minute_whatever_the_others_may() {
    let house = house_with(2).await;
    let room = house.room().await.to_string();
    let ask = [("roomid", room.as_str()), ("accid", "owner"), ("timetag", "0"), ("limit", "1")];
    assert_eq!(call(&house, "history/queryChatroomMsg", &ask, 1201).await, [&[true; 1200][..], &[false]].concat());
    house.clock.advance(SECOND * 60);
    assert_eq!(call(&house, "history/queryChatroomMsg", &ask, 1).await, [true]);
}

#[tokio::test]
async fn where_nothing_is_said_nothing_is_counted() {
    let house = House::with_patience(|settings| settings.rooms.broadcast = true).await;
    let room = house.room().await.to_string();
    assert_eq!(call(&house, "chatroom/get", &[("roomid", &room)], 200).await, [true; 200]);
    assert_eq!(call(&house, "chatroom/broadcast", &BROADCAST, 20).await, [true; 20]);
    let ask = [("roomid", room.as_str()), ("accid", "owner"), ("timetag", "0"), ("limit", "1")];
    assert_eq!(call(&house, "history/queryChatroomMsg", &ask, 1300).await, [true; 1300]);
}

//! `stats/chatroom/topn`: in which rooms most goes on (section 4.8). The clock stands still until a test turns it.

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::{House, SOON};

const HOUR: Duration = Duration::from_secs(3600);

async fn top(house: &House, params: &[(&str, &str)]) -> Vec<Value> {
    house.call("stats/chatroom/topn", params).await["data"].as_array().unwrap().clone()
}

/// Rooms in the order answered, each with accounts, enterings and messages.
async fn numbers(house: &House, params: &[(&str, &str)]) -> Vec<(String, u64, u64, u64)> {
    let number = |room: &Value, name: &str| room[name].as_u64().unwrap();
    let all = top(house, params).await;
    all.iter()
        .map(|room| {
            (room["roomId"].to_string(), number(room, "activeNums"), number(room, "enterNums"), number(room, "msgs"))
        })
        .collect()
}

async fn speak(house: &House, room: RoomId, times: usize) {
    for _ in 0..times {
        house.server_sends(room, "owner", Outgoing::text("x")).await;
    }
}

#[tokio::test]
async fn accounts_count_once_enterings_and_messages_each_time() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let _bob = house.member_in(room, "bob").await;
    for _ in 0..3 {
        ann.client.leave(room).await.unwrap();
        ann.client.join(room).await.unwrap();
    }
    speak(&house, room, 2).await;
    ann.sends(room, Outgoing::text("x")).await;
    ann.sends(room, Outgoing::text("directed").to(["bob"])).await;
    let expected = |period: &str, length: u64| {
        let start = house.clock.wall() / length * length / 1000;
        json!([{"roomId": room, "activeNums": 2, "enterNums": 5, "msgs": 3, "period": period, "datetime": start}])
    };
    for _ in 0..2 {
        assert_eq!(json!(top(&house, &[]).await), expected("HOUR", 3_600_000), "asking changes nothing");
        assert_eq!(json!(top(&house, &[("period", "day")]).await), expected("DAY", 86_400_000));
    }
    // What comes after it was asked for is added.
    speak(&house, room, 1).await;
    let _cat = house.member_in(room, "cat").await;
    ann.client.leave(room).await.unwrap();
    ann.client.join(room).await.unwrap();
    assert_eq!(numbers(&house, &[]).await, [(room.to_string(), 3, 7, 4)]);
}

#[tokio::test]
async fn rooms_are_in_the_order_asked_for_and_so_many() {
    let house = House::with_patience(|_| ()).await;
    let rooms = [house.room().await, house.room().await, house.room().await];
    let [crowded, restless, chatty] = rooms;
    for accid in ["ann", "bob", "cat"] {
        let mut member = house.member_in(crowded, accid).await;
        member.client.leave(crowded).await.unwrap();
    }
    let mut dan = house.member_in(restless, "dan").await;
    for _ in 0..4 {
        dan.client.leave(restless).await.unwrap();
        dan.client.join(restless).await.unwrap();
    }
    dan.enters(chatty).await;
    speak(&house, chatty, 5).await;
    speak(&house, crowded, 1).await;
    let order = async |params: &[(&str, &str)]| -> Vec<String> {
        numbers(&house, params).await.into_iter().map(|(room, ..)| room).collect()
    };
    let named = |rooms: &[RoomId]| -> Vec<String> { rooms.iter().map(ToString::to_string).collect() };
    assert_eq!(order(&[]).await[0], crowded.to_string());
    assert_eq!(order(&[("orderby", "active")]).await[0], crowded.to_string());
    assert_eq!(order(&[("orderby", "enter")]).await, named(&[restless, crowded, chatty]));
    assert_eq!(order(&[("orderby", "message")]).await, named(&[chatty, crowded, restless]));
    assert_eq!(order(&[("orderby", "enter"), ("topn", "2")]).await, named(&[restless, crowded]));
    assert_eq!(order(&[("orderby", "message"), ("topn", "500"), ("period", "day")]).await.len(), 3);
}

#[tokio::test]
async fn each_hour_and_each_day_has_its_own() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    speak(&house, room, 1).await;
    let then = house.clock.wall();
    house.clock.advance(24 * HOUR);
    speak(&house, room, 2).await;
    ann.client.leave(room).await.unwrap();
    ann.client.join(room).await.unwrap();
    let (millis, seconds) = (then.to_string(), (then / 1000).to_string());
    for period in ["hour", "day"] {
        let today = (room.to_string(), 1, 1, 2);
        for now in [&[("period", period)][..], &[("period", period), ("timestamp", "0")]] {
            assert_eq!(numbers(&house, now).await, std::slice::from_ref(&today), "an account is new every {period}");
        }
        for moment in [&millis, &seconds] {
            let asked = [("period", period), ("timestamp", moment)];
            assert_eq!(numbers(&house, &asked).await, [(room.to_string(), 1, 1, 1)], "{period} {moment}");
        }
    }
    let before = ((then / 1000) - 3600).to_string();
    assert!(top(&house, &[("timestamp", &before)]).await.is_empty());
}

#[tokio::test]
async fn after_thirty_days_it_is_forgotten() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    speak(&house, room, 1).await;
    let then = house.clock.wall().to_string();
    let asked = [("timestamp", then.as_str())];
    house.clock.advance(29 * 24 * HOUR);
    speak(&house, room, 1).await;
    assert_eq!(top(&house, &asked).await.len(), 1);
    house.clock.advance(2 * 24 * HOUR);
    speak(&house, room, 1).await;
    top(&house, &[]).await;
    assert!(top(&house, &asked).await.is_empty());
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_named() {
    let house = House::open().await;
    for (name, value) in [
        ("topn", "501"),
        ("topn", "-1"),
        ("topn", "many"),
        ("period", "week"),
        ("orderby", "name"),
        ("timestamp", "-1"),
        ("timestamp", "now"),
    ] {
        let (code, desc) = house.refusal("stats/chatroom/topn", &[(name, value)]).await;
        assert_eq!((code, desc.starts_with(&format!("{name}: expected"))), (414, true), "{desc}");
    }
    for (name, value) in [("topn", "1"), ("topn", "500"), ("period", "HOUR"), ("period", ""), ("orderby", "")] {
        assert!(top(&house, &[(name, value)]).await.is_empty());
    }
}

#[tokio::test]
async fn it_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().to_owned());
    let house = House::with(|settings| settings.data = data.clone()).await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    speak(&house, room, 2).await;
    let now = house.clock.wall().to_string();
    let day = [("period", "day"), ("timestamp", now.as_str())];
    house.gateway.stop(SOON).await;
    let house = House::with(|settings| settings.data = data).await;
    assert_eq!(numbers(&house, &day).await, [(room.to_string(), 1, 1, 2)]);
}

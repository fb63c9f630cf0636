//! Lists of members by pages: who is in a room and who belongs to it, the latest first.

use std::collections::HashSet;

use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::{House, Member};

async fn page(house: &House, room: RoomId, kind: u8, end: u64, limit: usize) -> Vec<Value> {
    let (room, kind, end, limit) = (room.to_string(), kind.to_string(), end.to_string(), limit.to_string());
    let params = [("roomid", &*room), ("type", &kind), ("endtime", &end), ("limit", &limit)];
    let mut answer = house.call("chatroom/membersByPage", &params).await;
    serde_json::from_value(answer["desc"]["data"].take()).unwrap()
}

fn accids(members: &[Value]) -> Vec<&str> {
    members.iter().map(|member| member["accid"].as_str().unwrap()).collect()
}

/// All pages, each ending where the one before it did: descending, full but for the last, and nobody twice.
async fn all_pages(house: &House, room: RoomId, kind: u8, limit: usize) -> HashSet<String> {
    let (mut seen, mut end) = (HashSet::new(), 0);
    loop {
        let members = page(house, room, kind, end, limit).await;
        assert!(members.len() <= limit);
        for member in &members {
            let entered = member["enterTime"].as_u64().expect("a moment to go on from");
            assert!(end == 0 || entered < end, "the latest first");
            end = entered;
            assert!(seen.insert(member["accid"].as_str().unwrap().to_owned()), "{member} came before");
        }
        if members.len() < limit {
            return seen;
        }
    }
}

async fn many(house: &House, names: impl IntoIterator<Item = String>) -> HashSet<String> {
    let names: HashSet<String> = names.into_iter().collect();
    for name in &names {
        house.account(name).await;
    }
    names
}

#[tokio::test]
async fn each_kind_of_page_has_its_own() {
    let house = House::open().await;
    let room = house.room().await;
    let mut sessions: Vec<Member> = Vec::new();
    for accid in ["guest", "pal", "boss"] {
        sessions.push(house.member_in(room, accid).await);
    }
    for (accid, opt) in [("away", 2), ("muted", -2), ("blocked", -1)] {
        house.account(accid).await;
        house.assigns(room, accid, opt, true).await;
    }
    house.account("stranger").await;
    house.assigns(room, "pal", 2, true).await;
    house.assigns(room, "boss", 1, true).await;
    let set = |accids: &[&'static str]| accids.iter().map(|accid| (*accid).to_owned()).collect::<HashSet<String>>();
    assert_eq!(all_pages(&house, room, 0, 100).await, set(&["owner", "pal", "boss", "away", "muted", "blocked"]));
    assert_eq!(all_pages(&house, room, 1, 100).await, set(&["guest"]));
    assert_eq!(all_pages(&house, room, 2, 100).await, set(&["pal", "boss"]));
    sessions[1].client.leave(room).await.unwrap();
    sessions[0].client.leave(room).await.unwrap();
    assert_eq!(all_pages(&house, room, 2, 100).await, set(&["boss"]), "a fixed member that left");
    assert_eq!(all_pages(&house, room, 0, 100).await.len(), 6, "is still one");
    assert_eq!(all_pages(&house, room, 1, 100).await, set(&[]), "a guest that left is nothing");
}

#[tokio::test]
async fn pages_of_fixed_members_have_no_gap_and_no_repeat() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut names = many(&house, (0..230).map(|number| format!("m{number}"))).await;
    for (number, name) in names.iter().enumerate() {
        house.assigns(room, name, [1, 2, -1, -2][number % 4], true).await;
    }
    names.insert("owner".into());
    for limit in [100, 33, 1] {
        assert_eq!(all_pages(&house, room, 0, limit).await, names, "{limit}");
    }
}

#[tokio::test]
async fn pages_of_guests_have_no_gap_and_no_repeat_in_the_order_of_coming() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut guests = Vec::new();
    let mut names = many(&house, (0..30).map(|number| format!("robot{number}"))).await;
    for number in 0..120 {
        let mut guest = house.member(&format!("guest{number}")).await;
        guest.client.join(room).await.unwrap();
        names.insert(guest.accid.clone());
        guests.push(guest);
    }
    let latest = page(&house, room, 1, 0, 100).await;
    let expected: Vec<&str> = guests.iter().rev().take(100).map(|guest| guest.accid.as_str()).collect();
    assert_eq!(accids(&latest), expected);
    let robots = json!((0..30).map(|number| format!("robot{number}")).collect::<Vec<_>>()).to_string();
    house.call("chatroom/addRobot", &[("roomid", &room.to_string()), ("accids", &robots)]).await;
    for limit in [100, 7] {
        assert_eq!(all_pages(&house, room, 1, limit).await, names, "{limit}");
    }
}

#[tokio::test]
async fn those_here_and_those_away_share_their_pages_without_a_gap() {
    // Moments of entering and of becoming a fixed member are the same ones here.
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut here = Vec::new();
    for number in 0..20 {
        house.account(&format!("away{number}")).await;
        house.assigns(room, &format!("away{number}"), 2, true).await;
        let mut member = house.member(&format!("here{number}")).await;
        house.assigns(room, &member.accid, 2, true).await;
        member.client.join(room).await.unwrap();
        here.push(member);
    }
    for limit in [7, 1] {
        assert_eq!(all_pages(&house, room, 0, limit).await.len(), 41, "{limit}");
        assert_eq!(all_pages(&house, room, 2, limit).await.len(), 20, "{limit}");
    }
}

#[tokio::test]
async fn a_page_that_can_not_be_is_refused() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    for (name, value) in [("type", "3"), ("endtime", "-1"), ("limit", "101"), ("limit", "-1"), ("limit", "x")] {
        let (code, desc) = house.refusal("chatroom/membersByPage", &[("roomid", &room), (name, value)]).await;
        assert_eq!((code, desc.starts_with(name)), (414, true), "{desc}");
    }
    assert_eq!(house.refusal("chatroom/membersByPage", &[("roomid", "77")]).await.0, 404);
    // Some clients never send 0.
    let page = house.call("chatroom/membersByPage", &[("roomid", &room)]).await;
    assert_eq!(accids(page["desc"]["data"].as_array().unwrap()), ["owner"]);
}

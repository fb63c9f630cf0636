//! Members looked up, by account and by role, and what is shown of them.

use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::House;

fn accids(members: &[Value]) -> Vec<&str> {
    members.iter().map(|member| member["accid"].as_str().unwrap()).collect()
}

async fn page(house: &House, room: RoomId, kind: &str) -> Vec<Value> {
    let mut answer = house.call("chatroom/membersByPage", &[("roomid", &room.to_string()), ("type", kind)]).await;
    serde_json::from_value(answer["desc"]["data"].take()).unwrap()
}

async fn query(house: &House, room: RoomId, accids: &str) -> Vec<Value> {
    let mut answer = house.call("chatroom/queryMembers", &[("roomid", &room.to_string()), ("accids", accids)]).await;
    serde_json::from_value(answer["desc"]["data"].take()).unwrap()
}

#[tokio::test]
async fn a_member_is_shown_with_what_is_so_and_no_more() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let now = house.clock.wall();
    let _ann = house.member_in(room, "ann").await;
    let number: u64 = room.to_string().parse().unwrap();
    let guest = json!({"roomid": number, "accid": "ann", "nick": "ANN", "avator": null, "ext": null, "type": "TEMPORARY",
        "level": 0, "onlineStat": true, "enterTime": now});
    assert_eq!(page(&house, room, "1").await, std::slice::from_ref(&guest));
    assert_eq!(query(&house, room, r#"["ann"]"#).await, [guest]);
    let mut owner = json!({"roomid": number, "accid": "owner", "nick": "The owner", "avator": null, "ext": null,
        "type": "CREATOR", "level": 0, "onlineStat": false, "enterTime": now});
    assert_eq!(page(&house, room, "0").await, std::slice::from_ref(&owner));
    owner.as_object_mut().unwrap().remove("enterTime");
    assert_eq!(query(&house, room, r#"["owner"]"#).await, [owner], "it is not in, and no page goes on from it");
}

#[tokio::test]
async fn members_are_found_by_role() {
    let house = House::open().await;
    let room = house.room().await;
    for (accid, opts) in [("boss", &[1][..]), ("pal", &[2]), ("muted", &[-2]), ("blocked", &[-1]), ("both", &[-1, -2])]
    {
        house.account(accid).await;
        for opt in opts {
            house.assigns(room, accid, *opt, true).await;
        }
    }
    let id = room.to_string();
    let cases: [(&str, &[&str]); 7] = [
        (r#"{"creator":true,"manager":true,"blacklist":false,"mute":false}"#, &["boss", "owner"]),
        (r#"{"creator":true}"#, &["owner"]),
        (r#"{"manager":true}"#, &["boss"]),
        (r#"{"blacklist":true}"#, &["blocked", "both"]),
        (r#"{"mute":true}"#, &["both", "muted"]),
        (r#"{"blacklist":true,"mute":true}"#, &["blocked", "both", "muted"]),
        ("{}", &[]),
    ];
    for (roles, expected) in cases {
        let found = house.call("chatroom/queryMembersByRole", &[("roomid", &id), ("roles", roles)]).await;
        let mut found = accids(found["desc"]["data"].as_array().unwrap());
        found.sort_unstable();
        assert_eq!(found, expected, "{roles}");
    }
    for wrong in ["", "[]", "creator", r#"{"creator":"yes"}"#] {
        assert_eq!(house.refusal("chatroom/queryMembersByRole", &[("roomid", &id), ("roles", wrong)]).await.0, 414);
    }
    let unknown = [("roomid", "77"), ("roles", "{}")];
    assert_eq!(house.refusal("chatroom/queryMembersByRole", &unknown).await.0, 404);
}

#[tokio::test]
async fn members_are_found_by_account_in_the_order_asked() {
    let house = House::open().await;
    let room = house.room().await;
    for accid in ["1", "2", "pal"] {
        house.account(accid).await;
        house.assigns(room, accid, 2, true).await;
    }
    let mut guest = house.member_in(room, "guest").await;
    house.account("stranger").await;
    let found = query(&house, room, r#"["guest", "nobody", 2, "stranger", "PAL", 1, "owner", "1"]"#).await;
    assert_eq!(accids(&found), ["guest", "2", "pal", "1", "owner"]);
    guest.client.leave(room).await.unwrap();
    assert_eq!(query(&house, room, r#"["guest"]"#).await, [json!(null); 0], "a guest is one only while it is in");
    let many = json!((0..201).map(|number| number.to_string()).collect::<Vec<_>>()).to_string();
    let id = room.to_string();
    for wrong in [&*many, "", "[]", "{}", "ann", "[", "[true]"] {
        assert_eq!(
            house.refusal("chatroom/queryMembers", &[("roomid", &id), ("accids", wrong)]).await.0,
            414,
            "{wrong}"
        );
    }
    assert_eq!(house.refusal("chatroom/queryMembers", &[("roomid", "77"), ("accids", "[1]")]).await.0, 404);
}

#[tokio::test]
async fn a_room_has_at_most_a_thousand_fixed_members() {
    let house = House::open().await;
    let room = house.room().await;
    for number in 0..1000 {
        house.account(&format!("m{number}")).await;
    }
    // With the creator.
    for number in 1..1000 {
        house.assigns(room, &format!("m{number}"), 2, true).await;
    }
    let (last, other) = ("m0", "m1");
    let id = room.to_string();
    let one_more =
        |opt| [("roomid", &*id), ("operator", "owner"), ("target", last), ("opt", opt), ("optvalue", "true")];
    for opt in ["1", "2", "-1", "-2"] {
        let (code, desc) = house.refusal("chatroom/setMemberRole", &one_more(opt)).await;
        assert_eq!((code, desc.contains("1000 fixed members")), (419, true), "{desc}");
    }
    assert_eq!(house.assigns(room, other, 1, true).await, "MANAGER", "another role for one of them");
    house.mutes(room, last, 9).await;
    assert_eq!(house.assigns(room, other, 1, false).await, "TEMPORARY");
    assert_eq!(house.assigns(room, last, 2, true).await, "COMMON", "there is a place again");
}

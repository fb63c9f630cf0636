//! Tags of members: counted, listed, changed.

use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::{House, Member};

async fn enters(house: &House, room: RoomId, accid: &str, tags: Value) -> Member {
    let mut member = house.member(accid).await;
    member.enters_with(room, json!({ "tags": tags })).await;
    member
}

async fn count(house: &House, room: RoomId, tag: &str) -> u64 {
    let answer = house.call("chatroom/tagMembersCount", &[("roomid", &room.to_string()), ("tag", tag)]).await;
    assert_eq!(answer["data"]["tag"], tag);
    answer["data"]["onlineUserCount"].as_u64().unwrap()
}

async fn query(house: &House, room: RoomId, tag: &str, end: u64, limit: usize) -> Vec<Value> {
    let (room, end, limit) = (room.to_string(), end.to_string(), limit.to_string());
    let params = [("roomid", room.as_str()), ("tag", tag), ("endTime", &end), ("limit", &limit)];
    let answer = house.call("chatroom/tagMembersQuery", &params).await;
    answer["desc"]["data"].as_array().unwrap().clone()
}

async fn update(house: &House, room: RoomId, accid: &str, more: &[(&str, &str)]) {
    let room = room.to_string();
    let answer = house
        .call("chatroom/updateChatRoomRoleTag", &[&[("roomId", room.as_str()), ("accid", accid)], more].concat())
        .await;
    assert_eq!(answer, json!({"code": 200}));
}

#[tokio::test]
async fn accounts_are_counted_by_tag() {
    let house = House::open().await;
    let room = house.room().await;
    let ann = enters(&house, room, "ann", json!(["a", "b"])).await;
    let mut tablet = house.log_in("ann", &ann.token).await;
    tablet.enters_with(room, json!({"tags": ["a", "c"]})).await;
    let mut bob = enters(&house, room, "bob", json!(["a"])).await;
    let _cat = house.member_in(room, "cat").await;
    for (tag, number) in [("a", 2), ("b", 1), ("c", 1), ("x", 0), ("A", 0)] {
        assert_eq!(count(&house, room, tag).await, number, "{tag}");
    }
    assert_eq!(bob.asks(room, "tagMembersCount", json!({"tag": "a"})).await["data"]["onlineUserCount"], 2);
    tablet.client.leave(room).await.unwrap();
    assert_eq!((count(&house, room, "c").await, count(&house, room, "a").await), (0, 2));
}

#[tokio::test]
async fn each_device_has_a_record() {
    let house = House::open().await;
    let room = house.room().await;
    let mut phone = house.member("ann").await;
    let looks = json!({"nick": "Annie", "tags": ["a", "b"], "notifyTargetTags": r#"{"tag":"x"}"#});
    phone.enters_with(room, looks).await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.enters_with(room, json!({"tags": ["b"]})).await;
    let mut bob = enters(&house, room, "bob", json!(["b"])).await;
    let records = query(&house, room, "b", 0, 100).await;
    let of = |accid: &str| records.iter().filter(|record| record["accid"] == accid).collect::<Vec<_>>();
    assert_eq!((records.len(), of("ann").len(), of("bob").len()), (3, 2, 1));
    assert_eq!(of("bob")[0]["notifyTargetTags"], r#"{"tag": "b"}"#);
    let first = of("ann")[1].clone();
    let expected = json!({"roomid": first["roomid"], "accid": "ann", "nick": "Annie", "avator": null, "ext": null,
        "type": "TEMPORARY", "level": 0, "onlineStat": true, "enterTime": first["enterTime"],
        "tags": r#"["a","b"]"#, "notifyTargetTags": r#"{"tag":"x"}"#});
    assert_eq!(first, expected);
    let asked = bob.asks(room, "tagMembersQuery", json!({"tag": "a", "limit": 5})).await;
    assert_eq!(asked["desc"]["data"], json!([expected]));
}

#[tokio::test]
async fn pages_hold_every_device_once_the_latest_first() {
    let house = House::open().await;
    let room = house.room().await;
    let mut sessions = Vec::new();
    for accid in ["ann", "bob", "cat"] {
        let first = enters(&house, room, accid, json!(["a", accid])).await;
        for device in ["1", "2"] {
            let mut more = house.log_in(accid, &first.token).await;
            more.enters_with(room, json!({"tags": ["a", device]})).await;
            sessions.push(more);
        }
        sessions.push(first);
    }
    let all = query(&house, room, "a", 0, 100).await;
    assert_eq!(all.len(), 9);
    for size in [1, 2, 4] {
        let (mut paged, mut end) = (Vec::new(), 0);
        loop {
            let page = query(&house, room, "a", end, size).await;
            let Some(last) = page.last() else { break };
            end = last["enterTime"].as_u64().unwrap();
            assert!(page.len() <= size);
            paged.extend(page);
        }
        assert_eq!(paged, all, "in pages of {size}");
    }
    let moments: Vec<u64> = all.iter().map(|record| record["enterTime"].as_u64().unwrap()).collect();
    assert!(moments.is_sorted_by(|earlier, later| earlier > later), "{moments:?}");
}

#[tokio::test]
async fn changed_tags_count_at_once_and_are_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["a"])).await;
    let mut bob = enters(&house, room, "bob", json!(["b"])).await;
    ann.forgets_all().await;
    update(&house, room, "ann", &[("tags", r#"["b", 7]"#), ("ext", "why")]).await;
    for member in [&mut ann, &mut bob] {
        let (message, data) = member.hears_event(325).await;
        let told = json!({"operator": "ann", "opeNick": "ANN", "target": ["ann"], "tarNick": ["ANN"], "ext": "why",
            "tags": r#"["b","7"]"#});
        assert_eq!((message.from(), data), ("ann", told));
    }
    assert_eq!((count(&house, room, "a").await, count(&house, room, "b").await), (0, 2));
    for (tag, heard) in [("a", false), ("b", true)] {
        let target = json!({ "tag": tag }).to_string();
        let id = room.to_string();
        let params = [("roomid", id.as_str()), ("msgId", tag), ("fromAccid", "owner"), ("attach", tag)];
        house.call("chatroom/sendMsg", &[&params[..], &[("notifyTargetTags", &target)]].concat()).await;
        if heard {
            ann.hears_text(tag).await;
        }
        ann.hears_nothing().await;
    }
    bob.forgets_all().await;
    ann.sends(room, roomgate::client::Outgoing::text("from ann")).await;
    bob.hears_text("from ann").await;
}

#[tokio::test]
async fn an_expression_may_change_alone_and_goes_with_the_tags_otherwise() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["a"])).await;
    let quiet = ("needNotify", "false");
    let of_ann = async |tag| query(&house, room, tag, 0, 1).await[0].clone();
    update(&house, room, "ann", &[("notifyTargetTags", r#"{"tag":"x"}"#), quiet]).await;
    let record = of_ann("a").await;
    assert_eq!((&record["tags"], &record["notifyTargetTags"]), (&json!(r#"["a"]"#), &json!(r#"{"tag":"x"}"#)));
    update(&house, room, "ann", &[quiet]).await;
    assert_eq!(of_ann("a").await["notifyTargetTags"], r#"{"tag":"x"}"#, "nothing was asked for");
    update(&house, room, "ann", &[("tags", r#"["b"]"#), quiet]).await;
    assert_eq!(of_ann("b").await["notifyTargetTags"], r#"{"tag": "b"}"#);
    update(&house, room, "ann", &[("tags", "[]"), quiet]).await;
    assert_eq!(count(&house, room, "b").await, 0);
    ann.hears_nothing().await;
    ann.sends(room, roomgate::client::Outgoing::text("to all")).await;
    ann.hears_text("to all").await;
}

#[tokio::test]
async fn a_member_changes_its_own() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["a"])).await;
    let _bob = enters(&house, room, "bob", json!(["a"])).await;
    let params = json!({"roomId": room.to_string(), "accid": "bob", "tags": ["b"]});
    ann.asks(room, "updateChatRoomRoleTag", params).await;
    assert_eq!(query(&house, room, "b", 0, 10).await[0]["accid"], "ann", "and nobody else's");
    assert_eq!(query(&house, room, "a", 0, 10).await[0]["accid"], "bob");
}

#[tokio::test]
async fn who_is_not_there_has_nothing_to_change() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["a"])).await;
    house.account("bob").await;
    update(&house, room, "bob", &[("tags", r#"["b"]"#)]).await;
    ann.hears_nothing().await;
    let mut bob = house.log_in("bob", &house.token("bob").await).await;
    bob.enters(room).await;
    assert_eq!(count(&house, room, "b").await, 0, "nothing was kept for later");
    let id = room.to_string();
    let cases: [(&[(&str, &str)], u16, &str); 7] = [
        (&[("roomId", "99"), ("accid", "ann"), ("tags", "[]")], 404, "room 99"),
        (&[("accid", "ann"), ("tags", "[]")], 414, "roomId: expected"),
        (&[("roomId", &id), ("accid", "nobody"), ("tags", "[]")], 404, "account nobody"),
        (&[("roomId", &id), ("tags", "[]")], 414, "accid: expected"),
        (&[("roomId", &id), ("accid", "ann"), ("tags", "a")], 414, "tags: expected"),
        (&[("roomId", &id), ("accid", "ann"), ("tags", r#"[""]"#)], 414, "tags: expected"),
        (&[("roomId", &id), ("accid", "ann"), ("notifyTargetTags", "a")], 414, "notifyTargetTags: expected"),
    ];
    for (params, code, words) in cases {
        let (came, desc) = house.refusal("chatroom/updateChatRoomRoleTag", params).await;
        assert_eq!(came, code, "{params:?}: {desc}");
        assert!(desc.starts_with(words), "{desc}");
    }
}

#[tokio::test]
async fn wrong_queries_are_named() {
    let house = House::open().await;
    let id = house.room().await.to_string();
    let long = "t".repeat(33);
    let cases: [(&str, &[(&str, &str)], u16, &str); 8] = [
        ("tagMembersCount", &[("roomid", "99"), ("tag", "a")], 404, "room 99"),
        ("tagMembersQuery", &[("roomid", "99"), ("tag", "a"), ("limit", "1")], 404, "room 99"),
        ("tagMembersCount", &[("roomid", &id)], 414, "tag: expected"),
        ("tagMembersCount", &[("roomid", &id), ("tag", &long)], 414, "tag: expected"),
        ("tagMembersQuery", &[("roomid", &id), ("limit", "1")], 414, "tag: expected"),
        ("tagMembersQuery", &[("roomid", &id), ("tag", "a"), ("limit", "101")], 414, "limit: expected"),
        (
            "tagMembersQuery",
            &[("roomid", &id), ("tag", "a"), ("limit", "1"), ("endTime", "-1")],
            414,
            "endTime: expected",
        ),
        (
            "tagMembersQuery",
            &[("roomid", &id), ("tag", "a"), ("limit", "1"), ("endTime", "now")],
            414,
            "endTime: expected",
        ),
    ];
    for (action, params, code, words) in cases {
        let (came, desc) = house.refusal(&format!("chatroom/{action}"), params).await;
        assert_eq!(came, code, "{action} {params:?}: {desc}");
        assert!(desc.starts_with(words), "{desc}");
    }
}

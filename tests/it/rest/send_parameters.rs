//! `sendMsg` with everything that clients of the hosted service send.

use serde_json::json;

use crate::support::{House, Member};

/// As the official Java SDK's own test sends it, but for room and sender.
const EVERYTHING: [(&str, &str); 26] = [
    ("msgId", "m1"),
    ("msgType", "0"),
    ("attach", "hello"),
    ("ignoreMute", "false"),
    ("subType", "1"),
    ("resendFlag", "0"),
    ("ext", r#"{"key":"value"}"#),
    ("route", "1"),
    ("skipHistory", "0"),
    ("abandonRatio", "0"),
    ("highPriority", "true"),
    ("needHighPriorityMsgResend", "false"),
    ("useYidun", "1"),
    ("yidunAntiCheating", r#"{"customAntiCheating":"data"}"#),
    ("yidunAntiSpamExt", r#"{"customExt":"data"}"#),
    ("bid", "business-id-123"),
    ("antispam", "true"),
    ("antispamCustom", r#"{"customSpam":"data"}"#),
    ("notifyTargetTags", r#"{"tag": "abc"} or {"tag": "def"}"#),
    ("env", "production"),
    ("chatMsgPriority", "1"),
    ("forbiddenIfHighPriorityMsgFreq", "0"),
    ("locX", "12.34"),
    ("locY", "56.78"),
    ("locZ", "90.12"),
    ("fromAccid", "owner"),
];

/// A member who enters with more to say of itself.
async fn enters_with(house: &House, accid: &str, says: serde_json::Value) -> Member {
    let mut member = house.member(accid).await;
    member.client.request("join", says).await.unwrap();
    member.hears_notice(301, accid).await;
    member
}

#[tokio::test]
async fn everything_at_once_is_taken_and_answered() {
    let house = House::open().await;
    let room = house.room().await;
    let id = room.to_string();
    let mut def = enters_with(&house, "def", json!({"roomid": id, "tags": ["def"]})).await;
    let mut none = house.member_in(room, "none").await;
    let params = [&[("roomid", id.as_str())], &EVERYTHING[..]].concat();
    let answer = house.call("chatroom/sendMsg", &params).await;
    let desc = &answer["desc"];
    let expected = json!({"time": desc["time"], "fromAvator": "", "msgid_client": "m1", "fromClientType": "REST",
        "attach": "hello", "roomId": id, "fromAccount": "owner", "fromNick": "The owner", "type": "0",
        "ext": r#"{"key":"value"}"#, "highPriorityFlag": 1, "subType": 1, "resendFlag": 0,
        "locX": 12.34, "locY": 56.78, "locZ": 90.12});
    assert_eq!(*desc, expected);
    let heard: serde_json::Value = serde_json::from_str(def.hears_text("hello").await.raw()).unwrap();
    assert_eq!(heard, expected, "receivers get the object that the sender is answered");
    none.hears_nothing_but_notices().await;
    assert_eq!(house.past_texts(room).await, ["hello"]);
}

#[tokio::test]
async fn what_is_empty_or_nothing_is_as_if_left_out() {
    let house = House::open().await;
    let room = house.room().await;
    let id = room.to_string();
    let mut ann = house.member_in(room, "ann").await;
    let needed = [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "owner"), ("attach", "x")];
    let empty: Vec<_> =
        EVERYTHING[2..25].iter().map(|(name, _)| (*name, "")).filter(|(name, _)| *name != "attach").collect();
    let zero = [
        ("antispam", "false"),
        ("highPriority", "false"),
        ("needHighPriorityMsgResend", "0"),
        ("subType", "0"),
        ("useYidun", "0"),
        ("route", "0"),
        ("chatMsgPriority", "0"),
        ("ignoreMute", "0"),
    ];
    for optional in [&[][..], &empty, &zero] {
        let desc = house.call("chatroom/sendMsg", &[&needed, optional].concat()).await["desc"].clone();
        let expected = json!({"time": desc["time"], "fromAvator": "", "msgid_client": "m", "fromClientType": "REST",
            "attach": "x", "roomId": id, "fromAccount": "owner", "fromNick": "The owner", "type": "0", "ext": ""});
        assert_eq!(desc, expected);
        ann.hears_text("x").await;
    }
}

#[tokio::test]
async fn a_place_reaches_who_hears_that_far_and_who_has_none() {
    let house = House::open().await;
    let room = house.room().await;
    let id = room.to_string();
    let mut near = enters_with(&house, "near", json!({"roomid": id, "locX": 3, "locY": 4, "distance": 5})).await;
    let mut far = enters_with(&house, "far", json!({"roomid": id, "locX": 3, "locY": 4.1, "distance": 5})).await;
    let mut anywhere = house.member_in(room, "anywhere").await;
    let params = [
        ("roomid", id.as_str()),
        ("msgId", "m"),
        ("fromAccid", "owner"),
        ("attach", "here"),
        ("locX", "0"),
        ("locY", "0"),
    ];
    house.call("chatroom/sendMsg", &params).await;
    near.hears_text("here").await;
    anywhere.hears_text("here").await;
    far.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn nothing_is_sent_from_or_to_what_is_not_there() {
    let house = House::open().await;
    let room = house.room().await;
    let id = room.to_string();
    let mut ann = house.member_in(room, "ann").await;
    let good = [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "owner"), ("attach", "x")];
    let long = "é".repeat(4097);
    let cases: [(&str, &str, u16); 12] = [
        ("roomid", "999", 404),
        ("roomid", "", 414),
        ("fromAccid", "nobody", 404),
        ("fromAccid", "", 414),
        ("msgId", "", 414),
        ("attach", &long, 414),
        ("ext", &long, 414),
        ("msgType", "5", 414),
        ("msgType", "11", 414),
        ("resendFlag", "2", 414),
        ("subType", "-1", 414),
        ("abandonRatio", "-1", 414),
    ];
    for (name, value, code) in cases {
        let mut params = good.to_vec();
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        let (came, desc) = house.refusal("chatroom/sendMsg", &params).await;
        assert_eq!(came, code, "{name}: {desc}");
        assert!(code == 404 || desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
    house.call("chatroom/toggleCloseStat", &[("roomid", &id), ("operator", "owner"), ("valid", "false")]).await;
    assert_eq!(house.refusal("chatroom/sendMsg", &good).await.0, 13002);
    while let Some(event) = ann.client.try_next() {
        assert!(!format!("{event:?}").contains(r#""attach":"x""#), "{event:?}");
    }
}

#[tokio::test]
async fn who_is_not_in_the_room_speaks_with_its_own_name_and_picture() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.call("user/create", &[("accid", "host"), ("name", "The host"), ("icon", "http://i")]).await;
    let id = room.to_string();
    let params = [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "HOST"), ("attach", "x")];
    let desc = house.call("chatroom/sendMsg", &params).await["desc"].clone();
    assert_eq!(
        (&desc["fromAccount"], &desc["fromNick"], &desc["fromAvator"]),
        (&json!("host"), &json!("The host"), &json!("http://i"))
    );
    assert_eq!(ann.hears_text("x").await.from(), "host");
}

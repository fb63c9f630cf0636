//! Section 8.1: what `attach` must hold for each type of message.

use serde_json::{Value, json};

use crate::support::House;

const GOOD: [(&str, &str); 9] = [
    ("0", "plain {"),
    ("0", ""),
    ("1", r#"{"name":"","md5":"","url":"u","ext":"jpg","w":6814,"h":2332,"size":388245}"#),
    ("2", r#"{"dur":4551,"md5":"","url":"u","ext":"aac","size":16420}"#),
    ("3", r#"{"dur":8003,"md5":"","url":"u","w":360,"h":480,"ext":"mp4","size":16420}"#),
    ("4", r#"{"title":"","lng":116.3,"lat":39.9}"#),
    ("6", r#"{"name":"","md5":"","url":"u","ext":"","size":0}"#),
    ("10", "a tip"),
    ("100", r#"{"free":"form"}"#),
];

/// A type, its content, and the part that is named.
const BAD: [(&str, &str, &str); 10] = [
    ("1", "", "attach: expected a JSON object with url, ext, size, md5, w, h, got nothing"),
    ("1", "hi", "attach: expected a JSON object"),
    ("1", r#"{"ext":"jpg","size":1,"md5":"","w":1,"h":1}"#, "attach.url: expected"),
    ("1", r#"{"url":"u","ext":"jpg","size":1,"md5":"","h":1}"#, "attach.w: expected"),
    ("2", r#"{"url":"u","ext":"aac","size":1,"md5":""}"#, "attach.dur: expected"),
    ("3", r#"{"url":"u","ext":"mp4","size":1,"md5":"","dur":1,"w":1}"#, "attach.h: expected"),
    ("4", r#"{"title":"home","lng":116.3}"#, "attach.lat: expected"),
    ("4", r#"{"lng":181,"lat":0}"#, "attach.lng: expected a number from -180 to 180"),
    ("6", r#"{"url":"u","ext":"","md5":""}"#, "attach.size: expected"),
    ("6", r#"{"url":"u","ext":"","size":1}"#, "attach.md5: expected"),
];

#[tokio::test]
async fn the_documented_contents_arrive_as_they_were_sent() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    for (number, (kind, attach)) in GOOD.into_iter().enumerate() {
        let msg_id = number.to_string();
        let params = [
            ("roomid", id.as_str()),
            ("msgId", &msg_id),
            ("fromAccid", "owner"),
            ("msgType", kind),
            ("attach", attach),
        ];
        house.call("chatroom/sendMsg", &params).await;
        let heard = ann.hears_text(attach).await;
        assert_eq!(heard.kind().to_string(), kind);
    }
}

#[tokio::test]
async fn a_bad_content_names_the_missing_part_and_reaches_nobody() {
    let house = House::with(|settings| settings.rooms.broadcast = true).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    let to = [("roomid", id.as_str()), ("toAccids", r#"["ann"]"#)];
    let doors = [("chatroom/sendMsg", &to[..1]), ("chatroom/sendMsgToSomeone", &to), ("chatroom/broadcast", &[])];
    for (path, to) in doors {
        for (kind, attach, words) in BAD {
            let content = [("msgId", "m"), ("fromAccid", "owner"), ("msgType", kind), ("attach", attach)];
            let (code, desc) = house.refusal(path, &[to, &content].concat()).await;
            assert_eq!(code, 414, "{path}: {desc}");
            assert!(desc.starts_with(words), "{path}: {desc}");
        }
    }
    ann.hears_nothing_but_notices().await;
    assert!(house.past_texts(room).await.is_empty());
}

#[tokio::test]
async fn in_a_batch_the_item_is_named_too_and_nobody_gets_half_of_it() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    let text = |id: &str| json!({"msgId": id, "msgType": 0, "attach": "fine"});
    for (kind, attach, words) in BAD {
        // Clients send numbers in either form.
        let kinds = [json!(kind), serde_json::from_str::<Value>(kind).unwrap()];
        for kind in kinds {
            let bad = json!({"msgId": "3", "msgType": kind, "attach": attach});
            let list = json!([text("1"), text("2"), bad]).to_string();
            let to = [("roomid", id.as_str()), ("fromAccid", "owner"), ("msgList", &list), ("toAccids", r#"["ann"]"#)];
            for (path, params) in [("chatroom/batchSendMsg", &to[..3]), ("chatroom/batchSendMsgToSomeone", &to)] {
                let (code, desc) = house.refusal(path, params).await;
                assert_eq!(code, 414, "{path}: {desc}");
                assert!(desc.starts_with(&format!("msgList[2].{words}")), "{path}: {desc}");
            }
        }
    }
    ann.hears_nothing_but_notices().await;
}

//! `broadcast`: to everybody in every room (section 3.3).

use serde_json::json;

use crate::support::House;

async fn house() -> House {
    House::with(|settings| settings.rooms.broadcast = true).await
}

const MESSAGE: [(&str, &str); 4] = [("msgId", "m"), ("fromAccid", "owner"), ("msgType", "0"), ("attach", "to all")];

#[tokio::test]
async fn without_the_right_it_is_403_in_the_documented_words() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let (code, desc) = house.refusal("chatroom/broadcast", &MESSAGE).await;
    assert_eq!(code, 403);
    assert!(desc.contains("no right to send chatroom broadcast msg!"), "{desc}");
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn every_room_hears_it_once_and_none_keeps_it() {
    let house = house().await;
    let (room, other, empty) = (house.room().await, house.room().await, house.room().await);
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(other, "bob").await;
    ann.enters(other).await;
    let mut outside = house.member("outside").await;
    let answer = house.call("chatroom/broadcast", &MESSAGE).await;
    let desc = &answer["desc"];
    let expected = json!({"time": desc["time"], "fromAvator": "", "msgid_client": "m", "fromClientType": "REST",
        "attach": "to all", "fromAccount": "owner", "fromNick": "The owner", "type": "0", "ext": ""});
    assert_eq!(*desc, expected, "it is in no one room");
    let mut rooms = [ann.hears_text("to all").await.room(), ann.hears_text("to all").await.room()];
    rooms.sort();
    assert_eq!(rooms, [room, other]);
    assert_eq!(bob.hears_text("to all").await.room(), other);
    for member in [&mut ann, &mut bob, &mut outside] {
        member.hears_nothing_but_notices().await;
    }
    for room in [room, other, empty] {
        assert!(house.past_texts(room).await.is_empty());
    }
}

#[tokio::test]
async fn it_may_be_urgent_and_for_some_tags() {
    let house = house().await;
    let room = house.room().await;
    let mut vip = house.member("vip").await;
    vip.client.request("join", json!({"roomid": room.to_string(), "tags": ["vip"]})).await.unwrap();
    let mut bob = house.member_in(room, "bob").await;
    let more = [("highPriority", "true"), ("notifyTargetTags", r#"{"tag": "vip"}"#)];
    let answer = house.call("chatroom/broadcast", &[&MESSAGE[..], &more].concat()).await;
    assert_eq!(answer["desc"]["highPriorityFlag"], 1);
    assert!(vip.hears_text("to all").await.is_high());
    bob.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn sent_again_it_reaches_who_missed_it() {
    let house = house().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.call("chatroom/broadcast", &MESSAGE).await;
    let mut bob = house.member_in(room, "bob").await;
    house.call("chatroom/broadcast", &[&MESSAGE[..], &[("resendFlag", "1")]].concat()).await;
    ann.hears_text("to all").await;
    bob.hears_text("to all").await;
    ann.hears_nothing_but_notices().await;
    bob.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn its_sender_and_its_words_are_checked() {
    let house = house().await;
    house.room().await;
    for (name, value, code) in [("fromAccid", "nobody", 404), ("msgId", "", 414), ("attach", "{", 414)] {
        let mut params = [&MESSAGE[..2], &[("msgType", "4")]].concat();
        params.retain(|(known, _)| *known != name);
        params.extend((!value.is_empty()).then_some((name, value)));
        // A place needs one; what is bad otherwise shows first where it is good.
        if name != "attach" {
            params.push(("attach", r#"{"lng":0,"lat":0}"#));
        }
        let (came, desc) = house.refusal("chatroom/broadcast", &params).await;
        assert_eq!(came, code, "{name}: {desc}");
    }
    house.call("user/mute", &[("accid", "owner"), ("mute", "true")]).await;
    assert_eq!(house.refusal("chatroom/broadcast", &MESSAGE).await.0, 423);
}

#[tokio::test]
async fn who_comes_back_gets_an_urgent_one_also_where_nobody_else_is() {
    let house = house().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.client.leave(room).await.unwrap();
    house.call("chatroom/broadcast", &[&MESSAGE[..], &[("highPriority", "true")]].concat()).await;
    ann.client.join(room).await.unwrap();
    assert!(ann.hears_text("to all").await.is_high());
}

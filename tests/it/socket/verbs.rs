//! What members may ask for besides coming, going and sending: the same actions as at the server API, in their own names.

use roomgate::client::Event;
use serde_json::{Value, json};

use crate::support::House;

#[tokio::test]
async fn a_verb_is_answered_like_its_action() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member("bob").await;
    bob.client.request("join", json!({"roomid": room.to_string(), "tags": ["red"]})).await.unwrap();
    house.assigns(room, "bob", 2, true).await;
    let element = [("roomid", &*room.to_string()), ("key", "k"), ("value", "v")];
    house.call("chatroom/queueOffer", &element).await;
    let cases = [
        ("get", json!({"needOnlineUserCount": true})),
        ("get", json!({})),
        ("membersByPage", json!({"type": 0, "endtime": 0, "limit": 10})),
        ("membersByPage", json!({"type": 1, "limit": 1})),
        ("queryMembers", json!({"accids": ["ann", "owner", "nobody"]})),
        ("queryMembersByRole", json!({"roles": {"creator": true, "manager": true}})),
        ("tagMembersCount", json!({"tag": "red"})),
        ("queueList", json!({})),
        ("queueMultiGet", json!({"keys": ["k"]})),
    ];
    for (verb, params) in cases {
        let reply = ann.asks(room, verb, params.clone()).await;
        let mut form = vec![("roomid".to_owned(), room.to_string())];
        for (name, value) in params.as_object().unwrap() {
            form.push((name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(reply, house.call(&format!("chatroom/{verb}"), &form).await, "{verb} {params}");
    }
}

#[tokio::test]
async fn nobody_manages_a_room_from_outside_not_even_its_creator() {
    let house = House::open().await;
    let room = house.room().await;
    let mut owner = house.owner().await;
    house.account("bob").await;
    let cases = [
        ("membersByPage", json!({"type": 0, "limit": 10})),
        ("queryMembers", json!({"accids": ["owner"]})),
        ("queryMembersByRole", json!({"roles": {"creator": true}})),
        ("update", json!({"name": "x"})),
        ("updateMyRoomRole", json!({"nick": "x"})),
        ("setMemberRole", json!({"target": "bob", "opt": 1, "optvalue": true})),
        ("kickMember", json!({"targetAccid": "bob"})),
        ("temporaryMute", json!({"target": "bob", "muteDuration": 1})),
        ("muteRoom", json!({"mute": true})),
        ("tagTemporaryMute", json!({"targetTag": "red", "muteDuration": 1})),
        ("tagMembersCount", json!({"tag": "red"})),
        ("tagMembersQuery", json!({"tag": "red"})),
        ("recall", json!({"msgTimetag": 1, "fromAcc": "owner", "msgId": "m"})),
        ("queueOffer", json!({"key": "k", "value": "v"})),
        ("queueBatchOffer", json!({"elements": [{"key": "k", "value": "v"}]})),
        ("queueBatchUpdateElements", json!({"elements": {"k": "v"}})),
        ("queuePoll", json!({})),
        ("queueList", json!({})),
        ("queueDrop", json!({})),
        ("queueMultiGet", json!({"keys": ["k"]})),
        ("history", json!({})),
    ];
    for (verb, params) in &cases {
        let (code, desc) = owner.refusal_of(room, verb, params.clone()).await;
        assert_eq!((code, desc.contains("join it first")), (403, true), "{verb}: {desc}");
    }
    // Before it enters it may look at the room, and nobody is in a closed one that is to be opened.
    owner.asks(room, "get", json!({})).await;
    owner.asks(room, "toggleCloseStat", json!({"valid": false})).await;
    owner.asks(room, "toggleCloseStat", json!({"valid": true})).await;
    assert_eq!(house.look_at(room).await["muted"], false, "nothing was done");
}

#[tokio::test]
async fn who_asks_is_who_is_logged_in_whatever_it_says() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    ann.has_heard().await;
    let asked = [
        ("setMemberRole", json!({"operator": "owner", "target": "bob", "opt": 1, "optvalue": true})),
        ("kickMember", json!({"accid": "owner", "operator": "owner", "targetAccid": "bob"})),
        ("temporaryMute", json!({"operator": "owner", "target": "bob", "muteDuration": 60})),
        ("muteRoom", json!({"operator": "owner", "mute": true})),
        ("tagTemporaryMute", json!({"operator": "owner", "targetTag": "red", "muteDuration": 60})),
        ("toggleCloseStat", json!({"operator": "owner", "valid": false})),
        ("update", json!({"operator": "owner", "name": "x"})),
    ];
    for (verb, params) in &asked {
        assert_eq!(ann.refusal_of(room, verb, params.clone()).await.0, 403, "{verb}");
    }
    bob.hears_nothing().await;
    house.assigns(room, "ann", 1, true).await;
    ann.has_heard().await;
    bob.has_heard().await;
    ann.asks(room, "temporaryMute", json!({"operator": "owner", "target": "bob", "muteDuration": 60})).await;
    let Event::Message(message) = bob.event().await else { panic!("a notice") };
    let object: Value = serde_json::from_str(message.raw()).unwrap();
    assert_eq!((&object["fromAccount"], &object["fromNick"]), (&json!("ann"), &json!("ANN")));
    assert_eq!((&object["fromClientType"], &object["type"]), (&json!("Web"), &json!("5")));
    let attach: Value = serde_json::from_str(message.attach()).unwrap();
    let data = json!({"operator": "ann", "opeNick": "ANN", "target": ["bob"], "tarNick": ["BOB"], "muteDuration": 60});
    assert_eq!(attach, json!({"id": 314, "data": data}));
}

#[tokio::test]
async fn values_have_the_types_of_json() {
    let house = House::open().await;
    let room = house.room().await;
    let mut owner = house.owner().await;
    owner.enters(room).await;
    house.account("bob").await;
    let cases = [
        ("muteRoom", "mute", json!({"mute": "true"})),
        ("muteRoom", "needNotify", json!({"needNotify": 1})),
        ("temporaryMute", "muteDuration", json!({"target": "bob", "muteDuration": "60"})),
        ("temporaryMute", "target", json!({"target": 7, "muteDuration": 60})),
        ("setMemberRole", "opt", json!({"target": "bob", "opt": "1", "optvalue": true})),
        ("setMemberRole", "optvalue", json!({"target": "bob", "opt": 1, "optvalue": "true"})),
        ("queryMembers", "accids", json!({"accids": "[\"bob\"]"})),
        ("queryMembersByRole", "roles", json!({"roles": [true]})),
        ("membersByPage", "type", json!({"type": "0"})),
        ("update", "name", json!({"name": ["x"]})),
        ("updateMyRoomRole", "save", json!({"save": "true"})),
        ("toggleCloseStat", "valid", json!({"valid": "false"})),
    ];
    for (verb, named, params) in cases {
        let (code, desc) = owner.refusal_of(room, verb, params.clone()).await;
        assert_eq!((code, desc.contains(&format!("{named}: "))), (414, true), "{verb} {params}: {desc}");
    }
    owner.hears_nothing().await;
    owner.asks(room, "setMemberRole", json!({"target": "bob", "opt": -2, "optvalue": true})).await;
    owner.hears_notice(305, "bob").await;
    owner.asks(room, "muteRoom", json!({"mute": true, "needNotify": false})).await;
    owner.hears_nothing().await;
    assert_eq!(house.look_at(room).await["muted"], true);
}

#[tokio::test]
async fn what_is_no_verb_of_members_is_414() {
    let house = House::open().await;
    let room = house.room().await;
    let mut owner = house.owner().await;
    owner.enters(room).await;
    let server_only = [
        "create",
        "getBatch",
        "list",
        "updateDelayClosePolicy",
        "updateInOutNotification",
        "queryUserRoomIds",
        "requestAddr",
        "sendMsg",
        "sendMsgToSomeone",
        "broadcast",
        "deleteHistoryMessage",
        "queryChatroomMsg",
        "addRobot",
        "removeRobot",
        "cleanRobot",
        "queueInit",
        "block",
        "topn",
    ];
    for verb in server_only.into_iter().chain(["dance", "Get", "get.action", "chatroom/get"]) {
        let (code, desc) = owner.refusal_of(room, verb, json!({"creator": "owner", "name": "R"})).await;
        assert_eq!((code, desc.contains("op: expected one of")), (414, true), "{verb}: {desc}");
    }
    let ids = house.call("chatroom/queryUserRoomIds", &[("creator", "owner")]).await;
    assert_eq!(ids["desc"]["roomids"], json!([room.to_string()]));
}

#[tokio::test]
async fn without_an_id_it_is_done_and_only_a_refusal_is_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.assigns(room, "ann", 1, true).await;
    ann.hears_notice(307, "ann").await;
    ann.client.send_raw(format!(r#"{{"op":"muteRoom","roomid":{room},"mute":true}}"#)).await.unwrap();
    ann.hears_of_room(318).await;
    ann.hears_nothing().await;
    ann.client.send_raw(format!(r#"{{"op":"kickMember","roomid":{room},"targetAccid":"owner"}}"#)).await.unwrap();
    let Event::Other(refusal) = ann.event().await else { panic!("a refusal") };
    let refusal: Value = serde_json::from_str(&refusal).unwrap();
    assert_eq!((&refusal["op"], &refusal["code"], refusal.get("id")), (&json!("reply"), &json!(403), None));
}

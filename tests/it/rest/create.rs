use serde_json::json;

use crate::support::House;

#[tokio::test]
async fn every_parameter_of_a_room_comes_back() {
    let house = House::with_patient_clock().await;
    house.account("ann").await;
    let params = [
        ("creator", "Ann"),
        ("name", "聊天室"),
        ("announcement", "be kind"),
        ("broadcasturl", "rtmp://stream"),
        ("ext", r#"{"a":1}"#),
        ("queuelevel", "1"),
        ("bid", r#"{"textbid":"t","picbid":""}"#),
        ("delayClosePolicy", "1"),
        ("delaySeconds", "100"),
        ("inOutNotification", "0"),
    ];
    let made = house.call("chatroom/create", &params).await["chatroom"].take();
    let delay = json!({"delayCloseEnable": true, "delayClosePolicy": 1, "delaySeconds": 100, "status": 1,
        "startTime": house.clock.wall()});
    let expected = json!({"roomid": made["roomid"], "valid": true, "muted": false, "announcement": "be kind",
        "name": "聊天室", "broadcasturl": "rtmp://stream", "ext": r#"{"a":1}"#, "creator": "ann", "queuelevel": 1,
        "ionotify": false, "delayInfo": delay});
    assert_eq!(made, expected);
    let found = house.call("chatroom/get", &[("roomid", &made["roomid"].to_string())]).await;
    assert_eq!(found["chatroom"], expected);
}

#[tokio::test]
async fn every_bad_value_is_named() {
    let house = House::open().await;
    house.account("ann").await;
    let (name, url, text) = ("n".repeat(129), "u".repeat(1025), "t".repeat(4097));
    let cases = [
        ("creator", "a b"),
        ("name", &*name),
        ("announcement", &text),
        ("broadcasturl", &url),
        ("ext", &text),
        ("queuelevel", "-1"),
        ("bid", "no JSON"),
        ("delayClosePolicy", "3"),
        ("delaySeconds", "604801"),
        ("delaySeconds", "-1"),
        ("inOutNotification", "2"),
    ];
    for (wrong, value) in cases {
        let mut params = vec![(wrong, value)];
        params.extend([("creator", "ann"), ("name", "R")].into_iter().filter(|(name, _)| *name != wrong));
        let (code, desc) = house.refusal("chatroom/create", &params).await;
        assert_eq!((code, desc.split(':').next()), (414, Some(wrong)), "{desc}");
    }
    let ids = house.call("chatroom/queryUserRoomIds", &[("creator", "ann")]).await;
    assert_eq!(ids["desc"]["roomids"], json!([]), "nothing was made");
}

#[tokio::test]
async fn the_longest_texts_are_taken() {
    let house = House::open().await;
    let (name, url, text) = ("名".repeat(128), "u".repeat(1024), "t".repeat(4096));
    let params = [("name", &*name), ("announcement", &text), ("broadcasturl", &url), ("ext", &text)];
    house.account("ann").await;
    let room = house.call("chatroom/create", &[&[("creator", "ann")][..], &params].concat()).await;
    assert_eq!(room["chatroom"]["name"], *name);
    assert_eq!(room["chatroom"]["ext"], *text);
}

#[tokio::test]
async fn only_so_many_rooms_are_open_at_once() {
    let house = House::with(|settings| settings.limits.rooms = 2).await;
    let (first, _) = (house.room().await, house.room().await);
    let one_more = [("creator", "owner"), ("name", "R")];
    let (code, desc) = house.refusal("chatroom/create", &one_more).await;
    assert_eq!((code, desc.contains("limits.rooms")), (419, true), "{desc}");
    let id = first.to_string();
    let toggle = |open| [("roomid", id.as_str()), ("operator", "owner"), ("valid", open)];
    house.call("chatroom/toggleCloseStat", &toggle("false")).await;
    house.call("chatroom/create", &one_more).await;
    assert_eq!(house.refusal("chatroom/toggleCloseStat", &toggle("true")).await.0, 419);
}

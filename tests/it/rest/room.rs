use serde_json::json;

use crate::support::{House, Http};

#[tokio::test]
async fn a_room_has_the_documented_object() {
    let house = House::open().await;
    house.account("ann").await;
    let made =
        house.call("chatroom/create", &[("creator", "ann"), ("name", "R"), ("queuelevel", "1"), ("ext", "e")]).await;
    let room = &made["chatroom"];
    let id = room["roomid"].as_u64().expect("a number").to_string();
    let expected = json!({"roomid": room["roomid"], "valid": true, "muted": false, "announcement": null, "name": "R",
        "broadcasturl": null, "ext": "e", "creator": "ann", "queuelevel": 1, "ionotify": true});
    assert_eq!(*room, expected);
    assert_eq!(house.call("chatroom/get", &[("roomid", &id)]).await["chatroom"], expected);
}

#[tokio::test]
async fn members_are_counted_when_asked_for() {
    let house = House::open().await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    let bob = house.member_in(room, "bob").await;
    let mut again = house.log_in("bob", &bob.token).await;
    again.client.join(room).await.unwrap();
    let id = room.to_string();
    let answer = house.call("chatroom/get", &[("roomid", &id), ("needOnlineUserCount", "true")]).await;
    assert_eq!(answer["chatroom"]["onlineusercount"], 2, "two accounts, three sessions");
}

#[tokio::test]
async fn what_is_not_there_is_404_and_what_is_wrong_is_414() {
    let house = House::with(|settings| settings.rooms.scheduled_closing = false).await;
    house.account("ann").await;
    let cases: [(&str, &[(&str, &str)], u16, &str); 8] = [
        ("chatroom/get", &[("roomid", "77")], 404, "room 77"),
        ("chatroom/get", &[("roomid", "x")], 414, "roomid"),
        ("chatroom/get", &[], 414, "roomid"),
        ("chatroom/create", &[("creator", "nobody"), ("name", "R")], 404, "nobody"),
        ("chatroom/create", &[("creator", "ann")], 414, "name"),
        ("chatroom/create", &[("creator", "ann"), ("name", "R"), ("queuelevel", "2")], 414, "queuelevel"),
        ("chatroom/create", &[("creator", "ann"), ("name", "R"), ("delayClosePolicy", "1")], 13009, "delayClosePolicy"),
        ("chatroom/requestAddr", &[("roomid", "77"), ("accid", "ann")], 404, "room 77"),
    ];
    for (path, params, code, word) in cases {
        let (came, desc) = house.refusal(path, params).await;
        assert_eq!(came, code, "{path} {params:?}: {desc}");
        assert!(desc.contains(word), "{desc}");
    }
}

#[tokio::test]
async fn listening_everywhere_the_address_is_the_name_the_caller_used() {
    let house = House::with(|settings| settings.listen = "0.0.0.0:0".parse().unwrap()).await;
    let room = house.room().await.to_string();
    let port = house.gateway.addr().port();
    let body = format!("roomid={room}&accid=owner");
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let answer = Http::to(address).signed("chatroom/requestAddr", &[], body.as_bytes()).await;
    assert!(answer.body.contains(&format!(r#""addr":["127.0.0.1:{port}"]"#)), "{answer:?}");
}

#[tokio::test]
async fn the_address_is_where_members_connect() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    let answer =
        house.call("chatroom/requestAddr", &[("roomid", &room), ("accid", "owner"), ("clienttype", "1")]).await;
    assert_eq!(answer, json!({"code": 200, "addr": [house.gateway.addr().to_string()]}));
    let unset = [("roomid", room.as_str()), ("accid", "owner"), ("clienttype", "0"), ("clientip", "")];
    house.call("chatroom/requestAddr", &unset).await;
}

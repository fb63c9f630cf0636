//! Rooms looked up: one, several, all, those of an account, and where to enter them.

use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::House;

fn number(room: RoomId) -> Value {
    room.to_string().parse::<u64>().expect("a number").into()
}

#[tokio::test]
async fn several_rooms_are_found_by_numbers_or_texts() {
    let house = House::open().await;
    let (one, two) = (house.room().await, house.room().await);
    let _ann = house.member_in(two, "ann").await;
    for list in [format!("[{one}, {two}]"), format!(r#"["{one}","{two}"]"#), format!(r#"[{one},"{two}",{one}]"#)] {
        let found = house.call("chatroom/getBatch", &[("roomids", &list)]).await;
        let [first, second] = found["succRooms"].as_array().unwrap().as_slice() else { panic!("{list}: {found}") };
        assert_eq!((&first["roomid"], &second["roomid"]), (&number(one), &number(two)), "{list}");
        assert_eq!(second.get("onlineusercount"), None, "nobody asked");
        assert_eq!((&found["noExistRooms"], &found["failRooms"]), (&json!([]), &json!([])));
    }
    let asked = [("roomids", &*format!("[{one},{two}]")), ("needOnlineUserCount", "true")];
    let counted = house.call("chatroom/getBatch", &asked).await;
    assert_eq!(counted["succRooms"][0]["onlineusercount"], 0);
    assert_eq!(counted["succRooms"][1]["onlineusercount"], 1);
}

#[tokio::test]
async fn numbers_of_no_room_are_told_apart() {
    let house = House::open().await;
    let room = house.room().await;
    let found = house.call("chatroom/getBatch", &[("roomids", &format!(r#"[77, {room}, 0, "78"]"#))]).await;
    assert_eq!(found["succRooms"].as_array().map(Vec::len), Some(1));
    let mut none: Vec<u64> = found["noExistRooms"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    none.sort_unstable();
    assert_eq!(none, [0, 77, 78]);
}

#[tokio::test]
async fn at_most_20_rooms_are_looked_up_at_once_and_only_by_json() {
    let house = House::open().await;
    let list = |most: u64| json!((1..=most).collect::<Vec<_>>()).to_string();
    let found = house.call("chatroom/getBatch", &[("roomids", &list(20))]).await;
    assert_eq!(found["noExistRooms"].as_array().map(Vec::len), Some(20));
    for wrong in [&*list(21), "", "[", "1,2", "{}", "[]", "[1.5]", "[-1]", r#"["x"]"#, "[null]", "[[1]]"] {
        let (code, desc) = house.refusal("chatroom/getBatch", &[("roomids", wrong)]).await;
        assert_eq!((code, desc.starts_with("roomids")), (414, true), "{wrong}: {desc}");
    }
}

#[tokio::test]
async fn all_rooms_are_listed_page_by_page() {
    let house = House::open().await;
    let mut rooms = Vec::new();
    for _ in 0..5 {
        rooms.push(house.room().await);
    }
    let _ann = house.member_in(rooms[3], "ann").await;
    let closed = [("roomid", &*rooms[1].to_string()), ("operator", "owner"), ("valid", "false")];
    house.call("chatroom/toggleCloseStat", &closed).await;
    let ids = |answer: &Value| -> Vec<Value> {
        answer["desc"]["data"].as_array().unwrap().iter().map(|room| room["roomid"].clone()).collect()
    };
    let all = house.call("chatroom/list", &[]).await;
    assert_eq!(ids(&all), rooms.iter().copied().map(number).collect::<Vec<_>>());
    assert_eq!(all["desc"]["data"][3]["onlineusercount"], 1);
    let after = rooms[1].to_string();
    let page = house.call("chatroom/list", &[("after", &after), ("limit", "2")]).await;
    assert_eq!(ids(&page), [number(rooms[2]), number(rooms[3])]);
    assert_eq!(ids(&house.call("chatroom/list", &[("valid", "false")]).await), [number(rooms[1])]);
    assert_eq!(ids(&house.call("chatroom/list", &[("valid", "true")]).await).len(), 4);
    assert_eq!(house.refusal("chatroom/list", &[("limit", "101")]).await.0, 414);
}

#[tokio::test]
async fn the_open_rooms_of_an_account_are_texts() {
    let house = House::open().await;
    let (one, two) = (house.room().await, house.room().await);
    house.account("ann").await;
    house.api.create_room("ann", "another's").await.unwrap();
    let of = |creator| [("creator", creator)];
    let mine = house.call("chatroom/queryUserRoomIds", &of("OWNER")).await;
    assert_eq!(mine["desc"]["roomids"], json!([one.to_string(), two.to_string()]));
    let close = [("roomid", &*one.to_string()), ("operator", "owner"), ("valid", "false")];
    house.call("chatroom/toggleCloseStat", &close).await;
    let mine = house.call("chatroom/queryUserRoomIds", &of("owner")).await;
    assert_eq!(mine["desc"]["roomids"], json!([two.to_string()]));
    assert_eq!(house.refusal("chatroom/queryUserRoomIds", &of("nobody")).await.0, 404);
}

#[tokio::test]
async fn no_address_is_given_to_whom_the_room_would_not_let_in() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("ann").await;
    let id = room.to_string();
    let asks = |accid| [("roomid", id.as_str()), ("accid", accid)];
    house.call("chatroom/requestAddr", &asks("ann")).await;
    assert_eq!(house.refusal("chatroom/requestAddr", &asks("nobody")).await.0, 404);
    let (code, _) =
        house.refusal("chatroom/requestAddr", &[("roomid", &id), ("accid", "ann"), ("clienttype", "4")]).await;
    assert_eq!(code, 414);
    house.assigns(room, "ann", -1, true).await;
    assert_eq!(house.refusal("chatroom/requestAddr", &asks("ann")).await.0, 13003);
    house.call("chatroom/requestAddr", &asks("owner")).await;
    house.call("chatroom/toggleCloseStat", &[("roomid", &id), ("operator", "owner"), ("valid", "false")]).await;
    assert_eq!(house.refusal("chatroom/requestAddr", &asks("owner")).await.0, 13002);
}

//! Virtual members: accounts shown as if they were in the room (server API, section 5.4).

use roomgate::base::RoomId;
use roomgate::client::{Event, Outgoing};
use serde_json::{Value, json};

use crate::support::House;

/// Calls one of the three actions on a room; its `desc`.
async fn call(house: &House, room: RoomId, action: &str, params: &[(&str, &str)]) -> Value {
    let room = room.to_string();
    let answer = house.call(&format!("chatroom/{action}"), &[&[("roomid", room.as_str())], params].concat()).await;
    answer["desc"].clone()
}

async fn adds(house: &House, room: RoomId, accids: &str) -> Value {
    call(house, room, "addRobot", &[("accids", accids)]).await
}

async fn online(house: &House, room: RoomId) -> u64 {
    let answer = house.call("chatroom/get", &[("roomid", &room.to_string()), ("needOnlineUserCount", "true")]).await;
    answer["chatroom"]["onlineusercount"].as_u64().unwrap()
}

async fn page(house: &House, room: RoomId, of: &str) -> Vec<Value> {
    let room = room.to_string();
    let params = [("roomid", room.as_str()), ("type", of), ("endtime", "0"), ("limit", "100")];
    house.call("chatroom/membersByPage", &params).await["desc"]["data"].as_array().unwrap().clone()
}

fn accids(members: &[Value]) -> Vec<&str> {
    members.iter().map(|member| member["accid"].as_str().unwrap()).collect()
}

/// A room, and the accounts 1, 2 and 3.
async fn room_and_three(house: &House) -> RoomId {
    for accid in ["1", "2", "3"] {
        house.account(accid).await;
    }
    house.room().await
}

#[tokio::test]
async fn the_answers_hold_lists_as_json_text() {
    let house = House::open().await;
    let room = room_and_three(&house).await;
    let lists = |fail: &str, success: &str| json!({"failAccids": fail, "successAccids": success});
    let with_old =
        |fail: &str, success: &str, old: &str| json!({"failAccids": fail, "successAccids": success, "oldAccids": old});
    assert_eq!(adds(&house, room, r#"["1"]"#).await, with_old("[]", r#"["1"]"#, "[]"));
    let more = adds(&house, room, r#"[1, 2, "nobody", 2]"#).await;
    assert_eq!(more, with_old(r#"["nobody"]"#, r#"["2"]"#, r#"["1"]"#));
    let gone = call(&house, room, "removeRobot", &[("accids", r#"["2","3","nobody"]"#)]).await;
    assert_eq!(gone, lists(r#"["3","nobody"]"#, r#"["2"]"#));
    adds(&house, room, r#"["2","3"]"#).await;
    assert_eq!(call(&house, room, "cleanRobot", &[]).await, json!({"size": 3}));
    assert_eq!(call(&house, room, "cleanRobot", &[("notify", "true")]).await, json!({"size": 0}));
}

#[tokio::test]
async fn they_are_counted_and_listed_as_members() {
    let house = House::open().await;
    let room = room_and_three(&house).await;
    let mut ann = house.member_in(room, "ann").await;
    call(&house, room, "addRobot", &[("accids", r#"["1","2"]"#), ("roleExt", "robot")]).await;
    assert_eq!(online(&house, room).await, 3);
    let guests = page(&house, room, "1").await;
    assert_eq!(accids(&guests)[2], "ann");
    let robot = guests.iter().find(|member| member["accid"] == "1").unwrap();
    let expected = json!({"roomid": robot["roomid"], "accid": "1", "nick": "1", "avator": null, "ext": "robot",
        "type": "TEMPORARY", "level": 0, "onlineStat": true, "enterTime": robot["enterTime"], "isRobot": true});
    assert_eq!(*robot, expected);
    assert!(guests[2].get("isRobot").is_none());
    let asked = ann.asks(room, "queryMembers", json!({"accids": ["1", "3"]})).await;
    assert_eq!(asked["desc"]["data"], json!([expected]));
    call(&house, room, "removeRobot", &[("accids", "[1]")]).await;
    assert_eq!((online(&house, room).await, accids(&page(&house, room, "1").await).len()), (2, 2));
    call(&house, room, "cleanRobot", &[]).await;
    assert_eq!(online(&house, room).await, 1);
}

#[tokio::test]
async fn pages_hold_each_once() {
    let house = House::with_still_clock(|_| ()).await;
    let room = room_and_three(&house).await;
    adds(&house, room, r#"["1","2"]"#).await;
    let mut ann = house.member_in(room, "ann").await;
    adds(&house, room, r#"["3"]"#).await;
    let _bob = house.member_in(room, "bob").await;
    let id = room.to_string();
    let (mut paged, mut end) = (Vec::new(), "0".to_owned());
    loop {
        let params = [("roomid", id.as_str()), ("type", "1"), ("endtime", &end), ("limit", "1")];
        let data = house.call("chatroom/membersByPage", &params).await["desc"]["data"].clone();
        let Some(last) = data.as_array().and_then(|data| data.last()) else { break };
        end = last["enterTime"].to_string();
        paged.push(last["accid"].as_str().unwrap().to_owned());
    }
    assert_eq!(paged, ["bob", "3", "ann", "2", "1"]);
    // That all have moments of their own makes no message earlier than one before it.
    let mut times = Vec::new();
    house.server_sends(room, "owner", Outgoing::text("x")).await;
    while times.len() < 3 {
        let Event::Message(message) = ann.event().await else { panic!("a message") };
        times.push(message.time());
    }
    assert!(times.is_sorted(), "{times:?}");
}

#[tokio::test]
async fn coming_and_going_is_told() {
    let house = House::open().await;
    let room = room_and_three(&house).await;
    let mut ann = house.member_in(room, "ann").await;
    call(&house, room, "addRobot", &[("accids", r#"["1","2","nobody"]"#), ("notifyExt", "hello")]).await;
    for accid in ["1", "2"] {
        let notice = ann.hears_notice(301, accid).await;
        let data = &notice["data"];
        assert_eq!(
            (&data["operator"], &data["tarNick"], &data["ext"]),
            (&json!(accid), &json!([accid]), &json!("hello"))
        );
    }
    adds(&house, room, r#"["1"]"#).await;
    ann.hears_nothing().await;
    call(&house, room, "removeRobot", &[("accids", r#"["1","3"]"#)]).await;
    ann.hears_notice(302, "1").await;
    call(&house, room, "cleanRobot", &[]).await;
    ann.hears_nothing().await;
    adds(&house, room, r#"["3"]"#).await;
    ann.hears_notice(301, "3").await;
    call(&house, room, "cleanRobot", &[("notify", "true")]).await;
    ann.hears_notice(302, "3").await;
    ann.hears_nothing().await;
}

#[tokio::test]
async fn quiet_and_large_rooms_are_not_told() {
    let house = House::with(|settings| settings.limits.notices_up_to = 1).await;
    let room = room_and_three(&house).await;
    let mut ann = house.member_in(room, "ann").await;
    adds(&house, room, r#"["1"]"#).await;
    ann.hears_notice(301, "1").await;
    let mut bob = house.member("bob").await;
    bob.client.join(room).await.unwrap();
    adds(&house, room, r#"["2"]"#).await;
    call(&house, room, "cleanRobot", &[("notify", "true")]).await;
    bob.client.leave(room).await.unwrap();
    ann.hears_notice(302, "bob").await;
    house.call("chatroom/updateInOutNotification", &[("roomid", &room.to_string()), ("close", "true")]).await;
    adds(&house, room, r#"["3"]"#).await;
    call(&house, room, "cleanRobot", &[("notify", "true")]).await;
    ann.hears_nothing().await;
}

#[tokio::test]
async fn the_account_itself_takes_its_place() {
    let house = House::open().await;
    let room = room_and_three(&house).await;
    let mut ann = house.member("ann").await;
    adds(&house, room, r#"["ann","1"]"#).await;
    let welcome = ann.client.join(room).await.unwrap();
    assert_eq!(welcome["chatroom"]["onlineusercount"], 2);
    ann.hears_notice(301, "ann").await;
    let here = page(&house, room, "1").await;
    let herself = here.iter().find(|member| member["accid"] == "ann").unwrap();
    assert!(here.len() == 2 && herself.get("isRobot").is_none(), "{here:?}");
    assert_eq!(adds(&house, room, r#"["ann"]"#).await["failAccids"], r#"["ann"]"#, "she is there already");
    ann.client.leave(room).await.unwrap();
    assert_eq!(accids(&page(&house, room, "1").await), ["1"]);
    assert_eq!(adds(&house, room, r#"["ann"]"#).await["successAccids"], r#"["ann"]"#);
}

#[tokio::test]
async fn one_may_have_a_role_and_tags() {
    let house = House::open().await;
    let room = room_and_three(&house).await;
    adds(&house, room, r#"["1","2"]"#).await;
    house.makes_manager(room, "1").await;
    let id = room.to_string();
    let tags = [("roomId", id.as_str()), ("accid", "1"), ("tags", r#"["a"]"#)];
    assert_eq!(house.call("chatroom/updateChatRoomRoleTag", &tags).await, json!({"code": 200}));
    let fixed = page(&house, room, "2").await;
    assert_eq!((accids(&fixed), &fixed[0]["type"], &fixed[0]["isRobot"]), (vec!["1"], &json!("MANAGER"), &json!(true)));
    assert_eq!(accids(&page(&house, room, "1").await), ["2"]);
    assert_eq!(online(&house, room).await, 2);
}

#[tokio::test]
async fn one_can_be_put_out() {
    let house = House::open().await;
    let room = room_and_three(&house).await;
    let mut ann = house.member_in(room, "ann").await;
    adds(&house, room, r#"["1","2"]"#).await;
    ann.forgets_all().await;
    let id = room.to_string();
    let kick = [("roomid", id.as_str()), ("accid", "owner"), ("targetAccid", "1")];
    house.call("chatroom/kickMember", &kick).await;
    ann.hears_notice(313, "1").await;
    assert_eq!(house.refusal("chatroom/kickMember", &kick).await.0, 404);
    let block = [("roomid", id.as_str()), ("operator", "owner"), ("target", "2"), ("opt", "-1"), ("optvalue", "true")];
    house.call("chatroom/setMemberRole", &block).await;
    ann.hears_notice(303, "2").await;
    assert_eq!(online(&house, room).await, 1);
    assert_eq!(adds(&house, room, r#"["2"]"#).await["failAccids"], r#"["2"]"#, "it may not enter");
    ann.hears_nothing().await;
}

#[tokio::test]
async fn a_closing_room_loses_them() {
    let house = House::open().await;
    let room = room_and_three(&house).await;
    adds(&house, room, r#"["1","2"]"#).await;
    let id = room.to_string();
    let toggle = async |open| {
        let params = [("roomid", id.as_str()), ("operator", "owner"), ("valid", open)];
        house.call("chatroom/toggleCloseStat", &params).await;
    };
    toggle("false").await;
    assert_eq!(online(&house, room).await, 0);
    let refused = house.refusal("chatroom/addRobot", &[("roomid", &id), ("accids", "[1]")]).await;
    assert_eq!(refused.0, 13002);
    toggle("true").await;
    assert_eq!(online(&house, room).await, 0);
    adds(&house, room, "[1]").await;
    assert_eq!(online(&house, room).await, 1);
}

#[tokio::test]
async fn there_are_at_most_a_thousand() {
    let house = House::open().await;
    let room = house.room().await;
    let names: Vec<String> = (0..1001).map(|number| format!("r{number}")).collect();
    for name in &names {
        house.account(name).await;
    }
    for hundred in names[..1000].chunks(100) {
        adds(&house, room, &json!(hundred).to_string()).await;
    }
    let id = room.to_string();
    let one_more = json!(["r0", "r1000"]).to_string();
    let (code, desc) = house.refusal("chatroom/addRobot", &[("roomid", &id), ("accids", &one_more)]).await;
    assert_eq!(code, 419, "{desc}");
    assert_eq!(online(&house, room).await, 1000);
    assert_eq!(adds(&house, room, r#"["r0"]"#).await["oldAccids"], r#"["r0"]"#);
}

#[tokio::test]
async fn wrong_calls_are_named() {
    let house = House::open().await;
    let id = house.room().await.to_string();
    let many = json!((0..101).map(|number| number.to_string()).collect::<Vec<_>>()).to_string();
    let long = "x".repeat(4097);
    let cases: [(&str, &[(&str, &str)], u16, &str); 10] = [
        ("addRobot", &[("roomid", "99"), ("accids", "[1]")], 404, "room 99"),
        ("removeRobot", &[("roomid", "99"), ("accids", "[1]")], 404, "room 99"),
        ("cleanRobot", &[("roomid", "99")], 404, "room 99"),
        ("addRobot", &[("roomid", &id)], 414, "accids: expected"),
        ("addRobot", &[("roomid", &id), ("accids", "[]")], 414, "accids: expected"),
        ("addRobot", &[("roomid", &id), ("accids", &many)], 414, "accids: expected"),
        ("addRobot", &[("roomid", &id), ("accids", "[1]"), ("roleExt", &long)], 414, "roleExt: expected"),
        ("addRobot", &[("roomid", &id), ("accids", "[1]"), ("notifyExt", &long)], 414, "notifyExt: expected"),
        ("removeRobot", &[("roomid", &id), ("accids", &many)], 414, "accids: expected"),
        ("cleanRobot", &[("roomid", &id), ("notify", "maybe")], 414, "notify: expected"),
    ];
    for (action, params, code, words) in cases {
        let (came, desc) = house.refusal(&format!("chatroom/{action}"), params).await;
        assert_eq!(came, code, "{action} {params:?}: {desc}");
        assert!(desc.starts_with(words), "{desc}");
    }
}

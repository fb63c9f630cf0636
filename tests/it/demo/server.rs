//! The demo plays the application server, within its own rooms and accounts.

use roomgate::base::Clock;
use serde_json::{Value, json};

use crate::support::demo::Guest;
use crate::support::{House, SOON};

async fn act(guest: &Guest, action: &str, params: Value) -> crate::support::Answer {
    guest.posts("/demo/server", &json!({ "action": action, "params": params })).await
}

#[tokio::test]
async fn a_guest_has_the_server_send_to_somebody() {
    let house = House::with_demo().await;
    let room = house.gateway.demo_room().unwrap();
    let (ann, bob) = (house.guest("Ann").await, house.guest("Bob").await);
    let mut bob = house.log_in("bob", &bob.token).await;
    bob.enters(room).await;
    let params = json!({
        "roomid": 1, "fromAccid": "demo", "toAccids": ["bob", "ann"], "msgType": 0, "msgId": "m", "attach": "for you",
        "highPriority": true, "outcomes": true,
    });
    let said = act(&ann, "chatroom/sendMsgToSomeone", params).await.done();
    assert_eq!((&said["code"], &said["desc"]["msgid_client"]), (&json!(200), &json!("m")));
    assert_eq!(said["outcomes"], json!({ "bob": "queued", "ann": "not_in_room" }));
    let heard = bob.hears_text("for you").await;
    assert!(heard.is_high() && heard.is_directed());
    let queue = json!({ "roomid": "1", "key": "k", "value": "v", "operator": "bob" });
    assert_eq!(act(&ann, "chatroom/queueOffer", queue).await.done()["code"], 200);
    let list = act(&ann, "chatroom/queueList", json!({ "roomid": "1" })).await.done();
    assert_eq!(list["desc"]["list"], json!([{ "k": "v" }]));
    let kick = json!({ "roomid": "1", "accid": "demo", "targetAccid": "bob" });
    assert_eq!(act(&ann, "chatroom/kickMember", kick).await.done()["code"], 200);
}

#[tokio::test]
async fn what_the_server_api_refuses_is_said_in_its_words() {
    let house = House::with_demo().await;
    let ann = house.guest("Ann").await;
    let said = act(&ann, "chatroom/sendMsg", json!({ "roomid": 1, "fromAccid": "demo" })).await.done();
    assert_eq!(said["code"], 414);
    let unowned = json!({ "roomid": 1, "operator": "ann", "mute": true });
    assert_eq!(act(&ann, "chatroom/muteRoom", unowned).await.done()["code"], 403, "ann owns no room");
    let missing = act(&ann, "chatroom/muteRoom", json!({ "roomid": 1, "mute": true })).await.done();
    assert_eq!(missing["code"], 414);
}

#[tokio::test]
async fn other_actions_rooms_and_names_are_refused() {
    let house = House::with_demo().await;
    let room = house.room().await.to_string();
    let ann = house.guest("Ann").await;
    for action in ["user/create", "chatroom/broadcast", "chatroom/create", "chatroom/toggleCloseStat", "history", ""] {
        let params = json!({ "roomid": 1, "accid": "new", "creator": "demo", "operator": "demo" });
        assert_eq!(act(&ann, action, params).await.refused(), (403, 403), "{action}");
    }
    let send = |room: &str, from: &str| json!({ "roomid": room, "fromAccid": from, "msgType": 0, "attach": "x", "msgId": "1" });
    assert_eq!(act(&ann, "chatroom/sendMsg", send(&room, "demo")).await.refused(), (403, 403), "another's room");
    assert_eq!(act(&ann, "chatroom/sendMsg", send("99", "demo")).await.refused(), (404, 404));
    assert_eq!(act(&ann, "chatroom/sendMsg", send("1", "owner")).await.refused(), (400, 414), "another's name");
    assert_eq!(act(&ann, "chatroom/sendMsg", send("1", "OWNER")).await.refused(), (400, 414), "in capitals too");
    assert_eq!(act(&ann, "chatroom/sendMsg", json!({})).await.refused(), (400, 414));
    for (action, name) in [
        ("chatroom/kickMember", "accid"),
        ("chatroom/recall", "operatorAcc"),
        ("chatroom/muteRoom", "operator"),
        ("chatroom/queueOffer", "operator"),
        ("history/queryChatroomMsg", "accid"),
    ] {
        let params = json!({ "roomid": 1, name: "owner" });
        assert_eq!(act(&ann, action, params).await.refused(), (400, 414), "{action}");
    }
    let tags = json!({ "roomId": room, "roomid": 1, "accid": "ann" });
    assert_eq!(act(&ann, "chatroom/updateChatRoomRoleTag", tags).await.refused(), (403, 403));
    assert_eq!(ann.sends("/demo/server", b"[]").await.refused(), (400, 414));
}

#[tokio::test]
async fn an_account_of_the_application_called_demo_is_not_given_away() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = House::start(Clock::system(), |settings| settings.data = Some(folder.path().to_owned())).await;
    earlier.account("demo").await;
    let theirs = earlier.api.create_room("demo", "Theirs").await.unwrap();
    earlier.gateway.stop(SOON).await;
    let house = House::with_demo_in(folder.path(), Clock::system(), |_| ()).await;
    let ann = house.guest("Ann").await;
    let rooms = ann.gets("/demo/rooms").await.done();
    assert_eq!(
        (&rooms["rooms"][0]["name"], &rooms["rooms"][0]["owner"]),
        (&json!("Demo room"), &json!("roomgate-demo"))
    );
    let send = |room: String, from: &str| json!({ "roomid": room, "fromAccid": from, "msgType": 0, "attach": "x", "msgId": "1" });
    let in_theirs = act(&ann, "chatroom/sendMsg", send(theirs.to_string(), "ann")).await;
    assert_eq!(in_theirs.refused(), (403, 403), "a room of the application");
    let demo_room = house.gateway.demo_room().unwrap().to_string();
    assert_eq!(act(&ann, "chatroom/sendMsg", send(demo_room.clone(), "demo")).await.refused(), (400, 414));
    assert_eq!(act(&ann, "chatroom/sendMsg", send(demo_room, "roomgate-demo")).await.done()["code"], 200);
    for name in ["demo", "roomgate-demo"] {
        assert_eq!(ann.posts("/demo/enter", &json!({ "name": name })).await.refused(), (403, 403), "{name}");
    }
}

#[tokio::test]
async fn a_guests_own_room_is_the_demos_too() {
    let house = House::with_demo().await;
    let ann = house.guest("Ann").await;
    let made = ann.posts("/demo/rooms", &json!({ "name": "Ann's" })).await.done();
    let mute = json!({ "roomid": made["roomid"], "operator": "ann", "mute": true });
    assert_eq!(act(&ann, "chatroom/muteRoom", mute).await.done()["code"], 200);
}

use roomgate::base::RoomId;
use roomgate::client::{Outgoing, Sent};
use serde_json::{Value, json};

use crate::support::{House, Member, SOON, code};

fn recall(room: RoomId, sent: &Sent) -> Value {
    json!({"roomid": room.to_string(), "msgTimetag": sent.message.time(), "fromAcc": sent.message.from(),
        "msgId": sent.message.msg_id()})
}

async fn make_manager(house: &House, room: RoomId, accid: &str) {
    let room = room.to_string();
    let params =
        [("roomid", room.as_str()), ("operator", "owner"), ("target", accid), ("opt", "1"), ("optvalue", "true")];
    house.call("chatroom/setMemberRole", &params).await;
}

#[tokio::test]
async fn a_member_takes_back_its_own_and_a_manager_anybodys() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let mut max = house.member_in(room, "max").await;
    make_manager(&house, room, "max").await;
    let mut sent = Vec::new();
    for text in ["first", "second"] {
        sent.push(ann.sends(room, Outgoing::text(text)).await);
    }
    assert_eq!(code(bob.client.request("recall", recall(room, &sent[0])).await), Some(403));
    assert_eq!(house.past_texts(room).await, ["first", "second"]);
    ann.client.request("recall", recall(room, &sent[0])).await.unwrap();
    max.client.request("recall", recall(room, &sent[1])).await.unwrap();
    assert!(house.past_texts(room).await.is_empty());
    bob.hears_text("first").await;
    bob.hears_text("second").await;
    for (by, sent) in [("ann", &sent[0]), ("max", &sent[1])] {
        let notice = bob.hears_notice(323, "ann").await;
        let data = &notice["data"];
        let expected = (&json!(by), &json!(sent.message.msg_id()), &json!(sent.message.time()));
        assert_eq!((&data["operator"], &data["msgId"], &data["msgTime"]), expected);
    }
}

#[tokio::test]
async fn nobody_can_say_that_it_is_somebody_else_or_elsewhere() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    let mut bob: Member = house.member_in(room, "bob").await;
    let sent = house.server_sends(room, "owner", Outgoing::text("stays")).await;
    let mut asked = recall(room, &sent);
    asked["operatorAcc"] = json!("owner");
    assert_eq!(code(bob.client.request("recall", asked).await), Some(403));
    let elsewhere = house.server_sends(other, "bob", Outgoing::text("stays")).await;
    assert_eq!(code(bob.client.request("recall", recall(other, &elsewhere)).await), Some(403), "it is not in there");
    for room in [room, other] {
        assert_eq!(house.past_texts(room).await, ["stays"]);
    }
    assert_eq!(code(bob.client.request("deleteHistoryMessage", recall(room, &sent)).await), Some(414));
}

#[tokio::test]
async fn what_the_gateway_told_in_somebodys_name_is_not_its_to_take_back() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    // Nobody waits for the database to enter a room.
    let notice = async {
        loop {
            if let Some(notice) = house.past(room, &[]).await.pop() {
                return notice;
            }
        }
    };
    let notice = tokio::time::timeout(SOON, notice).await.expect("a notice");
    let which = json!({"msgTimetag": notice["sendtime"], "fromAcc": "ann", "msgId": notice["msgid"]});
    ann.asks(room, "recall", which).await;
    assert!(house.past(room, &[]).await.contains(&notice), "it still says that ann came");
}

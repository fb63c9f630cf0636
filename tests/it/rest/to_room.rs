use roomgate::client::Outgoing;

use crate::support::House;

#[tokio::test]
async fn everybody_in_the_room_gets_it_and_nobody_in_another() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let mut cat = house.member_in(other, "cat").await;
    let sent = house.server_sends(room, "ann", Outgoing::text("to all").high()).await;
    for member in [&mut ann, &mut bob] {
        let message = member.hears_text("to all").await;
        assert_eq!(message.raw(), sent.message.raw());
        assert!(message.is_high() && !message.is_directed());
    }
    cat.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn abandoning_takes_its_share_and_says_so() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    let mut abandoned = 0;
    for number in 0..200 {
        let number = number.to_string();
        let params = [
            ("roomid", id.as_str()),
            ("msgId", &number),
            ("fromAccid", "owner"),
            ("attach", &number),
            ("abandonRatio", "5000"),
            ("highPriority", "true"),
        ];
        let desc = house.call("chatroom/sendMsg", &params).await["desc"].clone();
        assert!(desc.get("highPriorityFlag").is_none(), "what may be abandoned is not urgent");
        if desc["msgAbandonFlag"] == 1 {
            abandoned += 1;
        } else {
            ann.hears_text(&number).await;
        }
    }
    ann.hears_nothing_but_notices().await;
    assert!((50..150).contains(&abandoned), "about half of 200, not {abandoned}");
}

#[tokio::test]
async fn wrong_values_of_room_parameters_are_named() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    for (name, value) in [
        ("abandonRatio", "10000"),
        ("chatMsgPriority", "4"),
        ("skipHistory", "2"),
        ("locX", "east"),
        ("ignoreMute", "maybe"),
        ("forbiddenIfHighPriorityMsgFreq", "2"),
        ("highPriority", "2"),
        ("notifyTargetTags", "everybody"),
    ] {
        let params = [("roomid", room.as_str()), ("msgId", "1"), ("fromAccid", "owner"), (name, value)];
        let (code, desc) = house.refusal("chatroom/sendMsg", &params).await;
        assert_eq!(code, 414);
        assert!(desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
}

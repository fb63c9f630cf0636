//! Several messages in one call, of which one is refused.

use serde_json::{Value, json};

use super::house_of_words;

#[tokio::test]
async fn the_others_are_sent_where_the_first_is_refused() {
    for (call, more) in
        [("chatroom/batchSendMsg", None), ("chatroom/batchSendMsgToSomeone", Some(("toAccids", r#"["ann"]"#)))]
    {
        let house = house_of_words(|_| ()).await;
        let (room, id) = (house.room().await, "first");
        let mut ann = house.member_in(room, "ann").await;
        let list = json!([
            {"msgId": id, "msgType": 0, "attach": "bad"},
            {"msgId": "second", "msgType": 0, "attach": "so mild"},
            {"msgId": "third", "msgType": 0, "attach": "fine"},
        ]);
        let (room, list) = (room.to_string(), list.to_string());
        let mut params = vec![("roomid", room.as_str()), ("msgList", &list), ("fromAccid", "owner")];
        params.extend(more);
        let answer = house.call(call, &params).await;
        assert_eq!(answer["fail"], json!([{ id: "moderation: the content was refused" }]), "{call}");
        let sent: Vec<&Value> = answer["success"].as_array().unwrap().iter().collect();
        assert_eq!((sent.len(), &sent[0]["second"]["attach"]), (2, &json!("so ****")), "{call}");
        assert!(sent[1]["third"].is_object(), "{call}");
        ann.hears_text("so ****").await;
        ann.hears_text("fine").await;
        ann.hears_nothing().await;
    }
}

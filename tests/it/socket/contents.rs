use serde_json::json;

use crate::support::House;

#[tokio::test]
async fn a_bad_content_names_the_missing_part_and_reaches_nobody() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let cases = [
        (1, r#"{"url":"u","ext":"jpg","size":1,"w":1,"h":1}"#, "attach.md5: expected"),
        (2, r#"{"url":"u","ext":"aac","size":1,"md5":""}"#, "attach.dur: expected"),
        (4, "here", "attach: expected a JSON object with lng, lat"),
        (6, r#"{"ext":"","size":1,"md5":""}"#, "attach.url: expected"),
    ];
    for (kind, attach, words) in cases {
        for to in [json!([]), json!(["bob"])] {
            let send =
                json!({"roomid": room.to_string(), "msgId": "m", "msgType": kind, "attach": attach, "toAccids": to});
            let refusal = ann.client.request("send", send).await.unwrap_err();
            assert_eq!(refusal.code(), Some(414));
            assert!(refusal.to_string().contains(words), "{refusal}");
        }
    }
    let place = r#"{"lng":1,"lat":2}"#;
    let good = json!({"roomid": room.to_string(), "msgId": "m", "msgType": 4, "attach": place});
    ann.client.request("send", good).await.unwrap();
    bob.hears_text(place).await;
}

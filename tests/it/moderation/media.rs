//! Pictures, sounds, films and files: judged after delivery.

use roomgate::client::Outgoing;
use serde_json::{Value, json};

use super::{asked, house_of_service, suggests};
use crate::support::peer::{Heard, Peer};

#[tokio::test]
async fn a_refused_picture_is_taken_back_and_told() {
    let receiver = Peer::good().await;
    let hook = receiver.url().parse().unwrap();
    let (house, service) = house_of_service(
        |_, heard| suggests(if asked(heard, "content").unwrap().ends_with("bad.jpg") { 2 } else { 0 }),
        |settings| settings.webhook.url = Some(hook),
    )
    .await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for name in ["good", "bad"] {
        let url = format!("http://files/{name}.jpg");
        let picture = json!({"url": url, "ext": "jpg", "size": 1, "md5": "", "w": 1, "h": 1}).to_string();
        ann.sends(room, Outgoing::text(picture).kind(1).id(name)).await;
        ann.hears().await;
    }
    let notice = ann.hears_notice(323, "ann").await;
    assert_eq!(notice["data"]["msgId"], "bad");
    assert_eq!(asked(&service.heard()[0], "content").unwrap(), "http://files/good.jpg");
    let mut wanted = 1;
    let event: Value = loop {
        let heard = receiver.hears(wanted).await;
        match heard.iter().map(Heard::json).find(|event| event["eventType"] == "20") {
            Some(event) => break event,
            None => wanted = heard.len() + 1,
        }
    };
    let seen = ["type", "msgidClient", "recalled", "fromAccount"].map(|name| event[name].as_str().unwrap());
    assert_eq!(seen, ["CHATROOM_MSG_PICTURE", "bad", "true", "ann"]);
    let params = [("roomid", &*room.to_string()), ("accid", "ann"), ("timetag", "0"), ("limit", "10"), ("type", "1")];
    let past = house.call("history/queryChatroomMsg", &params).await;
    assert_eq!(past["msgs"].as_array().unwrap().len(), 1, "out of the history");
}

#[tokio::test]
async fn only_those_who_got_it_hear_that_it_is_taken_back() {
    let (house, _service) = house_of_service(|_, _| suggests(2), |_| ()).await;
    let room = house.room().await;
    let mut members = Vec::new();
    for accid in ["ann", "bob", "cem"] {
        members.push(house.member_in(room, accid).await);
    }
    let [mut ann, mut bob, mut cem] = <[_; 3]>::try_from(members).ok().unwrap();
    for accid in ["bob", "cem"] {
        ann.hears_notice(301, accid).await;
    }
    bob.hears_notice(301, "cem").await;
    let picture = json!({"url": "http://f/p.jpg", "ext": "jpg", "size": 1, "md5": "", "w": 1, "h": 1}).to_string();
    ann.sends(room, Outgoing::text(picture).kind(1).to(["bob"])).await;
    bob.hears().await;
    bob.hears_notice(323, "ann").await;
    ann.hears_notice(323, "ann").await;
    cem.hears_nothing().await;
    let params = [("roomid", &*room.to_string()), ("accid", "ann"), ("timetag", "0"), ("limit", "10")];
    let past = house.call("history/queryChatroomMsg", &params).await.to_string();
    assert!(!past.contains("323"), "{past}");
}

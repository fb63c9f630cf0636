//! What a room keeps of its messages, as the application server reads it.

use roomgate::base::RoomId;
use roomgate::client::Api;
use serde_json::Value;

use super::House;

impl House {
    /// A room's history from its beginning, 200 messages at the most; `params` say what is asked for instead.
    pub async fn past(&self, room: RoomId, params: &[(&str, &str)]) -> Vec<Value> {
        let room = room.to_string();
        let usual = [("accid", "owner"), ("timetag", "0"), ("limit", "200"), ("reverse", "1")];
        let left = usual.into_iter().filter(|(name, _)| !params.iter().any(|(other, _)| other == name));
        let asked: Vec<_> = [("roomid", room.as_str())].into_iter().chain(left).chain(params.iter().copied()).collect();
        let answer = self.call("history/queryChatroomMsg", &asked).await;
        let messages = answer["msgs"].as_array().expect("messages").clone();
        assert_eq!(answer["size"], messages.len());
        messages
    }

    /// What the messages of a room's history say, without notices.
    pub async fn past_texts(&self, room: RoomId) -> Vec<String> {
        texts(&self.past(room, &[]).await)
    }
}

/// What these messages say, without notices.
pub fn texts(messages: &[Value]) -> Vec<String> {
    let spoken = messages.iter().filter(|message| message["type"] != 5);
    spoken.map(|message| message["body"].as_str().expect("a text").to_owned()).collect()
}

/// The numbers of the notices among these messages.
pub fn notices(messages: &[Value]) -> Vec<u64> {
    let notices = messages.iter().filter(|message| message["type"] == 5);
    let attach =
        |notice: &Value| -> Value { serde_json::from_str(notice["body"].as_str().expect("a text")).expect("JSON") };
    notices.map(|notice| attach(notice)["id"].as_u64().expect("a number")).collect()
}

/// All that a room's history has, the oldest first, as ann's application server reads it page by page.
pub async fn whole_past(api: &Api, room: RoomId) -> Vec<Value> {
    let (room, mut all, mut from) = (room.to_string(), Vec::new(), 0);
    loop {
        let timetag = from.to_string();
        let params =
            [("roomid", room.as_str()), ("accid", "ann"), ("timetag", &timetag), ("limit", "200"), ("reverse", "1")];
        let page = api.call("history/queryChatroomMsg", &params).await.unwrap()["msgs"].as_array().unwrap().clone();
        let fresh: Vec<Value> = page.into_iter().filter(|message| !all.contains(message)).collect();
        let Some(last) = fresh.last() else { return all };
        from = last["sendtime"].as_u64().unwrap();
        all.extend(fresh);
    }
}

//! `/chatroom/send…`: messages (sections 2 and 3).

use futures::future::join_all;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::base::{Invalid, Params, RoomId, limits};
use crate::delivery::{Author, Send, Sent, read_recipients};
use crate::model::{Body, Point, Refusal};

use super::{Answer, Call};

pub(super) async fn send_to_room(call: Call) -> Result<Answer, Refusal> {
    let (room, from) = (call.params.room("roomid")?, Author::Server(call.params.accid("fromAccid")?));
    let send = Send::read_to_room(&call.params, room, from)?;
    Ok(answer(&call.services.delivery.send(send).await?))
}

pub(super) async fn send_to_someone(call: Call) -> Result<Answer, Refusal> {
    let (room, from) = (call.params.room("roomid")?, Author::Server(call.params.accid("fromAccid")?));
    let send = Send::read_directed(&call.params, room, from)?;
    Ok(answer(&call.services.delivery.send(send).await?))
}

fn answer(sent: &Sent) -> Answer {
    if sent.outcomes().is_some() { Answer::with(sent) } else { Answer::desc_text(sent.text()) }
}

pub(super) async fn send_to_all_rooms(call: Call) -> Result<Answer, Refusal> {
    let from = Author::Server(call.params.accid("fromAccid")?);
    let send = Send::read_to_room(&call.params, RoomId::NONE, from)?;
    Ok(Answer::with(&call.services.delivery.broadcast(send).await?))
}

pub(super) async fn send_batch_to_room(call: Call) -> Result<Answer, Refusal> {
    let (room, from) = (call.params.room("roomid")?, call.params.accid("fromAccid")?);
    let mut sends = Vec::new();
    for (body, point) in read_bodies(&call.params)? {
        sends.push(Send::to_room(&call.params, room, Author::Server(from.clone()), body, point)?);
    }
    send_all(&call, sends).await
}

pub(super) async fn send_batch_to_someone(call: Call) -> Result<Answer, Refusal> {
    let (room, from) = (call.params.room("roomid")?, call.params.accid("fromAccid")?);
    let to = read_recipients(&call.params)?;
    let mut sends = Vec::new();
    for (body, _) in read_bodies(&call.params)? {
        sends.push(Send::directed(&call.params, room, Author::Server(from.clone()), to.clone(), body)?);
    }
    send_all(&call, sends).await
}

/// Everything was checked before anything is sent: a bad item spoils the whole call, and nobody gets half of it. Others are asked about all
/// at once; what they pass is sent in its order.
async fn send_all(call: &Call, sends: Vec<Send>) -> Result<Answer, Refusal> {
    let delivery = &call.services.delivery;
    let ask = |send: Send| async { (send.body.msg_id.to_string(), delivery.clear(send).await) };
    let mut batch = Batch::default();
    for (msg_id, cleared) in join_all(sends.into_iter().map(ask)).await {
        let sent = match cleared {
            Ok(cleared) => delivery.send_cleared(cleared).await,
            Err(refusal) => Err(refusal),
        };
        match sent {
            Ok(sent) => batch.success.push((msg_id, sent)),
            // What is about the room or the sender is so for all, and nothing was sent before it.
            Err(refusal) if batch.is_empty() && !refusal.is_about_one() => return Err(refusal),
            Err(refusal) => batch.fail.push((msg_id, refusal.to_string())),
        }
    }
    Ok(Answer::with(&batch))
}

/// Reads `msgList`: bodies, and the places of those that have one.
fn read_bodies(params: &Params) -> Result<Vec<(Body, Option<Point>)>, Invalid> {
    let rule = || format!("1 to {} messages as a JSON array", limits::BATCH_MESSAGES);
    let items = params.list("msgList")?.ok_or_else(|| Invalid::missing("msgList", rule()))?;
    if items.is_empty() || items.len() > limits::BATCH_MESSAGES {
        return Err(Invalid::new("msgList", rule(), format!("{} messages", items.len())));
    }
    let mut bodies: Vec<(Body, Option<Point>)> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let place = format!("msgList[{at}]");
        let Value::Object(object) = item else {
            return Err(Invalid::value(place, "a JSON object", &item.to_string()));
        };
        let item = Params::inside(object);
        let body = Body::read(&item).map_err(|invalid| invalid.inside(&place))?;
        if bodies.iter().any(|(other, _)| other.msg_id == body.msg_id) {
            return Err(Invalid::value(format!("{place}.msgId"), "an id of its own", body.msg_id.as_str()));
        }
        bodies.push((body, Point::read(&item).map_err(|invalid| invalid.inside(&place))?));
    }
    Ok(bodies)
}

#[derive(Default)]
struct Batch {
    success: Vec<(String, Sent)>,
    fail: Vec<(String, String)>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.success.is_empty() && self.fail.is_empty()
    }
}

impl Serialize for Batch {
    /// Arrays of objects with one key each, the msgId; both arrays are always there (section 2.2).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let success: Vec<_> = self.success.iter().map(|(id, sent)| Single(id, sent.object())).collect();
        let fail: Vec<_> = self.fail.iter().map(|(id, reason)| Single(id, reason)).collect();
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("success", &success)?;
        object.serialize_entry("fail", &fail)?;
        let outcomes: Vec<_> =
            self.success.iter().filter_map(|(id, sent)| Some(Single(id, sent.outcomes()?))).collect();
        if !outcomes.is_empty() {
            object.serialize_entry("outcomes", &outcomes)?;
        }
        object.end()
    }
}

/// An object with one key.
struct Single<'a, T>(&'a str, T);

impl<T: Serialize> Serialize for Single<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(1))?;
        object.serialize_entry(self.0, &self.1)?;
        object.end()
    }
}

//! `/chatroom/queue…`: ordered elements of a room (section 6.1).

use std::collections::HashSet;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::base::params::wrong;
use crate::base::{Accid, Invalid, Params, limits};
use crate::model::Refusal;
use crate::service::{Offered, Telling, Urgency};
use crate::store::Element;

use super::{Answer, Call};

/// What calls that change the queue say of how their news went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_keys: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_exist_element_key: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    high_priority: bool,
}

#[derive(Serialize)]
struct Elements {
    list: Vec<Single>,
}

/// An element as an object with one member.
struct Single(Element);

impl Serialize for Single {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(1))?;
        object.serialize_entry(&self.0.key, &self.0.value)?;
        object.end()
    }
}

impl Changed {
    fn of(high_priority: bool) -> Changed {
        Changed { failed_keys: None, no_exist_element_key: None, key: None, value: None, high_priority }
    }
}

/// Reads `highPriority` and `highPriorityPolicy`.
fn read_urgency(params: &Params) -> Result<Urgency, Invalid> {
    let only = params.flag("highPriorityPolicy", false)?;
    Ok(match (params.flag("highPriority", false)?, only) {
        (false, _) => Urgency::Normal,
        (true, false) => Urgency::High,
        (true, true) => Urgency::HighOnly,
    })
}

fn read_key(params: &Params) -> Result<String, Invalid> {
    params.required_text("key", limits::QUEUE_KEY_UNITS).map(str::to_owned)
}

fn read_value(params: &Params) -> Result<String, Invalid> {
    params.required_text("value", limits::QUEUE_VALUE_UNITS).map(str::to_owned)
}

pub(super) async fn init_queue(call: Call) -> Result<Answer, Refusal> {
    let room = call.params.room("roomid")?;
    let size = call.params.integer("sizeLimit", 0..=limits::QUEUE_ELEMENTS)?.unwrap_or(limits::QUEUE_DEFAULT);
    call.services.queue.init(room, size).await?;
    Ok(Answer::done())
}

pub(super) async fn offer_element(call: Call) -> Result<Answer, Refusal> {
    let (room, by, params) = (call.room("roomid")?, call.operator_if_said("operator")?, &call.params);
    let (key, value, transient) = (read_key(params)?, read_value(params)?, params.boolean("transient", false)?);
    let offered = Offered { key, value, owner: None, transient };
    let high = call.services.queue.offer(room, by, offered, read_urgency(params)?).await?;
    Ok(Answer::desc(Changed::of(high)))
}

pub(super) async fn offer_elements(call: Call) -> Result<Answer, Refusal> {
    let (room, by, params) = (call.room("roomid")?, call.operator_if_said("operator")?, &call.params);
    let (offered, telling) = (read_offered(params)?, Telling::read(params)?);
    let (failed, high) = call.services.queue.offer_all(room, by, offered, telling, read_urgency(params)?).await?;
    Ok(Answer::desc(Changed { failed_keys: Some(failed), ..Changed::of(high) }))
}

/// Reads `elements`, of which each may say whose it is and whether it is transient; the call's own `transient` holds for the others.
fn read_offered(params: &Params) -> Result<Vec<Offered>, Invalid> {
    let rule = || format!("1 to {} elements as a JSON array of objects", limits::QUEUE_BATCH);
    let transient = params.boolean("transient", false)?;
    let items = params.list("elements")?.ok_or_else(|| Invalid::missing("elements", rule()))?;
    if items.is_empty() || items.len() > limits::QUEUE_BATCH {
        return Err(Invalid::new("elements", rule(), format!("{} elements", items.len())));
    }
    let mut offered: Vec<Offered> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let place = format!("elements[{at}]");
        let Value::Object(object) = item else {
            return Err(Invalid::value(place, "a JSON object", &item.to_string()));
        };
        let item = Params::inside(object);
        let one = read_one(&item, transient).map_err(|invalid| invalid.inside(&place))?;
        // Of two with the same key the later counts, as if they had come one by one; an object that tells of both names the key once.
        match offered.iter_mut().find(|known| known.key == one.key) {
            Some(known) => *known = one,
            None => offered.push(one),
        }
    }
    Ok(offered)
}

fn read_one(item: &Params, transient: bool) -> Result<Offered, Invalid> {
    let owner = match item.text("accid")? {
        None => None,
        Some(text) => Some(Accid::parse("accid", text)?),
    };
    let transient = item.boolean("transient", transient)?;
    Ok(Offered { key: read_key(item)?, value: read_value(item)?, owner, transient })
}

pub(super) async fn update_elements(call: Call) -> Result<Answer, Refusal> {
    let (room, by, params) = (call.room("roomid")?, call.operator("operator")?, &call.params);
    let (values, telling) = (read_values(params)?, Telling::read(params)?);
    let (missing, high) = call.services.queue.update_all(room, by, values, telling, read_urgency(params)?).await?;
    Ok(Answer::desc(Changed { no_exist_element_key: Some(missing), ..Changed::of(high) }))
}

fn read_values(params: &Params) -> Result<Vec<(String, String)>, Invalid> {
    let rule = || format!("1 to {} elements as a JSON object of key and value", limits::QUEUE_BATCH);
    let object = params.object("elements")?.ok_or_else(|| Invalid::missing("elements", rule()))?;
    if object.is_empty() || object.len() > limits::QUEUE_BATCH {
        return Err(Invalid::new("elements", rule(), format!("{} elements", object.len())));
    }
    let mut values = Vec::with_capacity(object.len());
    for (key, value) in object.iter() {
        let Value::String(text) = value else {
            return Err(Invalid::value(format!("elements.{key}"), "a text", &value.to_string()));
        };
        let units = text.encode_utf16().count();
        if !(1..=limits::QUEUE_VALUE_UNITS).contains(&units) {
            let rule = format!("1 to {} characters", limits::QUEUE_VALUE_UNITS);
            return Err(Invalid::new(format!("elements.{key}"), rule, format!("{units} characters")));
        }
        values.push((key.clone(), text.clone()));
    }
    Ok(values)
}

pub(super) async fn list_queue(call: Call) -> Result<Answer, Refusal> {
    let room = call.room("roomid")?;
    let list = call.services.queue.list(room).await?.into_iter().map(Single).collect();
    Ok(Answer::desc(Elements { list }))
}

pub(super) async fn find_elements(call: Call) -> Result<Answer, Refusal> {
    let (room, keys) = (call.room("roomid")?, read_keys(&call.params)?);
    let all = call.services.queue.list(room).await?;
    let find = |key: &String| all.iter().find(|element| element.key == *key).cloned();
    Ok(Answer::desc(Elements { list: keys.iter().filter_map(find).map(Single).collect() }))
}

fn read_keys(params: &Params) -> Result<Vec<String>, Invalid> {
    let rule = || format!("1 to {} keys as a JSON array", limits::QUEUE_ELEMENTS);
    let items = params.list("keys")?.ok_or_else(|| Invalid::missing("keys", rule()))?;
    if items.is_empty() || items.len() as i64 > limits::QUEUE_ELEMENTS {
        return Err(Invalid::new("keys", rule(), format!("{} keys", items.len())));
    }
    let read = |item: &Value| match item {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(wrong("keys", "keys as texts or numbers", other)),
    };
    // What is asked for twice is answered once.
    let mut seen = HashSet::new();
    items.iter().filter(|item| seen.insert(item.to_string())).map(read).collect()
}

pub(super) async fn poll_element(call: Call) -> Result<Answer, Refusal> {
    let (room, by) = (call.room("roomid")?, call.member());
    let key = call.params.text_within("key", limits::QUEUE_KEY_UNITS)?.map(str::to_owned);
    let (element, high) = call.services.queue.poll(room, by, key, read_urgency(&call.params)?).await?;
    Ok(Answer::desc(Changed { key: Some(element.key), value: Some(element.value), ..Changed::of(high) }))
}

pub(super) async fn drop_queue(call: Call) -> Result<Answer, Refusal> {
    let (room, by) = (call.room("roomid")?, call.member());
    let high = call.services.queue.clear(room, by, read_urgency(&call.params)?).await?;
    Ok(Answer::desc(Changed::of(high)))
}

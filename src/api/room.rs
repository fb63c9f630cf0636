//! `/chatroom/…`: rooms (section 4).

use serde::Serialize;
use serde_json::Value;

use crate::base::{Invalid, Params, RoomId, limits};
use crate::model::{Refusal, RoomView};

use super::{Answer, Asker, Call};

#[derive(Serialize)]
struct Chatroom<'a> {
    chatroom: RoomView<'a>,
}

#[derive(Serialize)]
struct Addresses {
    addr: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    succ_rooms: Vec<RoomView<'a>>,
    no_exist_rooms: Vec<RoomId>,
    fail_rooms: Vec<RoomId>,
}

#[derive(Serialize)]
struct RoomIds {
    roomids: Vec<String>,
}

pub(super) async fn create_room(call: Call) -> Result<Answer, Refusal> {
    let room = call.services.rooms.create(&call.params).await?;
    Ok(Answer::with(&Chatroom { chatroom: RoomView::of(&room, None) }))
}

/// Anybody who knows its number may look at a room before it enters.
pub(super) async fn get_room(call: Call) -> Result<Answer, Refusal> {
    let id = call.params.room("roomid")?;
    let counted = call.params.boolean("needOnlineUserCount", false)?;
    let room = call.services.rooms.get(id).await?;
    let online = counted.then(|| call.services.rooms.online(&room));
    Ok(Answer::with(&Chatroom { chatroom: RoomView::of(&room, online) }))
}

pub(super) async fn get_rooms(call: Call) -> Result<Answer, Refusal> {
    let (known, unknown) = read_rooms(&call.params)?;
    let counted = call.params.boolean("needOnlineUserCount", false)?;
    let rooms = call.services.rooms.find(&known).await?;
    let missing = known.iter().filter(|id| rooms.iter().all(|room| room.id != **id)).copied();
    let view = |room| RoomView::of(room, counted.then(|| call.services.rooms.online(room)));
    Ok(Answer::with(&Found {
        succ_rooms: rooms.iter().map(|room| view(room)).collect(),
        no_exist_rooms: unknown.into_iter().chain(missing).collect(),
        fail_rooms: Vec::new(),
    }))
}

/// Numbers or texts (section 1.3). A number that no room can have is one of a room that does not exist.
fn read_rooms(params: &Params) -> Result<(Vec<RoomId>, Vec<RoomId>), Invalid> {
    let rule = || format!("1 to {} room ids as a JSON array", limits::QUERIED_ROOMS);
    let items = params.list("roomids")?.ok_or_else(|| Invalid::missing("roomids", rule()))?;
    if items.is_empty() || items.len() > limits::QUERIED_ROOMS {
        return Err(Invalid::new("roomids", rule(), format!("{} rooms", items.len())));
    }
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for item in items.iter() {
        let text = match item {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match (RoomId::parse("roomids", &text), text.as_str()) {
            (Ok(id), _) if !known.contains(&id) => known.push(id),
            (Ok(_), _) => {}
            (Err(_), "0") => unknown.push(RoomId::NONE),
            (Err(invalid), _) => return Err(invalid),
        }
    }
    Ok((known, unknown))
}

pub(super) async fn list_rooms(call: Call) -> Result<Answer, Refusal> {
    let after = call.params.integer("after", 0..=i64::MAX)?.unwrap_or(0);
    let most = call.params.integer("limit", 0..=limits::ROOMS_PAGE)?.filter(|most| *most > 0);
    let valid = match call.params.text("valid")? {
        None => None,
        Some(_) => Some(call.params.boolean("valid", true)?),
    };
    let rooms = &call.services.rooms;
    let page = rooms.list(after, valid, most.unwrap_or(limits::ROOMS_PAGE)).await?;
    Ok(Answer::list(page.iter().map(|room| RoomView::of(room, Some(rooms.online(room)))).collect()))
}

pub(super) async fn get_room_ids(call: Call) -> Result<Answer, Refusal> {
    let creator = call.params.accid("creator")?;
    let rooms = call.services.rooms.open_of(&creator).await?;
    Ok(Answer::desc(RoomIds { roomids: rooms.iter().map(RoomId::to_string).collect() }))
}

pub(super) async fn update_room(call: Call) -> Result<Answer, Refusal> {
    let (id, by) = (call.room("roomid")?, call.member());
    let room = call.services.rooms.update(id, by, call.params).await?;
    Ok(Answer::with(&Chatroom { chatroom: RoomView::of(&room, None) }))
}

/// The creator may be outside: nobody is in a closed room.
pub(super) async fn toggle_room(call: Call) -> Result<Answer, Refusal> {
    let (id, by) = (call.params.room("roomid")?, call.operator("operator")?);
    let open = call.params.boolean("valid", false)?;
    let room = call.services.rooms.toggle(id, by, open, &call.params).await?;
    Ok(Answer::desc_and_flat(&RoomView::of(&room, None)))
}

pub(super) async fn set_room_closing(call: Call) -> Result<Answer, Refusal> {
    let id = call.params.room("roomid")?;
    let room = call.services.rooms.set_closing(id, &call.params).await?;
    Ok(Answer::with(&Chatroom { chatroom: RoomView::with_closing(&room) }))
}

pub(super) async fn set_in_out_notices(call: Call) -> Result<Answer, Refusal> {
    let (id, close) = (call.params.room("roomid")?, call.params.boolean("close", false)?);
    call.services.rooms.set_in_out_notices(id, !close).await?;
    Ok(Answer::done())
}

pub(super) async fn request_address(call: Call) -> Result<Answer, Refusal> {
    let (room, accid) = (call.params.room("roomid")?, call.params.accid("accid")?);
    // Clients that fill every field send 0 for what they leave unset.
    call.params.integer("clienttype", 0..=3)?;
    call.params.text("clientip")?;
    call.services.rooms.check_address_request(room, &accid).await?;
    Ok(Answer::with(&Addresses { addr: addresses(&call) }))
}

/// What the operator set; else where the gateway listens; else, where that is every address, the name the caller itself used.
fn addresses(call: &Call) -> Vec<String> {
    let settings = &call.services.settings;
    match &call.asker {
        _ if !settings.public_addresses.is_empty() => settings.public_addresses.clone(),
        Asker::Server { host: Some(host) } if !host.is_empty() && settings.listen.ip().is_unspecified() => {
            vec![with_port(host, settings.listen.port())]
        }
        _ => vec![settings.listen.to_string()],
    }
}

fn with_port(host: &str, port: u16) -> String {
    let host = host.trim_end_matches(':');
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    if has_port { host.to_owned() } else { format!("{host}:{port}") }
}

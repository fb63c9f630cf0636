//! `/chatroom/…`: rooms (section 4).

use serde::Serialize;

use crate::model::Refusal;
use crate::service::RoomView;

use super::{Answer, Asker, Call};

#[derive(Serialize)]
struct Chatroom<'a> {
    chatroom: RoomView<'a>,
}

#[derive(Serialize)]
struct Addresses {
    addr: Vec<String>,
}

pub(super) async fn create_room(call: Call) -> Result<Answer, Refusal> {
    let room = call.services.rooms.create(&call.params).await?;
    Ok(Answer::with(&Chatroom { chatroom: RoomView::of(&room, None) }))
}

pub(super) async fn get_room(call: Call) -> Result<Answer, Refusal> {
    let id = call.params.room("roomid")?;
    let counted = call.params.boolean("needOnlineUserCount", false)?;
    let room = call.services.rooms.get(id).await?;
    let online = counted.then(|| call.services.rooms.online(id));
    Ok(Answer::with(&Chatroom { chatroom: RoomView::of(&room, online) }))
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
    let Asker::Server { host } = &call.asker else { return settings.public_addresses.clone() };
    match host {
        _ if !settings.public_addresses.is_empty() => settings.public_addresses.clone(),
        Some(host) if !host.is_empty() && settings.listen.ip().is_unspecified() => {
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

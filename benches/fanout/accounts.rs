//! What roomgate must know before members come: an account for each, and a room. Made through the signed server API.

use std::net::SocketAddr;

use roomgate::auth::App;
use roomgate::client::Api;

use crate::Outcome;
use crate::gateway::{KEY, SECRET};

/// Every account's.
pub const TOKEN: &str = "token";

/// The account of a number. All are of one length, so that all frames are.
pub fn accid(number: usize) -> String {
    format!("member{number:06}")
}

/// Makes accounts 0 to `count`, and a room without notices of who enters; returns the room's id.
pub async fn make(addr: SocketAddr, count: usize) -> Outcome<String> {
    let api = Api::new(&format!("http://{addr}/nimserver"), App::new(KEY, SECRET))?;
    for number in 0..count {
        api.call("user/create", &[("accid", &accid(number)), ("token", TOKEN)]).await?;
    }
    let room = [("creator", accid(0)), ("name", "fanout".into()), ("inOutNotification", "0".into())];
    let room: Vec<(&str, &str)> = room.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(api.call("chatroom/create", &room).await?["chatroom"]["roomid"].to_string())
}

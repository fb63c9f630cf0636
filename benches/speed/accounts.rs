//! What roomgate must know before members come: an account for each, and a room. Made through the signed server API. The floors know
//! whoever logs in.

use futures::{StreamExt, TryStreamExt, stream};
use roomgate::client::Api;

use crate::Outcome;
use crate::server::Server;

/// Every account's.
pub const TOKEN: &str = "token";
/// Calls under way at the same time.
const CALLS: usize = 16;
/// A floor's room: as a fresh roomgate names its first.
const FIRST_ROOM: &str = "1";

/// The account of a number. All are of one length, so that all frames are.
pub fn accid(number: usize) -> String {
    format!("member{number:06}")
}

/// Makes accounts 0 to `count`, and a room without notices of who enters; returns the room's id.
pub async fn make(server: &Server, count: usize) -> Outcome<String> {
    if !server.is_gateway() {
        return Ok(FIRST_ROOM.to_owned());
    }
    let api = Api::new(&format!("http://{}/nimserver", server.address), server.app.clone())?;
    let make_one = |number| {
        let api = api.clone();
        async move {
            let accid = accid(number);
            api.call("user/create", &[("accid", &accid), ("name", &accid), ("token", TOKEN)]).await.map(|_| ())
        }
    };
    stream::iter(0..count).map(make_one).buffer_unordered(CALLS).try_collect::<()>().await?;
    let room = [("creator", accid(0)), ("name", "speed".into()), ("inOutNotification", "0".into())];
    let room: Vec<(&str, &str)> = room.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(api.call("chatroom/create", &room).await?["chatroom"]["roomid"].to_string())
}

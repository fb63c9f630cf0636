//! What a gateway has to know before members come: an account for each, and the rooms. Made through the signed server API, under names
//! that are this run's own.

use futures::{StreamExt, TryStreamExt, stream};

use crate::client::{Api, ApiError};

use super::LoadError;
use super::plan::Plan;
use super::watch::{Stop, Watch};

/// Calls at a time.
const CALLS: usize = 16;
/// What `user/create` says of an account that is there.
const TAKEN: u16 = 414;

/// Names and tokens of a run.
#[derive(Debug, Clone)]
pub struct Names {
    prefix: String,
    /// Every account's.
    pub token: String,
}

impl Names {
    /// Those of a plan.
    pub fn new(plan: &Plan) -> Names {
        let random = || format!("load{:08x}", fastrand::u32(..));
        Names { prefix: plan.prefix.clone().unwrap_or_else(random), token: uuid::Uuid::new_v4().simple().to_string() }
    }

    /// What they begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The account of a member. All are of one length, so that all frames are.
    pub fn accid(&self, number: usize) -> String {
        format!("{}-{number:06}", self.prefix)
    }
}

/// Makes accounts and rooms. Answers the rooms' ids.
pub async fn build(
    api: &Api,
    plan: &Plan,
    names: &Names,
    watch: &dyn Watch,
    stop: &Stop,
) -> Result<Vec<String>, LoadError> {
    let doing = async {
        watch.begin("accounts", plan.members as u64);
        let mut accounts =
            stream::iter(0..plan.members).map(|number| account(api, names, number)).buffer_unordered(CALLS);
        let mut done = 0;
        while accounts.try_next().await?.is_some() {
            done += 1;
            watch.done(done);
        }
        watch.begin("rooms", plan.rooms as u64);
        let rooms: Vec<String> =
            stream::iter(0..plan.rooms).map(|room| create_room(api, names, room)).buffered(CALLS).try_collect().await?;
        watch.done(plan.rooms as u64);
        Ok::<_, ApiError>(rooms)
    };
    tokio::select! {
        rooms = doing => Ok(rooms?),
        () = stop.wait() => Err(LoadError::Interrupted),
    }
}

async fn account(api: &Api, names: &Names, number: usize) -> Result<(), ApiError> {
    let accid = names.accid(number);
    let params = [("accid", accid.as_str()), ("token", names.token.as_str())];
    match api.call_for_text("user/create", &params).await {
        // It is of an earlier run with this prefix.
        Err(ApiError::Refused { code: TAKEN, .. }) => api.call_for_text("user/update", &params).await.map(drop),
        other => other.map(drop),
    }
}

/// Without notices of who enters and leaves: they would be counted with what is measured.
async fn create_room(api: &Api, names: &Names, room: usize) -> Result<String, ApiError> {
    let (creator, name) = (names.accid(room), format!("{} {room}", names.prefix));
    let params = [("creator", creator.as_str()), ("name", &name), ("inOutNotification", "0")];
    Ok(api.call("chatroom/create", &params).await?["chatroom"]["roomid"].to_string())
}

/// Closes the rooms. Accounts can't be taken away.
pub async fn clear(api: &Api, names: &Names, rooms: &[String]) {
    let close = |(number, room): (usize, &String)| {
        let (creator, room) = (names.accid(number), room.clone());
        async move {
            let params = [("roomid", room.as_str()), ("operator", &creator), ("valid", "false")];
            // A room that stays open is in nobody's way, and the gateway may be gone.
            let _ = api.call_for_text("chatroom/toggleCloseStat", &params).await;
        }
    };
    stream::iter(rooms.iter().enumerate()).map(close).buffer_unordered(CALLS).collect::<()>().await;
}

//! What a member may ask for, each through the same service as the server API.

use std::sync::Arc;

use serde::Serialize;

use crate::api::{self, Asker, Call};
use crate::base::{Accid, Invalid, Params, RoomId, SessionId, limits};
use crate::delivery::{Author, Send};
use crate::metrics::Counted;
use crate::model::{Appearance, ClientType, Member, Refusal, User};
use crate::presence::{Accounts, Frame, Place, Seat};
use crate::service::{RoomView, Services, Stay, Visitor};
use crate::wire::server;

/// A logged-in connection.
pub(super) struct Live {
    pub(super) user: Arc<User>,
    session: SessionId,
    client: ClientType,
    stays: Vec<Stay>,
    seat: Arc<Seat>,
    _place: Place,
    _counted: Counted,
}

#[derive(Serialize)]
pub(super) struct Welcome<'a> {
    session: SessionId,
    resumed: bool,
    user: WelcomedUser<'a>,
    limits: WelcomeLimits,
}

#[derive(Serialize)]
struct WelcomedUser<'a> {
    accid: &'a Accid,
    name: &'a str,
    icon: &'a str,
    ex: &'a str,
}

/// What a client needs to know to stay within them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WelcomeLimits {
    message_bytes: usize,
    attach: usize,
    ext: usize,
    recipients: usize,
    rooms: usize,
    ping_interval_ms: u128,
}

#[derive(Serialize)]
struct Joined<'a> {
    chatroom: RoomView<'a>,
    member: &'a Member,
}

/// Checks who a connection says it is.
pub(super) async fn log_in(
    services: &Services,
    accounts: &Arc<Accounts>,
    seat: &Arc<Seat>,
    params: &Params,
) -> Result<Live, Refusal> {
    if params.boolean("anonymous", false)? {
        return Err(Refusal::Forbidden("anonymous: this gateway takes logins of accounts only".into()));
    }
    let app_key = params.required_text("appKey", limits::TOKEN_UNITS)?;
    let accid = params.accid("accid")?;
    let token = params.required_text("token", limits::TOKEN_UNITS)?;
    if params.integer("authType", 0..=2)?.unwrap_or(0) != 0 {
        return Err(Invalid::new("authType", "0, a static token, the only kind this version has", "another").into());
    }
    params.text_within("loginExt", limits::EXT_UNITS)?;
    let client = ClientType::read(params)?;
    let device = params.text_within("deviceId", limits::TOKEN_UNITS)?;
    if app_key != services.app.key() {
        return Err(Refusal::Forbidden("appKey: not the key of this gateway's application".into()));
    }
    let user = services.users.log_in(&accid, token).await?;
    let session = SessionId::fresh();
    let place = accounts.enter(&accid, session, device, seat.shared_link());
    Ok(Live {
        user,
        session,
        client,
        stays: Vec::new(),
        seat: seat.clone(),
        _place: place,
        _counted: Counted::by(&services.metrics.sessions),
    })
}

impl Live {
    /// What the reply to its login says. Resuming is not in this version, so it never claims to have.
    pub(super) fn welcome(&self, services: &Services) -> Welcome<'_> {
        let profile = &self.user.profile;
        Welcome {
            session: self.session,
            resumed: false,
            user: WelcomedUser { accid: &self.user.accid, name: &profile.name, icon: &profile.icon, ex: &profile.ex },
            limits: WelcomeLimits {
                message_bytes: services.settings.socket.message_bytes,
                attach: limits::ATTACH_UNITS,
                ext: limits::EXT_UNITS,
                recipients: limits::RECIPIENTS,
                rooms: services.settings.limits.rooms_per_session,
                ping_interval_ms: services.settings.socket.ping_interval.as_millis(),
            },
        }
    }

    pub(super) fn rooms(&self) -> impl Iterator<Item = RoomId> {
        self.stays.iter().map(Stay::room)
    }

    /// Enters a room. The reply is handed over together with the entering, so that it comes before the first message; it is returned
    /// only where the session is in the room already.
    pub(super) async fn join(
        &mut self,
        services: &Services,
        id: Option<u64>,
        params: &Params,
    ) -> Result<Option<Frame>, Refusal> {
        let room_id = params.room("roomid")?;
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let appearance = Appearance {
            nick: owned(params.nick("nick")?),
            avator: owned(params.text_within("avator", limits::USER_ICON_UNITS)?),
            ext: owned(params.text_within("ext", limits::EXT_UNITS)?),
        };
        let notify_ext = owned(params.text_within("notifyExt", limits::NOTIFY_EXT_UNITS)?);
        let room = services.rooms.get(room_id).await?;
        let reply = |member: &Member, online| {
            let chatroom = RoomView::of(&room, Some(online));
            id.map(|_| Frame::reply(server::reply(id, &Joined { chatroom, member })))
        };
        if let Some(stay) = self.stays.iter().find(|stay| stay.room() == room_id) {
            return Ok(reply(stay.member(), services.rooms.online(room_id)));
        }
        let most = services.settings.limits.rooms_per_session;
        if self.stays.len() >= most {
            return Err(Refusal::TooMany(format!("roomid: a session may be in {most} rooms, leave one first")));
        }
        let visitor = Visitor { user: &self.user, appearance, notify_ext, client: self.client, seat: &self.seat };
        let stay = services.members.enter(room.clone(), visitor, reply).await?;
        self.stays.push(stay);
        Ok(None)
    }

    pub(super) async fn leave(&mut self, params: &Params) -> Result<(), Refusal> {
        let at = self.stay_in(params.room("roomid")?)?;
        self.stays.swap_remove(at).leave().await;
        Ok(())
    }

    fn stay_in(&self, room: RoomId) -> Result<usize, Refusal> {
        let not_in = || Refusal::Forbidden(format!("{} is not in room {room}, join it first", self.user.accid));
        self.stays.iter().position(|stay| stay.room() == room).ok_or_else(not_in)
    }

    /// Sends to the room, or, with `toAccids`, to those listed only.
    pub(super) async fn send(
        &self,
        services: &Services,
        id: Option<u64>,
        params: &Params,
    ) -> Result<Option<Frame>, Refusal> {
        let room = params.room("roomid")?;
        let from = Author::Member(self.stays[self.stay_in(room)?].sender());
        let listed = params.list("toAccids")?.is_some_and(|accids| !accids.is_empty());
        let send =
            if listed { Send::read_directed(params, room, from)? } else { Send::read_to_room(params, room, from)? };
        let sent = services.delivery.send(send).await?;
        Ok(Some(Frame::reply(server::reply(id, &sent))))
    }

    /// Asks for an action, in its own name.
    pub(super) async fn ask(
        &self,
        services: &Arc<Services>,
        id: Option<u64>,
        verb: &str,
        params: Params,
    ) -> Result<Option<Frame>, Refusal> {
        let unknown = || Refusal::NoAction(format!("{verb} is not an action"));
        let action = api::find_verb(verb).ok_or_else(unknown)?;
        let asker = Asker::Member { accid: self.user.accid.clone(), rooms: self.rooms().collect() };
        let answer = Call { services: services.clone(), params, asker }.run(action).await?;
        Ok(Some(Frame::reply(server::reply_with(id, &answer.into_text()))))
    }

    /// Leaves every room, as the connection ends.
    pub(super) async fn leave_all(self) {
        for stay in self.stays {
            stay.leave().await;
        }
    }
}

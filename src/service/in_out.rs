//! What the application server is told of who enters, leaves and is put out (section 9.1, event 9), and of those who could not get in
//! (event 84). An account is told of once, however many sessions it has: as the first of them enters, and as the last leaves.

use std::net::SocketAddr;

use crate::base::{Accid, Code, RoomId, limits};
use crate::model::{ClientType, Event, EventType, Fields, Looks, Refusal, Subscription, TagExpression};

use crate::store::Kept;

use super::shared::Shared;

/// Somebody who moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved<'a> {
    pub(super) room: RoomId,
    pub(super) accid: &'a Accid,
    pub(super) how: Movement,
    /// Its session, where it moved by one.
    pub(super) session: Option<Session<'a>>,
}

/// What is known of the session by which somebody moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Session<'a> {
    pub(super) client: ClientType,
    pub(super) peer: Option<SocketAddr>,
    pub(super) looks: Option<&'a Looks>,
    pub(super) subscription: Option<&'a Subscription>,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Movement {
    In,
    Out(LogOut),
    /// Put out by a manager or the application server.
    Kicked,
}

/// Why somebody is out, in the documented words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogOut {
    /// Its connection ended.
    Offline,
    /// Somebody ended its stay, or the room.
    Kick,
    /// It logged in elsewhere.
    LoginKick,
    /// It left.
    Exit,
}

impl LogOut {
    fn word(self) -> &'static str {
        match self {
            LogOut::Offline => "OFFLINE",
            LogOut::Kick => "KICK",
            LogOut::LoginKick => "LOGIN_KICK",
            LogOut::Exit => "EXIT",
        }
    }
}

impl<'a> Moved<'a> {
    /// Somebody who is out, by nothing it did.
    pub(super) fn out(room: RoomId, accid: &'a Accid, why: LogOut) -> Moved<'a> {
        Moved { room, accid, how: Movement::Out(why), session: None }
    }

    /// Somebody whom others put out.
    pub(super) fn kicked(room: RoomId, accid: &'a Accid) -> Moved<'a> {
        Moved { room, accid, how: Movement::Kicked, session: None }
    }

    fn fields(&self) -> Fields {
        let (event, reason) = match self.how {
            Movement::In => ("IN", None),
            Movement::Out(why) => ("OUT", Some(why)),
            Movement::Kicked => ("KICK", Some(LogOut::Kick)),
        };
        let fields = Fields::default()
            .with("roomId", self.room)
            .with("event", event)
            .with("accid", self.accid)
            .with("code", Code::OK)
            .with("anonymous", "false")
            .with_some("logOutReason", reason.map(LogOut::word));
        match self.session {
            Some(session) => session.add_to(fields),
            None => fields,
        }
    }
}

impl Session<'_> {
    fn add_to(self, fields: Fields) -> Fields {
        let target = self.subscription.and_then(|said| said.target.as_ref());
        fields
            .with("clientType", self.client.webhook_word())
            .with_some("clientIp", self.peer.map(|peer| peer.ip().to_canonical()))
            .with_some(
                "tags",
                self.subscription.filter(|said| !said.tags.is_empty()).map(|said| said.tags.as_json_text()),
            )
            .with_some("notifyTargetTags", target.map(TagExpression::as_str))
            .with_some("ext", self.looks.and_then(|looks| looks.ext.as_deref()))
    }
}

impl Shared {
    /// Whether anybody is told of such things.
    pub(super) fn tells_events(&self) -> bool {
        self.settings.webhook.target(None).is_some()
    }

    /// Tells of somebody who moved: it is on its way into the ledger when this returns, in its order, and there when what it returns is ready.
    /// What can't be is logged where it happens: whoever moved has moved.
    pub(super) async fn tell_moved(&self, moved: Moved<'_>) -> Option<Kept> {
        self.try_tell_moved(moved).await.ok().flatten()
    }

    /// Tells of somebody who may only move when it is told.
    pub(super) async fn require_told(&self, moved: Moved<'_>) -> Result<(), Refusal> {
        let Some(kept) = self.try_tell_moved(moved).await? else { return Ok(()) };
        if kept.await { Ok(()) } else { Err(Refusal::Internal) }
    }

    async fn try_tell_moved(&self, moved: Moved<'_>) -> Result<Option<Kept>, Refusal> {
        let Some(target) = self.settings.webhook.target(None) else { return Ok(None) };
        let standing = self.store.standing(moved.room, moved.accid).await?;
        let made = self.now();
        let fields = moved.fields().with("roleType", standing.role.webhook_number()).with("timestamp", made);
        let event = Event { kind: EventType::InOut, room: Some(moved.room), target: target.to_owned(), made, fields };
        Ok(Some(self.store.note_event(event).await?))
    }

    /// Tells of a login, or an attempt to enter a room, that was refused. Nobody waits for it, and of many in a second only some are told of:
    /// whoever guesses tokens shall not fill the ledger.
    pub(super) async fn tell_not_let_in(
        &self,
        accid: &Accid,
        room: Option<RoomId>,
        client: Option<ClientType>,
        peer: Option<SocketAddr>,
        refusal: &Refusal,
    ) {
        let Some(target) = self.settings.webhook.target(None) else { return };
        if !self.not_let_in.lock().admit(self.clock.now(), limits::TROUBLE_EVENTS) {
            return;
        }
        let made = self.now();
        // What is no room has no sequence either, or whoever invents rooms would make rows.
        let known = room.filter(|_| !matches!(refusal, Refusal::NoRoom(_)));
        let fields = Fields::default()
            .with("event", 0)
            .with("accid", accid)
            .with_some("roomId", room)
            .with("code", refusal.code())
            .with("reason", reason(refusal))
            .with_some("clientType", client.map(ClientType::webhook_word))
            .with_some("clientIp", peer.map(|peer| peer.ip().to_canonical()))
            .with("timestamp", made);
        self.delivery
            .note_event(Event { kind: EventType::LoginFailed, room: known, target: target.to_owned(), made, fields })
            .await;
    }
}

/// The documented words for it.
fn reason(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Invalid(_) | Refusal::BadParameter(_) | Refusal::TooMany(_) => "param.error",
        Refusal::Forbidden(_) => "authType.forbidden",
        Refusal::WrongToken | Refusal::BadToken(_) => "login.token.error",
        Refusal::NoAccount(_) => "account.not.exists",
        Refusal::Disabled(_) => "account.block",
        Refusal::NoRoom(_) => "chatroom.not.exists",
        Refusal::RoomClosed(_) => "chatroom.room.stats.err",
        Refusal::Blocklisted(..) => "chatroom.in.blacklist",
        Refusal::LooksRefused => "chatroom.antispam",
        _ => "res.eunknown",
    }
}

//! What a member may ask for, each through the same service as the server API.

use std::sync::Arc;

use serde::Serialize;

use crate::api::{self, Asker, Asking, Call};
use crate::base::{Accid, Params, RoomId, SessionId, limits};
use crate::delivery::{Author, Send};
use crate::metrics::Counted;
use crate::model::{ClientType, Looks, Member, Refusal, RoomView, Subscription, User};
use crate::presence::{Frame, LoggedIn, Login, Place, Seat};
use crate::service::{self, LogOut, Papers, Proof, Services, Stay, Visitor};
use crate::wire::server;

/// A logged-in connection.
pub(super) struct Live {
    pub(super) user: Arc<User>,
    session: SessionId,
    client: ClientType,
    /// Where the application server is asked about joins.
    papers: Option<Box<Papers>>,
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

impl Joined<'_> {
    fn reply(id: Option<u64>, welcome: &service::Welcome) -> Option<Frame> {
        let chatroom = RoomView::of(&welcome.room, Some(welcome.online));
        id.map(|_| Frame::reply(server::reply(id, &Joined { chatroom, member: &welcome.member })))
    }
}

/// Checks who a connection says it is.
pub(super) async fn log_in(services: &Services, seat: &Arc<Seat>, params: &Params) -> Result<Live, Refusal> {
    if params.boolean("anonymous", false)? {
        return Err(Refusal::Forbidden("anonymous: this gateway takes logins of accounts only".into()));
    }
    let app_key = params.required_text("appKey", limits::TOKEN_UNITS)?;
    let accid = params.accid("accid")?;
    let papers = read_papers(params, seat)?;
    if app_key != services.app.key() {
        return Err(Refusal::Forbidden("appKey: not the key of this gateway's application".into()));
    }
    let user = services.users.log_in(&accid, &papers).await?;
    let (session, client) = (SessionId::fresh(), papers.client);
    let logged_in = LoggedIn { client, since: services.clock.wall() };
    let login = Login { accid: &accid, session, device: papers.device.as_deref(), client: logged_in };
    let place = services.accounts.enter(&login, seat.shared_link());
    // Whoever was disabled in this moment was not among the sessions that ended for it.
    services.users.get(&accid).await?.require_enabled()?;
    Ok(Live {
        user,
        session,
        client,
        papers: services.users.keeps_papers().then(|| Box::new(papers)),
        stays: Vec::new(),
        seat: seat.clone(),
        _place: place,
        _counted: Counted::by(&services.metrics.sessions),
    })
}

/// Reads what a session logs in with. A token of another kind than the static one is longer, and one that only the application server
/// understands may be left out.
fn read_papers(params: &Params, seat: &Seat) -> Result<Papers, Refusal> {
    let proof = Proof::read(params)?;
    let token = match proof {
        Proof::Static => params.required_text("token", limits::TOKEN_UNITS)?,
        Proof::Dynamic => params.required_text("token", limits::DYNAMIC_TOKEN_UNITS)?,
        Proof::Callback => params.text_within("token", limits::DYNAMIC_TOKEN_UNITS)?.unwrap_or_default(),
    };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Ok(Papers {
        proof,
        token: token.to_owned().into(),
        login_ext: owned(params.text_within("loginExt", limits::EXT_UNITS)?),
        device: owned(params.text_within("deviceId", limits::TOKEN_UNITS)?),
        client: ClientType::read(params)?,
        peer: seat.link().peer(),
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

    /// The rooms it is in still.
    pub(super) fn rooms(&self) -> impl Iterator<Item = RoomId> {
        self.stays.iter().filter(|stay| stay.goes_on()).map(Stay::room)
    }

    /// Enters a room. The reply is handed over together with the entering, so that it comes before the first message of its
    /// lane; it is returned only where the session is in the room already.
    pub(super) async fn join(
        &mut self,
        services: &Services,
        id: Option<u64>,
        params: &Params,
    ) -> Result<Option<Frame>, Refusal> {
        let room = params.room("roomid")?;
        let (looks, subscription) = (Looks::read(params)?, Subscription::read(params)?);
        let notify_ext = params.text_within("notifyExt", limits::NOTIFY_EXT_UNITS)?.map(str::to_owned);
        self.forget_ended_stays();
        if self.rooms().any(|known| known == room) {
            if let Some(welcome) = services.members.welcome_back(room, &self.user.accid, &self.seat).await? {
                return Ok(Joined::reply(id, &welcome));
            }
            // It was put out in this moment.
            self.forget_ended_stays();
        }
        let most = services.settings.limits.rooms_per_session;
        if self.stays.len() >= most {
            return Err(Refusal::TooMany(format!("roomid: a session may be in {most} rooms, leave one first")));
        }
        // Its looks may have changed since it logged in.
        self.user = services.users.get(&self.user.accid).await?;
        let visitor = Visitor {
            accid: &self.user.accid,
            looks,
            subscription,
            notify_ext,
            client: self.client,
            papers: self.papers.as_deref(),
            seat: &self.seat,
        };
        let reply = |welcome: &service::Welcome| Joined::reply(id, welcome);
        let stay = services.members.enter(room, visitor, reply).await?;
        self.stays.push(stay);
        Ok(None)
    }

    /// Somebody else may have put it out of rooms.
    fn forget_ended_stays(&mut self) {
        self.stays.retain_mut(|stay| !stay.has_ended());
    }

    pub(super) async fn leave(&mut self, params: &Params) -> Result<(), Refusal> {
        self.forget_ended_stays();
        let at = self.stay_in(params.room("roomid")?)?;
        self.stays.swap_remove(at).leave(LogOut::Exit).await;
        Ok(())
    }

    fn stay_in(&self, room: RoomId) -> Result<usize, Refusal> {
        let not_in = || Refusal::not_in(&self.user.accid, room);
        self.stays.iter().position(|stay| stay.room() == room).ok_or_else(not_in)
    }

    /// Reads a message to the room, or, with `toAccids`, to those listed only.
    pub(super) fn read_send(&self, params: &Params) -> Result<Send, Refusal> {
        let room = params.room("roomid")?;
        let (accid, client, seat) = (self.user.accid.clone(), self.client, self.seat.clone());
        let from = Author::Member { accid, client, seat };
        let listed = params.list("toAccids")?.is_some_and(|accids| !accids.is_empty());
        Ok(if listed { Send::read_directed(params, room, from)? } else { Send::read_to_room(params, room, from)? })
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
        let asker = Asker::Member(Asking {
            accid: self.user.accid.clone(),
            client: self.client,
            seat: self.seat.clone(),
            rooms: self.rooms().collect(),
        });
        let answer = Call { services: services.clone(), params, asker }.run(action).await?;
        Ok(Some(Frame::reply(server::reply_with(id, &answer.into_text()))))
    }

    /// Leaves every room, as the connection ends.
    pub(super) async fn leave_all(self, why: LogOut) {
        for stay in self.stays {
            stay.leave(why).await;
        }
    }
}

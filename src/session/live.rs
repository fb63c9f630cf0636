//! A logged-in session: what it may ask for, each through the same service as the server API, and how it changes connections.

use std::sync::Arc;

use serde::Serialize;
use smallvec::SmallVec;

use crate::api::{self, Asker, Asking, Call};
use crate::base::{Invalid, Params, RoomId, SessionId, limits};
use crate::delivery::{Author, Send};
use crate::metrics::Counted;
use crate::model::{ClientType, Looks, Member, Refusal, RoomView, Subscription, User};
use crate::presence::{Away, Frame, Line, Link, LoggedIn, Login, Place, Seat};
use crate::service::{self, LogOut, Papers, Services, Stay, Visitor};
use crate::wire::{CloseCode, server};

use super::login::Visa;

/// The session.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) user: Arc<User>,
    pub(super) session: SessionId,
    client: ClientType,
    /// Where the application server is asked about joins.
    papers: Option<Box<Papers>>,
    stays: SmallVec<[Stay; 1]>,
    pub(super) seat: Arc<Seat>,
    place: Place,
    _counted: Counted,
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

impl Live {
    /// A session begins.
    pub(super) async fn begin(services: &Services, seat: &Arc<Seat>, visa: Visa) -> Result<Live, Refusal> {
        let Visa { user, papers } = visa;
        let (session, client) = (SessionId::fresh(), papers.client);
        let logged_in = LoggedIn { client, since: services.clock.wall() };
        let login = Login { accid: &user.accid, session, device: papers.device.as_deref(), client: logged_in };
        let place = services.accounts.enter(&login, seat);
        // Whoever was disabled in this moment was not among the sessions that ended for it.
        services.users.get(&user.accid).await?.require_enabled()?;
        Ok(Live {
            user,
            session,
            client,
            papers: services.users.keeps_papers().then(|| Box::new(papers)),
            stays: SmallVec::new(),
            seat: seat.clone(),
            place,
            _counted: Counted::by(&services.metrics.sessions),
        })
    }

    /// Its connection is gone, and it is kept; `last` is the close frame. `None` where it can't be kept.
    pub(super) async fn part(&self, services: &Services, last: Vec<u8>) -> Option<Arc<Away>> {
        let away = self.seat.part(last).await?;
        // What was said about it in this moment was said to its connection.
        let stands = self.place.reach(Line::Away(away.clone()));
        let user = services.users.get(&self.user.accid).await.ok()?;
        let kept = stands && user.require_enabled().is_ok();
        self.stays.iter().for_each(|stay| stay.set_away(kept));
        kept.then_some(away)
    }

    /// Goes on over the connection of another seat, where `first` comes before all else.
    pub(super) async fn come_back(
        &mut self,
        services: &Services,
        visa: Visa,
        other: &Seat,
        link: &Arc<Link>,
        first: &[u8],
    ) {
        let Visa { user, papers } = visa;
        self.user = user;
        self.papers = services.users.keeps_papers().then(|| Box::new(papers));
        if !self.place.reach(Line::Here(link.clone())) {
            link.end(CloseCode::Replaced);
        }
        self.stays.iter().for_each(|stay| stay.set_away(false));
        self.seat.take_over(other, link, first).await;
        let enabled = services.users.get(&self.user.accid).await.is_ok_and(|user| user.require_enabled().is_ok());
        if !enabled {
            link.end(CloseCode::Disabled);
        }
    }

    /// How many of the frames its client has.
    pub(super) fn acknowledge(&self, params: &Params) -> Result<(), Refusal> {
        let received = params.integer("received", 0..=i64::MAX)?;
        let missing = || Invalid::missing("received", "a whole number of frames from 0");
        self.seat.acknowledge(received.ok_or_else(missing)?.unsigned_abs());
        Ok(())
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

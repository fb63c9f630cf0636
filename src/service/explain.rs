//! Says whether an account may come into a room and speak there now, and if not, why: by the rules that would be asked, nothing else. Each
//! rule that stands in the way is named, since lifting one shows the next.

use std::sync::Arc;

use serde::Serialize;

use crate::base::{Accid, Code, Millis, RoomId};
use crate::callback::Question;
use crate::delivery::Whence;
use crate::model::standing::Role;
use crate::model::{Refusal, Room, Standing, Subscription, Tags, User};
use crate::presence::Present;
use crate::settings::Moderator;

use super::shared::Shared;

/// The one who knows why.
#[derive(Debug)]
pub struct Explain {
    shared: Arc<Shared>,
}

/// What an account may do in a room, at one moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    room: RoomId,
    account: Accid,
    now: Millis,
    /// Its role there, as answers name it.
    role: &'static str,
    /// Its sessions there.
    sessions: Vec<Session>,
    /// The application server has put it there as a virtual member.
    #[serde(rename = "virtual")]
    is_virtual: bool,
    log_in: Ruling,
    join: Ruling,
    /// From one of its sessions.
    send: Ruling,
    /// By the application server in its name.
    send_for: Ruling,
    /// High-priority messages a second to the whole room; 0 is no limit.
    high_priority_per_second: u32,
    asked: Asked,
}

/// Whether something may be done.
#[derive(Debug, Serialize)]
struct Ruling {
    may: bool,
    /// What stands in the way; the first is what whoever tries is told.
    against: Vec<Against>,
}

/// One rule that stands in the way.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Against {
    rule: &'static str,
    code: Code,
    why: String,
    /// The setting or the call that changes it.
    set_by: &'static str,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Millis>,
}

/// One of its sessions in the room.
#[derive(Debug, Serialize)]
struct Session {
    entered: Millis,
    tags: Tags,
}

/// Which services are asked besides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    /// Before it joins: the callback.
    callback_joins: bool,
    /// Before it sends from a session: the callback.
    callback_messages: bool,
    /// `off`, `words` or `http`.
    moderation: &'static str,
    dry_run: bool,
}

/// What is known of an account in a room.
struct Case {
    room: Arc<Room>,
    user: Arc<User>,
    standing: Arc<Standing>,
    now: Millis,
}

impl Explain {
    pub(super) fn new(shared: Arc<Shared>) -> Explain {
        Explain { shared }
    }

    /// Explains. What fails is our own fault, and no rule.
    pub async fn explain(&self, id: RoomId, accid: &Accid) -> Result<Explanation, Refusal> {
        let (shared, now) = (&self.shared, self.shared.now());
        let (room, user) = (shared.store.room(id).await?, shared.store.user(accid).await?);
        let standing = shared.store.standing(id, accid).await?;
        let present = shared.registry.find_present(id, accid);
        let sessions: Vec<_> = present.iter().flat_map(Present::sessions).collect();
        let is_virtual = room.as_ref().is_some_and(|room| room.robots.contains_key(accid));
        let role = standing.role.word();
        let case = room.zip(user).map(|(room, user)| Case { room, user, standing, now });
        let entry = case.as_ref().map(Case::against_entry).unwrap_or_default();
        Ok(Explanation {
            room: id,
            account: accid.clone(),
            now,
            role,
            is_virtual,
            log_in: Ruling::new(self.require_login(accid).await, Vec::new())?,
            join: Ruling::new(shared.require_entry(id, accid).await.map(drop), entry)?,
            send: self.send(id, accid, &sessions, case.as_ref(), now).await?,
            send_for: self.speak(id, accid, Whence::Server, case.as_ref(), now).await?,
            sessions: sessions.into_iter().map(Session::of).collect(),
            high_priority_per_second: shared.settings.limits.high_priority_per_second,
            asked: self.asked(),
        })
    }

    async fn require_login(&self, accid: &Accid) -> Result<(), Refusal> {
        self.shared.store.require_user(accid).await?.require_enabled()
    }

    /// From the session that may; where none does, from the first.
    async fn send(
        &self,
        room: RoomId,
        accid: &Accid,
        sessions: &[(Millis, Option<&Subscription>)],
        case: Option<&Case>,
        now: Millis,
    ) -> Result<Ruling, Refusal> {
        let mut first = None;
        for (_, subscription) in sessions {
            let ruling = self.speak(room, accid, Whence::Inside(*subscription), case, now).await?;
            if ruling.may {
                return Ok(ruling);
            }
            first = first.or(Some(ruling));
        }
        match first {
            Some(ruling) => Ok(ruling),
            None => self.speak(room, accid, Whence::Outside, case, now).await,
        }
    }

    async fn speak(
        &self,
        room: RoomId,
        accid: &Accid,
        whence: Whence<'_>,
        case: Option<&Case>,
        now: Millis,
    ) -> Result<Ruling, Refusal> {
        let leave = self.shared.delivery.require_leave(room, accid, whence, false, now).await;
        Ruling::new(leave.map(drop), case.map(|case| case.against_voice(whence)).unwrap_or_default())
    }

    fn asked(&self) -> Asked {
        let Shared { settings, delivery, .. } = &*self.shared;
        Asked {
            callback_joins: self.shared.asks_about_joins(),
            callback_messages: delivery.callback().asks(Question::Message),
            moderation: match settings.moderation.by {
                Moderator::Off => "off",
                Moderator::Words => "words",
                Moderator::Http => "http",
            },
            dry_run: settings.moderation.dry_run,
        }
    }
}

impl Case {
    fn against_entry(&self) -> Vec<Against> {
        let ruled = [self.room.require_open(), self.standing.require_entry(&self.user.accid, &self.room)];
        ruled.into_iter().filter_map(Result::err).map(|refusal| Against::of(&refusal)).collect()
    }

    /// All that keeps it from speaking, whatever comes first.
    fn against_voice(&self, whence: Whence<'_>) -> Vec<Against> {
        let everywhere = self.user.require_voice().err().map(|refusal| Against::of(&refusal));
        [self.against_entry(), everywhere.into_iter().collect(), self.mutes(), self.tag_mutes(whence)].concat()
    }

    /// The rule of mutes names the first only, so it is asked again as if that one were lifted.
    fn mutes(&self) -> Vec<Against> {
        let (mut standing, mut mutes) = (Standing::clone(&self.standing), Vec::new());
        while let Err(refusal) = standing.require_voice(&self.user.accid, &self.room, self.now) {
            let against = Against::of(&refusal);
            if standing.role.is_muted() {
                mutes.push(against.set_by("chatroom/setMemberRole opt -2", None));
                standing.role = Role::Guest;
            } else if standing.mute_left(self.now) > 0 {
                mutes.push(against.set_by("chatroom/temporaryMute", Some(standing.muted_until)));
                standing.muted_until = 0;
            } else {
                mutes.push(against);
                break;
            }
        }
        mutes
    }

    /// Each muted tag is asked as if it were the only one.
    fn tag_mutes(&self, whence: Whence<'_>) -> Vec<Against> {
        let Whence::Inside(subscription) = whence else { return Vec::new() };
        let managing = self.standing.role.can_manage();
        let alone = self.room.tag_mutes.iter().filter(|_| !managing).map(|mute| {
            let room = Room { tag_mutes: vec![mute.clone()], ..Room::clone(&self.room) };
            let refusal = room.require_tags_voice(subscription, self.now).err()?;
            Some(Against::of(&refusal).set_by("chatroom/tagTemporaryMute", Some(mute.until)))
        });
        alone.flatten().collect()
    }
}

impl Ruling {
    /// What whoever tries is told comes first, of all that is against it.
    fn new(ruled: Result<(), Refusal>, mut against: Vec<Against>) -> Result<Ruling, Refusal> {
        let Err(refusal) = ruled else { return Ok(Ruling { may: true, against: Vec::new() }) };
        if matches!(refusal, Refusal::Internal | Refusal::Busy(_)) {
            return Err(refusal);
        }
        let told = Against::of(&refusal);
        let known = against.iter().position(|known| known.why == told.why);
        let told = known.map_or(told, |at| against.remove(at));
        against.insert(0, told);
        Ok(Ruling { may: false, against })
    }
}

impl Against {
    fn of(refusal: &Refusal) -> Against {
        let rule = refusal.rule();
        Against { rule: rule.name, code: refusal.code(), why: refusal.to_string(), set_by: rule.set_by, until: None }
    }

    /// The one call of several that it comes from.
    fn set_by(self, set_by: &'static str, until: Option<Millis>) -> Against {
        Against { set_by, until, ..self }
    }
}

impl Session {
    fn of((entered, subscription): (Millis, Option<&Subscription>)) -> Session {
        Session { entered, tags: subscription.map(|said| said.tags.clone()).unwrap_or_default() }
    }
}

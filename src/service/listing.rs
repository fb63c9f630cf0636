//! Lists of members: who is in a room and who belongs to it (server API, section 5.3).

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::{Accid, Millis, Params, RoomId};
use crate::model::standing::Role;
use crate::model::{Member, Refusal, Room, Seen, Standing, Subscription};
use crate::presence::Present;

use super::shared::Shared;

/// Asks who is there.
#[derive(Debug)]
pub struct Listing {
    shared: Arc<Shared>,
}

/// Which members a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageOf {
    /// Fixed ones.
    Fixed,
    /// Those in the room who are not fixed.
    Guests,
    /// Fixed ones in the room.
    OnlineFixed,
}

/// Which roles `queryMembersByRole` asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AskedRoles {
    creator: bool,
    manager: bool,
    blacklist: bool,
    mute: bool,
}

/// A room's members at one moment.
struct Roll {
    room: Arc<Room>,
    now: Millis,
    present: HashMap<Accid, Present>,
    standings: HashMap<Accid, Standing>,
}

impl PageOf {
    /// Reads `type`; 0 where it is left out.
    pub fn read(params: &Params) -> Result<PageOf, Refusal> {
        Ok(match params.integer("type", 0..=2)? {
            Some(1) => PageOf::Guests,
            Some(2) => PageOf::OnlineFixed,
            _ => PageOf::Fixed,
        })
    }
}

impl AskedRoles {
    fn include(self, role: Role) -> bool {
        (self.creator && role == Role::Creator)
            || (self.manager && role == Role::Manager)
            || (self.blacklist && role.is_blocked())
            || (self.mute && role.is_muted())
    }
}

impl Listing {
    pub(super) fn new(shared: Arc<Shared>) -> Listing {
        Listing { shared }
    }

    async fn roll(&self, id: RoomId) -> Result<Roll, Refusal> {
        let (room, now) = (self.shared.store.require_room(id).await?, self.shared.now());
        let standings = self.shared.store.standings_of(id, now).await?.into_iter().collect();
        let present = self.shared.registry.present(id);
        let present = present.into_iter().map(|present| (present.occupant.accid.clone(), present)).collect();
        Ok(Roll { room, now, present, standings })
    }

    async fn member(&self, roll: &Roll, accid: &Accid, standing: &Standing) -> Result<Member, Refusal> {
        let seen = match (roll.present.get(accid), roll.room.robots.get(accid)) {
            (Some(present), _) => Seen::Here(&present.occupant),
            (None, Some(robot)) => Seen::Robot(robot),
            (None, None) => {
                let user = self.shared.store.user(accid).await?;
                return Ok(Member::of(roll.room.id, accid, Seen::Away(user.as_deref()), standing, roll.now));
            }
        };
        Ok(Member::of(roll.room.id, accid, seen, standing, roll.now))
    }

    async fn members(&self, roll: &Roll, accids: Vec<&Accid>) -> Result<Vec<Member>, Refusal> {
        let mut members = Vec::with_capacity(accids.len());
        for accid in accids {
            members.push(self.member(roll, accid, &roll.standing(accid)).await?);
        }
        Ok(members)
    }

    /// A page of members, those first who came last: the next page ends before the last of this one. 0 as its end is now.
    pub async fn page(&self, id: RoomId, of: PageOf, end: Millis, most: usize) -> Result<Vec<Member>, Refusal> {
        let roll = self.roll(id).await?;
        let members = self.members(&roll, roll.accids(of)).await?;
        Ok(page(members, end, most))
    }

    /// Fixed members with one of these roles.
    pub async fn with_roles(&self, id: RoomId, asked: AskedRoles) -> Result<Vec<Member>, Refusal> {
        let roll = self.roll(id).await?;
        let accids = roll.standings.iter().filter(|(_, standing)| asked.include(standing.role)).map(|(accid, _)| accid);
        let members = self.members(&roll, accids.collect()).await?;
        Ok(page(members, 0, usize::MAX))
    }

    /// Those of these accounts that are in the room or belong to it, in the order asked.
    pub async fn query(&self, id: RoomId, accids: &[Accid]) -> Result<Vec<Member>, Refusal> {
        let roll = self.roll(id).await?;
        let belong = accids.iter().filter(|accid| roll.has(accid));
        let mut members = self.members(&roll, belong.collect()).await?;
        // A page says of those who are away since when they belong, so that the next can go on from there. Here they have not entered.
        members.iter_mut().filter(|member| !roll.is_online(&member.accid)).for_each(|member| member.entered = 0);
        Ok(members)
    }

    /// The sessions with a tag, those first who came last.
    pub async fn tagged(&self, id: RoomId, tag: &str, end: Millis, most: usize) -> Result<Vec<Member>, Refusal> {
        let roll = self.roll(id).await?;
        let mut members = Vec::new();
        for (accid, present) in &roll.present {
            let tagged = present.subscriptions().flatten().filter(|subscription| subscription.tags.contains(tag));
            let tagged: Vec<&Arc<Subscription>> = tagged.collect();
            if !tagged.is_empty() {
                let member = self.member(&roll, accid, &roll.standing(accid)).await?;
                members.extend(tagged.into_iter().map(|subscription| member.clone().with_tags(subscription)));
            }
        }
        Ok(page(members, end, most))
    }

    /// How many accounts have a session with a tag.
    pub async fn count_tagged(&self, id: RoomId, tag: &str) -> Result<usize, Refusal> {
        self.shared.store.require_room(id).await?;
        let present = self.shared.registry.present(id);
        let has_it = |present: &&Present| present.subscriptions().flatten().any(|said| said.tags.contains(tag));
        Ok(present.iter().filter(has_it).count())
    }
}

impl Roll {
    fn standing(&self, accid: &Accid) -> Standing {
        self.standings.get(accid).cloned().unwrap_or_default()
    }

    fn is_fixed(&self, accid: &Accid) -> bool {
        self.standings.get(accid).is_some_and(|standing| standing.role.is_fixed())
    }

    fn is_online(&self, accid: &Accid) -> bool {
        self.present.contains_key(accid) || self.room.robots.contains_key(accid)
    }

    fn has(&self, accid: &Accid) -> bool {
        self.is_fixed(accid) || self.is_online(accid)
    }

    fn accids(&self, of: PageOf) -> Vec<&Accid> {
        let online = self.present.keys().chain(self.room.robots.keys());
        match of {
            PageOf::Fixed => self.standings.keys().filter(|accid| self.is_fixed(accid)).collect(),
            PageOf::Guests => online.filter(|accid| !self.is_fixed(accid)).collect(),
            PageOf::OnlineFixed => online.filter(|accid| self.is_fixed(accid)).collect(),
        }
    }
}

/// The latest before `end`, at most so many. Of those with the same moment each is given one a millisecond earlier than that before it, or
/// the next page would leave out whoever did not fit on this one.
fn page(mut all: Vec<Member>, end: Millis, most: usize) -> Vec<Member> {
    all.sort_by(|one, other| (other.entered, &one.accid).cmp(&(one.entered, &other.accid)));
    let mut before = Millis::MAX;
    for member in &mut all {
        member.entered = member.entered.min(before.saturating_sub(1));
        before = member.entered;
    }
    all.retain(|member| end == 0 || member.entered < end);
    all.truncate(most);
    all
}

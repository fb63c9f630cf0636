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
        if let Some(seen) = roll.seen(accid) {
            return Ok(Member::of(roll.room.id, accid, seen, standing, roll.now));
        }
        let user = self.shared.store.user(accid).await?;
        Ok(Member::of(roll.room.id, accid, Seen::Away(user.as_deref()), standing, roll.now))
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
        let accids = page(roll.accids(of), end, most, |accid| roll.entered(accid));
        self.members(&roll, accids).await
    }

    /// Fixed members with one of these roles.
    pub async fn with_roles(&self, id: RoomId, asked: AskedRoles) -> Result<Vec<Member>, Refusal> {
        let roll = self.roll(id).await?;
        let having = roll.standings.iter().filter(|(_, standing)| asked.include(standing.role));
        let accids = having.map(|(accid, _)| accid).collect();
        self.members(&roll, page(accids, 0, usize::MAX, |accid| roll.entered(accid))).await
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
        let sessions = roll.present.iter().flat_map(|(accid, present)| present.sessions().map(move |one| (accid, one)));
        let said = sessions.filter_map(|(accid, (entered, said))| Some((accid, entered, said?)));
        let tagged = said.filter(|(_, _, said)| said.tags.contains(tag)).collect();
        let mut members = Vec::new();
        for (accid, entered, said) in page(tagged, end, most, |(_, entered, _)| *entered) {
            let member = self.member(&roll, accid, &roll.standing(accid)).await?;
            members.push(member.of_session(entered, said));
        }
        Ok(members)
    }

    /// How many accounts have a session with a tag.
    pub async fn count_tagged(&self, id: RoomId, tag: &str) -> Result<usize, Refusal> {
        self.shared.store.require_room(id).await?;
        let present = self.shared.registry.present(id);
        let has_tag = |(_, said): (_, Option<&Subscription>)| said.is_some_and(|said| said.tags.contains(tag));
        let has_it = |present: &&Present| present.sessions().any(has_tag);
        Ok(present.iter().filter(has_it).count())
    }
}

impl Roll {
    /// An account that is in the room, virtually or not.
    fn seen(&self, accid: &Accid) -> Option<Seen<'_>> {
        match self.present.get(accid) {
            Some(present) => Some(Seen::Here(&present.occupant)),
            None => self.room.robots.get(accid).map(Seen::Robot),
        }
    }

    fn entered(&self, accid: &Accid) -> Millis {
        let since = self.standings.get(accid).map_or(0, |standing| standing.since);
        self.seen(accid).unwrap_or(Seen::Away(None)).entered(since)
    }

    fn standing(&self, accid: &Accid) -> Standing {
        self.standings.get(accid).cloned().unwrap_or_default()
    }

    fn is_fixed(&self, accid: &Accid) -> bool {
        self.standings.get(accid).is_some_and(|standing| standing.role.is_fixed())
    }

    fn is_online(&self, accid: &Accid) -> bool {
        self.seen(accid).is_some()
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

/// The latest before `end`, at most so many. Equals stay together, or the next page, which ends before the last of this one, would miss
/// some; only where a page has no room for them all it is filled with as many as fit.
fn page<T>(mut all: Vec<T>, end: Millis, most: usize, moment: impl Fn(&T) -> Millis) -> Vec<T> {
    all.retain(|one| end == 0 || moment(one) < end);
    all.sort_by_key(|one| std::cmp::Reverse(moment(one)));
    let mut length = most.min(all.len());
    if let Some(next) = all.get(length).map(&moment)
        && let Some(equals) = all[..length].iter().position(|one| moment(one) == next)
        && equals > 0
    {
        length = equals;
    }
    all.truncate(length);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equals_are_not_parted_where_a_page_can_hold_them() {
        let moment = |one: &Millis| *one;
        assert_eq!(page(vec![5, 9, 5, 7], 0, 3, moment), [9, 7]);
        assert_eq!(page(vec![5, 9, 5, 7], 7, 3, moment), [5, 5]);
        assert_eq!(page(vec![5, 5, 5], 0, 2, moment), [5, 5], "more of them than a page holds");
    }

    proptest! {
        #[test]
        fn pages_show_everybody_once(mut all in proptest::collection::vec(1u64..40, 0..60), most in 10usize..20) {
            // At most so many at one moment as a page holds.
            all.sort_unstable();
            let all: Vec<Millis> = all.chunk_by(|a, b| a == b).flat_map(|same| &same[..same.len().min(most)]).copied().collect();
            let (mut seen, mut end) = (Vec::new(), 0);
            loop {
                let next = page(all.clone(), end, most, |one| *one);
                let Some(last) = next.last() else { break };
                end = *last;
                seen.extend(next);
            }
            seen.reverse();
            prop_assert_eq!(seen, all);
        }
    }
}

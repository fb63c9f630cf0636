//! What members may do to each other: roles, mutes, putting out (server API, sections 5.2 and 5.3). Who may is asked of the newest state,
//! in the same transaction as the change.

use std::sync::Arc;

use crate::base::{Accid, RoomId};
use crate::model::notice::{Details, Event};
use crate::model::roles::{self, Assignment};
use crate::model::{Extras, Looks, Notice, Party, Refusal, Room, Standing};
use crate::store::Tx;
use crate::wire::server::KickReason;

use super::shared::Shared;
use super::turns::Turn;
use super::{Operator, Telling};

/// The verbs on members.
#[derive(Debug)]
pub struct Roles {
    shared: Arc<Shared>,
}

/// What a change of a standing did: the standing before it and after.
type Change = (Standing, Arc<Standing>);

/// How an account wants to look from now on.
#[derive(Debug, Clone)]
pub struct LooksUpdate {
    /// What it says changes.
    pub looks: Looks,
    /// Whether that is kept for a fixed member.
    pub save: bool,
    /// By whom it is judged.
    pub extras: Extras,
}

impl Roles {
    pub(super) fn new(shared: Arc<Shared>) -> Roles {
        Roles { shared }
    }

    /// Gives an account a role or limit in a room, or takes it. Answers what it is now.
    pub async fn assign(
        &self,
        id: RoomId,
        by: Operator,
        target: Accid,
        assignment: Assignment,
        set: bool,
        ext: Option<String>,
    ) -> Result<Arc<Standing>, Refusal> {
        let mut turn = self.shared.turns.of(id).await;
        // Nothing may fail between the blocklisting and the putting out.
        let notice = self.notice(id, assignment.event(set), &by, &target, ext).await?;
        let (before, after) = self
            .change(&mut turn, id, &by, &target, move |operator, standing| {
                roles::require_assignment(operator, standing, assignment)?;
                standing.role = assignment.apply(standing.role, set);
                Ok(())
            })
            .await?;
        if before.role != after.role {
            let blocked = !before.role.is_blocked() && after.role.is_blocked();
            let out = blocked && self.shared.put_out(id, &target, KickReason::Blocked, &notice, by.client).await;
            if !out {
                self.shared.announce(id, &notice, by.client).await;
            }
        }
        Ok(after)
    }

    /// Mutes an account for so many seconds, or lifts that with 0. Answers the seconds it is muted for, or those it would still have been.
    pub async fn mute(
        &self,
        id: RoomId,
        by: Operator,
        target: Accid,
        seconds: u64,
        telling: Telling,
    ) -> Result<u64, Refusal> {
        let mut turn = self.shared.turns.of(id).await;
        let now = self.shared.now();
        let (before, _) = self
            .change(&mut turn, id, &by, &target, move |operator, standing| {
                roles::require_rank(operator, standing)?;
                standing.muted_until = if seconds == 0 { 0 } else { now.saturating_add(seconds * 1000) };
                Ok(())
            })
            .await?;
        let left = before.mute_left(now);
        let event = if seconds == 0 { Event::TempUnmuted } else { Event::TempMuted };
        let told = if seconds == 0 { left } else { seconds };
        // Lifting what is not there changes nothing.
        if telling.notify && told > 0 {
            let details = Details { mute_duration: Some(told), ..Details::default() };
            let notice = self.notice(id, event, &by, &target, telling.ext).await?.with(details);
            self.shared.announce(id, &notice, by.client).await;
        }
        Ok(told)
    }

    /// Changes the standing of an account that exists; `change` sees the operator's and changes the target's.
    async fn change(
        &self,
        turn: &mut Turn<'_>,
        id: RoomId,
        by: &Operator,
        target: &Accid,
        change: impl FnOnce(&Standing, &mut Standing) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<Change, Refusal> {
        let now = self.shared.now();
        let (operator, target, moment) = (by.accid.clone(), target.clone(), turn.moment(now));
        let changed = self
            .shared
            .store
            .change(move |tx| {
                let room = tx.require_room(id)?;
                let operator = tx.operator(id, &operator)?;
                tx.require_user(&target)?;
                let before = tx.standing(id, &target)?;
                let mut standing = before.clone();
                change(&operator, &mut standing)?;
                let after = if standing == before {
                    Arc::new(standing)
                } else {
                    tx.put_standing(id, &target, standing, moment, now)?
                };
                if after.role.is_blocked() {
                    // Whoever is in the blocklist is not in, not even virtually.
                    tx.take_robot(room, &target)?;
                }
                Ok((before, after))
            })
            .await?;
        turn.pass(changed.1.since);
        Ok(changed)
    }

    /// Puts a member out of a room; it may come back.
    pub async fn kick(&self, id: RoomId, by: Operator, target: Accid, ext: Option<String>) -> Result<(), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        // Before it: afterwards a virtual member would have another name.
        let notice = self.notice(id, Event::Kicked, &by, &target, ext).await?;
        let (operator, kicked) = (by.accid.clone(), target.clone());
        let was_robot = self
            .shared
            .store
            .change(move |tx| {
                let room = tx.require_room(id)?;
                roles::require_rank(&tx.operator(id, &operator)?, &tx.standing(id, &kicked)?)?;
                Ok(tx.take_robot(room, &kicked)?.is_some())
            })
            .await?;
        if self.shared.put_out(id, &target, KickReason::Manager, &notice, by.client).await {
            return Ok(());
        }
        if !was_robot {
            return Err(Refusal::NotThere(format!("targetAccid: {target} is not in room {id}")));
        }
        self.shared.announce(id, &notice, by.client).await;
        Ok(())
    }

    /// Lets only the creator and managers speak, or everybody again.
    pub async fn mute_room(&self, id: RoomId, by: Operator, mute: bool, telling: Telling) -> Result<(), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let operator = by.accid.clone();
        let changed = self
            .shared
            .store
            .change(move |tx| {
                let mut room = tx.require_room(id)?;
                roles::require_manager(&tx.operator(id, &operator)?)?;
                let changed = room.muted != mute;
                room.muted = mute;
                if changed {
                    tx.put_room(room)?;
                }
                Ok(changed)
            })
            .await?;
        if changed && telling.notify {
            let event = if mute { Event::RoomMuted } else { Event::RoomUnmuted };
            let notice = Notice::of_room(event, self.shared.party(id, &by.accid).await?, telling.ext);
            self.shared.announce(id, &notice, by.client).await;
        }
        Ok(())
    }

    /// Changes how an account looks in a room: now, where it is in, and from now on, where it is a fixed member and wants that kept.
    pub async fn update_looks(
        &self,
        id: RoomId,
        member: Operator,
        update: LooksUpdate,
        telling: Telling,
    ) -> Result<(), Refusal> {
        let LooksUpdate { looks, save, extras } = update;
        self.shared.require_decent(id, &member.accid, &looks, &extras).await?;
        let _turn = self.shared.turns.of(id).await;
        let (accid, now) = (member.accid.clone(), self.shared.now());
        let is_here = self.shared.registry.find_present(id, &accid).is_some();
        let (saved, kept) = (looks.clone(), accid.clone());
        self.shared
            .store
            .change(move |tx| {
                tx.require_room(id)?;
                tx.require_user(&kept)?;
                let mut standing = tx.standing(id, &kept)?;
                let fixed = standing.role.is_fixed();
                if !fixed && !is_here {
                    return Err(Refusal::NotThere(format!("accid: {kept} is neither in room {id} nor a fixed member")));
                }
                if fixed && save {
                    standing.looks = saved.or(&standing.looks);
                    tx.put_standing(id, &kept, standing, now, now)?;
                }
                Ok(())
            })
            .await?;
        self.shared.registry.update(id, &accid, |occupant| occupant.looks = looks.or(&occupant.looks));
        if telling.notify {
            let notice = Notice::of_self(Event::MemberUpdated, self.shared.party(id, &accid).await?, telling.ext);
            self.shared.announce(id, &notice, member.client).await;
        }
        Ok(())
    }

    async fn notice(
        &self,
        id: RoomId,
        event: Event,
        by: &Operator,
        target: &Accid,
        ext: Option<String>,
    ) -> Result<Notice, Refusal> {
        let parties: Vec<Party> = self.shared.parties(id, &[by.accid.clone(), target.clone()]).await?;
        let [operator, target] = <[Party; 2]>::try_from(parties).map_err(|_| Refusal::Internal)?;
        Ok(Notice::of_members(event, operator, vec![target], ext))
    }
}

impl Tx<'_> {
    /// The standing of whoever acts, which must exist as an account.
    pub(super) fn operator(&self, room: RoomId, operator: &Accid) -> Result<Standing, Refusal> {
        self.require_user(operator)?;
        self.standing(room, operator)
    }

    /// A room in which whoever acts is a manager.
    pub(super) fn managed_room(&self, id: RoomId, operator: &Accid) -> Result<Room, Refusal> {
        let room = self.require_room(id)?;
        roles::require_manager(&self.operator(id, operator)?)?;
        Ok(room)
    }
}

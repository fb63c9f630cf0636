//! Virtual members (server API, section 5.4): accounts shown as if they were in the room.

use std::sync::Arc;

use crate::base::{Accid, RoomId, limits};
use crate::model::notice::Event;
use crate::model::room::{Robot, Robots as RobotMap};
use crate::model::{ClientType, Looks, Notice, Party, Refusal, Room, User};

use super::shared::Shared;

/// The verbs on virtual members.
#[derive(Debug)]
pub struct Robots {
    shared: Arc<Shared>,
}

/// Which of the accounts asked for were put in or taken out, which were not, and which were in already.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Handled {
    pub success: Vec<Accid>,
    pub fail: Vec<Accid>,
    pub old: Vec<Accid>,
}

impl Robots {
    pub(super) fn new(shared: Arc<Shared>) -> Robots {
        Robots { shared }
    }

    /// Puts accounts in. Those that do not exist, may not enter or are really there can't be.
    pub async fn add(
        &self,
        id: RoomId,
        accids: Vec<Accid>,
        role_ext: Option<String>,
        notify_ext: Option<String>,
    ) -> Result<Handled, Refusal> {
        let mut turn = self.shared.turns.of(id).await;
        let mut handled = Handled::default();
        let room = self.shared.store.require_room(id).await?;
        room.require_open()?;
        let mut new = RobotMap::new();
        for accid in accids {
            match self.outsider(id, &accid).await? {
                _ if room.robots.contains_key(&accid) => handled.old.push(accid),
                None => handled.fail.push(accid),
                Some(user) => {
                    let looks = Looks { ext: role_ext.clone(), ..user.looks() };
                    new.insert(accid.clone(), Robot { looks, entered: turn.moment(self.shared.now()) });
                    handled.success.push(accid);
                }
            }
        }
        if room.robots.len() + new.len() > limits::ROBOTS {
            let most = limits::ROBOTS;
            return Err(Refusal::TooMany(format!("accids: room {id} may have {most} virtual members")));
        }
        let room = self.replace(id, move |robots| robots.extend(new)).await?;
        self.tell(&room, Event::Enter, &handled.success, notify_ext).await?;
        Ok(handled)
    }

    /// The account, where it exists, may enter and is not really there.
    async fn outsider(&self, id: RoomId, accid: &Accid) -> Result<Option<Arc<User>>, Refusal> {
        let user = self.shared.store.user(accid).await?;
        let blocked = self.shared.store.standing(id, accid).await?.role.is_blocked();
        let is_here = self.shared.registry.find_present(id, accid).is_some();
        Ok(user.filter(|_| !blocked && !is_here))
    }

    /// Takes accounts out.
    pub async fn remove(&self, id: RoomId, accids: Vec<Accid>) -> Result<Handled, Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let room = self.shared.store.require_room(id).await?;
        let (success, fail): (Vec<_>, Vec<_>) = accids.into_iter().partition(|accid| room.robots.contains_key(accid));
        let gone = success.clone();
        self.replace(id, move |robots| robots.retain(|accid, _| !gone.contains(accid))).await?;
        self.tell(&room, Event::Exit, &success, None).await?;
        Ok(Handled { success, fail, old: Vec::new() })
    }

    /// Takes all out, and tells so or not; how many there were.
    pub async fn clean(&self, id: RoomId, notify: bool) -> Result<usize, Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let room = self.shared.store.require_room(id).await?;
        let gone: Vec<Accid> = room.robots.keys().cloned().collect();
        self.replace(id, RobotMap::clear).await?;
        if notify {
            self.tell(&room, Event::Exit, &gone, None).await?;
        }
        Ok(gone.len())
    }

    async fn replace(
        &self,
        id: RoomId,
        change: impl FnOnce(&mut RobotMap) + Send + 'static,
    ) -> Result<Arc<Room>, Refusal> {
        let replace = move |tx: &crate::store::Tx<'_>| {
            let room = tx.require_room(id)?;
            let mut robots = (*room.robots).clone();
            change(&mut robots);
            tx.put_robots(room, robots)
        };
        self.shared.store.change(replace).await
    }

    /// Tells of virtual members that `room` has.
    async fn tell(&self, room: &Room, event: Event, accids: &[Accid], ext: Option<String>) -> Result<(), Refusal> {
        for (accid, robot) in accids.iter().filter_map(|accid| Some((accid, room.robots.get(accid)?))) {
            if !self.shared.tells_in_and_out(room, self.shared.registry.online(room.id)) {
                continue;
            }
            let notice = Notice::of_self(event, Party::of(accid, &robot.looks), ext.clone());
            self.shared.announce(room.id, &notice, ClientType::REST).await;
        }
        Ok(())
    }
}

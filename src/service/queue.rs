//! A room's queue: ordered elements with a key each, such as singers in turn (server API, section 6.1).

use std::sync::Arc;

use crate::base::{Accid, RoomId, limits};
use crate::model::notice::Event;
use crate::model::queue::{self, Change};
use crate::model::roles;
use crate::model::{Lane, Notice, Refusal, Room};
use crate::store::{Element, Tx};

use super::queue_events::{QueueEvent, Teller};
use super::shared::Shared;
use super::{Operator, Telling};

/// The verbs on queues.
#[derive(Debug)]
pub struct Queue {
    shared: Arc<Shared>,
}

/// Which lane the news of a change takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// In its turn.
    Normal,
    /// High, as long as the room's rate allows.
    High,
    /// High, or the change is refused.
    HighOnly,
}

/// An element as it is offered; without an owner it is the operator's.
#[derive(Debug, Clone)]
pub struct Offered {
    /// Its name.
    pub key: String,
    /// What it holds.
    pub value: String,
    /// Whose it is.
    pub owner: Option<Accid>,
    /// It leaves with its owner.
    pub transient: bool,
}

/// Elements of one notification of what left with an account: their values may be long, and grow where they are escaped.
const PART: usize = 20;

impl Queue {
    pub(super) fn new(shared: Arc<Shared>) -> Queue {
        Queue { shared }
    }

    /// Says how many elements the queue may have. Those it has stay.
    pub async fn init(&self, id: RoomId, size: i64) -> Result<(), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let teller = Teller::new(&self.shared, id, &self.operator(id, None).await?);
        let resize = move |tx: &Tx<'_>| {
            let mut room = tx.require_room(id)?;
            room.queue_size = size;
            tx.put_room(room)?;
            teller.tell(tx, QueueEvent::Init, &[])
        };
        self.shared.store.change(resize).await
    }

    /// All elements, in order.
    pub async fn list(&self, id: RoomId) -> Result<Vec<Element>, Refusal> {
        self.shared.store.require_room(id).await?;
        Ok(self.shared.store.queue(id).await?)
    }

    /// Puts an element at the end, or in the place of the one with its key. Answers whether the news went ahead of what is normal.
    pub async fn offer(
        &self,
        id: RoomId,
        by: Option<Operator>,
        offered: Offered,
        urgency: Urgency,
    ) -> Result<bool, Refusal> {
        let change = Change::offer(&offered.key, &offered.value);
        let told = Some((Event::QueueChanged, change, Telling::always(None)));
        let (failed, high) = self.put_all(id, by, vec![offered], urgency, told).await?;
        if failed.is_empty() { Ok(high) } else { Err(full(id)) }
    }

    /// Offers several. Answers the keys for which there was no place any more, and whether the news went ahead.
    pub async fn offer_all(
        &self,
        id: RoomId,
        by: Option<Operator>,
        offered: Vec<Offered>,
        telling: Telling,
        urgency: Urgency,
    ) -> Result<(Vec<String>, bool), Refusal> {
        let pairs = offered.iter().map(|offered| (offered.key.as_str(), offered.value.as_str()));
        let change = Change::batch("BATCH_OFFER", pairs);
        let told = telling.notify.then_some((Event::QueueBatchOffered, change, telling));
        self.put_all(id, by, offered, urgency, told).await
    }

    async fn put_all(
        &self,
        id: RoomId,
        by: Option<Operator>,
        offered: Vec<Offered>,
        urgency: Urgency,
        told: Option<(Event, Change, Telling)>,
    ) -> Result<(Vec<String>, bool), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let by = self.operator(id, by).await?;
        self.require_presence(id, &by, &offered).await?;
        let lane = self.lane(id, urgency, told.is_some())?;
        let operator = by.accid.clone();
        let for_others = offered.iter().any(|offered| offered.owner.as_ref().is_some_and(|owner| *owner != operator));
        let needs_manager = for_others && !by.is_server();
        let teller = Teller::new(&self.shared, id, &by);
        let put = move |tx: &Tx<'_>| {
            let room = tx.open_queue(id, &operator)?;
            if needs_manager {
                roles::require_manager(&tx.operator(id, &operator)?)?;
            }
            let (mut length, mut failed) = (tx.queue_length(id)?, Vec::new());
            let (mut done, mut event) = (Vec::with_capacity(offered.len()), QueueEvent::Update);
            for Offered { key, value, owner, transient } in offered {
                let known = tx.element(id, &key)?.is_some();
                if !known && length >= room.queue_size {
                    failed.push(key);
                    continue;
                }
                length += i64::from(!known);
                if !known {
                    event = QueueEvent::Add;
                }
                let owner = owner.unwrap_or_else(|| operator.clone());
                let element = Element { key, value, owner, transient };
                tx.put_element(id, &element)?;
                done.push(element);
            }
            if !done.is_empty() {
                teller.tell(tx, event, &done)?;
            }
            Ok(failed)
        };
        let failed = self.shared.store.change(put).await?;
        let told = told.and_then(|(event, change, telling)| Some((event, change.without(&failed)?, telling.ext)));
        let high = match told {
            Some((event, change, ext)) => self.tell(id, event, &by, change, ext, lane).await?,
            None => false,
        };
        Ok((failed, high))
    }

    /// Changes the values of elements that are there. Answers the keys that are not, and whether the news went ahead.
    pub async fn update_all(
        &self,
        id: RoomId,
        by: Operator,
        values: Vec<(String, String)>,
        telling: Telling,
        urgency: Urgency,
    ) -> Result<(Vec<String>, bool), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let lane = self.lane(id, urgency, telling.notify)?;
        let (operator, teller) = (by.accid.clone(), Teller::new(&self.shared, id, &by));
        let pairs = values.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let change = Change::batch("BATCH_UPDATE", pairs);
        let update = move |tx: &Tx<'_>| {
            tx.managed_room(id, &operator)?.require_open()?;
            let (mut missing, mut done) = (Vec::new(), Vec::with_capacity(values.len()));
            for (key, value) in values {
                let Some(element) = tx.element(id, &key)? else {
                    missing.push(key);
                    continue;
                };
                let element = Element { value, ..element };
                tx.put_element(id, &element)?;
                done.push(element);
            }
            if !done.is_empty() {
                teller.tell(tx, QueueEvent::BatchUpdate, &done)?;
            }
            Ok(missing)
        };
        let missing = self.shared.store.change(update).await?;
        let high = match change.without(&missing).filter(|_| telling.notify) {
            Some(change) => self.tell(id, Event::QueueBatchChanged, &by, change, telling.ext, lane).await?,
            None => false,
        };
        Ok((missing, high))
    }

    /// Takes out the element with this key, or the first. Answers it, and whether the news went ahead.
    pub async fn poll(
        &self,
        id: RoomId,
        by: Option<Operator>,
        key: Option<String>,
        urgency: Urgency,
    ) -> Result<(Element, bool), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let by = self.operator(id, by).await?;
        let lane = self.lane(id, urgency, true)?;
        let (operator, teller) = (by.accid.clone(), Teller::new(&self.shared, id, &by));
        let poll = move |tx: &Tx<'_>| {
            tx.open_queue(id, &operator)?;
            let found = match &key {
                Some(key) => tx.element(id, key)?,
                None => tx.queue_head(id)?,
            };
            let element = found.ok_or_else(|| nothing(id, key.as_deref()))?;
            tx.remove_element(id, &element.key)?;
            teller.tell(tx, QueueEvent::Poll, std::slice::from_ref(&element))?;
            Ok(element)
        };
        let element = self.shared.store.change(poll).await?;
        let change = Change::poll(&element.key, &element.value);
        let high = self.tell(id, Event::QueueChanged, &by, change, None, lane).await?;
        Ok((element, high))
    }

    /// Empties it. Answers whether the news went ahead.
    pub async fn clear(&self, id: RoomId, by: Option<Operator>, urgency: Urgency) -> Result<bool, Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let by = self.operator(id, by).await?;
        let lane = self.lane(id, urgency, true)?;
        let (operator, teller) = (by.accid.clone(), Teller::new(&self.shared, id, &by));
        let clear = move |tx: &Tx<'_>| {
            tx.managed_room(id, &operator)?.require_open()?;
            tx.drop_queue(id)?;
            teller.tell(tx, QueueEvent::Drop, &[])
        };
        self.shared.store.change(clear).await?;
        self.tell(id, Event::QueueChanged, &by, Change::cleared(), None, lane).await
    }

    /// Whoever acts; the application server that names nobody acts in the creator's name.
    async fn operator(&self, id: RoomId, by: Option<Operator>) -> Result<Operator, Refusal> {
        match by {
            Some(by) => Ok(by),
            None => Ok(Operator::server(self.shared.store.require_room(id).await?.facts.creator.clone())),
        }
    }

    /// Whoever is not the creator must be in the room, and so must the owner of what leaves with it.
    async fn require_presence(&self, id: RoomId, by: &Operator, offered: &[Offered]) -> Result<(), Refusal> {
        self.shared.store.require_user(&by.accid).await?;
        let is_here = |accid: &Accid| self.shared.registry.find_present(id, accid).is_some();
        let creator = &self.shared.store.require_room(id).await?.facts.creator;
        if by.accid != *creator && !is_here(&by.accid) {
            return Err(Refusal::not_in(&by.accid, id));
        }
        for offered in offered {
            let owner = offered.owner.as_ref().unwrap_or(&by.accid);
            self.shared.store.require_user(owner).await?;
            if offered.transient && !is_here(owner) {
                let words = "Target chatroom member offline: transient elements need an owner in the room";
                return Err(Refusal::Forbidden(format!("{words}, {owner} is not")));
            }
        }
        Ok(())
    }

    /// The lane for the news of a change. What is not told takes nothing of the room's rate.
    fn lane(&self, id: RoomId, urgency: Urgency, told: bool) -> Result<Lane, Refusal> {
        let most = self.shared.settings.limits.high_priority_per_second;
        match urgency {
            Urgency::Normal => Ok(Lane::Normal),
            _ if !told => Ok(Lane::Normal),
            _ if self.shared.registry.admit_high(id, most) => Ok(Lane::High),
            Urgency::High => Ok(Lane::Normal),
            Urgency::HighOnly => Err(Refusal::HighTooFast(most)),
        }
    }

    /// Answers whether it went ahead.
    async fn tell(
        &self,
        id: RoomId,
        event: Event,
        by: &Operator,
        change: Change,
        ext: Option<String>,
        lane: Lane,
    ) -> Result<bool, Refusal> {
        let notice = Notice::of_room(event, self.shared.party(id, &by.accid).await?, ext).with(change.details());
        self.shared.announce_in(id, &notice, by.client, lane).await;
        Ok(lane == Lane::High)
    }
}

impl Shared {
    /// Takes out of a room's queue what leaves with an account that left, in the turn in which it did.
    pub(super) async fn take_transient(&self, id: RoomId, owner: &Accid) {
        if !self.store.has_transient(id, owner) {
            return;
        }
        // A failure is logged where it happens; the elements then stay.
        if let Err(refusal) = self.try_take_transient(id, owner).await {
            tracing::warn!(room = %id, %owner, "what {owner} left in the queue of room {id} stays: {refusal}");
        }
    }

    async fn try_take_transient(&self, id: RoomId, owner: &Accid) -> Result<(), Refusal> {
        let leaving = owner.clone();
        let teller = Teller::of_leaving(&self.settings.webhook, id, owner.clone(), self.now());
        let take = move |tx: &Tx<'_>| {
            let gone = tx.remove_transient(id, &leaving)?;
            if !gone.is_empty() {
                teller.tell(tx, QueueEvent::Delete, &gone)?;
            }
            Ok(gone)
        };
        let gone = self.store.change(take).await?;
        if gone.is_empty() {
            return Ok(());
        }
        let party = self.party(id, owner).await?;
        for some in gone.chunks(PART) {
            let pairs = some.iter().map(|element| (element.key.as_str(), element.value.as_str()));
            let change = Change::batch("PARTCLEAR", pairs);
            let notice = Notice::of_room(Event::QueueBatchChanged, party.clone(), None).with(change.details());
            self.announce(id, &notice, crate::model::ClientType::REST).await;
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// An open room whose queue `operator` may change.
    fn open_queue(&self, id: RoomId, operator: &Accid) -> Result<Room, Refusal> {
        let room = self.require_room(id)?;
        room.require_open()?;
        queue::require_level(&room, &self.operator(id, operator)?)?;
        Ok(room)
    }
}

fn full(id: RoomId) -> Refusal {
    Refusal::TooMany(format!(
        "the queue of room {id} is full: poll from it, or set another sizeLimit with queueInit (at most {})",
        limits::QUEUE_ELEMENTS
    ))
}

fn nothing(id: RoomId, key: Option<&str>) -> Refusal {
    Refusal::NotThere(match key {
        Some(key) => format!("key: the queue of room {id} has no element {key:?}"),
        None => format!("the queue of room {id} is empty"),
    })
}

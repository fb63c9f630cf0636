//! What the application server is told of changes of a queue (section 9.1, event 14), in the transaction of the change.

use serde_json::{Map, Value};

use crate::base::{Accid, Millis, RoomId};
use crate::model::{Event, EventType, Fields, Refusal};
use crate::settings::WebhookSettings;
use crate::store::{Element, Tx};

use super::Operator;
use super::shared::Shared;

/// What was done, by the hosted service's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueueEvent {
    Init = 1,
    Add = 2,
    Update = 3,
    Delete = 4,
    Poll = 5,
    Drop = 8,
    BatchUpdate = 9,
}

/// Who tells of changes of one queue, and in whose name.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    /// The address that is told; `None` where nobody is.
    target: Option<String>,
    room: RoomId,
    operator: Accid,
    by_server: bool,
    now: Millis,
}

impl Teller {
    pub(super) fn new(shared: &Shared, room: RoomId, by: &Operator) -> Teller {
        let target = shared.settings.webhook.target(None).map(str::to_owned);
        Teller { target, room, operator: by.accid.clone(), by_server: by.is_server(), now: shared.now() }
    }

    /// Of what leaves with its owner, whom nobody asked.
    pub(super) fn of_leaving(webhook: &WebhookSettings, room: RoomId, owner: Accid, now: Millis) -> Teller {
        let target = webhook.target(None).map(str::to_owned);
        Teller { target, room, operator: owner, by_server: false, now }
    }

    /// Tells of what was done with these elements.
    pub(super) fn tell(&self, tx: &Tx<'_>, done: QueueEvent, elements: &[Element]) -> Result<(), Refusal> {
        let Some(target) = &self.target else { return Ok(()) };
        let keys: Vec<&str> = elements.iter().map(|element| element.key.as_str()).collect();
        let values: Map<String, Value> =
            elements.iter().map(|element| (element.key.clone(), element.value.as_str().into())).collect();
        let owner = elements.first().map_or(&self.operator, |element| &element.owner);
        let fields = Fields::default()
            .with("qEvent", done as u8)
            .with("roomid", self.room)
            .with("operator", &self.operator)
            .with("belongTo", owner)
            .with("fromWebApi", self.by_server)
            .with("elements", crate::base::json(&values))
            .with("keys", crate::base::json(&keys))
            .with("transient", elements.iter().any(|element| element.transient))
            .with("operationTime", self.now);
        tx.put_event(&Event {
            kind: EventType::Queue,
            room: Some(self.room),
            target: target.clone(),
            made: self.now,
            fields,
        })
    }
}

/// Takes out of a queue all that leaves with somebody, since everybody has left, and tells of it.
pub(super) fn drop_transient(tx: &Tx<'_>, webhook: &WebhookSettings, room: RoomId, now: Millis) -> Result<(), Refusal> {
    let mut gone = tx.drop_transient(room)?;
    gone.sort_by(|one, other| one.owner.cmp(&other.owner));
    for of_one in gone.chunk_by(|one, other| one.owner == other.owner) {
        let teller = Teller::of_leaving(webhook, room, of_one[0].owner.clone(), now);
        teller.tell(tx, QueueEvent::Delete, of_one)?;
    }
    Ok(())
}

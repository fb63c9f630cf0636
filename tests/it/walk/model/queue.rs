//! Queues (section 6.1).

use serde_json::{Map, Value, json};

use super::presence::Telling;
use super::room::Element;
use super::{Asked, Room, Verdict, World};
use crate::walk::call::Door;

impl World {
    pub(super) fn init_queue(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, _)) = self.room_of(asked, verdict) else { return };
        if !verdict.refuses() {
            self.settle();
            let said = asked.call.params.get("sizeLimit").and_then(Value::as_u64);
            self.room_mut(id).queue_size = usize::try_from(said.unwrap_or(50)).expect("a size");
        }
    }

    /// Who changes the queue, and the room whose queue it may change. The application server may leave out who it is: the creator.
    fn queue_of(&self, asked: Asked<'_>, verdict: &mut Verdict) -> Option<(u64, String, &Room)> {
        let (id, room) = self.room_of(asked, verdict)?;
        let named = asked.call.door != Door::Server || asked.call.has("operator");
        let by = if named { self.actor(asked.call, "operator") } else { room.creator.clone() };
        verdict.require(self.knows(&by), 404);
        verdict.require(room.open, 13002);
        verdict.require(room.queuelevel == 0 || room.role(&by).manages(), 403);
        Some((id, by, room))
    }

    pub(super) fn offer(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, by, room)) = self.queue_of(asked, verdict) else { return };
        let element = element(&asked.call.params, &by, asked.call.flag("transient", false));
        let is_new = room.queue.iter().all(|old| old.key != element.key);
        verdict.require(!is_new || room.queue.len() < room.queue_size, 419);
        let change = json!({"_e": "OFFER", "key": element.key, "content": element.value});
        self.check_offered(room, &by, std::slice::from_ref(&element), verdict);
        if verdict.refuses() {
            return;
        }
        self.settle();
        self.room_mut(id).put(element);
        self.tell_change(id, 317, &by, &change, asked, verdict);
    }

    /// Whoever is not the creator must be in the room, and so must the owner of what leaves with it.
    fn check_offered(&self, room: &Room, by: &str, elements: &[Element], verdict: &mut Verdict) {
        verdict.require(room.creator == by || room.here.contains_key(by), 403);
        for element in elements {
            verdict.require(self.knows(&element.owner), 404);
            verdict.require(!element.transient || room.here.contains_key(&element.owner), 403);
        }
    }

    pub(super) fn offer_all(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, by, room)) = self.queue_of(asked, verdict) else { return };
        let transient = asked.call.flag("transient", false);
        let items = asked.call.list("elements").iter().filter_map(Value::as_object);
        let mut elements: Vec<Element> = Vec::new();
        for new in items.map(|item| element(item, &by, transient)) {
            // Of two with the same key the later counts.
            match elements.iter_mut().find(|known| known.key == new.key) {
                Some(known) => *known = new,
                None => elements.push(new),
            }
        }
        self.check_offered(room, &by, &elements, verdict);
        let for_others = elements.iter().any(|element| element.owner != by);
        let is_server = asked.call.door == Door::Server;
        verdict.require(is_server || !for_others || room.standing(&by).role.manages(), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        let (mut pairs, mut failed) = (Map::new(), Vec::new());
        for element in elements {
            let (key, value) = (element.key.clone(), element.value.clone());
            if self.room_mut(id).put(element) {
                pairs.insert(key, value.into());
            } else {
                failed.push(key);
            }
        }
        verdict.part("/desc/failedKeys", failed);
        let change = json!({"_e": "BATCH_OFFER", "kvObject": pairs});
        self.tell_change(id, 324, &by, &change, asked, verdict);
    }

    pub(super) fn update_elements(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let by = self.actor(asked.call, "operator");
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.open, 13002);
        verdict.require(room.role(&by).manages(), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        let (mut pairs, mut missing) = (Map::new(), Vec::new());
        for (key, value) in asked.call.params["elements"].as_object().expect("an object") {
            match self.room_mut(id).queue.iter_mut().find(|element| element.key == *key) {
                Some(element) => {
                    value.as_str().unwrap_or_default().clone_into(&mut element.value);
                    pairs.insert(key.clone(), value.clone());
                }
                None => missing.push(key.clone()),
            }
        }
        verdict.part("/desc/noExistElementKey", missing);
        let change = json!({"_e": "BATCH_UPDATE", "kvObject": pairs});
        self.tell_change(id, 320, &by, &change, asked, verdict);
    }

    pub(super) fn poll(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, by, room)) = self.queue_of(asked, verdict) else { return };
        let key = asked.call.text("key");
        let at = room.queue.iter().position(|element| key.is_empty() || element.key == key);
        verdict.require(at.is_some(), 404);
        let Some(at) = at.filter(|_| !verdict.refuses()) else { return };
        self.settle();
        let element = self.room_mut(id).queue.remove(at);
        verdict.part("/desc/key", element.key.as_str());
        verdict.part("/desc/value", element.value.as_str());
        let change = json!({"_e": "POLL", "key": element.key, "content": element.value});
        self.tell_change(id, 317, &by, &change, asked, verdict);
    }

    pub(super) fn drop_queue(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, by, room)) = self.queue_of(asked, verdict) else { return };
        verdict.require(room.role(&by).manages(), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        self.room_mut(id).queue.clear();
        self.tell_change(id, 317, &by, &json!({"_e": "DROP"}), asked, verdict);
    }

    /// Tells a room of a change in the lane that was asked for.
    fn tell_change(&mut self, id: u64, notice: u64, by: &str, change: &Value, asked: Asked<'_>, verdict: &mut Verdict) {
        let told = asked.call.flag("needNotify", true) && !change["kvObject"].as_object().is_some_and(Map::is_empty);
        // What is told to nobody went ahead of nothing.
        let high = told && asked.call.int("highPriority") == 1;
        verdict.part("/desc/highPriority", high);
        if told {
            let by = self.party(id, by);
            let ext = asked.call.params.get("notifyExt");
            let telling = Telling::with(json!({"queueChange": change, "ext": ext}));
            self.tell(id, notice, &by, &[], Telling { high, ..telling });
        }
    }
}

/// An element as it is offered; it is the operator's where it does not say whose.
fn element(item: &Map<String, Value>, by: &str, transient: bool) -> Element {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    Element {
        key: text("key").unwrap_or_default(),
        value: text("value").unwrap_or_default(),
        owner: text("accid").map_or_else(|| by.to_owned(), |accid| accid.to_lowercase()),
        transient: item.get("transient").and_then(Value::as_bool).unwrap_or(transient),
    }
}

//! The events of one address that are in memory, and which of them goes next. Those of a room go one at a time, in the order of their
//! numbers; fresh ones and those that are tried again take turns. Of a room with very many only the first are here, so that it does not
//! keep the others out. Pure; knows no time and no receiver.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use crate::base::RoomId;
use crate::store::{Found, FoundInRoom, LookInRoom, Pending};

/// Fresh events of one address in memory at the most, and as many retries.
const HELD: usize = 256;
/// Bytes of their texts at the most, beside the last one of each look: a queue's events may be long, and there may be many addresses.
const HELD_BYTES: usize = 8 * 1024 * 1024;
/// Rooms whose further events are asked for at a time.
const ROOMS: usize = 16;

/// Events without a room follow each other too.
type Place = Option<RoomId>;

#[derive(Debug)]
pub(super) struct Queue {
    /// Of each lane at the most.
    most: usize,
    /// Of one room in each lane at the most: as many rooms as may be told of at once find a place.
    most_of_room: usize,
    /// All that is here: waiting, on its way, or not yet marked.
    held: HashMap<i64, Held>,
    held_fresh: usize,
    held_bytes: usize,
    /// Rooms with an event on its way.
    busy: HashSet<Place>,
    fresh: Lane,
    retries: Lane,
    retry_next: bool,
    /// Fresh events up to this number have been here, but for those of the rooms that have very many.
    seen: i64,
    /// The first of each room that has not been here; and the same in the order of numbers, since who waits longest comes first.
    left_out: HashMap<Place, i64>,
    left_out_first: BTreeSet<(i64, Place)>,
    /// Rooms whose retries are passed over until few of them are left here.
    passed_over: HashSet<Place>,
    /// That came about for one of them.
    has_room_again: bool,
}

#[derive(Debug)]
struct Held {
    is_fresh: bool,
    bytes: usize,
}

/// How many to ask the database for, and bytes of their texts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) fresh: usize,
    pub(super) retries: usize,
    pub(super) bytes: usize,
}

/// Events in the order in which they came, and whose turn it is.
#[derive(Debug, Default)]
struct Lane {
    rooms: HashMap<Place, VecDeque<Pending>>,
    /// The first of each room that is not busy, in the order of numbers.
    ready: BTreeSet<(i64, Place)>,
}

impl Queue {
    /// For an address that is told of so many rooms at once.
    pub(super) fn new(concurrency: usize) -> Queue {
        let most = HELD.max(concurrency.saturating_mul(2));
        Queue {
            most,
            most_of_room: (most / concurrency.max(1)).max(2),
            held: HashMap::new(),
            held_fresh: 0,
            held_bytes: 0,
            busy: HashSet::new(),
            fresh: Lane::default(),
            retries: Lane::default(),
            retry_next: false,
            seen: 0,
            left_out: HashMap::new(),
            left_out_first: BTreeSet::new(),
            passed_over: HashSet::new(),
            has_room_again: false,
        }
    }

    /// How many more would be taken; none of a kind of which there are enough. Each kind has its own places, so neither starves.
    pub(super) fn wanted(&self) -> Wanted {
        let bytes = HELD_BYTES.saturating_sub(self.held_bytes);
        let more = |held: usize| if held <= self.most / 2 && bytes >= HELD_BYTES / 2 { self.most - held } else { 0 };
        Wanted { fresh: more(self.held_fresh), retries: more(self.held.len() - self.held_fresh), bytes }
    }

    /// The rooms with very many of which few are left here.
    pub(super) fn wanted_rooms(&self) -> Vec<LookInRoom> {
        let wanted = self.left_out_first.iter().filter_map(|(from, room)| {
            let waiting = self.fresh.waiting(*room);
            let most = self.most_of_room - waiting.min(self.most_of_room);
            (waiting <= self.most_of_room / 2).then_some(LookInRoom { room: *room, from: *from, most })
        });
        wanted.take(ROOMS).collect()
    }

    /// Rooms whose fresh events are passed over from now on: they have enough here, or an earlier one that is not.
    pub(super) fn full_of_fresh(&mut self) -> Vec<Place> {
        for room in self.fresh.full(self.most_of_room) {
            if !self.left_out.contains_key(&room) {
                self.leave_out(room, Some(self.seen + 1));
            }
        }
        self.left_out.keys().copied().collect()
    }

    /// Rooms whose retries are passed over, since they have enough here.
    pub(super) fn full_of_retries(&mut self) -> Vec<Place> {
        self.passed_over.extend(self.retries.full(self.most_of_room));
        self.passed_over.iter().copied().collect()
    }

    /// The numbers of those that were tried before, which are not to be found again.
    pub(super) fn held(&self) -> Vec<i64> {
        self.held.keys().copied().collect()
    }

    /// Fresh events up to this number have been here, or are left out.
    pub(super) fn seen(&self) -> i64 {
        self.seen
    }

    /// Takes in what the database had.
    pub(super) fn take_in(&mut self, found: Found) {
        for found in found.rooms {
            self.take_in_room(found);
        }
        self.seen = self.seen.max(found.seen);
        for event in found.fresh {
            if self.left_out.contains_key(&event.room) {
                // From an earlier one of its room on.
            } else if self.fresh.waiting(event.room) >= self.most_of_room {
                self.leave_out(event.room, Some(event.number));
            } else {
                self.take(event, true);
            }
        }
        for event in found.retries {
            if self.passed_over.contains(&event.room) || self.retries.waiting(event.room) >= self.most_of_room {
                self.passed_over.insert(event.room);
            } else {
                self.take(event, false);
            }
        }
    }

    fn take_in_room(&mut self, found: FoundInRoom) {
        self.leave_out(found.room, found.next);
        found.events.into_iter().for_each(|event| self.take(event, true));
    }

    /// From this number on the room's events have not been here; without a number none is left out.
    fn leave_out(&mut self, room: Place, from: Option<i64>) {
        let before = match from {
            Some(from) => self.left_out.insert(room, from),
            None => self.left_out.remove(&room),
        };
        before.into_iter().for_each(|before| _ = self.left_out_first.remove(&(before, room)));
        self.left_out_first.extend(from.map(|from| (from, room)));
    }

    fn take(&mut self, event: Pending, is_fresh: bool) {
        let bytes = event.text.len();
        if self.held.insert(event.number, Held { is_fresh, bytes }).is_none() {
            self.held_fresh += usize::from(is_fresh);
            self.held_bytes += bytes;
            let busy = self.busy.contains(&event.room);
            if is_fresh { self.fresh.push(event, busy) } else { self.retries.push(event, busy) }
        }
    }

    /// The next to be sent. Its room is busy until [`arrived`](Queue::arrived).
    pub(super) fn next(&mut self) -> Option<Pending> {
        let event = match self.retry_next {
            true => self.retries.pop().or_else(|| self.fresh.pop()),
            false => self.fresh.pop().or_else(|| self.retries.pop()),
        }?;
        self.retry_next = !self.retry_next;
        self.busy.insert(event.room);
        self.fresh.hold(event.room);
        self.retries.hold(event.room);
        if self.retries.waiting(event.room) <= self.most_of_room / 2 {
            self.has_room_again |= self.passed_over.remove(&event.room);
        }
        Some(event)
    }

    /// Whether retries that were passed over would be taken now. Says so once.
    pub(super) fn has_room_again(&mut self) -> bool {
        std::mem::take(&mut self.has_room_again)
    }

    /// Whether there is one that could be sent.
    pub(super) fn has_ready(&self) -> bool {
        !self.fresh.ready.is_empty() || !self.retries.ready.is_empty()
    }

    /// An event of this room is not on its way any more.
    pub(super) fn arrived(&mut self, room: Place) {
        self.busy.remove(&room);
        self.fresh.offer(room);
        self.retries.offer(room);
    }

    /// What came of this one is in the database.
    pub(super) fn release(&mut self, number: i64) {
        if let Some(held) = self.held.remove(&number) {
            self.held_fresh -= usize::from(held.is_fresh);
            self.held_bytes -= held.bytes;
        }
    }
}

impl Lane {
    fn push(&mut self, event: Pending, busy: bool) {
        let room = event.room;
        // One that waited longer for its next attempt may have happened before those that are here.
        self.hold(room);
        let waiting = self.rooms.entry(room).or_default();
        let place = waiting.partition_point(|other| other.number < event.number);
        waiting.insert(place, event);
        if !busy {
            self.offer(room);
        }
    }

    fn pop(&mut self) -> Option<Pending> {
        let (_, room) = self.ready.pop_first()?;
        let waiting = self.rooms.get_mut(&room)?;
        let event = waiting.pop_front();
        if waiting.is_empty() {
            self.rooms.remove(&room);
        }
        event
    }

    /// Rooms with so many.
    fn full(&self, most: usize) -> Vec<Place> {
        self.rooms.iter().filter(|(_, waiting)| waiting.len() >= most).map(|(room, _)| *room).collect()
    }

    fn waiting(&self, room: Place) -> usize {
        self.rooms.get(&room).map_or(0, VecDeque::len)
    }

    fn first(&self, room: Place) -> Option<i64> {
        self.rooms.get(&room)?.front().map(|event| event.number)
    }

    fn hold(&mut self, room: Place) {
        if let Some(number) = self.first(room) {
            self.ready.remove(&(number, room));
        }
    }

    fn offer(&mut self, room: Place) {
        if let Some(number) = self.first(room) {
            self.ready.insert((number, room));
        }
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;

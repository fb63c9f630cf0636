//! The events of one address that are in memory, and which of them goes next. Those of a room go one at a time, in the order of their
//! numbers; fresh ones and those that are tried again take turns. Of a room with very many only the first are here, so that it does not
//! keep the others out. Pure; knows no time and no receiver.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use crate::base::RoomId;
use crate::store::{Found, LookInRoom, Pending};

/// Fresh events of one address in memory at the most, and as many retries. With messages of 5 KB both together are 2.5 MB.
const HELD: usize = 256;
/// Rooms whose further events are asked for at a time.
const ROOMS: usize = 16;

/// Events without a room follow each other too.
type Place = Option<RoomId>;

#[derive(Debug)]
pub(super) struct Queue {
    /// Of each lane at the most.
    most: usize,
    /// Fresh ones of one room at the most: as many rooms as may be told of at once find a place.
    most_of_room: usize,
    /// All that is here: waiting, on its way, or not yet marked; true where it is fresh.
    held: HashMap<i64, bool>,
    held_fresh: usize,
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
    /// The database has told of an event that was still held, so it must be asked again.
    was_held: bool,
}

/// How many to ask the database for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) fresh: usize,
    pub(super) retries: usize,
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
            busy: HashSet::new(),
            fresh: Lane::default(),
            retries: Lane::default(),
            retry_next: false,
            seen: 0,
            left_out: HashMap::new(),
            left_out_first: BTreeSet::new(),
            was_held: false,
        }
    }

    /// How many more would be taken; none of a kind of which there are enough. Each kind has its own places, so neither starves.
    pub(super) fn wanted(&self) -> Wanted {
        let more = |held: usize| if held <= self.most / 2 { self.most - held } else { 0 };
        Wanted { fresh: more(self.held_fresh), retries: more(self.held_retries()) }
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

    /// How many there are that were tried before.
    pub(super) fn held_retries(&self) -> usize {
        self.held.len() - self.held_fresh
    }

    /// Fresh events up to this number have been here, or are left out.
    pub(super) fn seen(&self) -> i64 {
        self.seen
    }

    /// Takes in what the database had.
    pub(super) fn take_in(&mut self, found: Found, most_retries: usize) {
        for (asked, events) in found.rooms {
            self.take_in_room(asked, events);
        }
        for event in found.fresh {
            self.seen = self.seen.max(event.number);
            let is_left_out = self.left_out.contains_key(&event.room);
            if is_left_out || self.fresh.waiting(event.room) >= self.most_of_room {
                if !is_left_out {
                    self.leave_out(event.room, Some(event.number));
                }
            } else {
                self.take(event, true);
            }
        }
        // It was asked for more, since it also tells of those that are here already.
        let mut left = most_retries;
        for event in found.retries {
            if self.held.contains_key(&event.number) {
                self.was_held = true;
            } else if left > 0 {
                left -= 1;
                self.take(event, false);
            }
        }
    }

    fn take_in_room(&mut self, asked: LookInRoom, events: Vec<Pending>) {
        let more = events.last().filter(|_| events.len() >= asked.most).map(|last| last.number + 1);
        self.leave_out(asked.room, more);
        events.into_iter().for_each(|event| self.take(event, true));
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
        if self.held.insert(event.number, is_fresh).is_none() {
            self.held_fresh += usize::from(is_fresh);
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
        Some(event)
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

    /// What came of this one is in the database. Answers whether that should be asked again.
    pub(super) fn release(&mut self, number: i64) -> bool {
        let was_fresh = self.held.remove(&number).unwrap_or(false);
        self.held_fresh -= usize::from(was_fresh);
        std::mem::take(&mut self.was_held)
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
mod tests {
    use super::*;

    fn event(number: i64, room: i64) -> Pending {
        let room = (room > 0).then(|| RoomId::from_row(room));
        Pending { number, room, sequence: number, kind: 4, text: "{}".into(), attempts: 0 }
    }

    fn with(fresh: Vec<Pending>, retries: Vec<Pending>) -> Queue {
        let mut queue = Queue::new(16);
        queue.take_in(Found { fresh, retries, ..Found::default() }, HELD);
        queue
    }

    fn next(queue: &mut Queue) -> Option<i64> {
        queue.next().map(|event| event.number)
    }

    #[test]
    fn a_room_sends_one_at_a_time_and_others_go_on() {
        let mut queue = with(vec![event(1, 7), event(2, 7), event(3, 8), event(4, 0), event(5, 0)], Vec::new());
        assert_eq!([next(&mut queue), next(&mut queue), next(&mut queue)], [Some(1), Some(3), Some(4)]);
        assert_eq!(next(&mut queue), None);
        queue.arrived(Some(RoomId::from_row(7)));
        assert_eq!([next(&mut queue), next(&mut queue)], [Some(2), None]);
        queue.arrived(None);
        assert_eq!(next(&mut queue), Some(5));
    }

    #[test]
    fn fresh_ones_and_retries_take_turns() {
        let mut queue = with((11..15).map(|id| event(id, id)).collect(), (1..5).map(|id| event(id, id)).collect());
        let order: Vec<i64> = std::iter::from_fn(|| next(&mut queue)).collect();
        assert_eq!(order, [11, 1, 12, 2, 13, 3, 14, 4]);
    }

    #[test]
    fn a_room_whose_retry_is_on_its_way_keeps_its_fresh_ones() {
        let mut queue = with(vec![event(5, 7)], vec![event(1, 7)]);
        assert_eq!([next(&mut queue), next(&mut queue)], [Some(5), None]);
        queue.arrived(Some(RoomId::from_row(7)));
        assert_eq!(next(&mut queue), Some(1));
    }

    #[test]
    fn retries_of_a_room_go_in_the_order_in_which_they_happened() {
        let mut queue = with(Vec::new(), vec![event(5, 7), event(2, 7), event(9, 8), event(3, 7)]);
        queue.take_in(Found { retries: vec![event(1, 7)], ..Found::default() }, HELD);
        let order = std::iter::from_fn(|| {
            let event = queue.next()?;
            queue.arrived(event.room);
            Some(event.number)
        });
        assert_eq!(order.collect::<Vec<_>>(), [1, 2, 3, 5, 9]);
    }

    #[test]
    fn what_is_here_is_not_taken_twice_and_is_asked_for_again_when_it_has_gone() {
        let mut queue = with(vec![event(1, 7)], Vec::new());
        assert_eq!((next(&mut queue), queue.seen(), queue.held.len()), (Some(1), 1, 1));
        queue.arrived(Some(RoomId::from_row(7)));
        queue.take_in(Found { retries: vec![event(1, 7)], ..Found::default() }, HELD);
        assert_eq!(next(&mut queue), None);
        assert!(queue.release(1) && queue.held.is_empty());
        queue.take_in(Found { retries: vec![event(1, 7)], ..Found::default() }, HELD);
        assert_eq!(next(&mut queue), Some(1));
    }

    #[test]
    fn a_room_with_very_many_keeps_no_other_out_and_loses_none() {
        let mut queue = Queue::new(16);
        let most = queue.most_of_room;
        let many = i64::try_from(most).unwrap() * 3;
        let all: Vec<Pending> = (1..=many).map(|number| event(number, 7)).chain([event(many + 1, 8)]).collect();
        let after = |queue: &Queue| all.iter().filter(|event| event.number > queue.seen()).cloned().collect();
        queue.take_in(Found { fresh: after(&queue), ..Found::default() }, 0);
        assert_eq!((queue.held.len(), queue.seen()), (most + 1, many + 1));
        let mut order = Vec::new();
        while let Some(event) = queue.next() {
            order.push(event.number);
            queue.arrived(event.room);
            queue.release(event.number);
            let asked = queue.wanted_rooms();
            let of_room = |asked: LookInRoom| {
                let left = all.iter().filter(|event| event.room == asked.room && event.number >= asked.from);
                (asked, left.take(asked.most).cloned().collect())
            };
            let rooms = asked.into_iter().map(of_room).collect();
            queue.take_in(Found { fresh: after(&queue), rooms, ..Found::default() }, 0);
            assert!(queue.held.len() <= most + 1);
        }
        let of_seven: Vec<i64> = order.iter().copied().filter(|number| *number <= many).collect();
        assert_eq!(of_seven, (1..=many).collect::<Vec<_>>());
        assert!(queue.left_out.is_empty() && queue.held.is_empty() && order.contains(&(many + 1)));
    }

    #[test]
    fn each_kind_has_its_own_places() {
        let mut queue = with(Vec::new(), (1..=300).map(|id| event(id, 7)).collect());
        assert_eq!(queue.wanted(), Wanted { fresh: HELD, retries: 0 });
        queue.take_in(Found { fresh: (301..=500).map(|id| event(id, id)).collect(), ..Found::default() }, 0);
        assert_eq!(queue.wanted(), Wanted { fresh: 0, retries: 0 });
    }
}

//! The events of one address that are in memory, and which of them goes next. Those of a room go one at a time, in the order of their
//! numbers; fresh ones and those that are tried again take turns. Pure; knows no time and no receiver.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use crate::base::RoomId;
use crate::store::{Found, Pending};

/// Events of one address in memory at the most. With messages of 5 KB it is 2.5 MB.
pub(super) const HELD: usize = 512;

/// Events without a room follow each other too.
type Place = Option<RoomId>;

#[derive(Debug, Default)]
pub(super) struct Queue {
    /// All that is here: waiting, on its way, or not yet marked.
    held: HashSet<i64>,
    /// Rooms with an event on its way.
    busy: HashSet<Place>,
    fresh: Lane,
    retries: Lane,
    retry_next: bool,
    /// Fresh events up to this number have been here.
    seen: i64,
    /// The database has told of an event that was still held, so it must be asked again.
    was_held: bool,
}

/// Events in the order in which they came, and whose turn it is.
#[derive(Debug, Default)]
struct Lane {
    rooms: HashMap<Place, VecDeque<Pending>>,
    /// The first of each room that is not busy, in the order of numbers.
    ready: BTreeSet<(i64, Place)>,
}

impl Queue {
    /// How many more would be taken, fresh ones and retries; of each kind some, so that neither starves.
    pub(super) fn room(&self) -> (usize, usize) {
        let room = HELD.saturating_sub(self.held.len());
        (room - room / 2, room / 2)
    }

    /// Whether it is worth asking for more.
    pub(super) fn is_low(&self) -> bool {
        self.held.len() <= HELD / 2
    }

    /// How many are here.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Fresh events up to this number have been here.
    pub(super) fn seen(&self) -> i64 {
        self.seen
    }

    /// Takes in what the database had.
    pub(super) fn take_in(&mut self, found: Found, most_retries: usize) {
        for event in found.fresh {
            self.seen = self.seen.max(event.number);
            self.take(event, true);
        }
        // It was asked for more, since it also tells of those that are here already.
        let mut left = most_retries;
        for event in found.retries {
            if self.held.contains(&event.number) {
                self.was_held = true;
            } else if left > 0 {
                left -= 1;
                self.take(event, false);
            }
        }
    }

    fn take(&mut self, event: Pending, is_fresh: bool) {
        if self.held.insert(event.number) {
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
        self.held.remove(&number);
        std::mem::take(&mut self.was_held)
    }
}

impl Lane {
    fn push(&mut self, event: Pending, busy: bool) {
        let room = event.room;
        self.rooms.entry(room).or_default().push_back(event);
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
        let mut queue = Queue::default();
        queue.take_in(Found { fresh, retries, next_due: None }, HELD);
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
    fn what_is_here_is_not_taken_twice_and_is_asked_for_again_when_it_has_gone() {
        let mut queue = with(vec![event(1, 7)], Vec::new());
        assert_eq!((next(&mut queue), queue.seen(), queue.held()), (Some(1), 1, 1));
        queue.arrived(Some(RoomId::from_row(7)));
        queue.take_in(Found { retries: vec![event(1, 7)], ..Found::default() }, HELD);
        assert_eq!(next(&mut queue), None);
        assert!(queue.release(1) && queue.held() == 0);
        queue.take_in(Found { retries: vec![event(1, 7)], ..Found::default() }, HELD);
        assert_eq!(next(&mut queue), Some(1));
    }
}

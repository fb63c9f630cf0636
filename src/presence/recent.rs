//! Which sessions a room's recent messages were handed to, so that a re-sent one reaches only those that miss it.
//!
//! A room-wide message costs one number: whoever joined before it was handed it. A directed one costs its sessions.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::base::limits;

use super::MessageKey;
use super::writers::SeatKey;

/// What all rooms together remember, in entries. Clones count together.
pub(super) type Total = Arc<AtomicUsize>;

#[derive(Debug, Default)]
pub(super) struct Recent {
    known: HashMap<MessageKey, Known>,
    by_age: VecDeque<(Instant, MessageKey)>,
    weight: usize,
    total: Total,
}

#[derive(Debug)]
struct Known {
    latest: Instant,
    /// It was for the whole room, or for those in it that it was within range of.
    to_room: bool,
    /// The newest room-wide sending of it.
    sequence: Option<u64>,
    /// The sessions of its other sendings, in order.
    seats: Vec<SeatKey>,
}

/// Whom a message went to.
pub(super) enum HandedTo<'a> {
    /// Everybody who joined before this sequence number.
    Room(u64),
    /// These, of all whom it would have gone to had they been in range.
    Range(&'a [SeatKey]),
    /// These.
    Seats(&'a [SeatKey]),
}

impl Recent {
    /// Counts what it remembers into `total` as well.
    pub(super) fn within(total: Total) -> Recent {
        let mut recent = Recent::default();
        recent.total = total;
        recent
    }

    /// Whether the session, which joined at `since`, was handed the message before.
    pub(super) fn had(&self, key: MessageKey, seat: SeatKey, since: u64) -> bool {
        self.known.get(&key).is_some_and(|known| {
            known.sequence.is_some_and(|sequence| since < sequence) || known.seats.binary_search(&seat).is_ok()
        })
    }

    /// Whether the message went to the room before, not only to listed members.
    pub(super) fn went_to_room(&self, key: MessageKey) -> bool {
        self.known.get(&key).is_some_and(|known| known.to_room)
    }

    /// Whether anything is known of the message.
    pub(super) fn knows(&self, key: MessageKey) -> bool {
        self.known.contains_key(&key)
    }

    /// Remembers a sending.
    pub(super) fn note(&mut self, key: MessageKey, now: Instant, to: &HandedTo<'_>) {
        let unknown = || Known { latest: now, to_room: false, sequence: None, seats: Vec::new() };
        let known = self.known.entry(key).or_insert_with(unknown);
        known.latest = now;
        known.to_room |= !matches!(to, HandedTo::Seats(_));
        self.by_age.push_back((now, key));
        let mut grown = 1;
        match to {
            HandedTo::Room(sequence) => known.sequence = Some(*sequence),
            HandedTo::Range(seats) | HandedTo::Seats(seats) => {
                let before = known.seats.len();
                known.seats.extend_from_slice(seats);
                known.seats.sort_unstable();
                known.seats.dedup();
                grown += known.seats.len() - before;
            }
        }
        self.weight += grown;
        self.total.fetch_add(grown, Ordering::Relaxed);
    }

    /// Forgets what is older than the window, or beyond a bound.
    pub(super) fn forget(&mut self, now: Instant) {
        let window = Duration::from_millis(limits::RESEND_WINDOW_MS);
        while let Some(&(at, key)) = self.by_age.front() {
            if now.duration_since(at) < window && !self.is_full() {
                return;
            }
            self.by_age.pop_front();
            let mut shrunk = 1;
            // A later sending of the same message keeps it known.
            if self.known.get(&key).is_some_and(|known| known.latest == at)
                && let Some(known) = self.known.remove(&key)
            {
                shrunk += known.seats.len();
            }
            self.weight -= shrunk;
            self.total.fetch_sub(shrunk, Ordering::Relaxed);
        }
        // Nothing is left: neither is its room.
        self.known.shrink_to_fit();
        self.by_age.shrink_to_fit();
    }

    fn is_full(&self) -> bool {
        let crowded = self.total.load(Ordering::Relaxed) >= limits::RESEND_ENTRIES_TOTAL;
        // A few rooms that take all shall not make the others forget everything.
        self.weight >= limits::RESEND_ENTRIES || (crowded && self.weight > limits::RESEND_ENTRIES_SURE)
    }
}

impl Drop for Recent {
    fn drop(&mut self) {
        self.total.fetch_sub(self.weight, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Accid, MsgId, RoomId};
    use crate::presence::frame::KeyMaker;

    fn keys(count: usize) -> Vec<MessageKey> {
        let maker = KeyMaker::default();
        let (room, sender) = (RoomId::from_row(1), Accid::parse("accid", "a").unwrap());
        (0..count).map(|n| maker.key(room, &sender, &MsgId::parse("msgId", &n.to_string()).unwrap())).collect()
    }

    #[test]
    fn a_room_wide_message_was_handed_to_those_who_joined_before_it() {
        let (mut recent, key, seat) = (Recent::default(), keys(1)[0], SeatKey::default());
        recent.note(key, Instant::now(), &HandedTo::Room(5));
        assert!(recent.had(key, seat, 4));
        assert!(!recent.had(key, seat, 5), "joined after it");
    }

    #[test]
    fn a_message_is_forgotten_after_the_window_and_not_before() {
        let (mut recent, keys, seat) = (Recent::default(), keys(2), SeatKey::default());
        let (start, window) = (Instant::now(), Duration::from_millis(limits::RESEND_WINDOW_MS));
        recent.note(keys[0], start, &HandedTo::Seats(&[seat]));
        recent.note(keys[1], start + window - Duration::from_millis(1), &HandedTo::Room(1));
        assert!(recent.had(keys[0], seat, 9));
        recent.forget(start + window);
        assert!(!recent.knows(keys[0]));
        assert!(recent.knows(keys[1]));
    }

    #[test]
    fn a_second_sending_starts_the_window_again() {
        let (mut recent, keys, seat) = (Recent::default(), keys(1), SeatKey::default());
        let (start, window) = (Instant::now(), Duration::from_millis(limits::RESEND_WINDOW_MS));
        recent.note(keys[0], start, &HandedTo::Seats(&[seat]));
        recent.note(keys[0], start + window / 2, &HandedTo::Seats(&[seat]));
        recent.forget(start + window);
        assert!(recent.had(keys[0], seat, 9));
    }

    #[test]
    fn memory_is_bounded_and_returns_to_nothing() {
        let mut recent = Recent::default();
        let keys = keys(limits::RESEND_ENTRIES + 1000);
        let now = Instant::now();
        for key in &keys {
            recent.forget(now);
            recent.note(*key, now, &HandedTo::Seats(&[SeatKey::default()]));
            assert!(recent.weight <= limits::RESEND_ENTRIES + 2);
        }
        assert!(!recent.knows(keys[0]) && recent.knows(keys[keys.len() - 1]));
        recent.forget(now + Duration::from_millis(limits::RESEND_WINDOW_MS));
        assert_eq!((recent.weight, recent.known.capacity(), recent.by_age.capacity()), (0, 0, 0));
    }

    #[test]
    fn rooms_share_a_bound_and_give_back_what_they_had() {
        let (total, keys) = (Total::default(), keys(limits::RESEND_ENTRIES_SURE + 10));
        total.store(limits::RESEND_ENTRIES_TOTAL - 1, Ordering::Relaxed);
        let mut recent = Recent::within(total.clone());
        for key in &keys {
            recent.note(*key, Instant::now(), &HandedTo::Room(1));
        }
        recent.forget(Instant::now());
        assert_eq!(
            recent.weight,
            limits::RESEND_ENTRIES_SURE,
            "all rooms together are at the bound, but each has its share"
        );
        assert!(!recent.knows(keys[9]) && recent.knows(keys[10]));
        drop(recent);
        assert_eq!(total.load(Ordering::Relaxed), limits::RESEND_ENTRIES_TOTAL - 1);
    }
}

//! What a message's id says: which run it is of, in which lane it was sent, and when. All ids are of one length, so that all frames are.

use std::cell::Cell;

use memchr::memmem;

const RUN: usize = 8;
const NANOS: usize = 16;
/// Behind them a number, so that no two messages have one id.
const WHOLE: usize = RUN + 1 + NANOS + 8;
/// What stands before an id in a message.
const NAME: &[u8] = br#""msgid_client":""#;

/// The lane a message was sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// In its turn.
    Normal,
    /// Ahead of everything normal.
    High,
}

/// What an id says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its lane.
    pub lane: Lane,
    /// When it was due, or sent: nanoseconds since the run began.
    pub nanos: u64,
}

impl Lane {
    /// Both, as they are counted.
    pub const ALL: [Lane; 2] = [Lane::Normal, Lane::High];

    /// As reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Lane::Normal => "normal",
            Lane::High => "high",
        }
    }

    fn letter(self) -> u8 {
        match self {
            Lane::Normal => b'n',
            Lane::High => b'h',
        }
    }
}

/// Writes the ids of one run, and finds them in messages.
#[derive(Debug)]
pub struct Stamps {
    run: [u8; RUN],
    next: Cell<u32>,
    /// Where the last id stood: mostly the next one stands there too.
    place: Cell<usize>,
}

impl Stamps {
    /// Those of a new run.
    pub fn new() -> Stamps {
        let mut run = [0; RUN];
        run.copy_from_slice(format!("{:08x}", fastrand::u32(..)).as_bytes());
        Stamps { run, next: Cell::new(0), place: Cell::new(NAME.len()) }
    }

    /// The id of one more message.
    pub fn write(&self, stamp: Stamp) -> String {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        let run = String::from_utf8_lossy(&self.run);
        format!("{run}{}{:016x}{number:08x}", char::from(stamp.lane.letter()), stamp.nanos)
    }

    /// What the id in the beginning of a message says; `None` where the message is not of this run.
    pub fn find(&self, head: &[u8]) -> Option<Found> {
        let place = self.place.get();
        let there = place.checked_sub(NAME.len()).and_then(|start| head.get(start..place));
        let place = if there == Some(NAME) { place } else { memmem::find(head, NAME)? + NAME.len() };
        self.place.set(place);
        let id: &[u8; WHOLE] = head.get(place..)?.first_chunk()?;
        if id[..RUN] != self.run {
            return None;
        }
        let lane = Lane::ALL.into_iter().find(|lane| lane.letter() == id[RUN])?;
        Some(Found { lane, nanos: *id[RUN + 1..].first_chunk()? })
    }
}

/// An id that was found, whose time is not read yet.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// Its lane.
    pub lane: Lane,
    nanos: [u8; NANOS],
}

impl Found {
    /// When it was due, or sent.
    pub fn nanos(&self) -> Option<u64> {
        u64::from_str_radix(std::str::from_utf8(&self.nanos).ok()?, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_found_wherever_it_stands() {
        let stamps = Stamps::new();
        for (before, lane, nanos) in [("", Lane::High, 7), ("\"time\":\"1\",", Lane::Normal, u64::MAX)] {
            let id = stamps.write(Stamp { lane, nanos });
            let head = format!("{before}\"msgid_client\":\"{id}\",\"attach\":\"x\"");
            for _ in 0..2 {
                let found = stamps.find(head.as_bytes()).unwrap();
                assert_eq!((found.lane, found.nanos()), (lane, Some(nanos)));
            }
        }
    }

    #[test]
    fn ids_are_of_one_length_and_all_different() {
        let stamps = Stamps::new();
        let ids = [0, 0, 1, u64::MAX].map(|nanos| stamps.write(Stamp { lane: Lane::Normal, nanos }));
        assert!(ids.iter().all(|id| id.len() == WHOLE));
        assert_ne!(ids[0], ids[1]);
    }

    #[test]
    fn another_runs_message_is_not_ours() {
        let (ours, theirs) =
            (Stamps { run: *b"00000001", ..Stamps::new() }, Stamps { run: *b"00000002", ..Stamps::new() });
        let id = theirs.write(Stamp { lane: Lane::Normal, nanos: 1 });
        assert!(ours.find(format!("\"msgid_client\":\"{id}\"").as_bytes()).is_none());
        assert!(ours.find(b"\"msgid_client\":\"short\"").is_none() && ours.find(b"{}").is_none());
    }
}

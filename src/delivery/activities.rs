//! How much goes on in rooms: counted here, kept elsewhere (server API, section 4.8).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use parking_lot::Mutex;

use crate::base::{Accid, Millis, RoomId};
use crate::model::activity::{Activity, Period};

/// What was counted since it was last kept.
#[derive(Debug, Default)]
pub struct Activities {
    hashes: RandomState,
    counted: Mutex<HashMap<(Period, Millis, RoomId), Counted>>,
}

#[derive(Debug, Default)]
struct Counted {
    /// Hashes of the accounts that entered in this period: of all of it, so that each counts once.
    active: HashSet<u64>,
    /// Of those, how many are kept already.
    kept_active: u64,
    enters: u64,
    msgs: u64,
}

impl Activities {
    /// An account entered.
    pub fn note_entering(&self, room: RoomId, accid: &Accid, now: Millis) {
        let account = self.hashes.hash_one(accid);
        self.note(room, now, |counted| {
            counted.active.insert(account);
            counted.enters += 1;
        });
    }

    /// A message went to the whole room.
    pub fn note_message(&self, room: RoomId, now: Millis) {
        self.note(room, now, |counted| counted.msgs += 1);
    }

    fn note(&self, room: RoomId, now: Millis, count: impl Fn(&mut Counted)) {
        let mut all = self.counted.lock();
        for period in Period::ALL {
            count(all.entry((period, period.start(now), room)).or_default());
        }
    }

    /// What has come since the last time. Periods that are over are forgotten.
    pub fn take(&self, now: Millis) -> Vec<Activity> {
        let mut all = self.counted.lock();
        let mut taken = Vec::new();
        for ((period, start, room), counted) in all.iter_mut() {
            let active = counted.active.len() as u64 - counted.kept_active;
            let activity = Activity {
                period: *period,
                start: *start,
                room: *room,
                active,
                enters: std::mem::take(&mut counted.enters),
                msgs: std::mem::take(&mut counted.msgs),
            };
            counted.kept_active = counted.active.len() as u64;
            if activity.active + activity.enters + activity.msgs > 0 {
                taken.push(activity);
            }
        }
        all.retain(|(period, start, _), _| *start == period.start(now));
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_counts_once_a_period_and_nothing_is_told_twice() {
        let (activities, room) = (Activities::default(), RoomId::from_row(1));
        let ann = Accid::parse("accid", "ann").unwrap();
        activities.note_entering(room, &ann, 10);
        activities.note_entering(room, &ann, 20);
        activities.note_message(room, 30);
        let taken = activities.take(40);
        assert_eq!(taken.len(), 2, "an hour and a day");
        assert!(taken.iter().all(|one| (one.active, one.enters, one.msgs) == (1, 2, 1)));
        activities.note_entering(room, &ann, 50);
        assert!(activities.take(60).iter().all(|one| (one.active, one.enters, one.msgs) == (0, 1, 0)));
        assert!(activities.take(3_700_000).is_empty());
        activities.note_entering(room, &ann, 3_700_001);
        let hour = activities.take(3_700_002).into_iter().find(|one| one.period == Period::Hour).unwrap();
        assert_eq!((hour.start, hour.active), (3_600_000, 1), "a new hour counts anew");
    }
}

//! What was owed against what came, when nothing is on its way any more.

use std::rc::Rc;

use super::report::{Between, Reach};
use super::seat::Seat;

/// Closes the books of a phase.
pub fn close(seats: &[Rc<Seat>]) -> Reach {
    let mut reach = Reach::default();
    for seat in seats {
        let (owed, came) = (seat.owed(), seat.came());
        reach.missing += owed.least.saturating_sub(came);
        reach.surplus += came.saturating_sub(owed.most);
        reach.undelivered_at_end += seat.undelivered.get();
        if seat.whole.get() {
            reach.told_lost += seat.lost.get();
            // Of a message whose sender heard nothing it is decided by whether it came.
            reach.expected += came.clamp(owed.least, owed.most.max(owed.least));
            reach.received += seat.received.get().min(owed.most);
        } else {
            add(&mut reach.between, seat);
        }
    }
    reach.share = (reach.expected > 0).then(|| reach.received as f64 / reach.expected as f64);
    reach
}

fn add(between: &mut Between, seat: &Seat) {
    let owed = seat.owed();
    between.members += 1;
    between.at_least += owed.least;
    between.at_most += owed.most;
    between.received += seat.received.get();
    between.told_lost += seat.lost.get();
}

#[cfg(test)]
mod tests {
    use super::super::room::Room;
    use super::*;

    #[test]
    fn each_member_s_account_is_its_own() {
        let room = Rc::new(Room::new("1".into()));
        let seats: Vec<_> = (0..5).map(|number| Rc::new(Seat::new(number, room.clone(), true))).collect();
        seats.iter().for_each(|seat| seat.enter(room.mark()));
        room.begin();
        seats.iter().for_each(|seat| seat.begin());
        for _ in 0..10 {
            room.send();
            room.accept();
        }
        seats[0].received.set(10);
        seats[1].received.set(7);
        seats[1].lost.set(3);
        seats[2].received.set(8);
        seats[3].received.set(11);
        seats[4].received.set(4);
        seats[4].cut_off();
        let reach = close(&seats);
        assert_eq!((reach.expected, reach.received), (40, 35));
        assert_eq!((reach.told_lost, reach.missing, reach.surplus, reach.undelivered_at_end), (3, 2, 1, 6));
        assert_eq!((reach.between.members, reach.between.at_least, reach.between.received), (1, 4, 4));
        assert_eq!(reach.share, Some(35.0 / 40.0));
    }
}

//! The queue without a database: what it takes, what it leaves out, and whose turn it is.

use super::*;

fn event(number: i64, room: i64) -> Pending {
    let room = (room > 0).then(|| RoomId::from_row(room));
    Pending { number, room, sequence: number, kind: 4, text: "{}".into(), attempts: 0 }
}

fn found(fresh: Vec<Pending>, retries: Vec<Pending>) -> Found {
    let seen = fresh.iter().map(|event| event.number).max().unwrap_or(0);
    Found { fresh, retries, seen, ..Found::default() }
}

fn with(fresh: Vec<Pending>, retries: Vec<Pending>) -> Queue {
    let mut queue = Queue::new(16);
    queue.take_in(found(fresh, retries));
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
    queue.take_in(found(Vec::new(), vec![event(1, 7)]));
    let order = std::iter::from_fn(|| {
        let event = queue.next()?;
        queue.arrived(event.room);
        Some(event.number)
    });
    assert_eq!(order.collect::<Vec<_>>(), [1, 2, 3, 5, 9]);
}

#[test]
fn what_is_here_is_not_taken_twice() {
    let mut queue = with(vec![event(1, 7)], Vec::new());
    assert_eq!((next(&mut queue), queue.seen(), queue.held()), (Some(1), 1, vec![1]));
    queue.arrived(Some(RoomId::from_row(7)));
    queue.take_in(found(Vec::new(), vec![event(1, 7)]));
    assert_eq!(next(&mut queue), None);
    queue.release(1);
    queue.take_in(found(Vec::new(), vec![event(1, 7)]));
    assert_eq!(next(&mut queue), Some(1));
}

#[test]
fn a_room_with_very_many_keeps_no_other_out_and_loses_none() {
    let mut queue = Queue::new(16);
    let most = queue.most_of_room;
    let many = i64::try_from(most).unwrap() * 3;
    let all: Vec<Pending> = (1..=many).map(|number| event(number, 7)).chain([event(many + 1, 8)]).collect();
    let look = |queue: &mut Queue| {
        let (full, seen) = (queue.full_of_fresh(), queue.seen());
        let rooms = queue.wanted_rooms().into_iter().map(|asked| {
            let mut left = all.iter().filter(|event| event.room == asked.room && event.number >= asked.from);
            let events = left.by_ref().take(asked.most).cloned().collect();
            FoundInRoom { room: asked.room, events, next: left.next().map(|event| event.number) }
        });
        let rooms = rooms.collect();
        let fresh = all.iter().filter(|event| event.number > seen && !full.contains(&event.room)).cloned().collect();
        queue.take_in(Found { fresh, rooms, seen: many + 1, ..Found::default() });
    };
    look(&mut queue);
    assert_eq!((queue.held.len(), queue.seen()), (most + 1, many + 1));
    let mut order = Vec::new();
    while let Some(event) = queue.next() {
        order.push(event.number);
        queue.arrived(event.room);
        queue.release(event.number);
        look(&mut queue);
        assert!(queue.held.len() <= most + 1);
    }
    let of_seven: Vec<i64> = order.iter().copied().filter(|number| *number <= many).collect();
    assert_eq!(of_seven, (1..=many).collect::<Vec<_>>());
    assert!(queue.left_out.is_empty() && queue.held.is_empty() && order.contains(&(many + 1)));
}

#[test]
fn retries_of_a_room_take_no_more_places_than_fresh_ones() {
    let mut queue = Queue::new(16);
    let most = queue.most_of_room;
    queue.take_in(found(Vec::new(), (1..=200).map(|id| event(id, 7)).collect()));
    assert_eq!((queue.held.len(), queue.full_of_retries()), (most, vec![Some(RoomId::from_row(7))]));
    queue.take_in(found(Vec::new(), vec![event(201, 8)]));
    assert_eq!([next(&mut queue), next(&mut queue)], [Some(1), Some(201)]);
    for _ in 1..most / 2 {
        assert!(!queue.has_room_again());
        queue.arrived(Some(RoomId::from_row(7)));
        next(&mut queue);
    }
    assert!(queue.has_room_again() && queue.full_of_retries().is_empty());
}

#[test]
fn each_kind_has_its_own_places() {
    let mut queue = with(Vec::new(), (1..=256).map(|id| event(id, id)).collect());
    assert_eq!((queue.wanted().fresh, queue.wanted().retries), (HELD, 0));
    queue.take_in(found((301..=500).map(|id| event(id, id)).collect(), Vec::new()));
    assert_eq!((queue.wanted().fresh, queue.wanted().retries), (0, 0));
}

#[test]
fn long_texts_leave_fewer_places() {
    let mut queue = Queue::new(16);
    let long = Pending { text: "x".repeat(HELD_BYTES / 2 + 1), ..event(1, 7) };
    queue.take_in(found(vec![long], Vec::new()));
    assert_eq!((queue.wanted().fresh, queue.wanted().retries), (0, 0));
    queue.release(1);
    assert_eq!(queue.wanted(), Wanted { fresh: HELD, retries: HELD, bytes: HELD_BYTES });
}

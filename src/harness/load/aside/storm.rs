//! All connections are cut at once, as by a router that starts anew, and everybody comes back.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use futures::{StreamExt, stream};

use crate::harness::load::report::{Latency, Storm, per_second};
use crate::harness::load::run::Run;
use crate::harness::load::seat::Seat;
use crate::harness::load::tally::{add, times};

/// Cuts all and brings all back, as many at a time as the plan says.
pub(super) async fn cut_and_come_back(run: &Rc<Run>, resume: bool) -> Storm {
    let since = Instant::now();
    let all: Vec<Rc<Seat>> = run.seats.iter().filter(|seat| seat.pen().is_some()).cloned().collect();
    let marks: Vec<_> = all.iter().map(|seat| seat.room.mark()).collect();
    for seat in &all {
        run.cut(seat);
        if !resume {
            seat.cut_off();
        }
    }
    run.move_on();
    let coming = RefCell::new(times());
    let come = async |seat: &Rc<Seat>| {
        let since = Instant::now();
        let back = if resume { run.come_back(seat).await } else { run.come(seat).await.map(|()| false) };
        add(&mut coming.borrow_mut(), since.elapsed());
        back.inspect_err(|error| run.errors.add_connection(error)).ok()
    };
    let back = stream::iter(&all).map(come).buffer_unordered(run.plan.opening);
    let back: Vec<Option<bool>> = back.take_until(run.stop.wait()).collect().await;
    let seconds = since.elapsed();
    let count = back.iter().flatten().count() as u64;
    let missed = all.iter().zip(marks).filter(|(seat, _)| !seat.whole.get());
    let missed = missed.map(|(seat, mark)| mark.until(seat.entered()).least).sum();
    let coming = Latency::of(&coming.borrow());
    Storm {
        cut: all.len() as u64,
        back: count,
        resumed: back.iter().flatten().filter(|resumed| **resumed).count() as u64,
        seconds: seconds.as_secs_f64(),
        per_second: per_second(count, seconds),
        coming,
        missed,
    }
}

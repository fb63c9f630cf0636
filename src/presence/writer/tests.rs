//! A writer at work on real sockets. The runtime has one thread, so nothing is written while a test hands jobs over.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use crate::base::{Clock, LaneBounds, limits};
use crate::metrics::Metrics;
use crate::model::Lane;
use crate::presence::job::{Job, Target, Targets};
use crate::presence::writers::{Seat, Writers, WritersSettings};
use crate::presence::{Frame, Link};
use crate::wire::Text;

const BOUNDS: LaneBounds = LaneBounds { high_bytes: 64 * 1024, normal_bytes: 256 * 1024 };

/// Some members of one room, and the other ends of their connections.
struct Desk {
    writers: Arc<Writers>,
    seats: Vec<Seat>,
    peers: Vec<TcpStream>,
}

impl Desk {
    async fn with(members: usize) -> Desk {
        let settings = WritersSettings { count: 1, bounds: BOUNDS, stall: Duration::from_secs(600), resume_bytes: 0 };
        let writers = Writers::start(settings, &Clock::test(), &Arc::new(Metrics::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (mut seats, mut peers) = (Vec::new(), Vec::new());
        for _ in 0..members {
            peers.push(TcpStream::connect(listener.local_addr().unwrap()).await.unwrap());
            let link = Link::new(listener.accept().await.unwrap().0);
            seats.push(writers.open(Arc::new(link)).await.unwrap());
        }
        Desk { writers, seats, peers }
    }

    fn everybody(&self) -> Targets {
        Targets::Roster(self.seats.iter().map(|seat| seat.key.address).collect())
    }

    async fn hand_over(&self, lane: Lane, text: &str, to: Targets) {
        let frame = Arc::new(Frame::message(Text::copy_of_text(text), lane, None));
        let mut turnstile = self.writers.reserve_in(lane, 1).await.unwrap();
        turnstile.send(0, Job::Deliver { frame, to, report: None });
    }

    /// Reads so many short frames of one member.
    async fn hears(&mut self, member: usize, frames: usize) -> Vec<String> {
        let mut texts = Vec::new();
        for _ in 0..frames {
            let mut header = [0; 4];
            self.peers[member].read_exact(&mut header[..2]).await.unwrap();
            let mut length = usize::from(header[1]);
            if length == 126 {
                self.peers[member].read_exact(&mut header[2..]).await.unwrap();
                length = usize::from(u16::from_be_bytes([header[2], header[3]]));
            }
            let mut payload = vec![0; length];
            self.peers[member].read_exact(&mut payload).await.unwrap();
            texts.push(String::from_utf8(payload).unwrap().trim_end().to_owned());
        }
        texts
    }
}

#[tokio::test]
async fn what_is_urgent_does_not_wait_behind_the_jobs_before_it() {
    const MESSAGES: usize = 200;
    let mut desk = Desk::with(3).await;
    let roster = desk.everybody();
    let Targets::Roster(roster) = roster else { unreachable!("everybody is a roster") };
    for number in 0..MESSAGES {
        desk.hand_over(Lane::Normal, &format!("{number:1000}"), Targets::Roster(roster.clone())).await;
    }
    desk.hand_over(Lane::High, "fire", Targets::Roster(roster)).await;
    for member in 0..3 {
        let heard = desk.hears(member, MESSAGES + 1).await;
        assert_eq!(heard[0], "fire", "nothing was written before it was handed over");
        let normal: Vec<String> = (0..MESSAGES).map(|number| format!("{number:1000}")).collect();
        assert_eq!(heard[1..], normal);
    }
}

#[tokio::test]
async fn nothing_urgent_from_before_comes_behind_an_answer() {
    let mut desk = Desk::with(1).await;
    let to = || Targets::Listed(vec![Target { address: desk.seats[0].key.address, had: false }]);
    desk.hand_over(Lane::High, "fire", to()).await;
    desk.seats[0].deliver(Frame::reply(Text::copy_of_text("kicked"))).await;
    assert_eq!(desk.hears(0, 2).await, ["fire", "kicked"]);
}

#[tokio::test]
async fn what_one_member_gets_between_keeps_its_place_among_what_all_get() {
    let mut desk = Desk::with(3).await;
    let Targets::Roster(roster) = desk.everybody() else { unreachable!("everybody is a roster") };
    // Another room that two of them are in as well.
    let other: Arc<[_]> = roster[1..].into();
    let all = |text: &'static str| (text, Targets::Roster(roster.clone()));
    let some = |text: &'static str| (text, Targets::Roster(other.clone()));
    let one = |text: &'static str| (text, Targets::Listed(vec![Target { address: roster[2], had: false }]));
    for (text, to) in [all("a"), all("b"), one("c"), some("d"), all("e"), some("f"), one("g"), all("h")] {
        desk.hand_over(Lane::Normal, text, to).await;
    }
    assert_eq!(desk.hears(0, 4).await, ["a", "b", "e", "h"]);
    assert_eq!(desk.hears(1, 6).await, ["a", "b", "d", "e", "f", "h"]);
    assert_eq!(desk.hears(2, 8).await, ["a", "b", "c", "d", "e", "f", "g", "h"]);
}

#[tokio::test]
async fn no_job_is_taken_and_left_undone() {
    const MESSAGES: usize = 3 * limits::TURN_JOBS;
    let mut desk = Desk::with(1).await;
    let address = desk.seats[0].key.address;
    for number in 0..MESSAGES {
        let to = Targets::Listed(vec![Target { address, had: false }]);
        desk.hand_over(Lane::Normal, &number.to_string(), to).await;
    }
    let expected: Vec<String> = (0..MESSAGES).map(|number| number.to_string()).collect();
    assert_eq!(desk.hears(0, MESSAGES).await, expected);
}

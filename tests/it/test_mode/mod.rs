//! What the tests of others use: a clock that they turn, and members' connections that they slow down, freeze and cut.

mod clock;
mod examples;
mod freeze;
mod in_process;
mod line;
mod signing;
mod switches;

use roomgate::base::RoomId;
use roomgate::client::{Operator, OperatorError, Outgoing};
use serde_json::Value;

use crate::support::program::{KEY, Program};
use crate::support::{House, Member, SOON};

/// The program with its time standing still, and these options.
async fn program(options: &[&str]) -> Program {
    Program::start(&[&["--memory", "--test-clock"][..], &KEY, options].concat()).await
}

/// The operator's side of a gateway's internal listener.
struct Desk(Operator);

impl Desk {
    fn at(internal: impl std::fmt::Display) -> Desk {
        Desk(Operator::new(&format!("http://{internal}")).expect("a good address"))
    }

    fn of(house: &House) -> Desk {
        Desk::at(house.gateway.internal_addr())
    }

    async fn gets(&self, path: &str) -> Value {
        serde_json::from_str(&self.0.get(path).await.expect(path)).expect("JSON")
    }

    async fn does(&self, path: &str) -> Value {
        serde_json::from_str(&self.0.post(path).await.expect(path)).expect("JSON")
    }

    async fn turns(&self, by: &str) -> Value {
        self.does(&format!("/test/clock/advance?by={by}")).await
    }

    /// What is refused with this status, and why.
    async fn is_refused(&self, path: &str, expected: u16) -> String {
        match self.0.post(path).await {
            Err(OperatorError::Refused { status, why }) if status == expected => why,
            other => panic!("{path}: expected {expected}, got {other:?}"),
        }
    }

    /// The one session of an account.
    async fn session_of(&self, accid: &str) -> Value {
        let answer = self.gets(&format!("/test/members/{accid}")).await;
        let [session] = answer["sessions"].as_array().expect("a list").as_slice() else { panic!("one: {answer}") };
        session.clone()
    }

    /// Waits until an account's one session is so.
    async fn sees(&self, accid: &str, is_so: impl Fn(&Value) -> bool) {
        let deadline = tokio::time::Instant::now() + SOON;
        loop {
            let session = self.session_of(accid).await;
            if is_so(&session) {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "not so in time: {session}");
        }
    }
}

/// A house with `test.chaos` whose time stands still, a room, ann in it, and the internal listener.
async fn house_of_ann() -> (House, RoomId, Member, Desk) {
    let house = House::with_still_clock(|settings| settings.test.chaos = true).await;
    let room = house.room().await;
    let ann = house.member_in(room, "ann").await;
    let desk = Desk::of(&house);
    (house, room, ann, desk)
}

async fn says(house: &House, room: RoomId, text: &str) {
    house.server_sends(room, "owner", Outgoing::text(text)).await;
}

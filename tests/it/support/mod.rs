//! How tests speak: a house with a gateway, named members, rooms, and sentences about them.

mod http;
mod managing;
mod member;
mod narrow;
mod notices;
pub mod openapi;
pub mod past;
#[allow(dead_code, reason = "unit tests of the library use the rest of it")]
pub mod peer;
pub mod program;
pub mod queue;
pub mod raw;

use std::time::Duration;

use roomgate::base::{Clock, RoomId};
use roomgate::client::{Api, Client, ClientError, Outgoing, Sent};
use roomgate::settings::Settings;
use roomgate::{Gateway, Running};
use serde_json::Value;

pub use http::Http;
pub use managing::Door;
pub use member::Member;

/// Anything that takes longer than this in a test does not happen.
pub const SOON: Duration = Duration::from_secs(10);

/// One gateway on free ports, with its application server.
pub struct House {
    pub gateway: Running,
    pub api: Api,
    pub clock: Clock,
}

impl House {
    /// A gateway with the usual settings.
    pub async fn open() -> House {
        House::with(|_| ()).await
    }

    /// A gateway with settings of its own.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> House {
        House::start(Clock::system(), change).await
    }

    /// A gateway where a session ends with its connection.
    pub async fn without_resume() -> House {
        House::with(|settings| settings.socket.resume_time = Duration::ZERO).await
    }

    /// A gateway whose time stands still until the test turns it, and where nobody is asked meanwhile whether it is still there.
    pub async fn with_patience(change: impl FnOnce(&mut Settings)) -> House {
        House::with_still_clock(|settings| {
            settings.socket.ping_interval = Duration::from_secs(1_000_000_000);
            change(settings);
        })
        .await
    }

    /// A gateway whose time stands still until the test turns it.
    pub async fn with_still_clock(change: impl FnOnce(&mut Settings)) -> House {
        House::start(Clock::test(), change).await
    }

    pub async fn start(clock: Clock, change: impl FnOnce(&mut Settings)) -> House {
        let builder = Gateway::builder().for_tests().app("key", "secret").clock(clock.clone());
        let gateway = builder.configure(change).start().await.expect("the gateway starts");
        let api = Api::with_clock(&gateway.api_url(), gateway.app().clone(), clock.clone()).expect("a good address");
        House { gateway, api, clock }
    }

    /// A room of an account that is made for it.
    pub async fn room(&self) -> RoomId {
        if let Err(error) = self.api.create_user("owner", "The owner").await {
            assert_eq!(error.code(), Some(414), "{error}");
        }
        self.api.create_room("owner", "a room").await.expect("a room")
    }

    /// An account with a name like its accid, in capitals.
    pub async fn account(&self, accid: &str) -> String {
        self.api.create_user(accid, &accid.to_uppercase()).await.expect("an account")
    }

    /// A connection that has not logged in.
    pub async fn visitor(&self) -> Client {
        Client::connect(self.gateway.addr()).await.expect("a connection")
    }

    /// A new account, logged in.
    pub async fn member(&self, accid: &str) -> Member {
        let token = self.account(accid).await;
        self.log_in(accid, &token).await
    }

    /// One more session of an account.
    pub async fn log_in(&self, accid: &str, token: &str) -> Member {
        let mut client = self.visitor().await;
        client.login("key", accid, token).await.expect("a login");
        Member::new(accid, token, client)
    }

    /// A new account in a room, having seen itself enter.
    pub async fn member_in(&self, room: RoomId, accid: &str) -> Member {
        let mut member = self.member(accid).await;
        member.enters(room).await;
        member
    }

    /// The application server sends; it must be accepted.
    pub async fn server_sends(&self, room: RoomId, from: &str, message: Outgoing) -> Sent {
        let path = if message.is_directed() { "chatroom/sendMsgToSomeone" } else { "chatroom/sendMsg" };
        let answer = self.api.send_for_text(room, from, message).await.expect("accepted");
        openapi::check_answer(path, &serde_json::from_str(&answer).expect("JSON"));
        Sent::read(&answer).expect("a message")
    }

    /// A call that must be refused, as the document says: its code and text.
    pub async fn refusal(&self, path: &str, params: &[(&str, &str)]) -> (u16, String) {
        openapi::check_params(path, params);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        let signed = self.gateway.app().sign(&self.clock);
        let address = format!("/nimserver/{path}.action");
        let answer = self.http().send("POST", &address, &signed.pairs(), form.as_bytes()).await;
        assert_eq!(answer.status, 200, "refusals of the API are HTTP 200: {answer:?}");
        let (code, desc) = answer.refusal();
        (u16::try_from(code).expect("a code"), desc)
    }

    /// A call that must be done, and whose answer must be what the document says.
    pub async fn call(&self, path: &str, params: &[(&str, &str)]) -> Value {
        openapi::check_params(path, params);
        let answer = self.api.call(path, params).await.unwrap_or_else(|error| panic!("{path}: {error}"));
        openapi::check_answer(path, &answer);
        answer
    }

    /// Plain HTTP, for what no client would send.
    pub fn http(&self) -> Http {
        Http::to(self.gateway.addr())
    }

    /// The member's connection breaks, and the gateway has noticed.
    pub async fn loses(&self, member: Member) {
        let away = self.metric("roomgate_sessions_away");
        drop(member);
        eventually("it is away", || self.metric("roomgate_sessions_away") > away).await;
    }

    /// The value of a metric, as it is now.
    pub fn metric(&self, name_and_labels: &str) -> f64 {
        let metrics = self.gateway.metrics();
        let line = metrics.lines().find_map(|line| line.strip_prefix(name_and_labels)?.strip_prefix(' '));
        line.map_or(0.0, |value| value.parse().expect("a number"))
    }
}

/// The code of a refused request.
pub fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Option<u16> {
    result.expect_err("expected a refusal").code()
}

/// Waits until something is so.
#[track_caller]
pub fn eventually(what: &'static str, mut is_so: impl FnMut() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let deadline = tokio::time::Instant::now() + SOON;
        while !is_so() {
            assert!(tokio::time::Instant::now() < deadline, "not so in time: {what} ({caller})");
            tokio::task::yield_now().await;
        }
    }
}

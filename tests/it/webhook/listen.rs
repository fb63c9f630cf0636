//! `roomgate webhook listen`: the receiver that comes along.

use roomgate::client::Outgoing;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout};

use crate::support::program::{KEY, command};
use crate::support::{House, SOON};

struct Receiver {
    _child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
    url: String,
}

impl Receiver {
    async fn start(args: &[&str]) -> Receiver {
        let listen = ["webhook", "listen", "--listen", "127.0.0.1:0"];
        let mut child = command(&[&listen, &KEY, args].concat()).spawn().expect("it starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
        let first = next(&mut stderr).await;
        let url = first.split(' ').find(|word| word.starts_with("http://")).expect("an address").to_owned();
        Receiver { _child: child, stdout, stderr, url }
    }

    async fn prints(&mut self) -> String {
        next(&mut self.stdout).await
    }

    async fn warns(&mut self) -> String {
        next(&mut self.stderr).await
    }

    async fn house(&self, secret: &str) -> House {
        let url = self.url.parse().ok();
        let app = roomgate::auth::App::new("key", secret);
        House::with(|settings| {
            settings.webhook.url = url;
            // The house's own tools sign with the usual one, and nothing is called here.
            settings.app = Some(app);
        })
        .await
    }
}

async fn next(lines: &mut (impl AsyncBufRead + Unpin)) -> String {
    let mut line = String::new();
    tokio::time::timeout(SOON, lines.read_line(&mut line)).await.expect("a line in time").expect("a line");
    line.trim_end().to_owned()
}

#[tokio::test]
async fn events_are_printed_one_a_line() {
    let mut receiver = Receiver::start(&[]).await;
    let house = receiver.house("secret").await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.sends(room, Outgoing::text("hello\nyou")).await;
    assert!(receiver.prints().await.ends_with(&format!("  in-out     room {room}  ann  IN")));
    assert!(receiver.prints().await.ends_with(&format!("  message    room {room}  ann  TEXT hello you")));
    house.desk("POST", "/webhook/test").await;
    assert!(receiver.prints().await.starts_with("test call"));
}

#[tokio::test]
async fn bodies_are_printed_as_they_came_and_a_wrong_secret_is_said() {
    let mut receiver = Receiver::start(&["--json"]).await;
    let house = receiver.house("other").await;
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("hi")).await;
    let warning = receiver.warns().await;
    assert!(warning.contains("wrong or missing: CheckSum, X-Roomgate-Signature"), "{warning}");
    let body: serde_json::Value = serde_json::from_str(&receiver.prints().await).unwrap();
    assert_eq!((&body["eventType"], &body["attach"]), (&"4".into(), &"hi".into()));
}

#[tokio::test]
async fn a_status_can_be_wanted_that_has_events_sent_again() {
    let mut receiver = Receiver::start(&["--status", "503"]).await;
    let house = receiver.house("secret").await;
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("hi")).await;
    let first = receiver.prints().await;
    assert_eq!(receiver.prints().await, first);
    let warning = receiver.warns().await;
    assert!(warning.contains("has come before: leave it out"), "{warning}");
}

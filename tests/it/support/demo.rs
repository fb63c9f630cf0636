//! Visitors of the demo, as its page speaks for them.

use std::path::Path;

use roomgate::base::Clock;
use roomgate::settings::Settings;
use serde_json::Value;

use super::http::Answer;
use super::{House, Http, Member};

/// An account that the demo made.
pub struct Guest {
    pub accid: String,
    pub token: String,
    http: Http,
}

impl House {
    /// A gateway with its demo.
    pub async fn with_demo() -> House {
        House::with(|settings| settings.demo = Some(true)).await
    }

    /// The same with its data in `folder`, and settings of its own.
    pub async fn with_demo_in(folder: &Path, clock: Clock, change: impl FnOnce(&mut Settings)) -> House {
        House::start(clock, |settings| {
            settings.demo = Some(true);
            settings.data = Some(folder.to_owned());
            change(settings);
        })
        .await
    }

    /// Whoever enters the demo with this name.
    pub async fn guest(&self, name: &str) -> Guest {
        let entering = serde_json::json!({ "name": name }).to_string();
        let entered = self.http().send("POST", "/demo/enter", &[], entering.as_bytes()).await.done();
        let text = |name: &str| entered[name].as_str().expect("a text").to_owned();
        Guest { accid: text("accid"), token: text("token"), http: self.http() }
    }
}

impl Answer {
    /// What was asked for.
    #[track_caller]
    pub fn done(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// HTTP status and code of what was refused.
    #[track_caller]
    pub fn refused(&self) -> (u16, u64) {
        (self.status, self.refusal().0)
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&start))
    }
}

impl Guest {
    pub fn headers(&self) -> [(&str, &str); 2] {
        [("X-Demo-Account", &self.accid), ("X-Demo-Token", &self.token)]
    }

    /// Logs in: its session, and what the member hears.
    pub async fn logs_in(&self, house: &House) -> (String, Member) {
        let mut client = house.visitor().await;
        let reply = client.login("key", &self.accid, &self.token).await.expect("a login");
        let session = reply["session"].as_str().expect("a session").to_owned();
        (session, Member::new(&self.accid, &self.token, client))
    }

    pub async fn gets(&self, path: &str) -> Answer {
        self.http.send("GET", path, &self.headers(), b"").await
    }

    pub async fn posts(&self, path: &str, body: &Value) -> Answer {
        self.sends(path, body.to_string().as_bytes()).await
    }

    pub async fn sends(&self, path: &str, body: &[u8]) -> Answer {
        self.http.send("POST", path, &self.headers(), body).await
    }

    /// Puts a file on the demo's shelf; it must be taken.
    pub async fn puts(&self, name: &str, bytes: &[u8]) -> Value {
        self.sends(&format!("/demo/files?name={name}"), bytes).await.done()
    }
}

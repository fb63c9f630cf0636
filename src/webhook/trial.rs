//! A call that only tries an address, as the hosted service does when one is saved: the body is `{}`, and the answer must be 200 within
//! five seconds.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use url::Url;

use crate::model::kept_event::{MAIN, shown_target};

use super::attempt::Teller;
use super::{Target, Trouble, Webhook};

const WITHIN: Duration = Duration::from_secs(5);

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Trial {
    /// The name of the address; `default` for the main one.
    pub env: String,
    /// Where it is, without what might be secret in it.
    pub url: String,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What came back, or why nothing did.
    pub result: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

impl Webhook {
    /// Tries one address, or all of them at the same time.
    pub async fn test(&self, target: Option<&str>) -> Result<Vec<Trial>, Trouble> {
        let targets = self.targets.iter().filter(|known| target.is_none_or(|name| known.name == name));
        let teller = self.teller.as_ref().ok_or(Trouble::NoAddress)?;
        let trials = futures::future::join_all(targets.map(|target| try_one(teller, target))).await;
        match target {
            Some(name) if trials.is_empty() => Err(self.unknown(name)),
            _ => Ok(trials),
        }
    }

    /// The name of an address as people say it, as the ledger has it.
    pub fn target_named(&self, shown: &str) -> String {
        let is_known = self.targets.iter().any(|target| target.name == shown);
        if shown == MAIN && !is_known { String::new() } else { shown.to_owned() }
    }

    pub(super) fn unknown(&self, name: &str) -> Trouble {
        if self.targets.is_empty() {
            return Trouble::NoAddress;
        }
        let known: Vec<&str> = self.targets.iter().map(|target| shown_target(&target.name)).collect();
        Trouble::UnknownAddress(shown_target(name).to_owned(), known.join(", "))
    }
}

async fn try_one(teller: &Teller, target: &Target) -> Trial {
    let begun = std::time::Instant::now();
    let reply = teller.post(&target.url, Bytes::from_static(b"{}"), Vec::new(), WITHIN).await;
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (ok, result) = match reply {
        Ok(reply) => (reply.status == 200, format!("HTTP {}", reply.status)),
        Err(why) => (false, why.to_string()),
    };
    Trial { env: shown_target(&target.name).to_owned(), url: shown(&target.url), ok, result, ms }
}

/// Names and passwords, and the tokens that people put into queries, are nobody's business.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Only what has no host can't have them, and then there are none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

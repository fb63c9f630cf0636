//! Asks the application server, before a session enters a room or logs in with `authType` 2, whether it may (section 9.2, event 37).

use std::net::SocketAddr;

use crate::base::{Accid, Hidden, Invalid, Params, RoomId, limits};
use crate::callback::{Consent, Question};
use crate::model::{ClientType, Fields, Looks, Refusal, TagExpression};

use super::shared::Shared;
use super::{Proof, Visitor};

/// What a session logged in with, as far as the application server may be asked about it.
#[derive(Debug, Clone)]
pub struct Papers {
    /// How it proves who it is.
    pub proof: Proof,
    /// With which token.
    pub token: Hidden,
    /// What it gave the application server to judge by.
    pub login_ext: Option<String>,
    /// The device, where it says one.
    pub device: Option<String>,
    /// What it comes from.
    pub client: ClientType,
    /// Where it comes from.
    pub peer: Option<SocketAddr>,
}

impl Papers {
    fn fields(&self, accid: &Accid) -> Fields {
        Fields::default()
            .with("fromAccount", accid)
            .with("anonymous", 0)
            .with("fromClientType", self.client.webhook_word())
            .with_some("fromClientIp", self.peer.map(|peer| peer.ip().to_canonical()))
            .with_some("fromClientPort", self.peer.map(|peer| peer.port()))
            .with_some("fromDeviceId", self.device.as_deref())
            .with("loginAuthType", self.proof.number())
            .with_some("loginExt", self.login_ext.as_deref())
            .with("token", self.token.reveal())
    }
}

impl Shared {
    /// Whether sessions are asked about as they enter.
    pub(super) fn asks_about_joins(&self) -> bool {
        self.delivery.callback().asks(Question::Join)
    }

    /// Asks whether this account may log in, which nothing else proves.
    pub(super) async fn ask_about_login(&self, accid: &Accid, papers: &Papers) -> Result<(), Refusal> {
        if self.delivery.callback().settings().url.is_none() {
            let words = "authType: 2 is decided by the application server, and callback.url names none";
            return Err(Refusal::Forbidden(words.into()));
        }
        let fields = papers.fields(accid).with("timestamp", self.now());
        let about = Fields::default().with("accid", accid);
        let asked = self.delivery.consent(Question::Login, &fields, None, about, Ok).await?;
        // Nobody has vouched for it, whatever is done where nobody answers.
        asked.map(drop).ok_or(Refusal::NotAsked)
    }

    /// Asks whether a session may enter. It may be given other looks.
    pub(super) async fn ask_about_joining(&self, id: RoomId, visitor: &mut Visitor<'_>) -> Result<(), Refusal> {
        let Some(papers) = visitor.papers.filter(|_| self.asks_about_joins()) else { return Ok(()) };
        let Visitor { accid, looks, subscription, notify_ext, .. } = &*visitor;
        let tags = subscription.as_ref().filter(|said| !said.tags.is_empty()).map(|said| said.tags.as_json_text());
        let target = subscription.as_ref().and_then(|said| said.target.as_ref());
        let fields = papers
            .fields(accid)
            .with("roomid", id)
            .with_some("nick", looks.nick.as_deref())
            .with_some("avatar", looks.avator.as_deref())
            .with_some("ext", looks.ext.as_deref())
            .with_some("notifyExt", notify_ext.as_deref())
            .with_some("tags", tags)
            .with_some("notifyTargetTags", target.map(TagExpression::as_str))
            .with("timestamp", self.now());
        let about = Fields::default().with("roomId", id).with("accid", accid);
        if let Some(changed) = self.delivery.consent(Question::Join, &fields, Some(id), about, read).await? {
            visitor.looks = changed.looks.or(&visitor.looks);
            visitor.notify_ext = changed.notify_ext.or(visitor.notify_ext.take());
        }
        Ok(())
    }
}

/// What the application server changes of somebody who enters.
struct Changed {
    looks: Looks,
    notify_ext: Option<String>,
}

/// Read by the same rules as what the session itself says.
fn read(consent: Consent) -> Result<Changed, Invalid> {
    let mut changes = consent.changes;
    if let Some(avatar) = changes.remove("avatar") {
        changes.insert("avator".into(), avatar);
    }
    let params = Params::inside(&changes);
    let looks = Looks::read(&params)?;
    let notify_ext = params.text_within("notifyExt", limits::NOTIFY_EXT_UNITS)?.map(str::to_owned);
    Ok(Changed { looks, notify_ext })
}

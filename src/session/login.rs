//! How a connection becomes a session: a new one, or one that goes on (socket protocol, `login`).

use std::sync::Arc;

use serde::Serialize;

use crate::base::{Accid, Params, SessionId, limits};
use crate::metrics::OutcomeLabels;
use crate::model::{ClientType, Refusal, User};
use crate::presence::Seat;
use crate::service::{LogOut, Papers, Proof, Services};

use super::absences::Absences;
use super::live::Live;

/// Who a connection is: checked, and with what it was checked.
pub(super) struct Visa {
    pub(super) user: Arc<User>,
    pub(super) papers: Papers,
}

/// Which session a connection wants to go on with.
#[derive(Debug)]
pub(super) struct Resume {
    session: Option<SessionId>,
    received: u64,
}

#[derive(Serialize)]
pub(super) struct Welcome<'a> {
    session: SessionId,
    resumed: bool,
    user: WelcomedUser<'a>,
    limits: WelcomeLimits,
}

#[derive(Serialize)]
struct WelcomedUser<'a> {
    accid: &'a Accid,
    name: &'a str,
    icon: &'a str,
    ex: &'a str,
}

/// What a client needs to know to stay within them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WelcomeLimits {
    message_bytes: usize,
    attach: usize,
    ext: usize,
    recipients: usize,
    rooms: usize,
    ping_interval_ms: u128,
}

impl Visa {
    /// Checks who a connection says it is.
    pub(super) async fn check(services: &Services, seat: &Seat, params: &Params) -> Result<Visa, Refusal> {
        if params.boolean("anonymous", false)? {
            return Err(Refusal::Forbidden("anonymous: this gateway takes logins of accounts only".into()));
        }
        let app_key = params.required_text("appKey", limits::TOKEN_UNITS)?;
        let accid = params.accid("accid")?;
        let papers = read_papers(params, seat)?;
        if app_key != services.app.key() {
            return Err(Refusal::Forbidden("appKey: not the key of this gateway's application".into()));
        }
        let user = services.users.log_in(&accid, &papers).await?;
        Ok(Visa { user, papers })
    }
}

/// Reads what a session logs in with. A token of another kind than the static one is longer, and one that only the application server
/// understands may be left out.
fn read_papers(params: &Params, seat: &Seat) -> Result<Papers, Refusal> {
    let proof = Proof::read(params)?;
    let token = match proof {
        Proof::Static => params.required_text("token", limits::TOKEN_UNITS)?,
        Proof::Dynamic => params.required_text("token", limits::DYNAMIC_TOKEN_UNITS)?,
        Proof::Callback => params.text_within("token", limits::DYNAMIC_TOKEN_UNITS)?.unwrap_or_default(),
    };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Ok(Papers {
        proof,
        token: token.to_owned().into(),
        login_ext: owned(params.text_within("loginExt", limits::EXT_UNITS)?),
        device: owned(params.text_within("deviceId", limits::TOKEN_UNITS)?),
        client: ClientType::read(params)?,
        peer: seat.line().peer(),
    })
}

impl Resume {
    pub(super) fn read(params: &Params) -> Result<Option<Resume>, Refusal> {
        let Some(object) = params.object("resume")? else { return Ok(None) };
        let resume = Params::inside(&object);
        let session = SessionId::read(resume.required_text("session", limits::TOKEN_UNITS)?);
        let received = resume.integer("received", 0..=i64::MAX)?.unwrap_or_default();
        // Whoever knows its session has the first frame, which told it.
        Ok(Some(Resume { session, received: received.unsigned_abs().max(1) }))
    }

    /// The session, ready to be written to where its client left off; `None` where it has to begin anew.
    pub(super) async fn find(self, services: &Services, absences: &Absences, accid: &Accid) -> Option<Box<Live>> {
        let found = self.claim(services, absences, accid).await;
        let outcome = match &found {
            Ok(_) => "resumed",
            Err(outcome) => outcome,
        };
        services.metrics.resumes.get_or_create(&OutcomeLabels { outcome }).inc();
        found.ok()
    }

    async fn claim(self, services: &Services, absences: &Absences, accid: &Accid) -> Result<Box<Live>, &'static str> {
        const TOO_LATE: &str = "too_late";
        let session = self.session.ok_or(TOO_LATE)?;
        // Found among its own: a session is not known by its id alone.
        let line = services.accounts.line(accid, session).ok_or(TOO_LATE)?;
        let live = absences.claim(&line, session, &services.clock).await.ok_or(TOO_LATE)?;
        if live.seat.take_back(self.received).await {
            return Ok(live);
        }
        // Nobody can ever go on with it.
        live.leave_all(LogOut::Offline).await;
        Err("too_much")
    }
}

impl<'a> Welcome<'a> {
    /// What the reply to a login says.
    pub(super) fn of(session: SessionId, user: &'a User, resumed: bool, services: &Services) -> Welcome<'a> {
        let profile = &user.profile;
        Welcome {
            session,
            resumed,
            user: WelcomedUser { accid: &user.accid, name: &profile.name, icon: &profile.icon, ex: &profile.ex },
            limits: WelcomeLimits {
                message_bytes: services.settings.socket.message_bytes,
                attach: limits::ATTACH_UNITS,
                ext: limits::EXT_UNITS,
                recipients: limits::RECIPIENTS,
                rooms: services.settings.limits.rooms_per_session,
                ping_interval_ms: services.settings.socket.ping_interval.as_millis(),
            },
        }
    }
}

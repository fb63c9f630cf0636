//! `/user/…`: accounts (section 7).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::base::{Accid, limits};
use crate::model::user::Modules;
use crate::model::{Profile, Refusal, User};
use crate::presence::LoggedIn;

use super::{Answer, Call};

#[derive(Serialize)]
struct Info<T> {
    info: T,
}

#[derive(Serialize)]
struct Token<'a> {
    token: &'a str,
    accid: &'a Accid,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct Profiles<'a> {
    uinfos: Vec<ProfileOf<'a>>,
}

#[derive(Serialize)]
struct ProfileOf<'a> {
    accid: &'a Accid,
    #[serde(flatten)]
    profile: &'a Profile,
    #[serde(flatten)]
    mutes: Option<Mutes>,
}

/// What `muteStatus` adds.
#[derive(Serialize)]
struct Mutes {
    valid: bool,
    mute: bool,
    #[serde(flatten)]
    modules: ModulesView,
}

#[derive(Serialize)]
struct ModulesView {
    #[serde(rename = "muteP2P")]
    p2p: bool,
    #[serde(rename = "muteTeam")]
    team: bool,
    #[serde(rename = "muteRoom")]
    room: bool,
    #[serde(rename = "muteQChat")]
    qchat: bool,
}

/// These two calls answer in `data`.
#[derive(Serialize)]
struct InData<T> {
    data: T,
}

/// The official Java SDK reads `status`, the one for Go the list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OnlineStatus {
    invalid_accids: Vec<Accid>,
    status: Map<String, Value>,
    online_status_list: Vec<OnlineAccount>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OnlineAccount {
    accid: Accid,
    status_list: Vec<OnlineSession>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
struct OnlineSession {
    client_type: i64,
    login_time: u64,
}

impl ModulesView {
    fn of(modules: Modules) -> ModulesView {
        ModulesView { p2p: modules.p2p, team: modules.team, room: modules.room, qchat: modules.qchat }
    }
}

pub(super) async fn create_user(call: Call) -> Result<Answer, Refusal> {
    let made = call.services.users.create(&call.params).await?;
    Ok(Answer::with(&Info { info: Token { token: &made.token, accid: &made.accid, name: Some(&made.name) } }))
}

pub(super) async fn update_user(call: Call) -> Result<Answer, Refusal> {
    call.services.users.update(&call.params).await?;
    Ok(Answer::done())
}

pub(super) async fn refresh_token(call: Call) -> Result<Answer, Refusal> {
    let accid = call.params.accid("accid")?;
    let token = call.services.users.refresh_token(&accid).await?;
    Ok(Answer::with(&Info { info: Token { token: &token, accid: &accid, name: None } }))
}

pub(super) async fn update_profile(call: Call) -> Result<Answer, Refusal> {
    call.services.users.update_profile(call.params).await?;
    Ok(Answer::done())
}

pub(super) async fn get_profiles(call: Call) -> Result<Answer, Refusal> {
    let with_mutes = call.params.boolean("muteStatus", false)?;
    let accids = call.accids("accids", limits::QUERIED_ACCOUNTS)?;
    let users = call.services.users.find(&accids).await?;
    let view = |user| ProfileOf::of(user, with_mutes);
    Ok(Answer::with(&Profiles { uinfos: users.iter().map(|user| view(user)).collect() }))
}

impl ProfileOf<'_> {
    fn of(user: &User, with_mutes: bool) -> ProfileOf<'_> {
        let modules = ModulesView::of(user.muted_modules);
        let mutes = with_mutes.then_some(Mutes { valid: !user.disabled, mute: user.muted, modules });
        ProfileOf { accid: &user.accid, profile: &user.profile, mutes }
    }
}

pub(super) async fn block_user(call: Call) -> Result<Answer, Refusal> {
    let (accid, kick) = (call.params.accid("accid")?, call.params.boolean("needkick", false)?);
    call.params.text_within("kickNotifyExt", limits::NOTIFY_EXT_UNITS)?;
    call.params.boolean("needUnbindPushToken", false)?;
    call.services.users.set_disabled(&accid, true, kick).await?;
    Ok(Answer::done())
}

pub(super) async fn unblock_user(call: Call) -> Result<Answer, Refusal> {
    call.services.users.set_disabled(&call.params.accid("accid")?, false, false).await?;
    Ok(Answer::done())
}

pub(super) async fn mute_user(call: Call) -> Result<Answer, Refusal> {
    let (accid, muted) = (call.params.accid("accid")?, call.params.boolean("mute", false)?);
    call.services.users.set_muted(&accid, muted).await?;
    Ok(Answer::done())
}

pub(super) async fn mute_modules(call: Call) -> Result<Answer, Refusal> {
    let (accid, params) = (call.params.accid("accid")?, call.params);
    let change = move |modules: &mut Modules| {
        modules.p2p = params.boolean("muteP2P", modules.p2p)?;
        modules.team = params.boolean("muteTeam", modules.team)?;
        modules.room = params.boolean("muteRoom", modules.room)?;
        modules.qchat = params.boolean("muteQChat", modules.qchat)?;
        Ok(())
    };
    let modules = call.services.users.set_modules(&accid, change).await?;
    Ok(Answer::with(&InData { data: ModulesView::of(modules) }))
}

/// Asks that a telephone be silent while a computer is logged in. No account here has one: nothing is pushed by telephone makers' services.
pub(super) async fn set_push_silence(call: Call) -> Result<Answer, Refusal> {
    let accid = call.params.accid("accid")?;
    call.params.boolean("donnopOpen", false)?;
    call.services.users.get(&accid).await?;
    Err(Refusal::BadParameter(format!("accid: {accid} has no device that takes pushes, this gateway sends none")))
}

pub(super) async fn get_online_status(call: Call) -> Result<Answer, Refusal> {
    let accids = call.accids("accids", limits::QUERIED_ACCOUNTS)?;
    let known = call.services.users.find(&accids).await?;
    let mut answer = OnlineStatus { invalid_accids: Vec::new(), status: Map::new(), online_status_list: Vec::new() };
    for accid in accids {
        if known.iter().all(|user| user.accid != accid) {
            answer.invalid_accids.push(accid);
            continue;
        }
        let sessions = call.services.users.sessions(&accid).into_iter();
        let view =
            |session: LoggedIn| OnlineSession { client_type: session.client.number(), login_time: session.since };
        let status_list: Vec<OnlineSession> = sessions.map(view).collect();
        // Who is offline must not be named: the Java SDK takes that for being online.
        if !status_list.is_empty() {
            let shown = serde_json::to_value(&status_list).unwrap_or_default();
            answer.status.insert(accid.as_str().to_owned(), shown);
            answer.online_status_list.push(OnlineAccount { accid, status_list });
        }
    }
    Ok(Answer::with(&InData { data: answer }))
}

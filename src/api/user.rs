//! `/user/…`: accounts (section 7).

use serde::Serialize;

use crate::base::{Accid, Invalid, limits};
use crate::model::{Profile, Refusal};

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
    call.params.boolean("muteStatus", false)?;
    let accids = call.params.accids("accids", limits::QUERIED_ACCOUNTS)?.ok_or_else(|| {
        Invalid::missing("accids", format!("1 to {} accounts as a JSON array", limits::QUERIED_ACCOUNTS))
    })?;
    let users = call.services.users.find(&accids).await?;
    let uinfos = users.iter().map(|user| ProfileOf { accid: &user.accid, profile: &user.profile }).collect();
    Ok(Answer::with(&Profiles { uinfos }))
}

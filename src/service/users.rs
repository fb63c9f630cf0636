//! Accounts: made, changed, looked up, logged in (server API, section 7).

use std::sync::Arc;

use crate::auth::TokenHash;
use crate::base::{Accid, Invalid, Params, limits};
use crate::model::{Profile, Refusal, User};
use crate::store::Store;

/// The verbs on accounts.
#[derive(Debug)]
pub struct Users {
    store: Arc<Store>,
}

/// An account and the token to log in with, told once when the token is made.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account, as it is written from now on.
    pub accid: Accid,
    /// Its name.
    pub name: String,
    /// Its static token.
    pub token: String,
}

impl Users {
    pub(super) fn new(store: Arc<Store>) -> Users {
        Users { store }
    }

    /// Makes an account; the token is made where none is given.
    pub async fn create(&self, params: &Params) -> Result<Credentials, Refusal> {
        let accid = Accid::parse("accid", params.text("accid")?.unwrap_or_default()).map_err(say_empty(params))?;
        let token = read_token(params)?.unwrap_or_else(TokenHash::fresh_token);
        check_unused(params)?;
        let user = User { accid, profile: Profile::read(params)?, token: TokenHash::of(&token) };
        let credentials = Credentials { accid: user.accid.clone(), name: user.profile.name.clone(), token };
        if self.store.insert_user(user).await? {
            Ok(credentials)
        } else {
            Err(Refusal::AlreadyRegistered(credentials.accid))
        }
    }

    /// Sets the static token, if one is given.
    pub async fn update(&self, params: &Params) -> Result<(), Refusal> {
        let accid = params.accid("accid")?;
        check_unused(params)?;
        match read_token(params)? {
            Some(token) => self.set_token(&accid, &token).await,
            None => self.store.require_user(&accid).await.map(drop),
        }
    }

    /// Replaces the static token by a new random one.
    pub async fn refresh_token(&self, accid: &Accid) -> Result<String, Refusal> {
        let token = TokenHash::fresh_token();
        self.set_token(accid, &token).await?;
        Ok(token)
    }

    async fn set_token(&self, accid: &Accid, token: &str) -> Result<(), Refusal> {
        let hash = TokenHash::of(token);
        self.change(accid, move |user| {
            user.token = hash;
            Ok(())
        })
        .await
    }

    /// Changes the profile: what is named changes, an empty text clears.
    pub async fn update_profile(&self, params: Params) -> Result<(), Refusal> {
        let accid = params.accid("accid")?;
        self.change(&accid, move |user| user.profile.update(&params)).await
    }

    async fn change(
        &self,
        accid: &Accid,
        change: impl FnOnce(&mut User) -> Result<(), Invalid> + Send + 'static,
    ) -> Result<(), Refusal> {
        match self.store.update_user(accid, change).await? {
            Some(Ok(_)) => Ok(()),
            Some(Err(invalid)) => Err(invalid.into()),
            None => Err(Refusal::NoAccount(accid.clone())),
        }
    }

    /// The accounts that exist among those asked for.
    pub async fn find(&self, accids: &[Accid]) -> Result<Vec<Arc<User>>, Refusal> {
        let mut users = Vec::with_capacity(accids.len());
        for accid in accids {
            users.extend(self.store.user(accid).await?);
        }
        Ok(users)
    }

    /// The account, if the token is its own. An unknown account and a wrong token look the same.
    pub async fn log_in(&self, accid: &Accid, token: &str) -> Result<Arc<User>, Refusal> {
        let user = self.store.user(accid).await?.ok_or(Refusal::WrongToken)?;
        if user.token.admits(token) { Ok(user) } else { Err(Refusal::WrongToken) }
    }
}

fn read_token(params: &Params) -> Result<Option<String>, Invalid> {
    Ok(params.text_within("token", limits::TOKEN_UNITS)?.map(str::to_owned))
}

/// `props` is deprecated and `bid` belongs to moderation: checked, not kept.
fn check_unused(params: &Params) -> Result<(), Invalid> {
    params.text_within("props", limits::USER_PROPS_UNITS)?;
    params.text("bid")?;
    Ok(())
}

/// An empty account gets the documented words (section 1.5).
fn say_empty(params: &Params) -> impl FnOnce(Invalid) -> Refusal {
    let empty = params.text("accid").is_ok_and(|accid| accid.is_none());
    move |invalid| if empty { Refusal::BadParameter(format!("accid is empty: {invalid}")) } else { invalid.into() }
}

//! Accounts: made, changed, disabled, muted, looked up, logged in (server API, section 7).

use std::sync::Arc;

use crate::auth::{App, BadToken, TokenHash};
use crate::base::{Accid, Invalid, Params, limits};
use crate::model::user::Modules;
use crate::model::{Profile, Refusal, User};
use crate::presence::LoggedIn;
use crate::wire::CloseCode;

use super::doorman::Papers;
use super::shared::Shared;

/// The verbs on accounts.
#[derive(Debug)]
pub struct Users {
    shared: Arc<Shared>,
    app: App,
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

/// How a session proves who it is (section 7, `authType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// With the account's static token.
    Static,
    /// With a token that the application server signed.
    Dynamic,
    /// With whatever the application server wants, which is asked.
    Callback,
}

impl Proof {
    /// Reads `authType`; 0, static, where it is left out.
    pub fn read(params: &Params) -> Result<Proof, Invalid> {
        Ok(match params.integer("authType", 0..=2)? {
            Some(1) => Proof::Dynamic,
            Some(2) => Proof::Callback,
            _ => Proof::Static,
        })
    }

    /// Its number.
    pub fn number(self) -> u8 {
        match self {
            Proof::Static => 0,
            Proof::Dynamic => 1,
            Proof::Callback => 2,
        }
    }
}

impl Users {
    pub(super) fn new(shared: Arc<Shared>, app: App) -> Users {
        Users { shared, app }
    }

    /// Makes an account; the token is made where none is given.
    pub async fn create(&self, params: &Params) -> Result<Credentials, Refusal> {
        let accid = Accid::parse("accid", params.text("accid")?.unwrap_or_default()).map_err(say_empty(params))?;
        let token = read_token(params)?.unwrap_or_else(TokenHash::fresh_token);
        check_unused(params)?;
        let user = User::new(accid, Profile::read(params)?, TokenHash::of(&token));
        let credentials = Credentials { accid: user.accid.clone(), name: user.profile.name.clone(), token };
        let insert = move |tx: &crate::store::Tx<'_>| match tx.user(&user.accid)? {
            Some(_) => Err(Refusal::AlreadyRegistered(user.accid)),
            None => tx.put_user(user),
        };
        self.shared.store.change(insert).await.map(|_| credentials)
    }

    /// Sets the static token, if one is given.
    pub async fn update(&self, params: &Params) -> Result<(), Refusal> {
        let accid = params.accid("accid")?;
        check_unused(params)?;
        match read_token(params)? {
            Some(token) => self.set_token(&accid, &token).await,
            None => self.shared.store.require_user(&accid).await.map(drop),
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
        self.change(accid, move |user| user.token = hash).await
    }

    /// Changes the profile: what is named changes, an empty text clears.
    pub async fn update_profile(&self, params: Params) -> Result<(), Refusal> {
        let accid = params.accid("accid")?;
        self.shared.store.change_user(&accid, move |user| Ok(user.profile.update(&params)?)).await.map(drop)
    }

    /// Disables an account, or lets it log in again. With `kick` its sessions end.
    pub async fn set_disabled(&self, accid: &Accid, disabled: bool, kick: bool) -> Result<(), Refusal> {
        self.change(accid, move |user| user.disabled = disabled).await?;
        if disabled && kick {
            self.shared.accounts.end(accid, CloseCode::Disabled);
        }
        Ok(())
    }

    /// Mutes an account in all rooms, or lets it speak again.
    pub async fn set_muted(&self, accid: &Accid, muted: bool) -> Result<(), Refusal> {
        self.change(accid, move |user| user.muted = muted).await
    }

    /// Mutes an account in some modules; `change` sees those it is muted in now. Answers those it is muted in from now on.
    pub async fn set_modules(
        &self,
        accid: &Accid,
        change: impl FnOnce(&mut Modules) -> Result<(), Invalid> + Send + 'static,
    ) -> Result<Modules, Refusal> {
        let user = self.shared.store.change_user(accid, move |user| Ok(change(&mut user.muted_modules)?)).await?;
        Ok(user.muted_modules)
    }

    async fn change(&self, accid: &Accid, change: impl FnOnce(&mut User) + Send + 'static) -> Result<(), Refusal> {
        let change = move |user: &mut User| {
            change(user);
            Ok(())
        };
        self.shared.store.change_user(accid, change).await.map(drop)
    }

    /// How many accounts have this free text. It reads them all, so it is nothing to ask often.
    pub async fn count_with(&self, ex: &str) -> Result<u32, Refusal> {
        Ok(self.shared.store.count_users_with(ex).await?)
    }

    /// The accounts that exist among those asked for.
    pub async fn find(&self, accids: &[Accid]) -> Result<Vec<Arc<User>>, Refusal> {
        let mut users = Vec::with_capacity(accids.len());
        for accid in accids {
            users.extend(self.shared.store.user(accid).await?);
        }
        Ok(users)
    }

    /// The account, which must exist.
    pub async fn get(&self, accid: &Accid) -> Result<Arc<User>, Refusal> {
        self.shared.store.require_user(accid).await
    }

    /// The sessions of an account.
    pub fn sessions(&self, accid: &Accid) -> Vec<LoggedIn> {
        self.shared.accounts.sessions(accid)
    }

    /// The account, if what a session logs in with proves that it is itself. An unknown account and a wrong token look the same.
    pub async fn log_in(&self, accid: &Accid, papers: &Papers) -> Result<Arc<User>, Refusal> {
        let user = self.prove(accid, papers).await;
        if let Err(refusal) = &user {
            self.shared.tell_not_let_in(accid, None, Some(papers.client), papers.peer, refusal).await;
        }
        user
    }

    async fn prove(&self, accid: &Accid, papers: &Papers) -> Result<Arc<User>, Refusal> {
        // Before the account is looked up, or what is wrong with a token would tell whether there is one.
        match papers.proof {
            Proof::Static => {}
            Proof::Dynamic => {
                self.check_dynamic(accid, papers.token.reveal()).map_err(Refusal::BadToken)?;
            }
            Proof::Callback => self.shared.ask_about_login(accid, papers).await?,
        }
        let user = self.shared.store.user(accid).await?.ok_or(Refusal::WrongToken)?;
        if papers.proof == Proof::Static && !user.token.admits(papers.token.reveal()) {
            return Err(Refusal::WrongToken);
        }
        user.require_enabled()?;
        Ok(user)
    }

    fn check_dynamic(&self, accid: &Accid, token: &str) -> Result<(), BadToken> {
        let checked = self.app.check_dynamic(accid, token, self.shared.now());
        match (checked, self.shared.clock.machine_wall()) {
            (Err(BadToken::Ahead(_)), Some(machine)) => self.app.check_dynamic(accid, token, machine),
            (checked, _) => checked,
        }
    }

    /// Whether what sessions log in with is asked about later.
    pub fn keeps_papers(&self) -> bool {
        self.shared.asks_about_joins()
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

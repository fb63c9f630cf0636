//! The demo's accounts: made for a name, told apart from those of the application, asked to prove themselves.

use std::sync::Arc;

use hyper::header::HeaderMap;
use sha1::{Digest, Sha1};
use tokio::sync::Semaphore;

use crate::base::{Accid, Invalid, Params, limits};
use crate::model::{Refusal, User};
use crate::service::Services;

/// The account that owns the demo's rooms; the second where the first is the application's.
const OWNERS: [&str; 2] = ["demo", "roomgate-demo"];
/// Names offered to those who come; the first is the one that the printed command sends to.
pub(super) const NAMES: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];
/// Marks the accounts that the demo made: it gives away no other.
pub(super) const MARK: &str = r#"{"roomgate":"demo"}"#;

const ACCOUNT_HEADER: &str = "x-demo-account";
const TOKEN_HEADER: &str = "x-demo-token";

#[derive(Debug)]
pub(super) struct Guests {
    services: Arc<Services>,
    /// Owns the demo's rooms.
    pub(super) owner: Accid,
    /// One for each account that may still be made.
    places: Semaphore,
}

impl Guests {
    /// Makes the accounts that must be there before anybody has come.
    pub(super) async fn open(services: Arc<Services>) -> Result<Guests, Refusal> {
        let owner = open_owner(&services).await?;
        let places = limits::DEMO_ACCOUNTS.saturating_sub(services.users.count_with(MARK).await?);
        let guests = Guests { services, owner, places: Semaphore::new(places as usize) };
        // The printed command sends to this account.
        match guests.admit("Alice").await {
            // The application has an account of that name, or changed it, or there are too many: then the demo does without.
            Ok(_) | Err(Refusal::Forbidden(_) | Refusal::TooMany(_)) => Ok(guests),
            Err(refusal) => Err(refusal),
        }
    }

    /// Makes the account of this name if it is new, and gives its token. The same name is the same account.
    pub(super) async fn admit(&self, nick: &str) -> Result<(Accid, String), Refusal> {
        let accid = account_for(nick)?;
        let token = self.token_of(&accid);
        let parameters = [("accid", accid.as_str()), ("name", nick), ("ex", MARK), ("token", &token)];
        match self.find(&accid).await? {
            None => self.make(&form(&parameters)).await?,
            // The secret, and so the token, may have changed since.
            Some(user) if is_guest(&user) => self.services.users.update(&form(&parameters)).await?,
            Some(_) => {
                let taken = format!("{accid} is an account of the application, choose another name");
                return Err(Refusal::Forbidden(taken));
            }
        }
        Ok((accid, token))
    }

    async fn make(&self, parameters: &Params) -> Result<(), Refusal> {
        let Ok(place) = self.places.try_acquire() else {
            let most = limits::DEMO_ACCOUNTS;
            return Err(Refusal::TooMany(format!("the demo has {most} accounts, choose a name that it knows")));
        };
        match self.services.users.create(parameters).await {
            Ok(_) => place.forget(),
            // Another tab was quicker with the same name.
            Err(Refusal::AlreadyRegistered(_)) => {}
            Err(refusal) => return Err(refusal),
        }
        Ok(())
    }

    /// Who a request says it is, in two headers, and has proved to be.
    pub(super) async fn asking(&self, headers: &HeaderMap) -> Result<Accid, Refusal> {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accid = Accid::parse("X-Demo-Account", said(ACCOUNT_HEADER))?;
        let user = self.find(&accid).await?.filter(is_guest).ok_or(Refusal::WrongToken)?;
        if !user.token.admits(said(TOKEN_HEADER)) {
            return Err(Refusal::WrongToken);
        }
        user.require_enabled()?;
        Ok(accid)
    }

    /// Whether the account is the demo's own, or one that it made.
    pub(super) async fn knows(&self, accid: &Accid) -> Result<bool, Refusal> {
        Ok(self.find(accid).await?.is_some_and(|user| is_marked(&user)))
    }

    async fn find(&self, accid: &Accid) -> Result<Option<Arc<User>>, Refusal> {
        find(&self.services, accid).await
    }

    /// A token that only this gateway can derive again, so that two tabs of one name can both log in.
    fn token_of(&self, accid: &Accid) -> String {
        let secret = self.services.app.secret();
        hex::encode(
            Sha1::new().chain_update("roomgate demo\0").chain_update(secret).chain_update(accid.as_str()).finalize(),
        )
    }
}

async fn find(services: &Services, accid: &Accid) -> Result<Option<Arc<User>>, Refusal> {
    Ok(services.users.find(std::slice::from_ref(accid)).await?.pop())
}

/// The owner of the demo's rooms, made where it is not there yet.
async fn open_owner(services: &Services) -> Result<Accid, Refusal> {
    for name in OWNERS {
        let owner = Accid::parse("accid", name)?;
        match find(services, &owner).await? {
            Some(user) if is_marked(&user) => return Ok(owner),
            Some(_) => {}
            None => {
                services.users.create(&form(&[("accid", name), ("name", "Demo"), ("ex", MARK)])).await?;
                return Ok(owner);
            }
        }
    }
    Err(Refusal::Forbidden(format!("{} are accounts of the application", OWNERS.join(" and "))))
}

fn is_marked(user: &User) -> bool {
    user.profile.ex == MARK
}

fn is_guest(user: &Arc<User>) -> bool {
    is_marked(user) && !OWNERS.contains(&user.accid.as_str())
}

/// An account for a name: its letters where they fit, else a hash of it.
fn account_for(name: &str) -> Result<Accid, Invalid> {
    let accid = name.to_lowercase().replace(' ', "-");
    Accid::parse("name", &accid).or_else(|_| {
        let digest = hex::encode(Sha1::digest(name.to_lowercase()));
        Accid::parse("name", &format!("guest-{}", &digest[..12]))
    })
}

/// Parameters as an application server sends them.
pub(super) fn form(parameters: &[(&str, &str)]) -> Params {
    Params::from_form(parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_always_has_the_same_account() {
        assert_eq!(account_for("Alice").unwrap().as_str(), "alice");
        assert_eq!(account_for("Mary Ann").unwrap().as_str(), "mary-ann");
        let chinese = account_for("小明").unwrap();
        assert!(chinese.as_str().starts_with("guest-"));
        assert_eq!(account_for("小明").unwrap(), chinese);
        assert_ne!(account_for("小红").unwrap(), chinese);
        assert_eq!(account_for("Élodie").unwrap(), account_for("élodie").unwrap());
    }
}

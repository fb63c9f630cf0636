//! The browser demo: the few helpers that let a name become a member, and its files. It exists only while the demo is on, since whoever
//! reaches it may enter. The application secret is never sent: what a browser gets is derived from it one way.

mod files;

use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use crate::base::{Accid, Code, Invalid, Params, RoomId, json, limits};
use crate::model::{Occupant, Refusal};
use crate::service::Services;

use super::router::not_found;

/// The account that owns the demo room.
const OWNER: &str = "demo";
/// Names offered to those who come; the first is the one that the printed command sends to.
const NAMES: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];
/// Marks the accounts that the demo made: it gives away no other.
const MARK: &str = r#"{"roomgate":"demo"}"#;
/// A name is all that is sent here.
const BODY_BYTES: usize = 4096;
/// The demo over its room.
#[derive(Debug)]
pub struct Demo {
    services: Arc<Services>,
    room: RoomId,
}

#[derive(Deserialize)]
struct Entering {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entered<'a> {
    app_key: &'a str,
    accid: &'a Accid,
    token: String,
    nick: &'a str,
    roomid: String,
}

impl Demo {
    /// Makes the demo's account and room where they are not there yet.
    pub async fn open(services: Arc<Services>) -> Result<Demo, Refusal> {
        let owner = Accid::parse("accid", OWNER)?;
        if services.users.find(std::slice::from_ref(&owner)).await?.is_empty() {
            services.users.create(&form(&[("accid", OWNER), ("name", "Demo"), ("ex", MARK)])).await?;
        }
        let room = match services.rooms.open_of(&owner).await?.first() {
            Some(room) => *room,
            None => services.rooms.create(&form(&[("creator", OWNER), ("name", "Demo room")])).await?.id,
        };
        let demo = Demo { services, room };
        // The printed command sends to this account, also before anybody has entered.
        let first = account_for(NAMES[0])?;
        match demo.make_account(&first, "Alice", &demo.token_of(&first)).await {
            // The application has an account of that name, or changed it: then the demo does without.
            Ok(()) | Err(Refusal::Forbidden(_)) => Ok(demo),
            Err(refusal) => Err(refusal),
        }
    }

    /// The room everybody of the demo is in.
    pub fn room(&self) -> RoomId {
        self.room
    }

    pub(super) async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if self.is_behind_a_proxy(&request) {
            return not_found();
        }
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::POST, "/demo/enter") => self.enter(request).await.unwrap_or_else(|refusal| refuse(&refusal)),
            (&Method::GET, "/demo/suggest") => ok(&serde_json::json!({ "name": self.suggest() })),
            (&Method::GET, "/demo/members") => ok(&serde_json::json!({ "members": self.members() })),
            (&Method::GET, _) => files::serve(path.trim_start_matches('/')),
            _ => not_found(),
        }
    }

    /// Makes the named account if it is new and gives its token. The same name is the same account.
    async fn enter(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Refusal> {
        self.check_origin(&request)?;
        let body = tokio::select! {
            body = Limited::new(request.into_body(), BODY_BYTES).collect() => body,
            () = self.services.clock.sleep(limits::BODY_TIME) => {
                return Err(Refusal::BodyTooSlow(limits::BODY_TIME.as_secs()));
            }
        };
        let body = body.map_err(|_| Refusal::BodyTooLarge(BODY_BYTES))?.to_bytes();
        let entering: Entering = serde_json::from_slice(&body)
            .map_err(|_| Invalid::value("body", "{\"name\": \"…\"}", &String::from_utf8_lossy(&body)))?;
        let nick = entering.name.trim();
        let fits = (1..=limits::NICK_UNITS).contains(&nick.encode_utf16().count());
        if !fits || nick.chars().any(char::is_control) {
            let rule = format!("1 to {} characters without control characters", limits::NICK_UNITS);
            return Err(Invalid::value("name", rule, nick).into());
        }
        let accid = account_for(nick)?;
        let token = self.token_of(&accid);
        self.make_account(&accid, nick, &token).await?;
        let app_key = self.services.app.key();
        Ok(ok(&Entered { app_key, accid: &accid, token, nick, roomid: self.room.to_string() }))
    }

    /// Another site's page must not make accounts here, whatever name it gives this machine.
    fn check_origin(&self, request: &Request<Incoming>) -> Result<(), Refusal> {
        let host = request.headers().get(header::HOST).map(HeaderValue::as_bytes);
        let mut origins = request.headers().get_all(header::ORIGIN).iter();
        if origins.all(|origin| self.services.origins.allows(origin.as_bytes(), host)) {
            return Ok(());
        }
        Err(Refusal::Forbidden("this page's origin is not allowed: add it to socket.allowed_origins".into()))
    }

    /// On by itself because it listens on this machine only, but a proxy brings others here.
    fn is_behind_a_proxy(&self, request: &Request<Incoming>) -> bool {
        const SIGNS: [&str; 6] =
            ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
        let host = request.headers().get(header::HOST).map(HeaderValue::as_bytes);
        let forwarded = SIGNS.iter().any(|name| request.headers().contains_key(*name));
        self.services.settings.demo.is_none() && (forwarded || !self.services.origins.knows(host))
    }

    /// A token that only this gateway can derive again, so that two tabs of one name can both log in.
    fn token_of(&self, accid: &Accid) -> String {
        let secret = self.services.app.secret();
        hex::encode(
            Sha1::new().chain_update("roomgate demo\0").chain_update(secret).chain_update(accid.as_str()).finalize(),
        )
    }

    async fn make_account(&self, accid: &Accid, nick: &str, token: &str) -> Result<(), Refusal> {
        let users = &self.services.users;
        let found = users.find(std::slice::from_ref(accid)).await?;
        let parameters = [("accid", accid.as_str()), ("name", nick), ("ex", MARK), ("token", token)];
        match found.first() {
            None => match users.create(&form(&parameters)).await {
                // Another tab was quicker with the same name.
                Ok(_) | Err(Refusal::AlreadyRegistered(_)) => Ok(()),
                Err(refusal) => Err(refusal),
            },
            // The secret, and so the token, may have changed since.
            Some(user) if user.profile.ex == MARK && accid.as_str() != OWNER => users.update(&form(&parameters)).await,
            Some(_) => {
                Err(Refusal::Forbidden(format!("{accid} is an account of the application, choose another name")))
            }
        }
    }

    /// A name that nobody in the room has.
    fn suggest(&self) -> &'static str {
        let members = self.services.members.present(self.room);
        let taken = |name: &&str| members.iter().any(|member| member.occupant.accid.as_str() == *name);
        NAMES.into_iter().find(|name| !taken(name)).unwrap_or_default()
    }

    fn members(&self) -> Vec<serde_json::Value> {
        let members = self.services.members.present(self.room);
        let member = |occupant: &Occupant| serde_json::json!({ "accid": occupant.accid, "nick": occupant.nick() });
        members.iter().map(|present| member(&present.occupant)).collect()
    }
}

/// An account for a name: its letters where they fit, else a hash of it.
fn account_for(name: &str) -> Result<Accid, Invalid> {
    let accid = name.to_lowercase().replace(' ', "-");
    Accid::parse("name", &accid).or_else(|_| {
        let digest = hex::encode(Sha1::digest(name.to_lowercase()));
        Accid::parse("name", &format!("guest-{}", &digest[..12]))
    })
}

fn form(parameters: &[(&str, &str)]) -> Params {
    Params::from_form(parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn ok(value: &impl Serialize) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(json(value)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn refuse(refusal: &Refusal) -> Response<Full<Bytes>> {
    let code = refusal.code();
    let mut response = ok(&serde_json::json!({ "code": code, "desc": refusal.to_string() }));
    *response.status_mut() = match code {
        Code::FORBIDDEN => StatusCode::FORBIDDEN,
        Code::BODY_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
        Code::INTERNAL => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    response
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

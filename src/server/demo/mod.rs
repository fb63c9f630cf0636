//! The browser demo: its pages, and what they need that no member can do by itself. It exists only while the demo is on, since whoever
//! reaches it may enter. The application secret is never sent: what a browser gets is derived from it one way.

mod answer;
mod application;
mod body;
mod download;
mod entrance;
mod file_name;
mod guests;
mod inside;
mod kind;
mod line;
mod lobby;
mod pages;
mod range;
mod shelf;
mod upload;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, Version};

use crate::base::RoomId;
use crate::model::Refusal;
use crate::service::Services;

use super::Content;
use super::router::not_found;

use guests::Guests;
use lobby::Lobby;
use shelf::Shelf;

/// The demo over its rooms.
#[derive(Debug)]
pub struct Demo {
    services: Arc<Services>,
    guests: Guests,
    lobby: Lobby,
    shelf: Arc<Shelf>,
}

/// Why the demo can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Its account or rooms.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its files.
    #[error("its files: {0}")]
    Files(#[from] std::io::Error),
}

impl Demo {
    /// Makes the demo's accounts and rooms where they are not there yet, and opens its shelf of files.
    pub async fn open(services: Arc<Services>) -> Result<Demo, DemoError> {
        let guests = Guests::open(services.clone()).await?;
        let lobby = Lobby::open(services.clone(), guests.owner.clone()).await?;
        let shelf = Arc::new(Shelf::open(&services.settings).await?);
        Ok(Demo { services, guests, lobby, shelf })
    }

    /// The room everybody of the demo enters first.
    pub fn room(&self) -> RoomId {
        self.lobby.first()
    }

    pub(super) async fn answer(&self, request: Request<Incoming>) -> Response<Content> {
        if self.is_behind_a_proxy(&request) {
            return not_found().map(Content::from);
        }
        match self.serve(request).await {
            Ok(response) => response,
            Err(refusal) => answer::refuse(&refusal),
        }
    }

    async fn serve(&self, request: Request<Incoming>) -> Result<Response<Content>, Refusal> {
        let (mut head, body) = request.into_parts();
        if head.method == Method::HEAD {
            // hyper leaves the body out; parts are for GET alone (RFC 9110, section 14.2).
            head.method = Method::GET;
            head.headers.remove(header::RANGE);
        }
        let path = head.uri.path();
        if head.method == Method::POST {
            self.check_origin(&head.headers)?;
        }
        match (&head.method, path) {
            (&Method::POST, "/demo/enter") => entrance::enter(self, body).await,
            (&Method::GET, "/demo/suggest") => Ok(entrance::suggest(self)),
            (&Method::GET, "/demo/rooms") => self.lobby.list_rooms().await,
            (&Method::POST, "/demo/rooms") => lobby::make_room(self, &head, body).await,
            (&Method::POST, "/demo/files") => upload::keep_file(self, &head, body).await,
            (&Method::POST, "/demo/server") => application::act(self, &head, body).await,
            (&Method::GET, "/demo/inside") => inside::look(self, &head).await,
            (&Method::POST, "/demo/slow") => line::slow_down(self, &head, body).await,
            (&Method::POST, "/demo/cut") => line::cut(self, &head, body).await,
            (&Method::GET, path) => Ok(match path.strip_prefix("/demo/files/") {
                Some(file) => download::send_file(&self.shelf, file, &head.headers).await,
                None => pages::serve(path),
            }),
            _ => Ok(not_found().map(Content::from)),
        }
    }

    /// Another site's page must not make accounts here, whatever name it gives this machine.
    fn check_origin(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
        let mut origins = headers.get_all(header::ORIGIN).iter();
        if origins.all(|origin| self.services.origins.allows(origin.as_bytes(), host)) {
            return Ok(());
        }
        Err(Refusal::Forbidden("this page's origin is not allowed: add it to socket.allowed_origins".into()))
    }

    /// On by itself because it listens on this machine only, but a proxy brings others here. One that says nothing of itself and names this
    /// machine in Host, as nginx does where nobody tells it otherwise, speaks HTTP/1.0, which no browser does.
    fn is_behind_a_proxy(&self, request: &Request<Incoming>) -> bool {
        const SIGNS: [&str; 6] =
            ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
        let headers = request.headers();
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
        let old = request.version() < Version::HTTP_11;
        let forwarded = old || SIGNS.iter().any(|name| headers.contains_key(*name));
        self.services.settings.demo.is_none() && (forwarded || !self.services.origins.knows(host))
    }
}

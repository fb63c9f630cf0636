//! The demo's pages and the client that they use, as they were when the program was built.

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use rust_embed::RustEmbed;

use crate::server::Content;
use crate::server::router::not_found;

/// Nothing from elsewhere, nothing inline. Pictures that are about to be sent are shown from memory first.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; \
    media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "web-demo"]
struct Pages;

/// The modules of the client, which the pages import from `./client/`.
#[derive(RustEmbed)]
#[folder = "client-js/src"]
struct Client;

/// The file at this path.
pub(super) fn serve(path: &str) -> Response<Content> {
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let found = match path.strip_prefix("client/") {
        Some(module) => Client::get(module),
        None => Pages::get(path),
    };
    let Some(file) = found else { return not_found().map(Content::from) };
    let mut response = Response::new(Content::from(Full::from(Bytes::from(file.data.into_owned()))));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // The files change with the binary; a browser asks each time, they are small.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json; charset=utf-8",
        Some("ts" | "md" | "txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

//! `GET /demo/files/ID/NAME`: a file from the shelf, or the part of it that is asked for. It is read as its reader takes it.

use std::io::SeekFrom;

use http_body_util::Full;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};
use percent_encoding::percent_decode_str;
use tokio::fs::File;
use tokio::io::AsyncSeekExt;

use crate::server::Content;
use crate::server::content::FileContent;
use crate::server::router::not_found;

use super::file_name::{FileId, FileName};
use super::kind::Kind;
use super::range::Part;
use super::shelf::Shelf;
use super::upload::escaped;

/// Opened as a page of its own it may do nothing.
const POLICY: &str = "sandbox; default-src 'none'";
/// Another file has another address. Only the browser that asked keeps it: it is said in a room.
const CACHE: &str = "private, max-age=31536000, immutable";

pub(super) async fn send_file(shelf: &Shelf, path: &str, headers: &HeaderMap) -> Response<Content> {
    let Some((id, name)) = read(path) else { return not_found().map(Content::from) };
    let Some((file, length)) = shelf.find(id, &name).await else { return not_found().map(Content::from) };
    let tag = format!("\"{id}\"");
    if is_known(headers, &tag) {
        let mut response = Response::new(Content::from(Full::default()));
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        describe(response.headers_mut(), &name, &tag);
        return response;
    }
    let mut response = match asked(headers, &tag, length) {
        Part::Whole => Response::new(content(file, length)),
        Part::Some(range) => match part(file, range.start, range.end - range.start).await {
            Ok(content) => partial(content, &format!("bytes {}-{}/{length}", range.start, range.end - 1)),
            Err(_) => return not_found().map(Content::from),
        },
        Part::None => return unsatisfiable(length),
    };
    describe(response.headers_mut(), &name, &tag);
    response
}

fn read(path: &str) -> Option<(FileId, FileName)> {
    let (id, name) = path.split_once('/')?;
    Some((FileId::parse(id)?, FileName::exact(&percent_decode_str(name).decode_utf8().ok()?)?))
}

/// Whether who asks says that it has it.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|known| known.to_str().ok());
    known.flat_map(|known| known.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}

/// With If-Range a part is wanted of this very file only.
fn asked(headers: &HeaderMap, tag: &str, length: u64) -> Part {
    let same = headers.get(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).filter(|_| same);
    range.map_or(Part::Whole, |range| Part::read(range, length))
}

fn content(file: File, length: u64) -> Content {
    Content::File(Box::new(FileContent::new(file, length)))
}

async fn part(mut file: File, from: u64, length: u64) -> std::io::Result<Content> {
    file.seek(SeekFrom::Start(from)).await?;
    Ok(content(file, length))
}

fn partial(content: Content, range: &str) -> Response<Content> {
    let mut response = Response::new(content);
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    insert(response.headers_mut(), header::CONTENT_RANGE, range);
    response
}

fn unsatisfiable(length: u64) -> Response<Content> {
    let mut response = Response::new(Content::from(Full::default()));
    *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    insert(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{length}"));
    response
}

fn describe(headers: &mut HeaderMap, name: &FileName, tag: &str) {
    let kind = Kind::of(&name.extension());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.content_type));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    insert(headers, header::ETAG, tag);
    if !kind.shown {
        // In the form that takes every letter (RFC 8187).
        let disposition = format!("attachment; filename*=UTF-8''{}", escaped(name.as_str()));
        insert(headers, header::CONTENT_DISPOSITION, &disposition);
    }
}

/// The value is made of ids, numbers and escaped names, so it is a good one.
fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

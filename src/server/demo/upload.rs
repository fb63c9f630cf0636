//! `POST /demo/files`: a file on its way to the shelf. It is written, counted and hashed as it comes, and never in memory as a whole.

use std::path::Path;
use std::sync::Arc;

use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::{Body, Bytes, Incoming};
use hyper::http::request::Parts;
use md5::{Digest, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use tokio::fs::File;
use tokio::io::{AsyncWriteExt, BufWriter};

use crate::base::{Clock, Invalid, json, limits};
use crate::model::Refusal;
use crate::server::Content;

use super::file_name::{FileId, FileName};
use super::shelf::Shelf;
use super::{Demo, answer};

/// What stands in an address as it is (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Serialize)]
struct Stored<'a> {
    url: String,
    name: &'a str,
    size: u64,
    md5: String,
    ext: String,
}

/// What has arrived.
struct Arrived {
    size: u64,
    md5: String,
}

pub(super) async fn keep_file(demo: &Demo, head: &Parts, body: Incoming) -> Result<Response<Content>, Refusal> {
    demo.guests.asking(&head.headers).await?;
    let name = read_name(head.uri.query().unwrap_or_default());
    let (shelf, clock) = (demo.shelf.clone(), demo.services.clock.clone());
    // A task of its own: hyper drops its request where a caller hangs up, and what has been written must be taken away then.
    let stored = tokio::spawn(store(shelf, name, body, clock));
    Ok(answer::text(stored.await.map_err(|_| Refusal::Internal)??))
}

fn read_name(query: &str) -> FileName {
    let name = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "name");
    FileName::clean(&name.map(|(_, value)| value).unwrap_or_default())
}

async fn store(shelf: Arc<Shelf>, name: FileName, body: Incoming, clock: Clock) -> Result<String, Refusal> {
    let id = FileId::fresh();
    let arriving = shelf.arriving(id);
    let stored = receive(&shelf, &arriving, body, &clock).await;
    let stored = match stored {
        Ok(arrived) => shelf.put(id, &name, arrived.size).await.map(|()| arrived).map_err(failed),
        Err(refusal) => Err(refusal),
    };
    if stored.is_err() {
        // It may not even have been made.
        let _ = tokio::fs::remove_file(&arriving).await;
    }
    let Arrived { size, md5 } = stored?;
    let url = format!("/demo/files/{id}/{}", escaped(name.as_str()));
    Ok(json(&Stored { url, name: name.as_str(), size, md5, ext: name.extension() }))
}

async fn receive(shelf: &Shelf, path: &Path, mut body: Incoming, clock: &Clock) -> Result<Arrived, Refusal> {
    let Ok(_place) = shelf.places.try_acquire() else {
        return Err(Refusal::Busy("too many files arrive at the same time".into()));
    };
    let arriving = async {
        let arrived = match body.size_hint().exact() {
            Some(length) if length > shelf.most => Err(too_large(shelf.most)),
            _ => write(path, &mut body, shelf.most).await,
        };
        if let Err(Refusal::BodyTooLarge(_)) = arrived {
            discard(&mut body).await;
        }
        arrived
    };
    tokio::select! {
        arrived = arriving => arrived,
        () = clock.sleep(limits::DEMO_UPLOAD_TIME) => Err(Refusal::BodyTooSlow(limits::DEMO_UPLOAD_TIME.as_secs())),
    }
}

/// Writes it to the file until it ends or becomes too large.
async fn write(path: &Path, body: &mut Incoming, most: u64) -> Result<Arrived, Refusal> {
    let mut file = BufWriter::with_capacity(limits::FILE_CHUNK_BYTES, File::create_new(path).await.map_err(failed)?);
    let (mut size, mut md5) = (0, Md5::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Invalid::value("body", "a whole file", &error.to_string()))?;
        let data = frame.into_data().unwrap_or_default();
        size += data.len() as u64;
        if size > most {
            return Err(too_large(most));
        }
        md5.update(&data);
        file.write_all(&data).await.map_err(failed)?;
    }
    if size == 0 {
        return Err(Invalid::missing("body", "the bytes of a file".to_owned()).into());
    }
    file.flush().await.map_err(failed)?;
    Ok(Arrived { size, md5: hex::encode(md5.finalize()) })
}

/// Reads on without keeping it, so that whoever sends it gets to see the answer.
async fn discard(body: &mut Incoming) {
    let mut left = limits::DEMO_DISCARD_BYTES;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len) as u64;
        let Some(less) = left.checked_sub(length) else { return };
        left = less;
    }
}

fn too_large(most: u64) -> Refusal {
    Refusal::BodyTooLarge(usize::try_from(most).unwrap_or(usize::MAX))
}

#[allow(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn failed(error: std::io::Error) -> Refusal {
    tracing::error!(%error, "a file of the demo could not be kept: {error}");
    Refusal::Internal
}

/// A name as it stands in an address.
pub(super) fn escaped(name: &str) -> String {
    utf8_percent_encode(name, ESCAPED).to_string()
}

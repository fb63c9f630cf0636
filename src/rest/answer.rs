//! The body of an answer: a JSON object with an integer `code` (section 1.4).

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use crate::base::{Code, json};

/// A finished answer.
#[derive(Debug)]
pub(super) struct Answer(String);

#[derive(Serialize)]
struct Envelope<T> {
    code: Code,
    #[serde(flatten)]
    payload: T,
}

#[derive(Serialize)]
struct Desc<'a> {
    desc: &'a str,
}

impl Answer {
    /// Done, and nothing more to say.
    pub(super) fn done() -> Answer {
        Answer::with(&())
    }

    /// Done; the payload's members stand beside `code`.
    pub(super) fn with(payload: &impl Serialize) -> Answer {
        Answer(json(&Envelope { code: Code::OK, payload }))
    }

    /// Not done. `desc` is a text: clients in use can't take anything else (section 15).
    pub(super) fn refusal(code: Code, desc: &str) -> Answer {
        Answer(json(&Envelope { code, payload: Desc { desc } }))
    }

    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::from(self.0));
        let kind = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}

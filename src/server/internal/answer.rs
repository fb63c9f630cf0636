//! What an operator is answered: JSON, also where something is wrong.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::base::{Invalid, json};

#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    text: String,
    allow: Option<&'static str>,
}

#[derive(Serialize)]
struct Wrong<'a> {
    error: &'a str,
}

impl Answer {
    /// What was asked for.
    pub(super) fn done(value: &impl Serialize) -> Answer {
        Answer { status: StatusCode::OK, text: json(value), allow: None }
    }

    /// Why not, in one line.
    pub(super) fn wrong(status: StatusCode, why: &str) -> Answer {
        Answer { status, text: json(&Wrong { error: why }), allow: None }
    }

    /// What was asked makes no sense.
    pub(super) fn bad(why: impl AsRef<str>) -> Answer {
        Answer::wrong(StatusCode::BAD_REQUEST, why.as_ref())
    }

    /// The path takes another method.
    pub(super) fn only(method: &'static str) -> Answer {
        let wrong = Answer::wrong(StatusCode::METHOD_NOT_ALLOWED, &format!("this path takes {method}"));
        Answer { allow: Some(method), ..wrong }
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl From<Invalid> for Answer {
    fn from(invalid: Invalid) -> Answer {
        Answer::bad(invalid.to_string())
    }
}

impl From<Answer> for Response<Full<Bytes>> {
    fn from(answer: Answer) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::from(answer.text + "\n"));
        *response.status_mut() = answer.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.extend(answer.allow.map(|allow| (ALLOW, HeaderValue::from_static(allow))));
        response
    }
}

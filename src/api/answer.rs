//! The body of an answer: a JSON object with an integer `code` (section 1.4).

use serde::Serialize;

use crate::base::{Code, json};

/// A finished answer, as the REST door sends it.
#[derive(Debug)]
pub(crate) struct Answer(String);

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

/// A payload with one member, `desc`, where most answers have theirs.
#[derive(Serialize)]
pub(super) struct InDesc<T> {
    pub(super) desc: T,
}

/// The list that many answers have in `desc`.
#[derive(Serialize)]
pub(super) struct DataList<T> {
    pub(super) data: Vec<T>,
}

impl Answer {
    /// Done, and nothing more to say.
    pub(crate) fn done() -> Answer {
        Answer::with(&())
    }

    /// Done; the payload's members stand beside `code`.
    pub(crate) fn with(payload: &impl Serialize) -> Answer {
        Answer(json(&Envelope { code: Code::OK, payload }))
    }

    /// Done; the payload is in `desc`.
    pub(super) fn desc(desc: impl Serialize) -> Answer {
        Answer::with(&InDesc { desc })
    }

    /// Done; in `desc` is this JSON text. We made it, so it need not be read once more.
    pub(super) fn desc_text(desc: &str) -> Answer {
        Answer([r#"{"code":"#, &json(&Code::OK), r#","desc":"#, desc, "}"].concat())
    }

    /// Done; the payload is in `desc`, and its members stand beside it too (section 15).
    pub(super) fn desc_and_flat(payload: &impl Serialize) -> Answer {
        #[derive(Serialize)]
        struct Twice<'a, T> {
            desc: &'a T,
            #[serde(flatten)]
            flat: &'a T,
        }
        Answer::with(&Twice { desc: payload, flat: payload })
    }

    /// Done; a list is in `desc.data`.
    pub(super) fn list<T: Serialize>(data: Vec<T>) -> Answer {
        Answer::desc(DataList { data })
    }

    /// Not done. `desc` is a text: clients in use can't take anything else (section 15).
    pub(crate) fn refusal(code: Code, desc: &str) -> Answer {
        Answer(json(&Envelope { code, payload: Desc { desc } }))
    }

    /// The JSON text.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

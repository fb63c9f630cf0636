//! What an operator asks: a method, the words of a path, and what stands behind the question mark.

use std::borrow::Cow;

use hyper::{Method, Request, Uri};

use super::answer::Answer;

#[derive(Debug)]
pub(super) struct Ask {
    pub(super) method: Method,
    uri: Uri,
}

impl Ask {
    pub(super) fn read<B>(request: &Request<B>) -> Ask {
        Ask { method: request.method().clone(), uri: request.uri().clone() }
    }

    /// Refuses what comes with another method.
    pub(super) fn require(&self, method: &'static str) -> Result<(), Answer> {
        if self.method.as_str() == method { Ok(()) } else { Err(Answer::only(method)) }
    }

    /// The words of its path.
    pub(super) fn path(&self) -> Vec<&str> {
        self.uri.path().split('/').skip(1).collect()
    }

    /// A parameter; `None` where it is missing or empty. What is not among the `known` ones would be a misspelt one, and do nothing.
    pub(super) fn params<const N: usize>(&self, known: [&str; N]) -> Result<[Option<String>; N], Answer> {
        let mut params = [const { None }; N];
        for (name, value) in form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()) {
            match known.iter().position(|known| *known == name) {
                Some(place) => params[place] = Some(Cow::into_owned(value)).filter(|value| !value.is_empty()),
                None => return Err(unknown(&name, &known)),
            }
        }
        Ok(params)
    }
}

fn unknown(name: &str, known: &[&str]) -> Answer {
    let known = match known {
        [] => "none is taken here".to_owned(),
        known => format!("expected {}", known.join(", ")),
    };
    Answer::bad(format!("unknown parameter {name}: {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(uri: &str) -> Ask {
        Ask { method: Method::GET, uri: uri.parse().unwrap() }
    }

    #[test]
    fn parameters_are_found_by_name_and_misspelt_ones_refused() {
        let found = ask("/webhook/events?env=a%20b&limit=").params(["env", "limit"]).unwrap();
        assert_eq!(found, [Some("a b".to_owned()), None]);
        let refused = ask("/webhook/events?evn=a").params(["env", "limit"]).unwrap_err();
        assert_eq!(refused.text(), r#"{"error":"unknown parameter evn: expected env, limit"}"#);
        assert_eq!(ask("/webhook/events/7").path(), ["webhook", "events", "7"]);
    }
}

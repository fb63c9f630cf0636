//! Keeps web pages away from what operators may do. The listener is on loopback, where every browser of this machine reaches it: a page
//! sends an Origin with whatever changes something, and one whose name was made to lead here (DNS rebinding) has that name in Host.

use hyper::header::{HOST, HeaderMap, HeaderValue, ORIGIN};
use hyper::{StatusCode, Uri};

use crate::auth::is_nobodys_site;

use super::answer::Answer;

/// Why a request is refused; `None` where it is not.
pub(super) fn refuse(uri: &Uri, headers: &HeaderMap) -> Option<Answer> {
    if headers.contains_key(ORIGIN) {
        return Some(forbidden("web pages may not ask here: the request has an Origin header"));
    }
    // Where the request names a host before its path, Host is of no meaning (RFC 9112, section 3.2.2).
    let host = uri.authority().map(|authority| authority.as_str().as_bytes());
    let host = host.or_else(|| headers.get(HOST).map(HeaderValue::as_bytes));
    let is_good = |host: &[u8]| std::str::from_utf8(host).is_ok_and(is_nobodys_site);
    if host.is_none_or(is_good) {
        return None;
    }
    Some(forbidden("expected an IP address, localhost or a name without a dot as Host: ask by the gateway's address"))
}

fn forbidden(why: &str) -> Answer {
    Answer::wrong(StatusCode::FORBIDDEN, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(uri: &str, headers: &[(hyper::header::HeaderName, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        refuse(&uri.parse().unwrap(), &headers.collect()).is_some()
    }

    #[test]
    fn pages_and_names_that_were_made_to_lead_here_are_refused() {
        for host in ["127.0.0.1:9090", "[::1]:9090", "10.1.2.3", "localhost:9090", "gateway:9090"] {
            assert!(!is_refused("/webhook/events", &[(HOST, host)]), "{host}");
            assert!(is_refused("/webhook/events", &[(HOST, host), (ORIGIN, "http://127.0.0.1:9090")]), "{host}");
            assert!(is_refused("/webhook/events", &[(HOST, host), (ORIGIN, "null")]), "{host}");
        }
        assert!(is_refused("/webhook/events", &[(HOST, "evil.example:9090")]));
        assert!(is_refused("http://evil.example/webhook/events", &[(HOST, "localhost")]));
        assert!(!is_refused("/webhook/events", &[]));
    }
}

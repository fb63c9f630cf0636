//! A form: the parameters of a call, from its body and its query string.

use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;

use crate::base::{Invalid, Params};

/// Most calls have no more.
const USUAL_PAIRS: usize = 12;

/// Reads the parameters. Those of the body come first, so they count where both have one.
pub(crate) fn read(head: &Parts, body: &[u8]) -> Result<Params, Invalid> {
    check_type(head)?;
    let mut pairs = Vec::with_capacity(USUAL_PAIRS);
    decode(body, &mut pairs)?;
    decode(head.uri.query().unwrap_or_default().as_bytes(), &mut pairs)?;
    Ok(Params::from_form(pairs))
}

/// Clients send the type with or without a charset, with a stray semicolon, or not at all. Only what is clearly something else is refused.
fn check_type(head: &Parts) -> Result<(), Invalid> {
    let Some(value) = head.headers.get(CONTENT_TYPE) else { return Ok(()) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let kind = text.split(';').next().unwrap_or_default().trim();
    let form = kind.is_empty() || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") || kind == "*/*";
    let plain = kind.eq_ignore_ascii_case("text/plain") || kind.eq_ignore_ascii_case("application/octet-stream");
    if form || plain {
        return Ok(());
    }
    Err(Invalid::value("Content-Type", "application/x-www-form-urlencoded", &text))
}

fn decode(mut encoded: &[u8], pairs: &mut Vec<(String, String)>) -> Result<(), Invalid> {
    while !encoded.is_empty() {
        let (pair, rest) = cut(encoded, b'&');
        encoded = rest;
        if pair.is_empty() {
            continue;
        }
        let (name, value) = cut(pair, b'=');
        let name = text(name).map_err(|shown| Invalid::value("parameter name", "UTF-8", &shown))?;
        let value = text(value).map_err(|shown| Invalid::value(name.clone(), "UTF-8", &shown))?;
        pairs.push((name, value));
    }
    Ok(())
}

/// What stands before the first such byte, and what behind it.
fn cut(bytes: &[u8], byte: u8) -> (&[u8], &[u8]) {
    match memchr::memchr(byte, bytes) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[]),
    }
}

/// Decodes one name or value. Bytes that are no UTF-8 are refused and not replaced: an account must not change on its way in.
fn text(encoded: &[u8]) -> Result<String, String> {
    String::from_utf8(plain(encoded)).map_err(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Copied once: a plus sign is a blank, and a percent sign that escapes nothing stays.
fn plain(encoded: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some(at) = memchr::memchr2(b'+', b'%', rest) {
        plain.extend_from_slice(&rest[..at]);
        let (byte, length) = match (rest[at], escaped(&rest[at + 1..])) {
            (b'+', _) => (b' ', 1),
            (_, Some(byte)) => (byte, 3),
            (percent, None) => (percent, 1),
        };
        plain.push(byte);
        rest = &rest[at + length..];
    }
    plain.extend_from_slice(rest);
    plain
}

/// The byte whose two digits stand here.
fn escaped(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(encoded: &str) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        decode(encoded.as_bytes(), &mut pairs).unwrap();
        pairs
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn plus_percent_and_plain_characters() {
        let expected = [pair("a", "x y+z*~"), pair("b", ""), pair("c", ""), pair("d", "=1")];
        assert_eq!(pairs("a=x+y%2Bz*%7e&b=&&c&d==1"), expected);
    }

    #[test]
    fn a_percent_sign_that_escapes_nothing_stays() {
        assert_eq!(
            pairs("a=100%&b=%zz&c=%2&d=%%41"),
            [pair("a", "100%"), pair("b", "%zz"), pair("c", "%2"), pair("d", "%A")]
        );
    }

    #[test]
    fn invalid_utf8_is_refused_by_name() {
        let error = decode(b"accid=%ff", &mut Vec::new()).unwrap_err();
        assert!(error.to_string().starts_with("accid: expected UTF-8"), "{error}");
    }

    proptest! {
        #[test]
        fn what_a_form_library_encodes_is_read_back(
            expected in proptest::collection::vec(("\\PC{1,8}", "\\PC{0,40}"), 0..6)
        ) {
            let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&expected).finish();
            prop_assert_eq!(pairs(&encoded), expected);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes, &mut Vec::new());
        }
    }
}

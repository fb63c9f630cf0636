//! Dynamic tokens of members (section 7, `authType` 1): signed by the application's own server for one account and a time. Nothing is kept.
//!
//! The documented formula puts no mark between account, `curTime` and `ttl`, so one signature may be read in several ways. That `curTime`
//! must have 13 digits keeps a token from being read as a longer-lived one of the same account. It can't keep apart accounts whose names
//! differ by digits at the end: a token of `ann1753` can be turned into one of `ann`. An application where people choose their account names
//! freely should rather use static tokens.

use std::time::Duration;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Serialize;
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use crate::base::{Accid, Millis, json, limits, read_json};

use super::App;

/// Padded or not, as a signer's library likes it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What 13 digits can say: from 2001 until 2286.
const CUR_TIMES: std::ops::RangeInclusive<Millis> = 1_000_000_000_000..=9_999_999_999_999;

/// Why a dynamic token does not hold. No text tells what would have held.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// The token is not base64, or not of JSON.
    #[error("token: expected base64 of a JSON object with signature, curTime and ttl")]
    Unreadable,
    /// A member of the JSON object is missing or breaks its rule.
    #[error("token: expected its {0} to be {1}")]
    Member(&'static str, &'static str),
    /// It ran out.
    #[error("token: it ran out {0} s ago, a new one is needed for each login")]
    Expired(u64),
    /// It was made too far ahead of our clock.
    #[error("token: its curTime is {0} s ahead of the gateway's clock, 300 s are allowed")]
    Ahead(u64),
    /// The key, the account, the times or the secret differ.
    #[error(
        "token: its signature is not the lower-case hexadecimal SHA-1 of appkey + accid + curTime + ttl + appsecret"
    )]
    Signature,
}

/// What a token says.
#[derive(Serialize)]
struct Claim {
    signature: String,
    #[serde(rename = "curTime")]
    made: Millis,
    #[serde(rename = "ttl")]
    ttl_seconds: u64,
}

impl App {
    /// A token with which `accid` may log in from now on until `ttl` is over, in whole seconds.
    pub fn dynamic_token(&self, accid: &Accid, now: Millis, ttl: Duration) -> String {
        let ttl_seconds = ttl.as_secs();
        let signature = self.sign_claim(accid, now, ttl_seconds);
        BASE64.encode(json(&Claim { signature, made: now, ttl_seconds }))
    }

    /// Verifies a token for `accid`; its signature in constant time. The account is signed in the lower case that it is kept in.
    pub fn check_dynamic(&self, accid: &Accid, token: &str, now: Millis) -> Result<(), BadToken> {
        let claim = Claim::read(token)?;
        claim.check_time(now)?;
        let expected = self.sign_claim(accid, claim.made, claim.ttl_seconds);
        let holds = expected.as_bytes().ct_eq(claim.signature.as_bytes());
        if holds.into() { Ok(()) } else { Err(BadToken::Signature) }
    }

    fn sign_claim(&self, accid: &Accid, made: Millis, ttl_seconds: u64) -> String {
        let times = format!("{made}{ttl_seconds}");
        let text = [self.key(), accid.as_str(), &times, self.secret()];
        hex::encode(text.iter().fold(Sha1::new(), Digest::chain_update).finalize())
    }
}

impl Claim {
    fn read(token: &str) -> Result<Claim, BadToken> {
        let bytes = BASE64.decode(token.replace('-', "+").replace('_', "/")).map_err(|_| BadToken::Unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| BadToken::Unreadable)?;
        let Ok(Value::Object(object)) = read_json(&text) else { return Err(BadToken::Unreadable) };
        let signature = object.get("signature").and_then(Value::as_str);
        Ok(Claim {
            signature: signature.ok_or(BadToken::Member("signature", "a text"))?.to_owned(),
            made: number(&object, "curTime")
                .filter(|made| CUR_TIMES.contains(made))
                .ok_or(BadToken::Member("curTime", "UTC milliseconds, a whole number of 13 digits"))?,
            ttl_seconds: number(&object, "ttl")
                .filter(|seconds| *seconds > 0)
                .ok_or(BadToken::Member("ttl", "a whole number of seconds from 1"))?,
        })
    }

    fn check_time(&self, now: Millis) -> Result<(), BadToken> {
        let ahead = self.made.saturating_sub(now);
        if Duration::from_millis(ahead) > limits::TOKEN_AHEAD {
            return Err(BadToken::Ahead(ahead.div_ceil(1000)));
        }
        let end = self.made.saturating_add(self.ttl_seconds.saturating_mul(1000));
        if end > now { Ok(()) } else { Err(BadToken::Expired((now - end) / 1000)) }
    }
}

/// A whole number, or its digits as text.
fn number(object: &Map<String, Value>, name: &str) -> Option<u64> {
    match object.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    const NOW: Millis = 1_700_000_000_000;
    /// `printf keyann1700000000000600secret | sha1sum`
    const SIGNATURE: &str = "501dafd7f4b7b73ae8d2d30fd084becb83831a85";

    fn app() -> App {
        App::new("key", "secret")
    }

    fn accid(text: &str) -> Accid {
        Accid::parse("accid", text).unwrap()
    }

    fn check(token: &str, now: Millis) -> Result<(), BadToken> {
        app().check_dynamic(&accid("ann"), token, now)
    }

    /// A token with these texts between its members' names, signed as they stand there.
    fn token(made: &str, ttl: &str) -> String {
        let signature = hex::encode(Sha1::digest(format!("keyann{made}{ttl}secret").replace('"', "")));
        BASE64.encode(format!(r#"{{"signature":"{signature}","curTime":{made},"ttl":{ttl}}}"#))
    }

    #[test]
    fn the_signature_is_sha1_of_key_account_times_and_secret() {
        let made = app().dynamic_token(&accid("Ann"), NOW, Duration::from_millis(600_999));
        let text = String::from_utf8(BASE64.decode(&made).unwrap()).unwrap();
        assert_eq!(text, format!(r#"{{"signature":"{SIGNATURE}","curTime":1700000000000,"ttl":600}}"#));
        assert_eq!(check(&made, NOW), Ok(()));
    }

    #[test]
    fn either_base64_with_or_without_padding() {
        let text = format!(r#"{{"x":"~~~ ???","signature":"{SIGNATURE}","curTime":"1700000000000","ttl":"600"}}  "#);
        assert!(['+', '/', '='].iter().all(|differs| BASE64.encode(&text).contains(*differs)));
        for engine in [BASE64, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            assert_eq!(check(&engine.encode(&text), NOW), Ok(()));
        }
    }

    #[test]
    fn numbers_or_digits() {
        for (made, ttl) in [("1700000000000", "600"), ("\"1700000000000\"", "600"), ("1700000000000", "\"600\"")] {
            assert_eq!(check(&token(made, ttl), NOW), Ok(()), "{made} {ttl}");
        }
        for ttl in ["-1", "0", "\"00\"", "600.5", "6e2", "\"+600\"", "\"\"", "null", "18446744073709551616"] {
            let bad = BadToken::Member("ttl", "a whole number of seconds from 1");
            assert_eq!(check(&token("1700000000000", ttl), NOW), Err(bad), "{ttl}");
        }
    }

    #[test]
    fn it_runs_out_with_its_ttl() {
        let token = token("1700000000000", "600");
        assert_eq!(check(&token, NOW + 599_999), Ok(()));
        assert_eq!(check(&token, NOW + 600_000), Err(BadToken::Expired(0)));
        assert_eq!(check(&token, NOW + 661_000), Err(BadToken::Expired(61)));
    }

    #[test]
    fn it_may_be_made_five_minutes_ahead() {
        let token = token("1700000000000", "600");
        assert_eq!(check(&token, NOW - 300_000), Ok(()));
        assert_eq!(check(&token, NOW - 300_001), Err(BadToken::Ahead(301)));
    }

    #[test]
    fn the_longest_ttl_does_not_overflow() {
        assert_eq!(check(&token("1700000000000", &u64::MAX.to_string()), u64::MAX - 1), Ok(()));
        let forever = app().dynamic_token(&accid("ann"), NOW, Duration::MAX);
        assert_eq!(check(&forever, NOW), Ok(()));
    }

    /// A token with the signature that "ann" got, but other times.
    fn resigned(made: &str, ttl: &str) -> String {
        BASE64.encode(format!(r#"{{"signature":"{SIGNATURE}","curTime":"{made}","ttl":"{ttl}"}}"#))
    }

    #[test]
    fn digits_of_the_time_can_not_move_to_the_ttl() {
        let later = NOW + 3_600_000;
        assert_eq!(check(&resigned("1700000000000", "600"), later), Err(BadToken::Expired(3000)));
        for (made, ttl) in [("1", "700000000000600"), ("170000", "0000000600"), ("17000000000006", "00")] {
            let refused = check(&resigned(made, ttl), later);
            assert!(matches!(refused, Err(BadToken::Member("curTime", _))), "{made} {ttl}: {refused:?}");
        }
    }

    #[test]
    fn digits_of_the_time_can_not_move_to_the_account() {
        let ann1 = |made, ttl| app().check_dynamic(&accid("ann1"), &resigned(made, ttl), NOW);
        assert!(matches!(ann1("7", "00000000000600"), Err(BadToken::Member("curTime", _))));
        assert!(matches!(ann1("700000000000", "600"), Err(BadToken::Member("curTime", _))));
        assert!(matches!(ann1("7000000000006", "00"), Err(BadToken::Member("ttl", _))));
        assert!(matches!(ann1("7000000000006", "1"), Err(BadToken::Ahead(_))));
    }

    /// Not as it should be, but as the documented formula is: these pairs sign the same text.
    #[test]
    fn the_formula_can_not_tell_names_apart_that_differ_by_digits_at_the_end() {
        for (signed_for, made, ttl, used_as, other_made, other_ttl, at) in [
            ("ann1753", 1_753_962_345_678, 600, "ann", 1_753_175_396_234u64, 5_678_600, 1_753_962_345_678),
            ("ann", 1_761_800_000_123, 604_800, "ann176", 1_800_000_123_604, 800, 1_800_000_123_604),
        ] {
            let signature = app().sign_claim(&accid(signed_for), made, ttl);
            let text = format!(r#"{{"signature":"{signature}","curTime":{other_made},"ttl":{other_ttl}}}"#);
            assert_eq!(app().check_dynamic(&accid(used_as), &BASE64.encode(text), at), Ok(()));
        }
    }

    #[test]
    fn everything_that_is_signed_must_be_the_same() {
        let good = token("1700000000000", "600");
        for (app, name) in
            [(App::new("kez", "secret"), "ann"), (App::new("key", "secreu"), "ann"), (App::new("key", "secret"), "bob")]
        {
            assert_eq!(app.check_dynamic(&accid(name), &good, NOW), Err(BadToken::Signature));
        }
        let upper = SIGNATURE.to_uppercase();
        for signature in ["", "501d", &upper] {
            let text = format!(r#"{{"signature":"{signature}","curTime":1700000000000,"ttl":600}}"#);
            assert_eq!(check(&BASE64.encode(text), NOW), Err(BadToken::Signature));
        }
    }

    #[test]
    fn what_is_no_token_is_said() {
        for bad in ["", "*", "abcde", &BASE64.encode("hi"), &BASE64.encode("[1]"), &BASE64.encode([0xff, 0xfe])] {
            assert_eq!(check(bad, NOW), Err(BadToken::Unreadable), "{bad}");
        }
        let bad = check(&BASE64.encode(r#"{"curTime":1700000000000,"ttl":600}"#), NOW).unwrap_err();
        assert_eq!(bad.to_string(), "token: expected its signature to be a text");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}", now: u64) {
            let _ = check(&text, now);
            let _ = check(&BASE64.encode(&text), now);
            let _ = check(&token(&text, "600"), now);
            let _ = check(&token("1700000000000", &text), now);
        }

        #[test]
        fn a_token_is_good_for_its_account_and_time_only(
            made in CUR_TIMES, ttl in 1u64..10_000_000, name in "[a-z0-9]{1,8}", other in "[a-z0-9]{1,8}", after in 0u64..20_000_000
        ) {
            let token = app().dynamic_token(&accid(&name), made, Duration::from_secs(ttl));
            let result = app().check_dynamic(&accid(&name), &token, made + after * 1000);
            prop_assert_eq!(result.is_ok(), after < ttl);
            prop_assert_eq!(app().check_dynamic(&accid(&other), &token, made).is_ok(), name == other);
        }
    }
}

//! The CheckSum of the server API: SHA-1 over secret, nonce and time (section 1.2).

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use crate::base::{Clock, Millis, limits};

/// One application: its public key and the secret it shares with its own server.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    key: String,
    secret: String,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "App({:?}, secret hidden)", self.key)
    }
}

/// The four headers of a call, as their raw bytes.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// `AppKey`
    pub app_key: &'a [u8],
    /// `Nonce`
    pub nonce: &'a [u8],
    /// `CurTime`, UTC seconds
    pub cur_time: &'a [u8],
    /// `CheckSum`
    pub check_sum: &'a [u8],
}

/// The CheckSum of a call. It covers nonce and time, so it alone tells calls apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CheckSum([u8; 20]);

impl CheckSum {
    /// As it is sent.
    fn digits(&self) -> [u8; 40] {
        let mut digits = [0; 40];
        hex::encode_to_slice(self.0, &mut digits).expect("20 bytes have 40 digits");
        digits
    }
}

/// The four headers of a call to be made.
#[derive(Debug, Clone)]
pub struct SignedHeaders {
    /// `AppKey`
    pub app_key: String,
    /// `Nonce`
    pub nonce: String,
    /// `CurTime`, UTC seconds
    pub cur_time: String,
    /// `CheckSum`
    pub check_sum: String,
}

impl SignedHeaders {
    /// Name and value of each, in the usual order.
    pub fn pairs(&self) -> [(&'static str, &str); 4] {
        [("AppKey", &self.app_key), ("Nonce", &self.nonce), ("CurTime", &self.cur_time), ("CheckSum", &self.check_sum)]
    }
}

/// Why a signature does not hold. Each text contains the documented words (sections 1.5 and 15).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// A header is missing or malformed.
    #[error("bad http header: {0}")]
    Header(String),
    /// Not our application.
    #[error("appkey: not the key of this gateway's application")]
    AppKey,
    /// Too old, or too far ahead.
    #[error("CurTime is expired: it is {0} s away from the gateway's clock, 300 s are allowed{hint}", hint = unit(*.0))]
    Expired(u64),
    /// The secret, the nonce or the time differ.
    #[error("checksum: it is not the lower-case hexadecimal SHA-1 of AppSecret + Nonce + CurTime")]
    CheckSum,
}

impl App {
    /// An application with a key and a secret of its choice.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> App {
        App { key: key.into(), secret: secret.into() }
    }

    /// A fresh random key and secret of 32 hexadecimal digits each.
    pub fn random() -> App {
        App::new(uuid::Uuid::new_v4().simple().to_string(), uuid::Uuid::new_v4().simple().to_string())
    }

    /// The public key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The secret. It goes to the credentials file and nowhere else.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Signs one call made now.
    pub fn sign(&self, clock: &Clock) -> SignedHeaders {
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        let cur_time = (clock.wall() / 1000).to_string();
        self.headers(nonce, cur_time)
    }

    fn headers(&self, nonce: String, cur_time: String) -> SignedHeaders {
        let check_sum = self.check_sum(nonce.as_bytes(), cur_time.as_bytes());
        let check_sum = String::from_utf8_lossy(&check_sum.digits()).into_owned();
        SignedHeaders { app_key: self.key.clone(), nonce, cur_time, check_sum }
    }

    pub(crate) fn check_sum(&self, nonce: &[u8], cur_time: &[u8]) -> CheckSum {
        CheckSum(Sha1::new().chain_update(&self.secret).chain_update(nonce).chain_update(cur_time).finalize().into())
    }

    /// Verifies a call; the CheckSum, which it answers with, in constant time.
    pub fn verify(&self, signature: &Signature<'_>, now: Millis) -> Result<CheckSum, BadSignature> {
        if signature.app_key != self.key.as_bytes() {
            return Err(BadSignature::AppKey);
        }
        if signature.nonce.len() > limits::NONCE_BYTES {
            let came = signature.nonce.len();
            return Err(BadSignature::Header(format!("Nonce: expected at most 128 bytes, got {came}")));
        }
        let away = seconds(signature.cur_time)?.abs_diff(now / 1000);
        if away > limits::SIGNATURE_WINDOW.as_secs() {
            return Err(BadSignature::Expired(away));
        }
        let expected = self.check_sum(signature.nonce, signature.cur_time);
        if expected.digits().ct_eq(signature.check_sum).into() { Ok(expected) } else { Err(BadSignature::CheckSum) }
    }
}

/// Who is more than a year away has most likely sent another unit, such as milliseconds.
fn unit(away: u64) -> &'static str {
    const YEAR_SECONDS: u64 = 366 * 24 * 3600;
    if away > YEAR_SECONDS { "; it is in seconds" } else { "" }
}

fn seconds(cur_time: &[u8]) -> Result<u64, BadSignature> {
    std::str::from_utf8(cur_time)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| BadSignature::Header("CurTime: expected UTC seconds as a decimal number".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Millis = 1_700_000_000_000;

    fn app() -> App {
        App::new("key", "secret")
    }

    fn signed(nonce: &str, seconds: u64) -> SignedHeaders {
        app().headers(nonce.into(), seconds.to_string())
    }

    fn verify(headers: &SignedHeaders) -> Result<(), BadSignature> {
        let signature = Signature {
            app_key: headers.app_key.as_bytes(),
            nonce: headers.nonce.as_bytes(),
            cur_time: headers.cur_time.as_bytes(),
            check_sum: headers.check_sum.as_bytes(),
        };
        app().verify(&signature, NOW).map(drop)
    }

    #[test]
    fn the_sum_is_sha1_of_secret_nonce_and_time() {
        // printf 'secretnonce1700000000' | sha1sum
        assert_eq!(signed("nonce", 1_700_000_000).check_sum, "c0b87c883bf8a70941d7e81c14cc7c7e7ccd3ba2");
    }

    #[test]
    fn the_window_is_five_minutes_both_ways() {
        let now = NOW / 1000;
        for seconds in [now - 300, now, now + 300] {
            assert_eq!(verify(&signed("n", seconds)), Ok(()));
        }
        for seconds in [now - 301, now + 301, 0] {
            assert!(matches!(verify(&signed("n", seconds)), Err(BadSignature::Expired(_))));
        }
    }

    #[test]
    fn who_sends_another_unit_is_told_the_right_one() {
        let says = |seconds| verify(&signed("n", seconds)).unwrap_err().to_string();
        assert!(says(NOW).ends_with("300 s are allowed; it is in seconds"), "{}", says(NOW));
        assert!(says(NOW / 1000 - 301).ends_with("300 s are allowed"));
    }

    #[test]
    fn each_fault_has_its_own_name() {
        let good = signed("n", NOW / 1000);
        assert_eq!(verify(&SignedHeaders { app_key: "other".into(), ..good.clone() }), Err(BadSignature::AppKey));
        assert_eq!(verify(&SignedHeaders { nonce: "m".into(), ..good.clone() }), Err(BadSignature::CheckSum));
        let upper = good.check_sum.to_uppercase();
        assert_eq!(verify(&SignedHeaders { check_sum: upper, ..good.clone() }), Err(BadSignature::CheckSum));
        for bad in ["", "-1", "+1", "1e9", "99999999999999999999"] {
            let headers = SignedHeaders { cur_time: bad.into(), ..good.clone() };
            assert!(verify(&headers).is_err(), "{bad:?}");
        }
        assert_eq!(verify(&signed(&"n".repeat(128), NOW / 1000)), Ok(()));
        assert!(matches!(verify(&signed(&"n".repeat(129), NOW / 1000)), Err(BadSignature::Header(_))));
    }

    proptest! {
        #[test]
        fn nothing_but_the_right_sum_passes(sum in proptest::collection::vec(any::<u8>(), 0..64)) {
            let good = signed("n", NOW / 1000);
            let signature = Signature {
                app_key: b"key", nonce: b"n", cur_time: good.cur_time.as_bytes(), check_sum: &sum,
            };
            prop_assert_eq!(app().verify(&signature, NOW).is_ok(), sum == good.check_sum.as_bytes());
        }
    }
}

//! What signs a POST that the gateway makes itself, to webhooks and callbacks: the documented four headers (section 9.1), and an HMAC for
//! receivers that want more than MD5.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::base::Millis;

use super::App;

/// Header of the HMAC-SHA256 over `CurTime`, a dot, and the body, with the application's secret as its key, in lower-case hexadecimal.
pub const HMAC_HEADER: &str = "X-Roomgate-Signature";

/// The headers that sign one POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostHeaders {
    /// `AppKey`
    pub app_key: String,
    /// `CurTime`, UTC milliseconds
    pub cur_time: String,
    /// `MD5` of the body
    pub md5: String,
    /// `CheckSum`
    pub check_sum: String,
    /// [`HMAC_HEADER`]
    pub hmac: String,
}

impl PostHeaders {
    /// Name and value of each.
    pub fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("AppKey", &self.app_key),
            ("CurTime", &self.cur_time),
            ("MD5", &self.md5),
            ("CheckSum", &self.check_sum),
            (HMAC_HEADER, &self.hmac),
        ]
    }
}

impl App {
    /// Signs a POST of `body` made at the moment `now`.
    pub fn sign_post(&self, body: &[u8], now: Millis) -> PostHeaders {
        self.headers_of(body, now.to_string())
    }

    /// The names of those headers that are not what this application would send with `body`, as `header` finds them by their names. None
    /// is what a receiver wants.
    pub fn wrong_post_headers<'a>(&self, body: &[u8], header: impl Fn(&str) -> Option<&'a str>) -> Vec<&'static str> {
        let expected = self.headers_of(body, header("CurTime").unwrap_or_default().to_owned());
        let fits = |name, value: &str| header(name).is_some_and(|came| came.as_bytes().ct_eq(value.as_bytes()).into());
        expected.pairs().into_iter().filter(|(name, value)| !fits(name, value)).map(|(name, _)| name).collect()
    }

    fn headers_of(&self, body: &[u8], cur_time: String) -> PostHeaders {
        let md5 = hex::encode(Md5::digest(body));
        let sum = Sha1::new().chain_update(self.secret()).chain_update(&md5).chain_update(&cur_time).finalize();
        // A key of any length will do.
        let hmac = Hmac::<Sha256>::new_from_slice(self.secret().as_bytes()).map(|mac| {
            let mac = mac.chain_update(&cur_time).chain_update(b".").chain_update(body);
            hex::encode(mac.finalize().into_bytes())
        });
        PostHeaders {
            app_key: self.key().to_owned(),
            cur_time,
            md5,
            check_sum: hex::encode(sum),
            hmac: hmac.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headers_are_what_other_tools_compute() {
        let headers = App::new("key", "secret").sign_post(b"{}", 1_651_894_983_250);
        // printf '{}' | md5sum; printf 'secret<md5>1651894983250' | sha1sum; printf '1651894983250.{}' | openssl dgst -sha256 -hmac secret
        assert_eq!(headers.md5, "99914b932bd37a50b983c5e7c90ae93b");
        assert_eq!(headers.check_sum, "2bb856be4aa7fd9155f28380cb8c4a08fa849600");
        assert_eq!(headers.hmac, "4476f063a9903994726c514ce75cddc495b673cc6561de453c0fc162429c63e4");
        assert_eq!(headers.cur_time, "1651894983250");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let app = App::new("key", "secret");
        let headers = app.sign_post(b"{}", 1);
        let find = |name: &str| headers.pairs().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        assert!(app.wrong_post_headers(b"{}", find).is_empty());
        assert_eq!(app.wrong_post_headers(b"{ }", find), ["MD5", "CheckSum", HMAC_HEADER]);
        assert_eq!(App::new("key", "other").wrong_post_headers(b"{}", find), ["CheckSum", HMAC_HEADER]);
        assert_eq!(app.wrong_post_headers(b"{}", |name| (name != "MD5").then(|| find(name))?), ["MD5"]);
    }
}

//! Where a gateway is, as people write it: `http://host:port/nimserver`, `ws://host:port/ws` or only `host:port`.

use crate::base::Invalid;

/// An address that can't be used; its text says why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not an address of this kind at all.
    #[error(transparent)]
    Malformed(#[from] Invalid),
    /// TLS is not spoken here.
    #[error("{given}: {scheme}:// is not supported here, use {plain}:// on a trusted network")]
    Encrypted {
        /// The address.
        given: String,
        /// Its scheme.
        scheme: &'static str,
        /// The scheme without TLS.
        plain: &'static str,
    },
}

/// Host, port and path, without a final slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// `host:port`, as it stands in a Host header and as a resolver takes it.
    pub(crate) authority: String,
    /// Empty, or with a slash in front.
    pub(crate) path: String,
}

const PORT: &str = "80";

impl Address {
    /// Reads `http://host[:port][/path]`.
    pub(crate) fn http(text: &str) -> Result<Address, BadAddress> {
        const RULE: &str = "an address such as http://127.0.0.1:8080/nimserver";
        let rest = strip_scheme(text, "http", "https")?.ok_or_else(|| Invalid::value("url", RULE, text))?;
        Ok(Address::split(rest).ok_or_else(|| Invalid::value("url", RULE, text))?)
    }

    /// Reads `ws://host[:port][/path]`, or `host:port` alone, whose path is `/ws`.
    pub(crate) fn ws(text: &str) -> Result<Address, BadAddress> {
        const RULE: &str = "an address such as ws://127.0.0.1:8080/ws";
        let rest = strip_scheme(text, "ws", "wss")?;
        let address = Address::split(rest.unwrap_or(text)).ok_or_else(|| Invalid::value("url", RULE, text))?;
        if rest.is_none() && address.path.is_empty() {
            return Ok(Address { path: "/ws".into(), ..address });
        }
        Ok(address)
    }

    fn split(rest: &str) -> Option<Address> {
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let printable = rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"@?#\\\"<>".contains(&byte));
        // A colon inside brackets belongs to an IPv6 address.
        let after_brackets = host.rfind(']').map_or(host, |end| &host[end..]);
        let authority = match after_brackets.split_once(':') {
            Some((_, port)) => port.parse::<u16>().ok().map(|_| host.to_owned())?,
            None => format!("{host}:{PORT}"),
        };
        let fits = printable && !host.is_empty() && !authority.starts_with(':');
        fits.then(|| Address { authority, path: path.trim_end_matches('/').to_owned() })
    }
}

fn strip_scheme<'a>(
    text: &'a str,
    plain: &'static str,
    encrypted: &'static str,
) -> Result<Option<&'a str>, BadAddress> {
    match text.split_once("://") {
        None => Ok(None),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(plain) => Ok(Some(rest)),
        Some((scheme, _)) if scheme.eq_ignore_ascii_case(encrypted) => {
            Err(BadAddress::Encrypted { given: text.to_owned(), scheme: encrypted, plain })
        }
        Some(_) => Err(Invalid::value("url", format!("{plain}://host:port"), text).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(address: Result<Address, BadAddress>) -> (String, String) {
        let address = address.unwrap();
        (address.authority, address.path)
    }

    #[test]
    fn usual_addresses_are_read() {
        let pair = |authority: &str, path: &str| (authority.to_owned(), path.to_owned());
        assert_eq!(parts(Address::http("http://a:8080/nimserver/")), pair("a:8080", "/nimserver"));
        assert_eq!(parts(Address::http("HTTP://a")), pair("a:80", ""));
        assert_eq!(parts(Address::http("http://[::1]:81/x")), pair("[::1]:81", "/x"));
        assert_eq!(parts(Address::http("http://[::1]")), pair("[::1]:80", ""));
        assert_eq!(parts(Address::ws("127.0.0.1:8080")), pair("127.0.0.1:8080", "/ws"));
        assert_eq!(parts(Address::ws("ws://127.0.0.1:8080/echo")), pair("127.0.0.1:8080", "/echo"));
    }

    #[test]
    fn tls_is_refused_by_name() {
        let complaint = Address::http("https://a/nimserver").unwrap_err().to_string();
        assert_eq!(complaint, "https://a/nimserver: https:// is not supported here, use http:// on a trusted network");
        assert!(matches!(Address::ws("wss://a/ws"), Err(BadAddress::Encrypted { plain: "ws", .. })));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "a:8080", "ftp://a", "http://", "http://:80", "http://a:x", "http://a:70000", "http://a b/"] {
            assert!(Address::http(bad).is_err(), "{bad:?}");
        }
    }
}

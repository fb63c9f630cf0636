//! Which web pages may talk to the gateway: those of its own origin and those the operator lists. What is not a browser sends no Origin.

use std::net::IpAddr;

/// The rule, the same at every door.
#[derive(Debug, Clone)]
pub struct Origins {
    listed: Vec<String>,
    /// The gateway listens on this machine only, so only this machine's names may stand in Host. Otherwise a page of any site could have
    /// its own name point here (DNS rebinding) and pass for our own origin.
    local_only: bool,
}

impl Origins {
    /// Listed origins are scheme, host and port.
    pub fn new(listed: Vec<String>, local_only: bool) -> Origins {
        Origins { listed, local_only }
    }

    /// Whether a request for this Host can be meant for us: on a local listener only this machine's names.
    pub fn knows(&self, host: Option<&[u8]>) -> bool {
        let host = host.and_then(|host| std::str::from_utf8(host).ok());
        !self.local_only || host.is_none_or(is_local)
    }

    /// Whether a request with this Host may come from a page of this origin.
    pub fn allows(&self, origin: &[u8], host: Option<&[u8]>) -> bool {
        let Ok(origin) = std::str::from_utf8(origin) else { return false };
        let origin = normalised(origin);
        let host = host.and_then(|host| std::str::from_utf8(host).ok());
        let own = host.filter(|host| !self.local_only || is_local(host));
        own.is_some_and(|host| normalised(&format!("http://{host}")) == origin)
            || self.listed.iter().any(|listed| normalised(listed) == origin)
    }
}

/// Lower case, without the scheme's default port and a slash at the end.
fn normalised(origin: &str) -> String {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    let port = if origin.starts_with("https:") { ":443" } else { ":80" };
    origin.strip_suffix(port).unwrap_or(&origin).to_owned()
}

/// Whether a Host is an address or a name of one word, as operators write it. A page of any site could have its own name lead here and
/// then count as being of the same origin; a name that somebody can register has a dot.
pub fn is_nobodys_site(host: &str) -> bool {
    let (name, address) = name_and_address(host);
    address.is_some() || (!name.is_empty() && !name.contains('.'))
}

fn is_local(host: &str) -> bool {
    let (name, address) = name_and_address(host);
    name.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

/// A Host without its port, and the address that it is, if it is one.
fn name_and_address(host: &str) -> (&str, Option<IpAddr>) {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    (name, name.trim_start_matches('[').trim_end_matches(']').parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_dot_is_somebodys_site() {
        for host in ["localhost:9090", "127.0.0.1", "10.0.0.7:9090", "[::1]:9090", "[::1]", "gateway", "gateway:9090"] {
            assert!(is_nobodys_site(host), "{host}");
        }
        for host in
            ["", ":9090", "evil.example", "evil.example:9090", "localhost.evil.example", "127.0.0.1.evil.example"]
        {
            assert!(!is_nobodys_site(host), "{host}");
        }
    }

    fn allowed(origin: &str, host: &str, local_only: bool) -> bool {
        let listed = vec!["https://app.example.com".to_owned(), "http://localhost:3000".to_owned()];
        Origins::new(listed, local_only).allows(origin.as_bytes(), Some(host.as_bytes()))
    }

    #[test]
    fn scheme_host_and_port_must_be_the_same() {
        for local_only in [true, false] {
            assert!(allowed("http://127.0.0.1:8080", "127.0.0.1:8080", local_only));
            for other in ["http://127.0.0.1:8081", "https://127.0.0.1:8080", "http://evil.example", "null", ""] {
                assert!(!allowed(other, "127.0.0.1:8080", local_only), "{other}");
            }
        }
        assert!(allowed("http://Chat.example", "chat.example:80", false));
    }

    #[test]
    fn another_name_for_this_machine_is_not_our_own_origin() {
        for host in ["evil.example", "evil.example:8080", "localhost.evil.example:8080", "10.0.0.1:8080"] {
            assert!(!allowed(&format!("http://{host}"), host, true), "{host}");
            assert!(allowed(&format!("http://{host}"), host, false), "{host}");
        }
        for host in ["localhost:8080", "127.0.0.5:1", "[::1]:8080", "LOCALHOST"] {
            assert!(allowed(&format!("http://{host}"), host, true), "{host}");
        }
    }

    #[test]
    fn a_local_gateway_knows_its_own_names_only() {
        let local = Origins::new(Vec::new(), true);
        for (host, known) in
            [("127.0.0.1:8080", true), ("localhost", true), ("evil.example", false), ("10.0.0.1", false)]
        {
            assert_eq!(local.knows(Some(host.as_bytes())), known, "{host}");
        }
        assert!(Origins::new(Vec::new(), false).knows(Some(b"chat.example")));
    }

    #[test]
    fn listed_origins_are_allowed_exactly() {
        assert!(allowed("https://app.example.com", "x", true) && allowed("https://app.example.com:443", "x", true));
        assert!(allowed("http://localhost:3000", "x", true));
        for other in ["http://app.example.com", "https://app.example.com.evil.example", "http://localhost:30000"] {
            assert!(!allowed(other, "x", true), "{other}");
        }
    }
}

//! Which web pages may connect: those of the gateway's own origin and those the operator lists. What is not a browser sends no Origin.

/// Whether pages of this origin may connect.
pub(super) fn is_allowed(origin: &[u8], host: Option<&[u8]>, listed: &[String]) -> bool {
    let Ok(origin) = std::str::from_utf8(origin) else { return false };
    let origin = normalised(origin);
    let own = host.and_then(|host| std::str::from_utf8(host).ok()).map(|host| normalised(&format!("http://{host}")));
    own.is_some_and(|own| own == origin) || listed.iter().any(|listed| normalised(listed) == origin)
}

/// Lower case, without the scheme's default port and a slash at the end.
fn normalised(origin: &str) -> String {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    let port = if origin.starts_with("https:") { ":443" } else { ":80" };
    origin.strip_suffix(port).unwrap_or(&origin).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: &str, host: &str) -> bool {
        let listed = ["https://app.example.com".to_owned(), "http://localhost:3000".to_owned()];
        is_allowed(origin.as_bytes(), Some(host.as_bytes()), &listed)
    }

    #[test]
    fn scheme_host_and_port_must_be_the_same() {
        assert!(allowed("http://127.0.0.1:8080", "127.0.0.1:8080"));
        assert!(allowed("http://Chat.example", "chat.example:80"));
        for other in ["http://127.0.0.1:8081", "https://127.0.0.1:8080", "http://evil.example", "null", ""] {
            assert!(!allowed(other, "127.0.0.1:8080"), "{other}");
        }
    }

    #[test]
    fn listed_origins_are_allowed_exactly() {
        assert!(allowed("https://app.example.com", "x") && allowed("https://app.example.com:443", "x"));
        assert!(allowed("http://localhost:3000", "x"));
        for other in ["http://app.example.com", "https://app.example.com.evil.example", "http://localhost:30000"] {
            assert!(!allowed(other, "x"), "{other}");
        }
    }
}

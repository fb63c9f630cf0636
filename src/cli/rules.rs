//! The rules that texts must keep, each with the words a complaint says it in.

/// What a text must be like.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) words: &'static str,
    pub(super) fits: fn(&str) -> bool,
}

/// A key or a secret: it has to pass through an HTTP header.
pub(super) const KEY: Rule = Rule {
    words: "1 to 128 visible ASCII characters",
    fits: |text| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()),
};

/// The server API of a gateway. The rest is checked where it is used, with a better complaint.
pub(super) const URL: Rule =
    Rule { words: "an address such as http://127.0.0.1:8080/nimserver", fits: |text| text.contains("://") };

/// Where clients are told to connect.
pub(super) const HOST_AND_PORT: Rule = Rule {
    words: "host:port",
    fits: |text| {
        text.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && !host.contains(['/', ' ']) && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
    },
};

/// Where a browser page comes from.
pub(super) const ORIGIN: Rule = Rule {
    words: "scheme, host and port such as https://app.example.com",
    fits: |text| {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        host.is_some_and(|host| !host.is_empty() && !host.contains(['/', ' ', '*', '@']))
    },
};

/// A path beside those that are taken.
pub(super) const ECHO_PATH: Rule = Rule {
    words: "a path that starts with '/', other than / and /ws",
    fits: |text| text.len() > 1 && text.starts_with('/') && text != "/ws" && !text.contains(['?', '#', ' ']),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_takes_the_good_and_refuses_the_bad() {
        let cases: [(Rule, &[&str], &[&str]); 5] = [
            (KEY, &["k", "a-Z_0.~"], &["", "a b", "ä", "a\n"]),
            (URL, &["http://a", "https://a/b"], &["", "a:80"]),
            (HOST_AND_PORT, &["a:1", "[::1]:8080"], &["", "a", ":1", "a:0", "a:70000", "http://a:1"]),
            (
                ORIGIN,
                &["https://a.example", "http://localhost:3000"],
                &["", "a.example", "https://", "https://a/", "*"],
            ),
            (ECHO_PATH, &["/echo"], &["", "/", "/ws", "echo", "/a b"]),
        ];
        for (rule, good, bad) in cases {
            assert!(good.iter().all(|text| (rule.fits)(text)), "{}", rule.words);
            assert!(!bad.iter().any(|text| (rule.fits)(text)), "{}", rule.words);
        }
    }
}

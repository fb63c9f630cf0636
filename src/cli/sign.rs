//! `roomgate sign`: the headers of one call, for a tool of one's own.

use clap::Args;
use roomgate::auth::SignedHeaders;
use roomgate::base::Clock;

use super::caller::Caller;
use super::failure::Failure;
use super::table;

#[derive(Args)]
pub(super) struct Sign {
    /// Print them as -H arguments of curl
    #[arg(long, conflicts_with = "json")]
    curl: bool,
    /// Print them as a JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(sign: &Sign, caller: &Caller) -> Result<(), Failure> {
    let headers = caller.app.sign(&Clock::system());
    table::say(&match sign {
        Sign { curl: true, .. } => format!("{}\n", curl(&headers)),
        Sign { json: true, .. } => format!("{}\n", json(&headers)),
        Sign { .. } => plain(&headers),
    })
}

/// The headers as arguments of curl.
pub(super) fn curl(headers: &SignedHeaders) -> String {
    headers.pairs().map(|(name, value)| format!("-H {}", quote(&format!("{name}: {value}")))).join(" ")
}

fn json(headers: &SignedHeaders) -> serde_json::Value {
    headers.pairs().into_iter().collect()
}

fn plain(headers: &SignedHeaders) -> String {
    headers.pairs().map(|(name, value)| format!("{name}: {value}\n")).concat()
}

/// One word of a shell's command line, as it has to be written there.
pub(super) fn quote(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,=@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers() -> SignedHeaders {
        SignedHeaders { app_key: "k".into(), nonce: "n".into(), cur_time: "1".into(), check_sum: "s".into() }
    }

    #[test]
    fn each_form_has_all_four() {
        assert_eq!(plain(&headers()), "AppKey: k\nNonce: n\nCurTime: 1\nCheckSum: s\n");
        assert_eq!(curl(&headers()), "-H 'AppKey: k' -H 'Nonce: n' -H 'CurTime: 1' -H 'CheckSum: s'");
        assert_eq!(json(&headers()).to_string(), r#"{"AppKey":"k","CheckSum":"s","CurTime":"1","Nonce":"n"}"#);
    }

    #[test]
    fn a_shell_reads_a_quoted_word_as_it_was() {
        assert_eq!(quote("target/release/roomgate"), "target/release/roomgate");
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote(""), "''");
    }
}

//! The whole of it, against files and against services that are played on a socket.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use md5::{Digest, Md5};

use super::*;

#[path = "../../tests/it/support/peer.rs"]
#[allow(dead_code, clippy::duplicate_mod, reason = "its other users need more of it, and each loads it")]
pub(super) mod peer;

use peer::{Heard, Peer, Say};

const PASSES: &str = r#"{"code":200,"msg":"ok","result":{"antispam":{"taskId":"t","suggestion":0,"labels":[]}}}"#;
const SUSPECTS: &str =
    r#"{"code":200,"msg":"ok","result":{"antispam":{"taskId":"t","suggestion":1,"labels":[{"label":200,"level":1}]}}}"#;
const REFUSES: &str =
    r#"{"code":200,"msg":"ok","result":{"antispam":{"taskId":"t","suggestion":2,"labels":[{"label":600,"level":2}]}}}"#;

/// A service that says this to all.
async fn saying(body: &str) -> Peer {
    let say = Say::Text(200, body.to_owned());
    Peer::with(move |_, _| say.clone()).await
}

/// The form that a service was asked with.
fn form(heard: &Heard) -> HashMap<String, String> {
    form_urlencoded::parse(heard.body.as_bytes()).into_owned().collect()
}

pub(super) fn by_http(url: &str) -> ModerationSettings {
    ModerationSettings {
        by: Moderator::Http,
        url: url.parse().ok(),
        secret_id: Some("id".into()),
        secret_key: Some("key".to_owned().into()),
        business_id: Some("biz".into()),
        ..ModerationSettings::default()
    }
}

fn by_words(refuse: Option<&Path>, replace: Option<&Path>) -> ModerationSettings {
    ModerationSettings {
        by: Moderator::Words,
        refuse_words: refuse.map(Path::to_owned),
        replace_words: replace.map(Path::to_owned),
        ..ModerationSettings::default()
    }
}

async fn try_start(settings: &ModerationSettings, clock: &Clock) -> Result<Moderation, ModerationError> {
    let outbound = Outbound::new(Vec::new(), clock.clone());
    Moderation::start(settings, outbound, clock.clone(), Arc::new(Metrics::new())).await
}

async fn start(settings: &ModerationSettings) -> Moderation {
    try_start(settings, &Clock::test()).await.unwrap()
}

async fn judge(moderation: &Moderation, text: &str) -> Verdict {
    judge_with(moderation, text, &Extras::default()).await
}

async fn judge_with(moderation: &Moderation, text: &str, extras: &Extras) -> Verdict {
    let accid = Accid::parse("accid", "ann").unwrap();
    moderation.judge_text(text, &Subject { accid: &accid, data_id: "m1", room: None, extras }).await
}

async fn judge_looks(moderation: &Moderation, texts: &[&str]) -> Result<(), Finding> {
    let (accid, extras) = (Accid::parse("accid", "ann").unwrap(), Extras::default());
    moderation.judge_looks(texts, &Subject { accid: &accid, data_id: "ann", room: None, extras: &extras }).await
}

async fn judge_media(moderation: &Moderation, address: &str) -> Verdict {
    let (accid, extras) = (Accid::parse("accid", "ann").unwrap(), Extras::default());
    let subject = Subject { accid: &accid, data_id: "m1", room: None, extras: &extras };
    moderation.judge_media(address, MsgType::Image, &subject).await
}

fn counted(moderation: &Moderation, what: &'static str, verdict: &'static str) -> u64 {
    moderation.metrics.verdicts.get_or_create(&VerdictLabels { what, verdict }).get()
}

fn why(verdict: &Verdict) -> &str {
    verdict.finding().map_or("", |finding| &finding.why)
}

mod by_words {
    use super::*;

    #[tokio::test]
    async fn lists_are_read_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let (refuse, replace) = (folder.path().join("refuse.txt"), folder.path().join("replace.txt"));
        std::fs::write(&refuse, "# never\nworst\n").unwrap();
        std::fs::write(&replace, "bad\n").unwrap();
        let moderation = start(&by_words(Some(&refuse), Some(&replace))).await;
        assert!(!moderation.is_off() && !moderation.judges_media());
        assert_eq!(why(&judge(&moderation, "W O R S T").await), "refuse_words line 2");
        assert!(matches!(judge(&moderation, "so bad").await, Verdict::Replaced(text, _) if text == "so ***"));

        std::fs::write(&refuse, "worst\n--\n").unwrap();
        let error = moderation.reload().await.unwrap_err().to_string();
        let expected =
            format!("moderation.refuse_words: {} line 2: expected a word with a letter or a digit", refuse.display());
        assert_eq!(error, expected);
        assert_eq!(judge(&moderation, "worst").await.name(), "refused");

        std::fs::write(&refuse, "other\nmore\n").unwrap();
        assert_eq!(moderation.reload().await.unwrap(), 3);
        assert_eq!(judge(&moderation, "worst").await, Verdict::Passed);
        assert_eq!(judge(&moderation, "other").await.name(), "refused");
    }

    #[tokio::test]
    async fn what_can_not_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("words.txt");
        let error = |settings: ModerationSettings| async move {
            try_start(&settings, &Clock::test()).await.unwrap_err().to_string()
        };
        let begin = format!("moderation.replace_words: {}: ", file.display());
        assert!(error(by_words(None, Some(&file))).await.starts_with(&begin));
        std::fs::write(&file, b"bad\xFF").unwrap();
        assert!(error(by_words(None, Some(&file))).await.ends_with("stream did not contain valid UTF-8"));
        std::fs::write(&file, vec![b'\n'; 4 * 1024 * 1024 + 1]).unwrap();
        assert!(error(by_words(None, Some(&file))).await.ends_with("expected at most 4194304 bytes"));
        assert!(error(by_words(None, None)).await.starts_with("moderation.by: expected a file in"));
    }

    #[tokio::test]
    async fn what_is_not_to_be_judged_passes_and_is_not_counted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "bad").unwrap();
        let moderation = start(&by_words(Some(file.path()), None)).await;
        let unmoderated = Extras { unmoderated: true, ..Extras::default() };
        assert_eq!(judge_with(&moderation, "bad", &unmoderated).await, Verdict::Passed);
        assert_eq!(judge(&moderation, "").await, Verdict::Passed);
        assert_eq!(counted(&moderation, "text", "passed"), 0);
        assert_eq!(judge(&moderation, "good").await, Verdict::Passed);
        assert_eq!(judge(&moderation, "bad").await.name(), "refused");
        assert_eq!((counted(&moderation, "text", "passed"), counted(&moderation, "text", "refused")), (1, 1));
    }

    #[tokio::test]
    async fn a_dry_run_lets_all_pass_and_counts() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "bad").unwrap();
        let moderation =
            start(&ModerationSettings { dry_run: true, ..by_words(Some(file.path()), Some(file.path())) }).await;
        assert_eq!(judge(&moderation, "bad").await, Verdict::Passed);
        assert_eq!(judge_looks(&moderation, &["bad"]).await, Ok(()));
        assert_eq!((counted(&moderation, "text", "refused"), counted(&moderation, "looks", "refused")), (1, 1));
    }

    #[tokio::test]
    async fn looks_are_never_changed_but_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "bad").unwrap();
        let moderation = start(&by_words(None, Some(file.path()))).await;
        assert_eq!(judge_looks(&moderation, &["good", ""]).await, Ok(()));
        assert_eq!(judge_looks(&moderation, &["good", "b.a.d"]).await.unwrap_err().why, "replace_words line 1");
    }

    #[tokio::test]
    async fn nobody_judges_where_it_is_off() {
        let moderation = start(&ModerationSettings::default()).await;
        assert!(moderation.is_off() && !moderation.judges_media());
        assert_eq!(judge(&moderation, "bad").await, Verdict::Passed);
        assert_eq!(judge_media(&moderation, "https://x.example/").await, Verdict::Passed);
        assert_eq!(moderation.reload().await.unwrap(), 0);
        assert_eq!(counted(&moderation, "text", "passed"), 0);
    }
}

mod by_http {
    use super::*;

    #[tokio::test]
    async fn each_suggestion_is_a_verdict() {
        for (body, name, told) in
            [(PASSES, "passed", ""), (SUSPECTS, "suspect", "label 200"), (REFUSES, "refused", "label 600")]
        {
            let peer = saying(body).await;
            let moderation = start(&by_http(&peer.url())).await;
            let verdict = judge(&moderation, "hello").await;
            assert_eq!((verdict.name(), why(&verdict)), (name, told));
            assert_eq!(counted(&moderation, "text", name), 1);
        }
    }

    #[tokio::test]
    async fn a_check_is_signed_as_documented() {
        let peer = saying(PASSES).await;
        let moderation = start(&by_http(&peer.url())).await;
        judge(&moderation, "你好, +&=% 😀").await;
        let mut form = form(&peer.heard()[0]);
        assert_eq!((form["content"].as_str(), form["account"].as_str()), ("你好, +&=% 😀", "ann"));
        assert_eq!(form["timestamp"], moderation.clock.wall().to_string());
        let signature = form.remove("signature").unwrap();
        let mut names: Vec<&String> = form.keys().collect();
        names.sort();
        let signed: String = names.iter().map(|name| format!("{name}{}", form[*name])).collect();
        assert_eq!(signature, hex::encode(Md5::digest(format!("{signed}key"))));
    }

    #[tokio::test]
    async fn without_a_verdict_it_goes_as_the_operator_wants() {
        let redirect = Say::Header(302, "Location", "http://127.0.0.1:1/".into());
        for (say, name, told) in [
            (Say::Huge, "bad_answer", "no verdict: the answer is over 65536 bytes"),
            (redirect, "bad_answer", "no verdict: HTTP status 302"),
            (Say::Half, "broken", "no verdict: no whole answer"),
            (Say::Text(200, "ok".into()), "bad_answer", "no verdict: an answer that is no JSON"),
            (Say::Nothing, "broken", "no verdict: no whole answer"),
        ] {
            let peer = Peer::with(move |_, _| say.clone()).await;
            let passing = start(&by_http(&peer.url())).await;
            assert_eq!(judge(&passing, "hello").await, Verdict::Passed);
            assert_eq!((counted(&passing, "text", name), counted(&passing, "text", "passed")), (1, 0), "{told}");
            let refusing = start(&ModerationSettings { on_failure: OnFailure::Refuse, ..by_http(&peer.url()) }).await;
            let verdict = judge(&refusing, "hello").await;
            assert_eq!(verdict.name(), "refused");
            assert!(why(&verdict).starts_with(told), "{verdict:?}");
            let told = &verdict.finding().unwrap().yidun_res;
            assert_eq!(told, r#"{"yidunBusType":0,"action":2,"labels":[]}"#);
        }
    }

    #[tokio::test]
    async fn who_is_late_is_not_waited_for() {
        let (peer, clock) = (Peer::with(|_, _| Say::Silence).await, Clock::test());
        let moderation = try_start(&by_http(&peer.url()), &clock).await.unwrap();
        let turning = async {
            peer.hears(1).await;
            clock.advance(Duration::from_secs(2));
            std::future::pending::<()>().await;
        };
        tokio::select! {
            verdict = judge(&moderation, "hello") => assert_eq!(verdict, Verdict::Passed),
            () = turning => {}
        }
        assert_eq!(counted(&moderation, "text", "timeout"), 1);
    }

    #[tokio::test]
    async fn a_service_that_fails_is_left_alone_for_a_while() {
        let peer = Peer::with(|_, _| Say::Status(500)).await;
        let moderation = start(&by_http(&peer.url())).await;
        for _ in 0..8 {
            judge(&moderation, "hello").await;
        }
        assert_eq!((counted(&moderation, "text", "bad_answer"), counted(&moderation, "text", "broken")), (5, 3));
        assert_eq!(peer.heard().len(), 5);
        moderation.clock.advance(Duration::from_secs(10));
        judge(&moderation, "hello").await;
        assert_eq!(peer.heard().len(), 6);
    }

    #[tokio::test]
    async fn what_a_service_declines_does_not_make_it_broken() {
        let peer = saying(r#"{"code":411,"msg":"param error"}"#).await;
        let moderation = start(&ModerationSettings { on_failure: OnFailure::Refuse, ..by_http(&peer.url()) }).await;
        for _ in 0..8 {
            assert_eq!(why(&judge(&moderation, "hello").await), "no verdict: code 411 param error");
        }
        assert_eq!((peer.heard().len(), counted(&moderation, "text", "bad_answer")), (8, 8));
    }

    #[tokio::test]
    async fn the_worst_piece_of_a_long_text_counts() {
        let peer = saying(REFUSES).await;
        let moderation = start(&by_http(&peer.url())).await;
        assert_eq!(judge(&moderation, &"long ".repeat(2000)).await.name(), "refused");
        let mut ids: Vec<String> = peer.heard().iter().map(|heard| form(heard)["dataId"].clone()).collect();
        ids.sort();
        assert_eq!(ids, ["m1", "m1-1", "m1-2"]);
        assert_eq!(counted(&moderation, "text", "refused"), 1);
    }

    #[tokio::test]
    async fn looks_are_checked_together() {
        let peer = saying(SUSPECTS).await;
        let moderation = start(&by_http(&peer.url())).await;
        assert_eq!(judge_looks(&moderation, &["Ann", "", "{}"]).await, Ok(()));
        assert_eq!(form(&peer.heard()[0])["content"], "Ann\n{}");
        let peer = saying(REFUSES).await;
        let refusing = start(&by_http(&peer.url())).await;
        let finding = judge_looks(&refusing, &["Ann"]).await.unwrap_err();
        assert!(finding.yidun_res.starts_with(r#"{"yidunBusType":2,"action":2,"#));
    }

    #[tokio::test]
    async fn media_are_checked_where_an_address_says_so() {
        let peer = saying(REFUSES).await;
        let without = start(&by_http(&peer.url())).await;
        assert!(!without.judges_media());
        assert_eq!(judge_media(&without, "https://x.example/1.jpg").await, Verdict::Passed);
        assert_eq!(peer.heard().len(), 0);
        let with = start(&ModerationSettings { media_url: peer.url().parse().ok(), ..by_http(&peer.url()) }).await;
        assert!(with.judges_media());
        let verdict = judge_media(&with, "https://x.example/1.jpg").await;
        assert!(verdict.finding().unwrap().yidun_res.starts_with(r#"{"yidunBusType":1,"action":2,"#));
        let form = form(&peer.heard()[0]);
        assert_eq!((form["content"].as_str(), form["msgType"].as_str()), ("https://x.example/1.jpg", "1"));
        assert_eq!(counted(&with, "media", "refused"), 1);
    }

    #[tokio::test]
    async fn what_a_service_needs_must_be_set() {
        let all = by_http("http://127.0.0.1:1/");
        for (settings, option) in [
            (ModerationSettings { secret_id: None, ..all.clone() }, "moderation.secret_id"),
            (ModerationSettings { secret_key: None, ..all.clone() }, "moderation.secret_key"),
            (ModerationSettings { business_id: None, ..all.clone() }, "moderation.business_id"),
            (ModerationSettings { url: None, ..all.clone() }, "moderation.url"),
        ] {
            let error = try_start(&settings, &Clock::test()).await.unwrap_err().to_string();
            assert_eq!(error, format!("{option}: needed where moderation.by is http"));
        }
    }
}

//! The whole of it, against files and against services that are played on a socket.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use md5::{Digest, Md5};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

use super::*;

const PASSES: &str = r#"{"code":200,"msg":"ok","result":{"antispam":{"taskId":"t","suggestion":0,"labels":[]}}}"#;
const SUSPECTS: &str =
    r#"{"code":200,"msg":"ok","result":{"antispam":{"taskId":"t","suggestion":1,"labels":[{"label":200,"level":1}]}}}"#;
const REFUSES: &str =
    r#"{"code":200,"msg":"ok","result":{"antispam":{"taskId":"t","suggestion":2,"labels":[{"label":600,"level":2}]}}}"#;

/// A form that a service was asked with.
type Form = HashMap<String, String>;

/// A service that answers with these bytes, and hands on what it was asked.
struct Peer {
    url: Url,
    asked: mpsc::Receiver<Form>,
}

impl Peer {
    async fn answering(bytes: impl Into<Vec<u8>>) -> Peer {
        let (answer, listener) = (bytes.into(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let url = format!("http://{}/v5/text/check", listener.local_addr().unwrap()).parse().unwrap();
        let (asking, asked) = mpsc::channel(100);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let Some(form) = read_form(&mut socket).await else { continue };
                let _ = asking.try_send(form);
                let _ = socket.write_all(&answer).await;
            }
        });
        Peer { url, asked }
    }

    async fn saying(body: &str) -> Peer {
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        Peer::answering(format!("{head}{body}")).await
    }

    /// How often it was asked until now.
    fn times_asked(&mut self) -> usize {
        std::iter::from_fn(|| self.asked.try_recv().ok()).count()
    }
}

async fn read_form(socket: &mut TcpStream) -> Option<Form> {
    let (mut reader, mut line, mut length) = (BufReader::new(socket), String::new(), 0);
    loop {
        line.clear();
        reader.read_line(&mut line).await.ok()?;
        match line.trim_end().to_ascii_lowercase() {
            end if end.is_empty() => break,
            header => length = header.strip_prefix("content-length: ").map_or(length, |text| text.parse().unwrap()),
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await.ok()?;
    Some(form_urlencoded::parse(&body).into_owned().collect())
}

fn by_http(url: &Url) -> ModerationSettings {
    ModerationSettings {
        by: Moderator::Http,
        url: Some(url.clone()),
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
            let moderation = start(&by_http(&Peer::saying(body).await.url)).await;
            let verdict = judge(&moderation, "hello").await;
            assert_eq!((verdict.name(), why(&verdict)), (name, told));
            assert_eq!(counted(&moderation, "text", name), 1);
        }
    }

    #[tokio::test]
    async fn a_check_is_signed_as_documented() {
        let mut peer = Peer::saying(PASSES).await;
        let moderation = start(&by_http(&peer.url)).await;
        judge(&moderation, "你好, +&=% 😀").await;
        let mut form = peer.asked.recv().await.unwrap();
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
        let huge = format!("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n{}", "x".repeat(70_000));
        let redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_owned();
        let half = format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{PASSES}");
        for (answer, name, told) in [
            (huge, "bad_answer", "no verdict: the answer is over 65536 bytes"),
            (redirect, "bad_answer", "no verdict: HTTP status 302"),
            (half, "broken", "no verdict: no whole answer"),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".into(),
                "bad_answer",
                "no verdict: an answer that is no JSON",
            ),
            (String::new(), "broken", "no verdict: no whole answer"),
        ] {
            let peer = Peer::answering(answer).await;
            let passing = start(&by_http(&peer.url)).await;
            assert_eq!(judge(&passing, "hello").await, Verdict::Passed);
            assert_eq!((counted(&passing, "text", name), counted(&passing, "text", "passed")), (1, 0), "{told}");
            let refusing = start(&ModerationSettings { on_failure: OnFailure::Refuse, ..by_http(&peer.url) }).await;
            let verdict = judge(&refusing, "hello").await;
            assert_eq!(verdict.name(), "refused");
            assert!(why(&verdict).starts_with(told), "{verdict:?}");
            let told = &verdict.finding().unwrap().yidun_res;
            assert_eq!(told, r#"{"yidunBusType":0,"action":2,"labels":[]}"#);
        }
    }

    #[tokio::test]
    async fn who_is_late_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let clock = Clock::test();
        let moderation = try_start(&by_http(&url), &clock).await.unwrap();
        let turning = async {
            let _held = listener.accept().await.unwrap();
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
        let mut peer = Peer::answering("HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").await;
        let moderation = start(&by_http(&peer.url)).await;
        for _ in 0..8 {
            judge(&moderation, "hello").await;
        }
        assert_eq!((counted(&moderation, "text", "bad_answer"), counted(&moderation, "text", "broken")), (5, 3));
        assert_eq!(peer.times_asked(), 5);
        moderation.clock.advance(Duration::from_secs(10));
        judge(&moderation, "hello").await;
        assert_eq!(peer.times_asked(), 1);
    }

    #[tokio::test]
    async fn what_a_service_declines_does_not_make_it_broken() {
        let mut peer = Peer::saying(r#"{"code":411,"msg":"param error"}"#).await;
        let moderation = start(&ModerationSettings { on_failure: OnFailure::Refuse, ..by_http(&peer.url) }).await;
        for _ in 0..8 {
            assert_eq!(why(&judge(&moderation, "hello").await), "no verdict: code 411 param error");
        }
        assert_eq!((peer.times_asked(), counted(&moderation, "text", "bad_answer")), (8, 8));
    }

    #[tokio::test]
    async fn the_worst_piece_of_a_long_text_counts() {
        let mut peer = Peer::saying(REFUSES).await;
        let moderation = start(&by_http(&peer.url)).await;
        assert_eq!(judge(&moderation, &"long ".repeat(2000)).await.name(), "refused");
        let mut ids: Vec<String> = (0..3).map(|_| peer.asked.try_recv().unwrap().remove("dataId").unwrap()).collect();
        ids.sort();
        assert_eq!(ids, ["m1", "m1-1", "m1-2"]);
        assert_eq!(counted(&moderation, "text", "refused"), 1);
    }

    #[tokio::test]
    async fn looks_are_checked_together() {
        let mut peer = Peer::saying(SUSPECTS).await;
        let moderation = start(&by_http(&peer.url)).await;
        assert_eq!(judge_looks(&moderation, &["Ann", "", "{}"]).await, Ok(()));
        assert_eq!(peer.asked.try_recv().unwrap()["content"], "Ann\n{}");
        let refusing = start(&by_http(&Peer::saying(REFUSES).await.url)).await;
        let finding = judge_looks(&refusing, &["Ann"]).await.unwrap_err();
        assert!(finding.yidun_res.starts_with(r#"{"yidunBusType":2,"action":2,"#));
    }

    #[tokio::test]
    async fn media_are_checked_where_an_address_says_so() {
        let mut peer = Peer::saying(REFUSES).await;
        let without = start(&by_http(&peer.url)).await;
        assert!(!without.judges_media());
        assert_eq!(judge_media(&without, "https://x.example/1.jpg").await, Verdict::Passed);
        assert_eq!(peer.times_asked(), 0);
        let with = start(&ModerationSettings { media_url: Some(peer.url.clone()), ..by_http(&peer.url) }).await;
        assert!(with.judges_media());
        let verdict = judge_media(&with, "https://x.example/1.jpg").await;
        assert!(verdict.finding().unwrap().yidun_res.starts_with(r#"{"yidunBusType":1,"action":2,"#));
        let form = peer.asked.try_recv().unwrap();
        assert_eq!((form["content"].as_str(), form["msgType"].as_str()), ("https://x.example/1.jpg", "1"));
        assert_eq!(counted(&with, "media", "refused"), 1);
    }

    #[tokio::test]
    async fn what_a_service_needs_must_be_set() {
        let url: Url = "http://127.0.0.1:1/".parse().unwrap();
        let all = by_http(&url);
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

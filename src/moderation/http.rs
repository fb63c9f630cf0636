//! Judging by a service that speaks the text check of section 10.1.

use std::time::{Duration, Instant};

use futures::future::join_all;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use url::Url;

use crate::base::{Clock, limits};
use crate::outbound::{Breaker, NoReply, Outbound, Post};
use crate::settings::ModerationSettings;

use super::answer::Answer;
use super::request::{Checked, Credentials};
use super::verdict::{NoVerdict, Verdict, What};
use super::{ModerationError, Subject};

/// A failure is logged no more often than this.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// The service.
#[derive(Debug)]
pub(super) struct Service {
    outbound: Outbound,
    clock: Clock,
    credentials: Credentials,
    texts: Door,
    media: Option<Door>,
    within: Duration,
    in_flight: Semaphore,
}

/// One of its addresses.
#[derive(Debug)]
struct Door {
    url: Url,
    breaker: Breaker,
    logged: Mutex<Option<Instant>>,
}

impl Service {
    /// Asks nobody yet.
    pub(super) fn new(
        settings: &ModerationSettings,
        outbound: Outbound,
        clock: Clock,
    ) -> Result<Service, ModerationError> {
        let required = |option, value: &Option<String>| value.clone().ok_or(ModerationError::Missing { option });
        let door = |url: Url| Door { url, breaker: Breaker::new(clock.clone()), logged: Mutex::default() };
        Ok(Service {
            credentials: Credentials {
                secret_id: required("moderation.secret_id", &settings.secret_id)?,
                secret_key: settings
                    .secret_key
                    .clone()
                    .ok_or(ModerationError::Missing { option: "moderation.secret_key" })?,
                business_id: required("moderation.business_id", &settings.business_id)?,
            },
            texts: settings.url.clone().map(door).ok_or(ModerationError::Missing { option: "moderation.url" })?,
            media: settings.media_url.clone().map(door),
            within: settings.timeout,
            in_flight: Semaphore::new(limits::CHECKS_IN_FLIGHT),
            outbound,
            clock,
        })
    }

    /// Whether it is asked about pictures, sounds, films and files.
    pub(super) fn judges_media(&self) -> bool {
        self.media.is_some()
    }

    /// Judges a text. One that is too long for one check is checked in pieces at the same time, and the worst of them counts.
    pub(super) async fn judge_text(&self, text: &str, what: What, subject: &Subject<'_>) -> Result<Verdict, NoVerdict> {
        let pieces = pieces(text).into_iter().enumerate();
        let checks = pieces.map(|(piece, content)| Checked { content, piece, msg_type: None });
        worst(join_all(checks.map(|checked| self.ask(&self.texts, checked, subject))).await, what)
    }

    /// Judges what is at an address; all pass where nobody is there to ask.
    pub(super) async fn judge_media(
        &self,
        address: &str,
        msg_type: i64,
        subject: &Subject<'_>,
    ) -> Result<Verdict, NoVerdict> {
        let Some(media) = &self.media else { return Ok(Verdict::Passed) };
        let checked = Checked { content: address, piece: 0, msg_type: Some(msg_type) };
        Ok(self.ask(media, checked, subject).await?.verdict(What::Media))
    }

    async fn ask(&self, door: &Door, checked: Checked<'_>, subject: &Subject<'_>) -> Result<Answer, NoVerdict> {
        let asking = async {
            let _permit = self.in_flight.acquire().await;
            door.ask(self, self.credentials.form(checked, subject, self.clock.wall())).await
        };
        let late = || NoVerdict::Timeout(format!("{} others waited for the service already", limits::CHECKS_IN_FLIGHT));
        let asked = tokio::select! {
            asked = asking => asked,
            // A little later than the call's own deadline, which is the one to tell of.
            () = self.clock.sleep(self.within + self.within / 20) => Err(late()),
        };
        asked.inspect_err(|failure| door.log(failure, self.clock.now()))
    }
}

impl Door {
    /// What does not answer as it should opens the breaker; what answers that it does not judge this is there.
    async fn ask(&self, service: &Service, form: String) -> Result<Answer, NoVerdict> {
        let leave = self
            .breaker
            .admit()
            .ok_or_else(|| NoVerdict::Broken("the service failed lately and is not asked for a while".to_owned()))?;
        let post = Post {
            url: &self.url,
            content_type: "application/x-www-form-urlencoded; charset=utf-8",
            headers: Vec::new(),
            body: form.into(),
            within: service.within,
        };
        let reply = service.outbound.post(post).await.map_err(NoVerdict::from);
        let answer = reply.and_then(|reply| Answer::read(&reply));
        match answer {
            Ok(_) | Err(NoVerdict::Declined(_)) => leave.succeeded(),
            Err(_) => _ = leave.failed(),
        }
        answer
    }

    /// Under load failures come by the thousand; one tells enough, the metrics count them all.
    fn log(&self, failure: &NoVerdict, now: Instant) {
        let mut logged = self.logged.lock();
        if logged.is_none_or(|last| now.duration_since(last) >= LOG_EVERY) {
            *logged = Some(now);
            let host = self.url.host_str().unwrap_or_default();
            tracing::warn!(host, "moderation by {host} failed: {failure}");
        }
    }
}

/// A refusal of one piece is one of all, whatever became of the others.
fn worst(answers: Vec<Result<Answer, NoVerdict>>, what: What) -> Result<Verdict, NoVerdict> {
    let refused = |answer: &Result<Answer, NoVerdict>| answer.as_ref().is_ok_and(Answer::refuses);
    if let Some(Ok(answer)) = answers.iter().find(|answer| refused(answer)) {
        return Ok(answer.verdict(what));
    }
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(answers.iter().max_by_key(|answer| answer.action).map_or(Verdict::Passed, |answer| answer.verdict(what)))
}

/// `text` in pieces that fit one check each. They overlap, so that what is cut in two is whole in one.
fn pieces(text: &str) -> Vec<&str> {
    let after = |start: usize, chars: usize| {
        text[start..].char_indices().nth(chars).map_or(text.len(), |(offset, _)| start + offset)
    };
    let (mut pieces, mut start) = (Vec::new(), 0);
    loop {
        let end = after(start, limits::CHECKED_CHARS);
        pieces.push(&text[start..end]);
        if end == text.len() {
            return pieces;
        }
        start = after(start, limits::CHECKED_CHARS - limits::CHECKED_AGAIN_CHARS);
    }
}

impl From<NoReply> for NoVerdict {
    fn from(no_reply: NoReply) -> NoVerdict {
        let text = no_reply.to_string();
        match no_reply {
            NoReply::Late(_) => NoVerdict::Timeout(text),
            NoReply::TooLarge => NoVerdict::BadAnswer(text),
            NoReply::NoConnection(_) | NoReply::Broken(_) => NoVerdict::Broken(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::by_http;
    use super::super::tests::peer::{Peer, Say};
    use super::*;
    use crate::base::Accid;
    use crate::model::Extras;

    #[tokio::test]
    async fn a_check_waits_for_others_to_end_within_its_time() {
        let peer =
            Peer::with(|_, _| Say::Text(200, r#"{"code":200,"result":{"antispam":{"suggestion":0}}}"#.into())).await;
        let clock = Clock::test();
        let settings = by_http(&peer.url());
        let service = Service::new(&settings, Outbound::new(Vec::new(), clock.clone()), clock.clone()).unwrap();
        let (accid, extras) = (Accid::parse("accid", "ann").unwrap(), Extras::default());
        let subject = Subject { accid: &accid, data_id: "m1", room: None, extras: &extras };
        let judging = || tokio_test::task::spawn(service.judge_text("x", What::Text, &subject));

        let all = service.in_flight.acquire_many(2048).await.unwrap();
        let (mut late, mut early) = (judging(), judging());
        assert!(late.poll().is_pending());
        clock.advance(settings.timeout * 2);
        let told = NoVerdict::Timeout("2048 others waited for the service already".into());
        assert_eq!(late.await, Err(told));
        assert!(early.poll().is_pending() && peer.heard().is_empty(), "nobody was asked");
        drop(all);
        assert_eq!(early.await, Ok(Verdict::Passed));
    }

    #[test]
    fn a_long_text_is_checked_in_pieces_that_overlap() {
        assert_eq!(pieces(""), [""]);
        let fits = "语".repeat(limits::CHECKED_CHARS);
        assert_eq!(pieces(&fits), [fits.as_str()]);
        let long: String = ('a'..='z').cycle().take(12_000).collect();
        let cut = pieces(&long);
        assert_eq!(cut.iter().map(|piece| piece.len()).collect::<Vec<_>>(), [5000, 5000, 2200]);
        assert!(cut.windows(2).all(|two| two[0].ends_with(&two[1][..limits::CHECKED_AGAIN_CHARS])));
        assert!(long.ends_with(cut[2]));
    }
}

//! Judges what is said and how somebody looks: by lists of words, or by a service. Knows not what becomes of what is refused, and who is
//! told.

mod answer;
mod brief;
mod folded;
mod http;
mod letters;
mod list;
mod request;
mod scripts;
mod verdict;
mod words;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::{Accid, Clock, RoomId};
use crate::metrics::{Metrics, VerdictLabels};
use crate::model::{Extras, MsgType};
use crate::outbound::Outbound;
use crate::settings::{ModerationSettings, Moderator, OnFailure};

use http::Service;
use verdict::{Action, NoVerdict, What};
use words::Words;

pub use verdict::{Finding, Verdict};

/// Whoever judges, as the settings say.
#[derive(Debug)]
pub struct Moderation {
    judge: Judge,
    dry_run: bool,
    on_failure: OnFailure,
    clock: Clock,
    metrics: Arc<Metrics>,
}

#[derive(Debug)]
enum Judge {
    Nobody,
    Words(Words),
    Service(Box<Service>),
}

/// Whose it is, and what it came with.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The sender.
    pub accid: &'a Accid,
    /// An id of it for the service, such as the message's.
    pub data_id: &'a str,
    /// The room it is for; `None` for all of them.
    pub room: Option<RoomId>,
    /// What a send may say of its moderation.
    pub extras: &'a Extras,
}

/// Why nobody can judge.
#[derive(Debug, thiserror::Error)]
pub enum ModerationError {
    /// The service is not described.
    #[error("{option}: needed where moderation.by is http")]
    Missing {
        /// What is not set.
        option: &'static str,
    },
    /// No list of words is named.
    #[error(
        "moderation.by: expected a file in moderation.refuse_words, moderation.replace_words or moderation.flag_words where it is words"
    )]
    NoList,
    /// A list can't be read.
    #[error("{option}: {}: {error}", path.display())]
    File {
        /// The option that names it.
        option: &'static str,
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        error: io::Error,
    },
    /// A line of a list is wrong.
    #[error("{option}: {} line {line}: {what}", path.display())]
    Line {
        /// The option that names it.
        option: &'static str,
        /// Its file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// Reading broke off.
    #[error("moderation.by: the word lists were not read: {0}")]
    Unread(String),
}

impl Moderation {
    /// Reads the word lists, where there are any.
    pub async fn start(
        settings: &ModerationSettings,
        outbound: Outbound,
        clock: Clock,
        metrics: Arc<Metrics>,
    ) -> Result<Moderation, ModerationError> {
        let judge = match settings.by {
            Moderator::Off => Judge::Nobody,
            Moderator::Words => Judge::Words(Words::start(settings).await?),
            Moderator::Http => Judge::Service(Box::new(Service::new(settings, outbound, clock.clone())?)),
        };
        let (dry_run, on_failure) = (settings.dry_run, settings.on_failure);
        Ok(Moderation { judge, dry_run, on_failure, clock, metrics })
    }

    /// Nobody judges anything.
    pub fn is_off(&self) -> bool {
        matches!(self.judge, Judge::Nobody)
    }

    /// Whether [`judge_media`](Moderation::judge_media) asks anybody.
    pub fn judges_media(&self) -> bool {
        matches!(&self.judge, Judge::Service(service) if service.judges_media())
    }

    /// Judges what somebody says. An empty text says nothing.
    pub async fn judge_text(&self, text: &str, subject: &Subject<'_>) -> Verdict {
        if subject.extras.unmoderated || text.is_empty() {
            return Verdict::Passed;
        }
        let judged = match &self.judge {
            Judge::Nobody => return Verdict::Passed,
            Judge::Words(words) => Ok(words.judge(text)),
            Judge::Service(service) => self.timed(service.judge_text(text, What::Text, subject)).await,
        };
        self.settle(What::Text, judged, subject)
    }

    /// Judges how somebody wants to look in a room: nick, extension and what else is read there. Nobody's name is changed behind its
    /// back, so a word that would be replaced refuses.
    pub async fn judge_looks(&self, texts: &[&str], subject: &Subject<'_>) -> Result<(), Finding> {
        let texts: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
        if subject.extras.unmoderated || texts.is_empty() {
            return Ok(());
        }
        let judged = match &self.judge {
            Judge::Nobody => return Ok(()),
            Judge::Words(words) => Ok(words.judge_looks(&texts)),
            Judge::Service(service) => self.timed(service.judge_text(&texts.join("\n"), What::Looks, subject)).await,
        };
        match self.settle(What::Looks, judged, subject) {
            Verdict::Passed | Verdict::Suspect(_) => Ok(()),
            Verdict::Replaced(_, finding) | Verdict::Refused(finding) => Err(finding),
        }
    }

    /// Judges what is at `address`, which a message of this type leads to. Nothing is ever replaced there.
    pub async fn judge_media(&self, address: &str, kind: MsgType, subject: &Subject<'_>) -> Verdict {
        match &self.judge {
            Judge::Service(service) if service.judges_media() && !subject.extras.unmoderated => {
                let judged = self.timed(service.judge_media(address, kind.number(), subject)).await;
                self.settle(What::Media, judged, subject)
            }
            _ => Verdict::Passed,
        }
    }

    /// Reads the word lists again; answers how many words there are now. Where one is bad all stay as they were.
    pub async fn reload(&self) -> Result<usize, ModerationError> {
        match &self.judge {
            Judge::Words(words) => words.reload().await,
            Judge::Nobody | Judge::Service(_) => Ok(0),
        }
    }

    async fn timed(&self, judging: impl Future<Output = Result<Verdict, NoVerdict>>) -> Result<Verdict, NoVerdict> {
        let start = self.clock.now();
        let judged = judging.await;
        self.metrics.moderation_seconds.observe((self.clock.now() - start).as_secs_f64());
        judged
    }

    /// Counts, and makes of it what the settings want.
    fn settle(&self, what: What, judged: Result<Verdict, NoVerdict>, subject: &Subject<'_>) -> Verdict {
        let verdict = judged.as_ref().map_or_else(NoVerdict::name, Verdict::name);
        self.metrics.verdicts.get_or_create(&VerdictLabels { what: what.name(), verdict }).inc();
        let verdict = judged.unwrap_or_else(|failure| self.without(what, &failure));
        match verdict.finding() {
            Some(finding) if self.dry_run => {
                log_dry_run(&verdict, finding, what, subject);
                Verdict::Passed
            }
            _ => verdict,
        }
    }

    fn without(&self, what: What, failure: &NoVerdict) -> Verdict {
        match self.on_failure {
            OnFailure::Pass => Verdict::Passed,
            OnFailure::Refuse => Verdict::Refused(Finding::new(what, Action::Refuse, &[], None, failure.to_string())),
        }
    }
}

fn log_dry_run(verdict: &Verdict, finding: &Finding, what: What, subject: &Subject<'_>) {
    let done = match verdict {
        Verdict::Passed => "passed",
        Verdict::Suspect(_) => "flagged",
        Verdict::Replaced(..) => "changed",
        Verdict::Refused(_) => "refused",
    };
    let (what, why, accid, id) = (what.name(), &finding.why, subject.accid, subject.data_id);
    let room = subject.room.map(tracing::field::display);
    tracing::info!(room, %accid, id, "would have {done} the {what} of {accid}: {why}");
}

#[cfg(test)]
mod tests;

//! Has pictures, sounds, films and files judged after they were delivered, and takes back what is refused.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};

use futures::{FutureExt, StreamExt};
use tokio::sync::mpsc;

use crate::base::limits;
use crate::delivery::Unjudged;
use crate::model::{Event, EventType, Fields};
use crate::moderation::{Finding, Subject, Verdict};

use super::Services;

/// Goes on until it is given up on, or the services are gone.
pub(super) async fn judge_all(services: Weak<Services>, unjudged: mpsc::Receiver<Unjudged>) {
    let arrivals = futures::stream::unfold(unjudged, |mut unjudged| async { Some((unjudged.recv().await?, unjudged)) });
    let judge = |one: Unjudged| {
        let services = services.upgrade();
        async move {
            if let Some(services) = services {
                // A panic is this one's alone.
                let _ = AssertUnwindSafe(judge(&services, one)).catch_unwind().await;
            }
        }
    };
    arrivals.for_each_concurrent(limits::MEDIA_CHECKS, judge).await;
}

async fn judge(services: &Arc<Services>, one: Unjudged) {
    let Unjudged { room, accid, msg_id, kind, address, extras, .. } = &one;
    let subject = Subject { accid, data_id: msg_id.as_str(), room: Some(*room), extras };
    let (finding, refused) = match services.delivery.moderation().judge_media(address, *kind, &subject).await {
        Verdict::Passed => return,
        Verdict::Suspect(finding) => (finding, false),
        Verdict::Replaced(_, finding) | Verdict::Refused(finding) => (finding, true),
    };
    if refused {
        let why = &finding.why;
        tracing::info!(%room, %accid, %msg_id, why, "takes back a message of {accid} to room {room}: {why}");
        if let Err(refusal) = services.history.recall_refused(&one).await {
            tracing::error!(%room, %msg_id, "a refused message could not be taken back: {refusal}");
        }
    }
    tell(services, &one, &finding, refused).await;
}

async fn tell(services: &Services, one: &Unjudged, finding: &Finding, refused: bool) {
    let Some(target) = services.delivery.target(&one.extras) else { return };
    let made = services.clock.wall();
    let fields = Fields::default()
        .with("type", format!("CHATROOM_MSG_{}", one.kind.webhook_word()))
        .with("roomId", one.room)
        .with("fromAccount", &one.accid)
        .with("msgidClient", &one.msg_id)
        .with("msgTimestamp", one.time)
        .with("recalled", refused)
        .with("yidunRes", &finding.yidun_res)
        .with("timestamp", made);
    services
        .delivery
        .note_event(Event { kind: EventType::Moderated, room: Some(one.room), target, made, fields })
        .await;
}

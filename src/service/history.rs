//! What rooms keep of their messages: asked for, recalled, deleted, forgotten in time (server API, sections 3.4 and 6.2).

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::base::{Accid, Invalid, Millis, MsgId, Params, RoomId};
use crate::delivery::{Announcement, Recipients, Unjudged};
use crate::model::notice::{Details, Event};
use crate::model::{Notice, Record, Refusal, TagExpression, Tags, roles};
use crate::presence::Seat;
use crate::store::HistoryQuery;

use super::shared::Shared;
use super::{Operator, Services};

/// How often some rooms' histories are looked at for what is too old.
const TRIM_INTERVAL: Duration = Duration::from_secs(10);

/// The verbs on histories.
#[derive(Debug)]
pub struct History {
    shared: Arc<Shared>,
}

/// Which message is meant.
#[derive(Debug, Clone)]
pub struct Which {
    /// Its room.
    pub room: RoomId,
    /// When it was accepted.
    pub time: Millis,
    /// Who sent it.
    pub from: Accid,
}

/// A session that asks.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Its account.
    pub accid: &'a Accid,
    /// Where it sits.
    pub seat: &'a Seat,
}

/// What a query asks for.
#[derive(Debug, Clone)]
pub struct AskedHistory {
    /// Not before.
    pub from: Millis,
    /// Not after.
    pub to: Millis,
    /// The oldest first.
    pub ascending: bool,
    /// Of these types, or of all.
    pub kinds: Vec<i64>,
    /// At most so many.
    pub most: usize,
}

/// Reads `reverse`: 1 the oldest first, 2 the newest first, which is so where it is left out.
pub fn read_ascending(params: &Params) -> Result<bool, Invalid> {
    Ok(params.integer("reverse", 1..=2)?.unwrap_or(2) == 1)
}

/// Reads a list of message types, between commas.
pub fn read_kinds(params: &Params, name: &'static str) -> Result<Vec<i64>, Invalid> {
    const KNOWN: [i64; 10] = [0, 1, 2, 3, 4, 5, 6, 10, 11, 100];
    let Some(text) = params.text(name)? else { return Ok(Vec::new()) };
    let read = |part: &str| part.trim().parse().ok().filter(|kind| KNOWN.contains(kind));
    let kinds: Option<Vec<i64>> = text.split(',').map(read).collect();
    kinds.ok_or_else(|| Invalid::value(name, "message types between commas: 0, 1, 2, 3, 4, 5, 6, 10, 11, 100", text))
}

impl AskedHistory {
    /// Reads `timetag`, `reverse` and `type`, with at most so many messages.
    pub fn read(params: &Params, most: i64) -> Result<AskedHistory, Invalid> {
        let ascending = read_ascending(params)?;
        let tag = params.integer("timetag", 0..=i64::MAX)?.unwrap_or(0).unsigned_abs();
        let (from, to) = match (ascending, tag) {
            (true, tag) => (tag, Millis::MAX),
            // Without a moment it is from now back.
            (false, 0) => (0, Millis::MAX),
            (false, tag) => (0, tag),
        };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(AskedHistory { from, to, ascending, kinds: read_kinds(params, "type")?, most })
    }
}

impl History {
    pub(super) fn new(shared: Arc<Shared>) -> History {
        History { shared }
    }

    /// Messages of a room's past.
    pub async fn query(&self, room: RoomId, asked: AskedHistory) -> Result<Vec<Record>, Refusal> {
        self.select(room, asked, |_| true).await
    }

    /// The same as one session may see it: what was for others is left out.
    pub async fn query_as(
        &self,
        room: RoomId,
        member: &Asking<'_>,
        asked: AskedHistory,
    ) -> Result<Vec<Record>, Refusal> {
        let session = self.shared.registry.session(room, member.accid, member.seat);
        let (_, subscription) = session.ok_or_else(|| Refusal::not_in(member.accid, room))?;
        let tags = subscription.map(|subscription| subscription.tags.clone()).unwrap_or_default();
        let accid = member.accid.clone();
        let is_for_it = move |record: &Record| {
            let target = record.target.as_deref().map(TagExpression::kept);
            record.from == accid || target.is_none_or(|target| target.is_some_and(|target| target.matches(&tags)))
        };
        self.select(room, asked, is_for_it).await
    }

    /// Those that were for members with these tags, and not for all.
    pub async fn query_tags(&self, room: RoomId, tags: Tags, asked: AskedHistory) -> Result<Vec<Record>, Refusal> {
        let is_for_them = move |record: &Record| {
            let target = record.target.as_deref().map(TagExpression::kept);
            target.flatten().is_some_and(|target| target.matches(&tags))
        };
        self.select(room, asked, is_for_them).await
    }

    async fn select(
        &self,
        room: RoomId,
        asked: AskedHistory,
        keep: impl Fn(&Record) -> bool + Send + 'static,
    ) -> Result<Vec<Record>, Refusal> {
        self.shared.store.require_room(room).await?;
        let oldest = self.oldest(self.shared.now());
        let AskedHistory { from, to, ascending, kinds, most } = asked;
        let query = HistoryQuery { room, from: from.max(oldest), to, ascending, kinds };
        Ok(self.shared.store.history(query, most, keep).await?)
    }

    fn oldest(&self, now: Millis) -> Millis {
        let keep = u64::try_from(self.shared.settings.history.keep.as_millis()).unwrap_or(u64::MAX);
        now.saturating_sub(keep)
    }

    /// Takes a message back: out of the history, and every member is told. One that is not known is taken back all the same, since it
    /// may be on members' screens. A member may take back its own, a manager everybody's.
    pub async fn recall(
        &self,
        which: Which,
        msg_id: MsgId,
        by: Operator,
        trusted: bool,
        ext: Option<String>,
    ) -> Result<(), Refusal> {
        let Which { room, .. } = which;
        let _turn = self.shared.turns.of(room).await;
        self.shared.store.require_user(&by.accid).await?;
        let standing = self.shared.standing(room, &by.accid).await?;
        if !trusted && by.accid != which.from {
            roles::require_manager(&standing)?;
        }
        let client = by.client;
        let notice = self.take_out(which, msg_id, by, ext).await?;
        self.shared.announce(room, &notice, client).await;
        Ok(())
    }

    /// Takes back a message that moderation refused after its delivery, in the name of the room's creator. Only those who got it hear of it.
    pub(super) async fn recall_refused(&self, one: &Unjudged) -> Result<(), Refusal> {
        let room = one.room;
        let _turn = self.shared.turns.of(room).await;
        let by = Operator::server(self.shared.store.require_room(room).await?.facts.creator.clone());
        let which = Which { room, time: one.time, from: one.accid.clone() };
        let client = by.client;
        let notice = self.take_out(which, one.msg_id.clone(), by, None).await?;
        match &one.to {
            Recipients::Everyone => self.shared.announce_within(room, &notice, client, one.range.clone()).await,
            Recipients::Listed(accids) => {
                let heard: Vec<Accid> = accids.iter().chain([&one.accid]).cloned().collect();
                self.shared.delivery.announce_to(Announcement::new(room, &notice, client), &heard).await;
            }
        }
        Ok(())
    }

    /// Takes a message out of the history; what is to be told of that.
    async fn take_out(
        &self,
        which: Which,
        msg_id: MsgId,
        by: Operator,
        ext: Option<String>,
    ) -> Result<Notice, Refusal> {
        let Which { room, time, from } = which;
        self.shared.store.forget_message(room, time, from.clone(), Some(msg_id.to_string())).await?;
        self.shared.registry.forget_message(room, &from, &msg_id);
        let (operator, sender) = (self.shared.party(room, &by.accid).await?, self.shared.party(room, &from).await?);
        let details = Details { msg_id: Some(msg_id), msg_time: Some(time), ..Details::default() };
        Ok(Notice::of_members(Event::Recalled, operator, vec![sender], ext).with(details))
    }

    /// Takes an account's messages of one moment out of the history. Nobody is told.
    pub async fn delete(&self, which: Which) -> Result<(), Refusal> {
        self.shared.store.require_room(which.room).await?;
        self.shared.store.forget_message(which.room, which.time, which.from, None).await
    }
}

/// A failure is logged where it happens; the next round does it.
async fn forget_ended_mutes(shared: &Shared) {
    let now = shared.now();
    let _ = shared.store.change(move |tx| tx.forget_ended_mutes(now)).await;
}

/// Looks at some rooms at a time, so that nobody waits for it. Goes on until it is given up on, or the services are gone.
pub(super) async fn forget_old_messages(services: Weak<Services>) {
    let mut after = 0;
    while let Some(services) = services.upgrade() {
        let (shared, clock) = (&services.shared, services.clock.clone());
        let oldest = services.history.oldest(shared.now());
        let most = shared.settings.history.messages_per_room.into();
        if after == 0 {
            forget_ended_mutes(shared).await;
        }
        after = match shared.store.trim_histories(after, oldest, most).await {
            Ok(next) => next.unwrap_or(0),
            Err(error) => {
                tracing::error!(%error, "forgetting old messages failed: {error}");
                after
            }
        };
        drop(services);
        clock.sleep(TRIM_INTERVAL).await;
    }
}

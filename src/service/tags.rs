//! Tags of members: muted for a time, and changed (server API, section 5.5).

use std::sync::Arc;

use crate::base::{Accid, Params, RoomId, limits};
use crate::model::notice::{Details, Event};
use crate::model::room::TagMute;
use crate::model::tags::Tag;
use crate::model::{Notice, Refusal, TagExpression, Tags as TagSet};
use crate::presence::{Range, Seat};

use super::shared::Shared;
use super::{Operator, Telling};

/// The verbs on tags.
#[derive(Debug)]
pub struct Tags {
    shared: Arc<Shared>,
}

impl Tags {
    pub(super) fn new(shared: Arc<Shared>) -> Tags {
        Tags { shared }
    }

    /// Mutes all who have a tag for so many seconds, or lifts that with 0. Told to those in `range`, by default to those who have it.
    /// Answers the seconds, or those it would still have lasted.
    pub async fn mute(
        &self,
        id: RoomId,
        by: Operator,
        tag: &Tag,
        seconds: u64,
        telling: Telling,
        target: Option<TagExpression>,
    ) -> Result<u64, Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let (now, operator, name) = (self.shared.now(), by.accid.clone(), tag.as_str().to_owned());
        let left = self
            .shared
            .store
            .change(move |tx| {
                let room = tx.managed_room(id, &operator)?;
                let left = room.tag_mute_left(&name, now);
                let others = room.tag_mutes.iter().filter(|mute| mute.until > now && mute.tag != name).count();
                if seconds > 0 && others >= limits::TAG_MUTES {
                    let most = limits::TAG_MUTES;
                    return Err(Refusal::TooMany(format!("targetTag: {most} tags of room {id} are muted already")));
                }
                let until = if seconds == 0 { 0 } else { now.saturating_add(seconds * 1000) };
                tx.put_tag_mute(room, TagMute { tag: name, until }, now)?;
                Ok(left)
            })
            .await?;
        let told = if seconds == 0 { left } else { seconds };
        if telling.notify && told > 0 {
            let event = if seconds == 0 { Event::TagUnmuted } else { Event::TagMuted };
            let details =
                Details { mute_duration: Some(told), target_tag: Some(tag.as_str().to_owned()), ..Details::default() };
            let notice = Notice::of_room(event, self.shared.party(id, &by.accid).await?, telling.ext).with(details);
            let range = Range { tags: Some(target.unwrap_or_else(|| TagExpression::of(tag))), point: None };
            self.shared.announce_within(id, &notice, by.client, range).await;
        }
        Ok(told)
    }

    /// Gives all sessions of an account in a room other tags, and tells all. Where it is not in, there is nothing to change.
    pub async fn replace(&self, id: RoomId, by: Operator, asked: AskedTags, telling: Telling) -> Result<(), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        self.shared.store.require_room(id).await?;
        self.shared.store.require_user(&by.accid).await?;
        let AskedTags { tags, target } = asked;
        if tags.is_none() && target.is_none() {
            return Ok(());
        }
        let changed = self.shared.registry.subscribe(id, &by.accid, None, |subscription| {
            if let Some(tags) = &tags {
                subscription.tags = tags.clone();
            }
            subscription.target = target.clone().or_else(|| TagExpression::any_of(&subscription.tags));
        });
        if changed && telling.notify {
            let details = Details { tags: tags.map(|tags| tags.as_json_text()), ..Details::default() };
            let party = self.shared.party(id, &by.accid).await?;
            let notice = Notice::of_self(Event::TagsUpdated, party, telling.ext).with(details);
            self.shared.announce(id, &notice, by.client).await;
        }
        Ok(())
    }

    /// Moves one session to another place.
    pub fn relocate(&self, id: RoomId, accid: &Accid, seat: &Seat, params: &Params) -> Result<(), Refusal> {
        let spot = crate::model::subscription::Spot::read(params)?;
        match self.shared.registry.subscribe(id, accid, Some(seat), |subscription| subscription.spot = spot) {
            true => Ok(()),
            false => Err(Refusal::not_in(accid, id)),
        }
    }
}

/// Other tags; what is left out stays.
#[derive(Debug, Clone)]
pub struct AskedTags {
    tags: Option<TagSet>,
    target: Option<TagExpression>,
}

impl AskedTags {
    /// Reads `tags` and `notifyTargetTags`.
    pub fn read(params: &Params) -> Result<AskedTags, Refusal> {
        let tags = TagSet::read(params, "tags")?;
        Ok(AskedTags { tags, target: TagExpression::read(params, "notifyTargetTags")? })
    }
}

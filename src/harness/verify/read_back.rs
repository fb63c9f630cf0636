//! Reads what the gateway has kept: what was acknowledged must be there.

use serde_json::Value;

use crate::client::ApiError;

use super::history::{Kept, Role, Room, State, Text, What};
use super::parse;
use super::world::World;

/// Messages of one page of a history.
const PAGE: usize = 200;
/// Types of messages that are no notifications.
const TYPES: &str = "0,1,2,3,4,6,10,100";
/// Accounts of one question.
const ACCOUNTS: usize = 200;

impl World {
    /// Reads accounts, rooms, roles, queues and histories. What can't be read is left out.
    pub(super) async fn read_back(&self, accounts: &[Text]) {
        for some in accounts.chunks(ACCOUNTS) {
            self.read(self.read_accounts(some)).await;
        }
        for room in &self.rooms {
            self.read(self.read_room(*room)).await;
            self.read(self.read_roles(*room)).await;
            self.read(self.read_queue(*room)).await;
            self.read(self.read_past(*room)).await;
        }
    }

    async fn read(&self, reading: impl Future<Output = Result<Vec<State>, ApiError>>) {
        let since = self.recorder.now();
        if let Ok(states) = reading.await {
            self.recorder.note_all(states.into_iter().map(|state| What::Read { since, state }));
        }
    }

    async fn read_accounts(&self, accids: &[Text]) -> Result<Vec<State>, ApiError> {
        let asked = serde_json::to_string(accids).unwrap_or_default();
        let answer = self.desk.look("user/getUinfos", &[("accids", &asked)]).await?;
        let found: Vec<&str> = list(&answer["uinfos"]).iter().filter_map(|user| user["accid"].as_str()).collect();
        let state = |accid: &Text| State::Account { accid: accid.clone(), exists: found.contains(&&**accid) };
        Ok(accids.iter().map(state).collect())
    }

    async fn read_room(&self, room: Room) -> Result<Vec<State>, ApiError> {
        let answer = match self.desk.look("chatroom/get", &[("roomid", &room.to_string())]).await {
            Err(ApiError::Refused { code: 404, .. }) => {
                return Ok(vec![State::Room { room, announcement: None }]);
            }
            answer => answer?,
        };
        let announcement = answer["chatroom"]["announcement"].as_str().unwrap_or_default();
        Ok(vec![State::Room { room, announcement: Some(parse::text(announcement)) }])
    }

    async fn read_roles(&self, room: Room) -> Result<Vec<State>, ApiError> {
        let params = [("roomid", &*room.to_string()), ("type", "0"), ("limit", "100")];
        let answer = self.desk.look("chatroom/membersByPage", &params).await?;
        let mut roles = Vec::new();
        for member in list(&answer["desc"]["data"]) {
            let accid = self.recorder.text(member["accid"].as_str().unwrap_or_default());
            let is = |name: &str| member[name] == true;
            let kinds = [
                (member["type"] == "MANAGER", Role::Manager),
                (member["type"] == "COMMON", Role::Common),
                (is("blacklisted"), Role::Blocklisted),
                (is("muted"), Role::Muted),
            ];
            roles.extend(kinds.into_iter().filter(|(is, _)| *is).map(|(_, role)| (accid.clone(), role)));
        }
        Ok(vec![State::Roles { room, roles }])
    }

    async fn read_queue(&self, room: Room) -> Result<Vec<State>, ApiError> {
        let answer = self.desk.look("chatroom/queueList", &[("roomid", &room.to_string())]).await?;
        let elements = list(&answer["desc"]["list"]).iter().filter_map(Value::as_object).flatten();
        let pair =
            |(key, value): (&String, &Value)| (parse::text(key), parse::text(value.as_str().unwrap_or_default()));
        Ok(vec![State::Queue { room, elements: elements.map(pair).collect() }])
    }

    async fn read_past(&self, room: Room) -> Result<Vec<State>, ApiError> {
        let mut messages: Vec<Kept> = Vec::new();
        let mut from = 0;
        loop {
            let page = self.read_page(room, from).await?;
            let (full, last) = (page.len() >= PAGE, page.last().map_or(0, |kept| kept.time));
            // Both ends of a time are in: a page begins with the moment of the last one.
            let again = messages.iter().rev().take_while(|kept| kept.time >= from).count();
            let known = messages.split_off(messages.len() - again);
            let fresh = page.into_iter().filter(|kept| !known.contains(kept)).collect::<Vec<_>>();
            let stuck = fresh.is_empty();
            messages.extend(known);
            messages.extend(fresh);
            if !full {
                return Ok(vec![State::Past { room, messages }]);
            }
            if stuck {
                // More of one moment than a page has: nobody can read that.
                return Ok(Vec::new());
            }
            from = last;
        }
    }

    async fn read_page(&self, room: Room, from: u64) -> Result<Vec<Kept>, ApiError> {
        let (room, from, limit) = (room.to_string(), from.to_string(), PAGE.to_string());
        let params = [
            ("roomid", &*room),
            ("accid", &self.owner),
            ("timetag", &from),
            ("limit", &limit),
            ("reverse", "1"),
            ("type", TYPES),
        ];
        let answer = self.desk.look("history/queryChatroomMsg", &params).await?;
        let text = |value: &Value| self.recorder.text(value.as_str().unwrap_or_default());
        let kept = |message: &Value| Kept {
            from: text(&message["from"]),
            msg_id: text(&message["msgid"]),
            time: message["sendtime"].as_u64().unwrap_or_default(),
            content: text(&message["body"]),
        };
        Ok(list(&answer["msgs"]).iter().map(kept).collect())
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

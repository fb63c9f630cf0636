//! What can be seen of the world from outside: a call that only looks, and whether its answer is as the model says.

use serde_json::{Value, json};

use super::presence::Tags;
use super::time::Window;
use super::{Account, World};
use crate::walk::call::Call;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    Room(u64),
    /// A room's members of this type, in pages of so many.
    Page(u64, i64, usize),
    Roles(u64),
    Members(u64),
    Queue(u64),
    Past(u64),
    Tagged(u64, &'static str),
    TagCount(u64, &'static str),
    TagPast(u64, &'static str),
    Rooms(String),
    Profiles,
    Online,
}

/// The tags that members of the walk have.
pub const TAGS: [&str; 2] = ["red", "blue"];
/// More than any room of the walk has of anything.
const ALL: usize = 100;

impl Look {
    /// Everything there is to see of a room.
    pub fn all_of(room: u64) -> Vec<Look> {
        let pages = (0..=2).map(|kind| Look::Page(room, kind, ALL));
        let tags = TAGS.into_iter().flat_map(|tag| [Look::Tagged(room, tag), Look::TagCount(room, tag)]);
        let rest = [Look::Room(room), Look::Roles(room), Look::Members(room), Look::Queue(room), Look::Past(room)];
        rest.into_iter().chain(pages).chain(tags).chain([Look::TagPast(room, TAGS[0])]).collect()
    }

    /// Everything there is to see of the accounts.
    pub fn of_accounts(world: &World) -> Vec<Look> {
        let rooms = world.accounts.keys().cloned().map(Look::Rooms);
        [Look::Profiles, Look::Online].into_iter().chain(rooms).collect()
    }

    /// Whether it shows what is written behind answers.
    pub fn is_late(&self) -> bool {
        matches!(self, Look::Past(_) | Look::TagPast(..))
    }

    /// The call that asks; a page ends before `end`.
    pub fn call(&self, world: &World, end: u64) -> Call {
        let accids = || json!(world.accounts.keys().collect::<Vec<_>>());
        match self {
            Look::Room(room) => {
                Call::server("chatroom/get", [("roomid", json!(room)), ("needOnlineUserCount", json!(true))])
            }
            Look::Page(room, kind, limit) => {
                let page = [("type", json!(kind)), ("endtime", json!(end)), ("limit", json!(limit))];
                let [kind, end, limit] = page;
                Call::server("chatroom/membersByPage", [("roomid", json!(room)), kind, end, limit])
            }
            Look::Roles(room) => {
                let roles = json!({"creator": true, "manager": true, "blacklist": true, "mute": true});
                Call::server("chatroom/queryMembersByRole", [("roomid", json!(room)), ("roles", roles)])
            }
            Look::Members(room) => {
                Call::server("chatroom/queryMembers", [("roomid", json!(room)), ("accids", accids())])
            }
            Look::Queue(room) => Call::server("chatroom/queueList", [("roomid", json!(room))]),
            Look::Past(room) => {
                let by = json!(world.accounts.keys().next());
                let asked = [("roomid", json!(room)), ("accid", by), ("timetag", json!(0)), ("limit", json!(200))];
                Call::server("history/queryChatroomMsg", asked)
            }
            Look::Tagged(room, tag) => {
                let asked =
                    [("roomid", json!(room)), ("tag", json!(tag)), ("endTime", json!(0)), ("limit", json!(ALL))];
                Call::server("chatroom/tagMembersQuery", asked)
            }
            Look::TagCount(room, tag) => {
                Call::server("chatroom/tagMembersCount", [("roomid", json!(room)), ("tag", json!(tag))])
            }
            Look::TagPast(room, tag) => {
                let asked =
                    [("roomId", json!(room)), ("tags", json!([tag])), ("limit", json!(ALL)), ("reverse", json!(1))];
                Call::server("history/queryTagHistoryMsg", asked)
            }
            Look::Rooms(accid) => Call::server("chatroom/queryUserRoomIds", [("creator", json!(accid))]),
            Look::Profiles => {
                Call::server("user/getUinfos", [("accids", json!(world.with_nobody())), ("muteStatus", json!(true))])
            }
            Look::Online => Call::server("user/userOnlineStatus", [("accids", json!(world.with_nobody()))]),
        }
    }
}

impl World {
    /// All accounts, and one that is not there: nobody at all may not be asked for.
    fn with_nobody(&self) -> Vec<&str> {
        self.accounts.keys().map(String::as_str).chain(["nobody"]).collect()
    }

    /// Whether this is what must be seen. The model learns moments that only the gateway knows.
    pub fn check(&mut self, look: &Look, answer: &Value, when: Window) -> Result<(), String> {
        let result = match look {
            Look::Room(room) => equal(&answer["chatroom"], &self.room_view(*room)),
            Look::Page(room, kind, _) => self.check_page(*room, *kind, &answer["desc"]["data"], when),
            Look::Roles(room) => self.check_roles(*room, &answer["desc"]["data"], when),
            Look::Members(room) => self.check_members(*room, &answer["desc"]["data"], when),
            Look::Queue(room) => {
                let elements = self.rooms[room].queue.iter().map(|element| json!({&element.key: element.value}));
                equal(&answer["desc"]["list"], &elements.collect())
            }
            Look::Past(room) => {
                let messages = answer["msgs"].as_array().map_or(&[][..], Vec::as_slice);
                self.room_mut(*room).past.check(messages)
            }
            Look::Tagged(room, tag) => {
                let data = answer["desc"]["data"].as_array().map_or(&[][..], Vec::as_slice);
                let mut came: Vec<&str> = data.iter().filter_map(|member| member["accid"].as_str()).collect();
                came.sort_unstable();
                equal(&json!(came), &json!(self.tagged(*room, tag)))
            }
            Look::TagCount(room, tag) => {
                let mut accids = self.tagged(*room, tag);
                accids.dedup();
                equal(&answer["data"], &json!({"tag": tag, "onlineUserCount": accids.len()}))
            }
            Look::TagPast(room, tag) => {
                let for_it = |target: &Option<Tags>| target.as_ref().is_some_and(|tags| tags.contains(*tag));
                let entries = self.rooms[room].past.0.iter().filter(|entry| for_it(&entry.target));
                let ids: Vec<&String> = entries.filter_map(|entry| entry.msg_id.as_ref()).collect();
                let came = answer["msgs"].as_array().map_or(&[][..], Vec::as_slice);
                // Notices for the tag are there too, with ids that nobody knows before.
                let said = came.iter().filter(|record| record["type"] != 5);
                let came: Vec<&Value> = said.map(|record| &record["msgid"]).collect();
                equal(&json!(came), &json!(ids))
            }
            Look::Rooms(accid) => {
                let open = self.rooms.iter().filter(|(_, room)| room.open && room.creator == *accid);
                equal(&answer["desc"]["roomids"], &open.map(|(id, _)| json!(id.to_string())).collect())
            }
            Look::Profiles => equal(&answer["uinfos"], &self.accounts.iter().map(profile).collect()),
            Look::Online => {
                let data = &answer["data"];
                let sessions = |list: &Value| list.as_array().map_or(0, Vec::len);
                let status = data["status"].as_object().into_iter().flatten();
                let came = status.map(|(accid, list)| (accid.clone(), json!(sessions(list)))).collect();
                let expected = json!([["nobody"], self.online()]);
                equal(&json!([data["invalidAccids"], Value::Object(came)]), &expected)
            }
        };
        result.map_err(|complaint| format!("{look:?}: {complaint}"))
    }

    fn room_view(&self, id: u64) -> Value {
        let room = &self.rooms[&id];
        let mut view = json!({"roomid": id, "valid": room.open, "muted": room.muted, "announcement": room.announcement,
            "name": room.name, "broadcasturl": null, "ext": room.ext, "creator": room.creator,
            "queuelevel": room.queuelevel, "ionotify": room.notices, "onlineusercount": room.online().len()});
        let (policy, seconds) = room.closing;
        if policy > 0 {
            view["delayInfo"] = json!({"delayCloseEnable": true, "delayClosePolicy": policy, "delaySeconds": seconds,
                "status": u8::from(room.open)});
        }
        view
    }

    /// The account of every session with a tag, in order.
    fn tagged(&self, room: u64, tag: &str) -> Vec<&str> {
        let has_it = |session: &&super::Session| session.stays.get(&room).is_some_and(|stay| stay.tags.contains(tag));
        let mut accids: Vec<&str> =
            self.sessions.values().filter(has_it).map(|session| session.accid.as_str()).collect();
        accids.sort_unstable();
        accids
    }

    /// How many sessions each account has that has any.
    fn online(&self) -> Value {
        let mut counts = serde_json::Map::new();
        for session in self.sessions.values() {
            let count = counts.get(&session.accid).and_then(Value::as_u64).unwrap_or(0);
            counts.insert(session.accid.clone(), json!(count + 1));
        }
        Value::Object(counts)
    }
}

fn profile((accid, account): (&String, &Account)) -> Value {
    let [p2p, team, room, qchat] = account.modules;
    json!({"accid": accid, "name": account.name, "icon": "", "sign": "", "email": "", "birth": "", "mobile": "",
        "gender": 0, "ex": "", "valid": !account.disabled, "mute": account.muted, "muteP2P": p2p, "muteTeam": team,
        "muteRoom": room, "muteQChat": qchat})
}

/// Whether what came is what was expected, but for a moment that is nobody's business.
pub(super) fn equal(came: &Value, expected: &Value) -> Result<(), String> {
    let mut came = came.clone();
    if let Some(info) = came.get_mut("delayInfo").and_then(Value::as_object_mut) {
        info.remove("startTime");
    }
    if came == *expected { Ok(()) } else { Err(format!("expected {expected}\n     but came {came}")) }
}

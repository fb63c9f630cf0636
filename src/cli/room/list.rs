//! `roomgate room list`: all rooms, or those of one account.

use clap::Args;

use super::state;
use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::record::Record;
use crate::cli::table::{Output, table};

/// The most rooms of one answer of `chatroom/list`.
const PAGE: usize = 100;
/// The most rooms that `chatroom/getBatch` takes.
const BATCH: usize = 20;

#[derive(Args)]
pub(super) struct List {
    /// Only the rooms of this account
    #[arg(long, value_name = "ACCID")]
    creator: Option<String>,
    /// Closed rooms too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

/// Prints a line for each room.
pub(super) fn run(list: &List, gateway: &dyn Ask) -> Result<(), Failure> {
    let rooms = list.rooms(gateway)?;
    list.output.say(&rooms, || table(HEAD, rooms.iter().map(row)))
}

impl List {
    /// Asked by account, the API tells of open rooms only.
    fn rooms(&self, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
        match &self.creator {
            None => every_room(self.all, gateway),
            Some(creator) if !self.all => open_rooms_of(creator, gateway),
            Some(creator) => {
                let is_theirs = |room: &Record| room.text("creator").eq_ignore_ascii_case(creator);
                Ok(every_room(true, gateway)?.into_iter().filter(is_theirs).collect())
            }
        }
    }
}

fn every_room(with_closed: bool, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
    let limit = PAGE.to_string();
    let mut rooms: Vec<Record> = Vec::new();
    loop {
        let after = rooms.last().map(|room| room.text("roomid"));
        let mut params = vec![("limit", limit.as_str())];
        params.extend(after.as_deref().map(|after| ("after", after)));
        params.extend((!with_closed).then_some(("valid", "true")));
        let page = gateway.ask("chatroom/list", &params)?.inner("desc")?.list("data")?;
        // A page that ends where the one before it did brings nothing new.
        let is_last = page.len() < PAGE || page.last().map(|room| room.text("roomid")) == after;
        rooms.extend(page);
        if is_last {
            return Ok(rooms);
        }
    }
}

fn open_rooms_of(creator: &str, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
    let ids = gateway.ask("chatroom/queryUserRoomIds", &[("creator", creator)])?.inner("desc")?.texts("roomids");
    let mut rooms = Vec::new();
    for ids in ids.chunks(BATCH) {
        let ids = format!("[{}]", ids.join(","));
        let answer = gateway.ask("chatroom/getBatch", &[("roomids", &ids), ("needOnlineUserCount", "true")])?;
        // A room that has gone in the meantime is among noExistRooms, and no longer of interest.
        let unread = answer.texts("failRooms");
        if !unread.is_empty() {
            return Err(Failure::run(format!("the gateway can't read these rooms: {}", unread.join(", "))));
        }
        rooms.extend(answer.list("succRooms")?);
    }
    Ok(rooms)
}

const HEAD: [&str; 5] = ["room", "name", "creator", "members", "state"];

fn row(room: &Record) -> [String; 5] {
    let [id, name, creator, members] = ["roomid", "name", "creator", "onlineusercount"].map(|fact| room.text(fact));
    [id, name, creator, members, state(room).to_owned()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cli::line::Script;
    use crate::cli::said;
    use crate::cli::table::table_within;

    const LOBBY: &str = r#"{"roomid":2,"valid":true,"muted":false,"announcement":null,"name":"lobby","broadcasturl":null,"ext":"","creator":"ann","queuelevel":0,"ionotify":true,"onlineusercount":12}"#;

    fn rooms(line: &str, gateway: &dyn Ask) -> Vec<String> {
        let list: List = said(line).unwrap();
        list.rooms(gateway).unwrap().iter().map(|room| room.text("roomid")).collect()
    }

    #[test]
    fn rooms_are_asked_for_page_by_page_until_one_is_short() {
        let gateway = |path: &str, params: &[(&str, &str)]| {
            let (after, valid) = match params {
                [("limit", "100")] => (0, false),
                [("limit", "100"), ("valid", "true")] => (0, true),
                [("limit", "100"), ("after", after), rest @ ..] => (after.parse().unwrap(), !rest.is_empty()),
                other => panic!("{path} {other:?}"),
            };
            let room =
                |id| json!({"roomid": id, "valid": id % 3 > 0, "creator": if id % 2 == 0 { "ann" } else { "bob" }});
            let page = (1..=350).filter(|id| *id > after && (!valid || id % 3 > 0)).take(PAGE).map(room);
            json!({"code": 200, "desc": {"data": page.collect::<Vec<_>>()}}).to_string()
        };
        assert_eq!(rooms("room list --all", &gateway).len(), 350);
        assert_eq!(rooms("room list", &gateway).len(), 234);
        assert_eq!(rooms("room list --all --creator Ann", &gateway).len(), 175);
    }

    #[test]
    fn a_gateway_that_repeats_itself_ends_the_list() {
        let page: Vec<_> = (1..=PAGE).map(|id| json!({"roomid": id})).collect();
        let gateway = |_: &str, _: &[(&str, &str)]| json!({"desc": {"data": page}}).to_string();
        assert_eq!(rooms("room list", &gateway).len(), 2 * PAGE);
    }

    #[test]
    fn the_rooms_of_an_account_are_read_twenty_at_a_time() {
        let gateway = |path: &str, params: &[(&str, &str)]| match (path, params) {
            ("chatroom/queryUserRoomIds", [("creator", "ann")]) => {
                json!({"desc": {"roomids": (1..=45).map(|id| id.to_string()).collect::<Vec<_>>()}}).to_string()
            }
            ("chatroom/getBatch", [("roomids", ids), ("needOnlineUserCount", "true")]) => {
                let ids: Vec<u64> = serde_json::from_str(ids).unwrap();
                assert!(ids.len() <= BATCH);
                let rooms: Vec<_> = ids.iter().filter(|id| **id != 7).map(|id| json!({"roomid": id})).collect();
                json!({"succRooms": rooms, "noExistRooms": [7], "failRooms": []}).to_string()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(rooms("room list --creator ann", &gateway).len(), 44);
    }

    #[test]
    fn a_room_that_can_not_be_read_is_no_room_less() {
        let script = Script::new([
            ("chatroom/queryUserRoomIds creator=ann", r#"{"desc":{"roomids":["7","8"]}}"#),
            (
                "chatroom/getBatch roomids=[7,8] needOnlineUserCount=true",
                r#"{"succRooms":[{"roomid":7}],"noExistRooms":[],"failRooms":[8]}"#,
            ),
        ]);
        let list: List = said("room list --creator ann").unwrap();
        assert_eq!(list.rooms(&script).unwrap_err().to_string(), "the gateway can't read these rooms: 8");
    }

    #[test]
    fn the_table_is_as_documented() {
        let others = [
            json!({"roomid": 3, "name": "大厅", "creator": "ann", "valid": true, "muted": true, "onlineusercount": 204}),
            json!({"roomid": 7, "name": "last week", "creator": "bob", "valid": false, "onlineusercount": 0}),
        ];
        let rooms =
            [LOBBY.to_owned(), others[0].to_string(), others[1].to_string()].map(|room| Record::read(&room).unwrap());
        let table = table_within(120, HEAD, rooms.iter().map(row));
        assert!(include_str!("../../../docs/commands.md").contains(&table), "{table}");
    }
}

//! `roomgate member list`: who belongs to a room.

use std::collections::HashSet;

use clap::{Args, ValueEnum};
use roomgate::base::RoomId;

use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::record::Record;
use crate::cli::table::{Output, table};
use crate::cli::{moment, room, time};

/// The most members of one answer.
const PAGE: usize = 100;

#[derive(Args)]
pub(super) struct List {
    /// The room
    #[arg(value_name = "ROOM", value_parser = room::argument)]
    room: RoomId,
    /// Only members who are one of these
    #[arg(long = "role", value_name = "ROLE,...", value_delimiter = ',', value_enum)]
    roles: Vec<Role>,
    /// Only members who are there now
    #[arg(long)]
    online: bool,
    #[command(flatten)]
    output: Output,
}

/// What members can be asked for by.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Creator,
    Manager,
    #[value(alias = "blacklist")]
    Blocklisted,
    #[value(alias = "mute")]
    Muted,
}

impl Role {
    /// Its name in `queryMembersByRole`.
    fn name(self) -> &'static str {
        match self {
            Role::Creator => "creator",
            Role::Manager => "manager",
            Role::Blocklisted => "blacklist",
            Role::Muted => "mute",
        }
    }
}

/// Prints a line for each member.
pub(super) fn run(list: &List, gateway: &dyn Ask) -> Result<(), Failure> {
    let members = list.members(gateway)?;
    list.output.say(&members, || table(HEAD, members.iter().map(row)))
}

impl List {
    fn members(&self, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
        let room = self.room.to_string();
        let mut members = match self.roles[..] {
            [] => every_member(&room, gateway)?,
            ref roles => having(roles, &room, gateway)?,
        };
        members.retain(|member| !self.online || member.is("onlineStat"));
        Ok(members)
    }
}

fn having(roles: &[Role], room: &str, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
    let roles: serde_json::Map<_, _> = roles.iter().map(|role| (role.name().to_owned(), true.into())).collect();
    let roles = serde_json::Value::from(roles).to_string();
    gateway.ask("chatroom/queryMembersByRole", &[("roomid", room), ("roles", &roles)])?.inner("desc")?.list("data")
}

/// Those who stay members while they are away, then those who are only there while they are.
fn every_member(room: &str, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
    let mut members = Vec::new();
    let mut known = HashSet::new();
    for kind in ["0", "1"] {
        let mut next = Some(0);
        while let Some(end) = next {
            let page = page(room, kind, end, gateway)?;
            next = next_end(&page, end)?;
            members.extend(page.into_iter().filter(|member| known.insert(member.text("accid"))));
        }
    }
    Ok(members)
}

/// The moment before which the next page's members entered; `None` if this was the last page.
fn next_end(page: &[Record], end: i64) -> Result<Option<i64>, Failure> {
    let Some(last) = page.last().filter(|_| page.len() == PAGE) else { return Ok(None) };
    let last = last.number("enterTime");
    let last =
        last.ok_or_else(|| Failure::run("the answer can't be read: it goes on behind a member without enterTime"))?;
    // Others may have entered in the last one's millisecond: it is asked for again, until that was the question already.
    Ok([last.saturating_add(1), last].into_iter().find(|next| end == 0 || *next < end))
}

fn page(room: &str, kind: &str, end: i64, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
    let (end, limit) = (end.to_string(), PAGE.to_string());
    let params = [("roomid", room), ("type", kind), ("endtime", &end), ("limit", &limit)];
    gateway.ask("chatroom/membersByPage", &params)?.inner("desc")?.list("data")
}

const HEAD: [&str; 6] = ["account", "nick", "role", "online", "since", "limits"];

fn row(member: &Record) -> [String; 6] {
    let online = if member.is("onlineStat") { "yes" } else { "no" };
    [
        member.text("accid"),
        member.text("nick"),
        super::role_in_words(&member.text("type")),
        online.to_owned(),
        since(member),
        limits(member),
    ]
}

fn since(member: &Record) -> String {
    let entered = member.number("enterTime").and_then(|time| u64::try_from(time).ok());
    entered.filter(|time| *time > 0).map(moment::show).unwrap_or_default()
}

fn limits(member: &Record) -> String {
    let seconds = member.number("tempMuteTtl").and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0);
    let muted = format!("muted {} left", time::say(seconds));
    let limits = [("blacklisted", "blocklisted"), ("muted", "muted"), ("tempMuted", &muted), ("isRobot", "virtual")];
    let those = limits.into_iter().filter(|(name, _)| member.is(name)).map(|(_, word)| word);
    those.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::cli::line::Script;
    use crate::cli::said;
    use crate::cli::table::table_within;

    fn accounts(line: &str, gateway: &dyn Ask) -> Vec<String> {
        let list: List = said(line).unwrap();
        list.members(gateway).unwrap().iter().map(|member| member.text("accid")).collect()
    }

    /// A page as a gateway makes it of guests who entered at these times: those before `end`, the last one first.
    fn page(entered: &[i64], params: &[(&str, &str)]) -> String {
        let [("roomid", "2"), ("type", kind), ("endtime", end), ("limit", "100")] = params else {
            panic!("{params:?}")
        };
        let end: i64 = end.parse().unwrap();
        let guests = entered.iter().enumerate().rev().filter(|(_, time)| *kind == "1" && (end == 0 || **time < end));
        let member = |(id, time): (usize, &i64)| json!({"accid": format!("guest{id}"), "enterTime": time});
        let data: Vec<Value> = guests.take(PAGE).map(member).collect();
        json!({"code": 200, "desc": {"data": data}}).to_string()
    }

    #[test]
    fn who_stays_a_member_comes_before_who_only_visits() {
        let script = Script::new([
            (
                "chatroom/membersByPage roomid=2 type=0 endtime=0 limit=100",
                r#"{"desc":{"data":[{"accid":"host","onlineStat":false},{"accid":"ann","onlineStat":true}]}}"#,
            ),
            (
                "chatroom/membersByPage roomid=2 type=1 endtime=0 limit=100",
                r#"{"desc":{"data":[{"accid":"bob","onlineStat":true},{"accid":"ann","onlineStat":true}]}}"#,
            ),
        ]);
        assert_eq!(accounts("member list 2 --online", &script), ["ann", "bob"]);
    }

    #[test]
    fn roles_are_asked_for_by_the_names_of_the_api() {
        let call = r#"chatroom/queryMembersByRole roomid=2 roles={"blacklist":true,"creator":true,"mute":true}"#;
        let script = Script::new([(call, r#"{"desc":{"data":[{"accid":"host"}]}}"#)]);
        assert_eq!(accounts("member list 2 --role creator,blocklisted --role mute", &script), ["host"]);
        assert!(said::<List>("member list 2 --role guest").is_err());
    }

    #[test]
    fn more_in_one_millisecond_than_a_page_holds_do_not_end_the_list() {
        let entered = [vec![1; 30], vec![2; 250], vec![3; 30]].concat();
        let gateway = |_: &str, params: &[(&str, &str)]| page(&entered, params);
        assert_eq!(accounts("member list 2", &gateway).len(), 30 + PAGE + 30);
    }

    #[test]
    fn a_gateway_that_repeats_itself_ends_the_list() {
        let data: Vec<_> = (0..PAGE).map(|id| json!({"accid": id, "enterTime": 7})).collect();
        let gateway = |_: &str, _: &[(&str, &str)]| json!({"desc": {"data": data}}).to_string();
        assert_eq!(accounts("member list 2", &gateway).len(), PAGE);
    }

    proptest! {
        #[test]
        fn every_member_comes_once(mut entered in prop::collection::vec(1000_i64..1100, 0..600)) {
            entered.sort_unstable();
            let gateway = |_: &str, params: &[(&str, &str)]| page(&entered, params);
            let mut accounts = accounts("member list 2", &gateway);
            accounts.sort_unstable();
            accounts.dedup();
            prop_assert_eq!(accounts.len(), entered.len());
        }
    }

    #[test]
    fn the_table_is_as_documented() {
        let time = 1_795_514_400_000_u64;
        let members = [
            json!({"accid": "ann", "nick": "Ann", "type": "CREATOR", "onlineStat": true, "enterTime": time}),
            json!({"accid": "mod1", "nick": "张三", "type": "MANAGER", "onlineStat": false}),
            json!({"accid": "eve", "nick": "Eve", "type": "LIMITED", "onlineStat": false, "blacklisted": true, "muted": true}),
            json!({"accid": "bob", "nick": "Bob", "type": "TEMPORARY", "onlineStat": true, "enterTime": time + 65_000,
                   "tempMuted": true, "tempMuteTtl": 250}),
            json!({"accid": "extra1", "nick": "", "type": "TEMPORARY", "onlineStat": true, "enterTime": time, "isRobot": true}),
        ];
        let members = members.map(|member| Record::read(&member.to_string()).unwrap());
        let table = table_within(120, HEAD, members.iter().map(row));
        assert!(include_str!("../../../docs/commands.md").contains(&table), "{table}");
    }
}

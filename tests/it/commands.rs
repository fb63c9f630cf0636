//! The commands that look after rooms, as somebody meets them in a terminal.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::Value;

use crate::support::House;
use crate::support::program::{KEY, run};

impl House {
    /// What a command prints; it must be done.
    async fn prints(&self, line: &str) -> String {
        let (code, stdout, stderr) = self.runs(line).await;
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{line}");
        stdout
    }

    /// The fields of each line but the first, which is the head of a table.
    async fn lists(&self, line: &str) -> Vec<Vec<String>> {
        let table = self.prints(line).await;
        table.lines().skip(1).map(fields).collect()
    }

    /// What a command prints with `--json`, a line each.
    async fn prints_json(&self, line: &str) -> Vec<Value> {
        let lines = self.prints(&format!("{line} --json")).await;
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    async fn runs(&self, line: &str) -> (Option<i32>, String, String) {
        let url = self.gateway.api_url();
        let words: Vec<&str> = line.split(' ').collect();
        run(&[&words[..], &["--url", &url], &KEY].concat()).await
    }

    async fn room_named(&self, name: &str) -> RoomId {
        self.api.create_room("owner", name).await.expect("a room")
    }
}

fn fields(line: &str) -> Vec<String> {
    line.split("  ").map(str::trim).filter(|field| !field.is_empty()).map(str::to_owned).collect()
}

#[tokio::test]
async fn an_account_and_a_room_are_made_and_told_of() {
    let house = House::open().await;
    assert_eq!(house.prints("user create ann --token t").await, "accid  ann\ntoken  t\n");
    let room = house.prints("room create --creator ann lobby").await;
    let made = house.prints_json("room create --creator ann hall").await;
    assert_eq!(made[0]["chatroom"]["name"], "hall");
    let shown = house.prints(&format!("room show {room}").replace('\n', "")).await;
    for line in ["name          lobby", "creator       ann", "state         open", "members       0", "announcement  -"]
    {
        assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
    }
}

#[tokio::test]
async fn rooms_are_listed_and_closed_ones_where_asked() {
    let house = House::open().await;
    let first = house.room().await;
    for number in 0..120 {
        house.room_named(&format!("room {number}")).await;
    }
    house.account("ann").await;
    let hers = house.api.create_room("ann", "hers").await.unwrap();
    let _bob = house.member_in(hers, "bob").await;
    assert_eq!(house.lists("room list").await.len(), 122);
    assert_eq!(house.lists("room list --creator owner").await.len(), 121);
    let row = [hers.to_string(), "hers".into(), "ann".into(), "1".into(), "open".into()];
    assert_eq!(house.lists("room list --creator ann").await, [row]);

    assert_eq!(house.prints(&format!("room close {first}")).await, format!("room {first} is closed\n"));
    assert_eq!(house.lists("room list").await.len(), 121);
    assert_eq!(house.lists("room list --creator owner").await.len(), 120);
    let all = house.lists("room list --all").await;
    assert_eq!((all.len(), all[0].last().unwrap().as_str()), (122, "closed"));
    assert_eq!(house.prints_json("room list --all --creator owner").await[0]["valid"], false);
    let opened = house.prints_json(&format!("room open {first}")).await;
    assert_eq!(opened[0]["desc"]["valid"], true);
    let (code, stdout, stderr) = house.runs(&format!("room open {first}")).await;
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(1), "", 1), "{stderr}");
    assert!(stderr.contains("room open refused: 417"), "{stderr}");
}

#[tokio::test]
async fn members_are_listed_muted_and_kicked() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("mod").await;
    let to_manager = [("opt", "1"), ("optvalue", "true"), ("operator", "owner"), ("target", "mod")];
    house.call("chatroom/setMemberRole", &[&to_manager[..], &[("roomid", &room.to_string())]].concat()).await;
    let mut bob = house.member_in(room, "bob").await;
    let words = |members: &[Vec<String>], columns: &[usize]| -> Vec<String> {
        members
            .iter()
            .map(|member| columns.iter().map(|column| member[*column].as_str()).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let members = house.lists(&format!("member list {room}")).await;
    let mut who = words(&members, &[0, 2, 3]);
    who.sort();
    assert_eq!(who, ["bob guest yes", "mod manager no", "owner creator no"]);
    let online = house.lists(&format!("member list {room} --online")).await;
    assert_eq!(words(&online, &[0, 1]), ["bob BOB"]);
    let managers = house.lists(&format!("member list {room} --role manager")).await;
    assert_eq!(words(&managers, &[0]), ["mod"]);

    let muted = house.prints(&format!("member mute {room} bob --for 1h --operator mod")).await;
    assert_eq!(muted, format!("bob is muted in room {room} for 1 h\n"));
    let online = house.lists(&format!("member list {room} --online")).await;
    assert!(online[0][5].starts_with("muted 59 m") || online[0][5] == "muted 1 h left", "{online:?}");
    house.prints(&format!("member mute {room} bob --lift")).await;
    house.prints(&format!("member mute {room} bob --forever")).await;
    let muted = house.prints_json(&format!("member list {room} --role muted")).await;
    assert_eq!((&muted[0]["accid"], &muted[0]["muted"], muted.len()), (&"bob".into(), &true.into(), 1));
    house.prints(&format!("member mute {room} bob --forever --lift")).await;
    assert_eq!(house.lists(&format!("member list {room} --role muted")).await.len(), 0);

    let kicked = house.prints(&format!("member kick {room} bob --reason spam")).await;
    assert_eq!(kicked, format!("bob is out of room {room}\n"));
    loop {
        if let roomgate::client::Event::Kicked { .. } = bob.event().await {
            break;
        }
    }
    let (code, _, stderr) = house.runs(&format!("member kick {room} bob")).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("member kick refused: 404"), "{stderr}");
}

#[tokio::test]
async fn history_is_told_in_the_order_of_time() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for number in 0..450 {
        ann.sends(room, Outgoing::text(format!("message {number}"))).await;
    }
    let texts = |lines: Vec<Vec<String>>| lines.into_iter().map(|mut line| line.pop().unwrap()).collect::<Vec<_>>();
    let last: Vec<String> = (400..450).map(|number| format!("message {number}")).collect();
    assert_eq!(texts(house.lists(&format!("history {room}")).await), last);
    let all: Vec<String> = (0..450).map(|number| format!("message {number}")).collect();
    assert_eq!(texts(house.lists(&format!("history {room} --type text --limit 1000")).await), all);
    assert_eq!(texts(house.lists(&format!("history {room} --type 0 --since 1h --limit 450")).await), all);
    let notices = house.lists(&format!("history {room} --type notice")).await;
    assert_eq!(notices[0][1..], ["ann", "notice", "ann entered"]);
    let json = house.prints_json(&format!("history {room} --limit 1")).await;
    assert_eq!((&json[0]["body"], &json[0]["from"]), (&"message 449".into(), &"ann".into()));
    let time = json[0]["sendtime"].as_u64().unwrap();
    let before = house.prints_json(&format!("history {room} --until {time} --limit 1000")).await;
    assert!(before.len() >= 450 && before.iter().all(|message| message["sendtime"].as_u64().unwrap() <= time));
}

#[tokio::test]
async fn nobodys_words_reach_the_terminal_as_anything_but_text() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.sends(room, Outgoing::text("a\x1b[2Jb\nc\u{9b}31m")).await;
    let printed = house.prints(&format!("history {room}")).await;
    assert!(printed.lines().last().unwrap().ends_with("a\u{fffd}[2Jb c\u{fffd}31m"), "{printed:?}");
    let json = house.prints(&format!("history {room} --json")).await;
    assert!(!json.contains(|char: char| char.is_control() && char != '\n'), "{json:?}");
    assert_eq!(house.prints_json(&format!("history {room} --limit 1")).await[0]["body"], "a\x1b[2Jb\nc\u{9b}31m");
}

#[tokio::test]
async fn what_is_refused_or_said_wrongly_is_one_line() {
    let house = House::open().await;
    let cases = [
        ("room show 999", 1, "room show refused: 404 room 999 does not exist"),
        ("room close 999", 1, "room close refused: 404 room 999 does not exist"),
        ("member mute 999 ann", 1, "member mute refused: 404 room 999 does not exist"),
        ("history 999", 1, "history refused: 404 room 999 does not exist"),
        ("room show lobby", 2, "expected a room id: a positive whole number"),
        ("room shwo 1", 2, "unrecognized subcommand 'shwo'"),
        ("member mute 1 ann --for 1w", 2, "expected a time from 1s to 30d"),
        ("member mute 1 ann --for 1m --lift", 2, "cannot be used with"),
        ("member list 1 --role guest", 2, "creator, manager, blocklisted, muted"),
        ("history 1 --since yesterday", 2, "expected a time such as 2026-11-24T10:00:00Z"),
        ("history 1 --since 1m --until 1m", 2, "cannot be used with"),
        ("history 1 --type 7", 2, "0 text, 1 image"),
    ];
    for (line, expected, words) in cases {
        let (code, stdout, stderr) = house.runs(line).await;
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(expected), "", 1), "{line}: {stderr}");
        assert!(stderr.contains(words), "{line}: {stderr}");
    }
}

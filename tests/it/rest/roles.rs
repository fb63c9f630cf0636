//! Who may do what to whom, asked at both doors, and what a role is told and shown as.

use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::{Door, House, Member};

/// A room with somebody of every kind who acts, and somebody of every kind who is acted on.
struct Cast {
    house: House,
    room: RoomId,
    operators: Vec<Member>,
    targets: Vec<Member>,
}

/// The roles of targets, in the order of a row's letters. The last two are not in the room.
const TARGETS: [(&str, &[(i64, bool)]); 7] = [
    ("owner", &[]),
    ("t-manager", &[(1, true)]),
    ("t-common", &[(2, true)]),
    ("t-guest", &[(2, true), (2, false)]),
    ("t-muted", &[(2, true), (-2, true)]),
    ("t-blocked", &[(2, true), (-1, true)]),
    ("t-absent", &[(2, true), (2, false)]),
];
const OPERATORS: [(&str, Option<i64>); 4] =
    [("o-manager", Some(1)), ("o-common", Some(2)), ("o-guest", None), ("o-muted", Some(-2))];

impl Cast {
    async fn gather() -> Cast {
        let house = House::open().await;
        let room = house.room().await;
        let mut owner = house.owner().await;
        owner.client.join(room).await.unwrap();
        let mut operators = vec![owner];
        for (accid, opt) in OPERATORS {
            let mut member = house.member(accid).await;
            member.client.join(room).await.unwrap();
            if let Some(opt) = opt {
                house.assigns(room, accid, opt, true).await;
            }
            operators.push(member);
        }
        let mut targets = Vec::new();
        for (accid, _) in &TARGETS[1..] {
            targets.push(house.member(accid).await);
        }
        Cast { house, room, operators, targets }
    }

    /// Puts a target where it belongs: into its role, and into the room if it may enter.
    async fn set(&mut self, target: usize) {
        let (accid, assignments) = TARGETS[target];
        for (opt, set) in assignments {
            self.house.assigns(self.room, accid, *opt, *set).await;
        }
        if (1..5).contains(&target) {
            self.targets[target - 1].client.join(self.room).await.unwrap();
        }
    }

    /// Every row is an operator's, beginning with the owner's: `+` done, `.` 403, `?` 404.
    async fn play(&mut self, verb: &str, operator: &'static str, params: &Value, named: &str, table: [&str; 5]) {
        for door in [Door::Rest, Door::Socket] {
            for (who, row) in table.into_iter().enumerate() {
                for (target, expected) in row.chars().enumerate() {
                    self.set(target).await;
                    let mut params = params.clone();
                    params["roomid"] = json!(self.room.to_string());
                    params[named] = json!(TARGETS[target].0);
                    let code = self.house.has(door, &mut self.operators[who], verb, operator, &params).await;
                    let expected = match expected {
                        '+' => 200,
                        '.' => 403,
                        _ => 404,
                    };
                    let who = &self.operators[who].accid;
                    assert_eq!(code, expected, "{door:?}: {who}, {verb} {params}");
                }
            }
        }
    }
}

#[tokio::test]
async fn only_the_creator_makes_and_dismisses_managers() {
    let mut cast = Cast::gather().await;
    for set in [true, false] {
        let table = [".++++++", ".......", ".......", ".......", "......."];
        cast.play("setMemberRole", "operator", &json!({"opt": 1, "optvalue": set}), "target", table).await;
    }
}

#[tokio::test]
async fn managers_assign_all_else_to_all_but_their_like() {
    let mut cast = Cast::gather().await;
    for opt in [2, -1, -2] {
        for set in [true, false] {
            let table = [".++++++", "..+++++", ".......", ".......", "......."];
            cast.play("setMemberRole", "operator", &json!({"opt": opt, "optvalue": set}), "target", table).await;
        }
    }
}

#[tokio::test]
async fn managers_mute_for_a_time_all_but_their_like() {
    let mut cast = Cast::gather().await;
    for seconds in [60, 0] {
        let table = [".++++++", "..+++++", ".......", ".......", "......."];
        cast.play("temporaryMute", "operator", &json!({"muteDuration": seconds}), "target", table).await;
    }
}

#[tokio::test]
async fn managers_put_out_all_but_their_like_if_they_are_in() {
    let mut cast = Cast::gather().await;
    let table = [".++++??", "..+++??", ".......", ".......", "......."];
    cast.play("kickMember", "accid", &json!({}), "targetAccid", table).await;
}

#[tokio::test]
async fn managers_mute_the_room() {
    let mut cast = Cast::gather().await;
    for door in [Door::Rest, Door::Socket] {
        for mute in [true, false] {
            let params = json!({"roomid": cast.room.to_string(), "mute": mute});
            let mut codes = Vec::new();
            for who in &mut cast.operators {
                codes.push(cast.house.has(door, who, "muteRoom", "operator", &params).await);
            }
            assert_eq!(codes, [200, 200, 403, 403, 403], "{door:?}");
        }
    }
}

#[tokio::test]
async fn whoever_does_not_exist_is_404_and_what_is_missing_is_414() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    house.account("ann").await;
    let cases = [
        ("77", "owner", "ann", "1", 404),
        (&*room, "nobody", "ann", "1", 404),
        (&room, "owner", "nobody", "1", 404),
        (&room, "", "ann", "1", 414),
        (&room, "owner", "", "1", 414),
        (&room, "owner", "ann", "", 414),
        (&room, "owner", "ann", "0", 414),
        (&room, "owner", "ann", "3", 414),
    ];
    for (room, operator, target, opt, expected) in cases {
        let params = [("roomid", room), ("operator", operator), ("target", target), ("opt", opt), ("optvalue", "true")];
        let (code, desc) = house.refusal("chatroom/setMemberRole", &params).await;
        assert_eq!(code, expected, "{params:?}: {desc}");
    }
    let ext = "e".repeat(2049);
    let params = [("roomid", &*room), ("operator", "owner"), ("target", "ann"), ("opt", "1"), ("notifyExt", &*ext)];
    assert_eq!(house.refusal("chatroom/setMemberRole", &params).await.0, 414);
}

#[tokio::test]
async fn every_change_has_its_answer_and_its_notice() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member("bob").await;
    bob.client.request("join", json!({"roomid": room.to_string(), "nick": "Bobby"})).await.unwrap();
    ann.hears_notice(301, "bob").await;
    let id = room.to_string();
    for (opt, set, event, role) in [
        ("1", "true", 307, "MANAGER"),
        ("1", "false", 308, "TEMPORARY"),
        ("2", "true", 309, "COMMON"),
        ("2", "", 310, "TEMPORARY"),
        ("-2", "true", 305, "LIMITED"),
        ("-2", "false", 306, "TEMPORARY"),
        ("-1", "true", 303, "LIMITED"),
        ("-1", "false", 304, "TEMPORARY"),
    ] {
        let params = [("roomid", &*id), ("operator", "owner"), ("target", "Bob"), ("opt", opt), ("optvalue", set)];
        let params = [&params[..], &[("notifyExt", "why")]].concat();
        let answer = house.call("chatroom/setMemberRole", &params).await;
        let expected = json!({"roomid": id.parse::<u64>().unwrap(), "level": 0, "accid": "bob", "type": role});
        assert_eq!(answer["desc"], expected);
        assert_eq!((&answer["roomid"], &answer["type"]), (&expected["roomid"], &expected["type"]));
        let notice = ann.hears_notice(event, "bob").await;
        // Who is put out is outside when it is told.
        let nick = if event == 304 { "BOB" } else { "Bobby" };
        let data =
            json!({"operator": "owner", "opeNick": "The owner", "target": ["bob"], "tarNick": [nick], "ext": "why"});
        assert_eq!(notice["data"], data, "{event}");
        house.call("chatroom/setMemberRole", &params).await;
        ann.hears_nothing().await;
    }
}

#[tokio::test]
async fn a_role_outlives_a_restart_and_a_stay() {
    let folder = tempfile::tempdir().unwrap();
    let clock = roomgate::base::Clock::system();
    let house = House::in_folder(folder.path(), &clock).await;
    let room = house.room().await;
    for (accid, opt) in [("boss", 1), ("pal", 2), ("quiet", -2), ("out", -1)] {
        house.account(accid).await;
        house.assigns(room, accid, opt, true).await;
    }
    house.gateway.stop(std::time::Duration::ZERO).await;
    let house = House::in_folder(folder.path(), &clock).await;
    let accids = [("roomid", &*room.to_string()), ("accids", r#"["owner","boss","pal","quiet","out"]"#)];
    let members = house.call("chatroom/queryMembers", &accids).await;
    let roles: Vec<&Value> = members["desc"]["data"].as_array().unwrap().iter().map(|member| &member["type"]).collect();
    assert_eq!(roles, ["CREATOR", "MANAGER", "COMMON", "LIMITED", "LIMITED"]);
    assert_eq!(
        (&members["desc"]["data"][3]["muted"], &members["desc"]["data"][4]["blacklisted"]),
        (&json!(true), &json!(true))
    );
}

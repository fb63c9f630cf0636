//! Who signs may go by the gateway's clock or by its own, however far a test has turned the former.

use std::time::Duration;

use roomgate::auth::App;
use roomgate::base::{Accid, Clock};
use serde_json::{Value, json};

use crate::support::Http;
use crate::support::program::Program;
use crate::support::raw::{Raw, TEXT};

use super::{Desk, program};

/// The answer to a call that is signed by this clock.
async fn calls(program: &Program, clock: &Clock) -> (u64, String) {
    let signed = App::new("key", "secret").sign(clock);
    let http = Http::to(program.address.parse().unwrap());
    http.send("POST", "/nimserver/chatroom/get.action", &signed.pairs(), b"roomid=99").await.refusal()
}

/// The answer to a login with a token that was made at this moment, for a minute.
async fn logs_in(program: &Program, made: u64) -> Value {
    let accid = Accid::parse("accid", "ann").unwrap();
    let token = App::new("key", "secret").dynamic_token(&accid, made, Duration::from_secs(60));
    let mut ann = Raw::connect(program.address.parse().unwrap(), "/ws").await;
    let login = json!({ "op": "login", "id": 1, "appKey": "key", "accid": "ann", "token": token, "authType": 1 });
    ann.sends(TEXT, login.to_string().as_bytes()).await;
    serde_json::from_str(&ann.hears_text().await).unwrap()
}

async fn now(desk: &Desk) -> u64 {
    desk.gets("/test/clock").await["now"].as_u64().unwrap()
}

#[tokio::test]
async fn both_clocks_sign_and_no_third_one() {
    let program = program(&[]).await;
    let desk = Desk::at(&program.internal);
    for turn in ["1ms", "1h", "10d"] {
        desk.turns(turn).await;
        let now = now(&desk).await;
        assert_eq!(calls(&program, &Clock::system()).await.0, 404, "{turn}: the signature held, the room is unknown");
        assert_eq!(calls(&program, &Clock::standing_at(now)).await.0, 404, "{turn}");
        let (code, desc) = calls(&program, &Clock::standing_at(now + 600_000)).await;
        assert_eq!((code, desc.contains("CurTime is expired")), (414, true), "{desc}");
    }
    let between = now(&desk).await - 24 * 3_600_000;
    assert_eq!(calls(&program, &Clock::standing_at(between)).await.0, 414);
}

#[tokio::test]
async fn a_dynamic_token_runs_out_with_the_gateways_clock() {
    let program = program(&[]).await;
    let desk = Desk::at(&program.internal);
    program.api().create_user("ann", "Ann").await.unwrap();
    let made = Clock::system().wall();
    assert_eq!(logs_in(&program, made).await["code"], 200);
    desk.turns("1h").await;
    let refused = logs_in(&program, made).await;
    assert_eq!((&refused["code"], refused["desc"].as_str().unwrap().contains("ran out")), (&json!(302), true));
    assert_eq!(logs_in(&program, now(&desk).await).await["code"], 200);
}

#[tokio::test]
async fn a_token_of_the_machines_time_is_not_ahead_of_a_clock_that_stands() {
    let house = crate::support::House::start(Clock::standing_at(Clock::system().wall() - 3_600_000), |_| ()).await;
    house.account("ann").await;
    let accid = Accid::parse("accid", "ann").unwrap();
    let login = async |made| {
        let token = house.gateway.app().dynamic_token(&accid, made, Duration::from_secs(60));
        let mut client = house.visitor().await;
        client.request("login", json!({ "appKey": "key", "accid": "ann", "token": token, "authType": 1 })).await
    };
    assert!(login(Clock::system().wall()).await.is_ok());
    assert_eq!(crate::support::code(login(Clock::system().wall() + 600_000).await), Some(302));
}

//! Nothing of it is there unless it was asked for.

use crate::support::program::{KEY, run};
use crate::support::{House, Http};

use super::{Desk, house_of_ann};

const CLOCK: [&str; 2] = ["/test/clock/advance?by=1s", "/test/clock"];
const MEMBERS: [&str; 3] = ["/test/members/ann/freeze", "/test/members/ann/nonsense", "/test/members/ann"];

#[tokio::test]
async fn without_its_switch_each_part_says_how_to_turn_it_on() {
    let house = House::open().await;
    let desk = Desk::of(&house);
    for path in CLOCK {
        let why = desk.is_refused(path, 404).await;
        assert_eq!(why, "test.clock is off: start roomgate with --test-clock for this, in tests only");
    }
    for path in MEMBERS {
        let why = desk.is_refused(path, 404).await;
        assert_eq!(why, "test.chaos is off: start roomgate with --test-chaos for this, in tests only");
    }
}

#[tokio::test]
async fn each_switch_turns_on_its_own_part() {
    let house = House::with_still_clock(|settings| settings.test.clock = true).await;
    let desk = Desk::of(&house);
    desk.turns("1s").await;
    assert_eq!(house.gateway.clock().turned(), Some(std::time::Duration::from_secs(1)));
    assert!(desk.is_refused(MEMBERS[0], 404).await.contains("test.chaos"));
    let (_house, _, _ann, desk) = house_of_ann().await;
    desk.does(MEMBERS[0]).await;
    assert!(desk.is_refused(CLOCK[0], 404).await.contains("test.clock"));
}

#[tokio::test]
async fn web_pages_and_the_public_listener_have_no_part_in_it() {
    let house = House::with_still_clock(|settings| (settings.test.clock, settings.test.chaos) = (true, true)).await;
    let internal = Http::to(house.gateway.internal_addr());
    for path in [CLOCK[0], MEMBERS[0]] {
        let page = internal.send("POST", path, &[("Origin", "http://127.0.0.1:8080")], b"").await;
        assert_eq!(page.status, 403, "{path}");
        assert_eq!(house.http().send("POST", path, &[], b"").await.status, 404, "{path}");
    }
    assert_eq!(house.gateway.clock().turned(), Some(std::time::Duration::ZERO));
}

#[tokio::test]
async fn time_does_not_stand_still_over_a_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let (code, _, error) = run(&[&["--test-clock", "--data", data][..], &KEY].concat()).await;
    assert_eq!((code, error.lines().count()), (Some(2), 1), "{error}");
    assert!(error.contains("test.clock: expected memory") && error.contains(data), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was begun there");
}

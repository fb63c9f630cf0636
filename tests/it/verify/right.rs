//! The gateway keeps its promises.

use crate::support::House;
use crate::support::program::KEY;

use super::verify;

#[tokio::test]
async fn a_gateway_of_its_own_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let run = verify(folder.path(), &["--quick", "--seed", "1", "--json", "verdicts.json"]).await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
    assert!(run.stdout.starts_with("seed 1\n"), "{}", run.stdout);
    assert_eq!(run.all("ok").len(), 15, "{}", run.stdout);
    let json = std::fs::read_to_string(folder.path().join("verdicts.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["seed"], json["verdicts"].as_array().map(Vec::len)), (&1.into(), Some(15)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[tokio::test]
async fn one_that_runs_elsewhere_is_judged_as_far_as_it_can_be_reached() {
    let house = House::open().await;
    let folder = tempfile::tempdir().unwrap();
    let target = format!("http://{}", house.gateway.addr());
    let run = verify(folder.path(), &[&["--quick", "--target", &target], &KEY[..]].concat()).await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
    assert_eq!(run.all("skipped"), ["memory", "durable", "webhooks"], "{}", run.stdout);
    assert_eq!(run.all("ok").len(), 12, "{}", run.stdout);
}

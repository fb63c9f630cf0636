//! Each scenario, small, on a child of its own.

use serde_json::Value;

use super::{deliveries, load_well, number};
use crate::support::program::run;

/// Twenty members in two rooms for a second.
const SMALL: &str = "--members 20 --rooms 2 --duration 1s --warm-up 200ms";

async fn phases(options: &str) -> Vec<Value> {
    let report = load_well(&format!("{SMALL} {options}")).await;
    assert_eq!(report["connections"]["came"], 20);
    assert!(report["server"]["child"] == true && report["server"]["memory_per_member_kib"].is_f64());
    report["phases"].as_array().expect("phases").clone()
}

fn names(phases: &[Value]) -> Vec<&str> {
    phases.iter().map(|phase| phase["name"].as_str().expect("a name")).collect()
}

fn assert_exact(phase: &Value) {
    let reach = &phase["reach"];
    assert_eq!((&reach["expected"], &reach["share"]), (&reach["received"], &1.0.into()), "{phase}");
    assert_eq!(deliveries(phase), number(&reach["received"]), "{phase}");
}

#[tokio::test]
async fn every_message_to_a_room_reaches_all_of_it_through_either_door() {
    for options in ["", "--rate max --via rest", "--rate 20", "--rate 20 --via socket"] {
        let phases = phases(options).await;
        let [phase] = &phases[..] else { panic!("{phases:?}") };
        assert_exact(phase);
        assert!(number(&phase["deliveries"]) > 0 && number(&phase["reach"]["expected"]).is_multiple_of(10));
        assert!(number(&phase["lanes"][0]["latency"]["max_us"]) > 0);
        assert_eq!(phase["lag"].is_null(), !options.contains("20"), "{options}");
    }
}

#[tokio::test]
async fn a_paced_run_sends_at_its_rate() {
    let phases = phases("--rate 20").await;
    let messages = number(&phases[0]["messages"]);
    assert!((36..=44).contains(&messages), "20 a second in each of two rooms, {messages}");
}

#[tokio::test]
async fn directed_messages_are_counted_by_how_many_they_are_for() {
    for options in ["--scenario directed", "--scenario directed --via socket --rate 50"] {
        let phases = phases(options).await;
        assert_eq!(names(&phases), ["to 1", "to 10 each"]);
        phases.iter().for_each(assert_exact);
        assert!(number(&phases[1]["reach"]["expected"]).is_multiple_of(10));
    }
}

#[tokio::test]
async fn mixed_lanes_are_told_apart() {
    let phases = phases("--scenario mixed --rate 40 --high 20%").await;
    assert_exact(&phases[0]);
    let lanes: Vec<_> = phases[0]["lanes"].as_array().expect("lanes").iter().map(|lane| &lane["lane"]).collect();
    assert_eq!(lanes, ["normal", "high"]);
    let of = |lane: usize| number(&phases[0]["lanes"][lane]["deliveries"]);
    assert!(of(1) > 0 && of(0) > 2 * of(1), "8 of 40 are urgent");
    assert_eq!(of(0) + of(1), deliveries(&phases[0]));
}

#[tokio::test]
async fn who_goes_and_comes_gets_what_was_said_while_it_was_there() {
    let phases = phases("--scenario churn --churn 100 --rate 50").await;
    let (churn, between) = (&phases[0]["churn"], &phases[0]["reach"]["between"]);
    assert!(number(&churn["went"]) > 0 && number(&churn["came"]) > 0 && churn["failed"] == 0, "{churn}");
    assert_eq!(phases[0]["reach"]["share"], 1.0);
    let [least, received, most] = ["at_least", "received", "at_most"].map(|name| number(&between[name]));
    assert!(least <= received && received <= most && least > 0, "{between}");
}

#[tokio::test]
async fn a_storm_with_sessions_loses_nothing_and_one_without_says_what_was_missed() {
    let phases = phases("--scenario storm --rate 100").await;
    assert_eq!(names(&phases), ["storm, with resume", "storm, afresh"]);
    for (phase, resumed) in phases.iter().zip([20, 0]) {
        let storm = &phase["storm"];
        assert_eq!((&storm["cut"], &storm["back"], &storm["resumed"]), (&20.into(), &20.into(), &resumed.into()));
    }
    assert_exact(&phases[0]);
    assert_eq!((&phases[0]["storm"]["missed"], &phases[1]["reach"]["expected"]), (&0.into(), &0.into()));
}

#[tokio::test]
async fn idle_members_hear_one_message_in_the_end() {
    let phases = phases("--scenario idle").await;
    assert_eq!(names(&phases), ["idle", "one message a room"]);
    assert_eq!((deliveries(&phases[0]), number(&phases[1]["reach"]["expected"])), (0, 20));
    assert_exact(&phases[1]);
}

#[tokio::test]
async fn people_get_a_table_and_a_drawing() {
    let folder = tempfile::tempdir().unwrap();
    let (json, svg) = (folder.path().join("load.json"), folder.path().join("load.svg"));
    let (json, svg) = (json.to_str().unwrap(), svg.to_str().unwrap());
    let words: Vec<&str> = ["load", "--json", json, "--plot", svg].into_iter().chain(SMALL.split(' ')).collect();
    let (code, table, stderr) = run(&words).await;
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    for part in
        ["scenario  fanout, as fast as it goes", "reach       100 %", "lane    deliveries  looked at  p50", "normal"]
    {
        assert!(table.contains(part), "{part:?} is not in:\n{table}");
    }
    let report: Value = serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
    assert_eq!(report["settings"]["scenario"], "fanout");
    let drawing = std::fs::read_to_string(svg).unwrap();
    assert!(drawing.starts_with("<svg") && drawing.contains("normal p99") && drawing.contains("percentile"));
}

//! The checker is checked: every gateway that is wrong on purpose is caught, by the promise that it breaks and by no other that has nothing
//! to do with it.

use std::collections::HashSet;
use std::time::Duration;

use roomgate::base::wrong::{VARIABLE, Wrong};
use roomgate::harness::verify::checker::Invariant::{self, *};
use roomgate::harness::verify::checker::Outcome;
use roomgate::harness::verify::history::Bounds;
use roomgate::harness::verify::making::{Faults, Size, make};
use roomgate::harness::verify::plan::Plan;
use roomgate::harness::verify::run::{Order, Report, run};
use roomgate::harness::verify::world::Target;
use tokio::sync::Semaphore;

/// So many run at the same time: each is a busy gateway and its members, and timing is what they are about.
static TURNS: Semaphore = Semaphore::const_new(2);
/// A run on a machine that has other things to do.
const A_RUN: Duration = Duration::from_secs(240);
/// Some faults are a matter of chance: whether a frame was on its way as a connection broke, or a commit as the process died.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=3;

/// A part of the quick plan that costs time and that only some faults need.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Very many messages.
    Volume,
    /// Very many connections.
    Churn,
    /// The process is killed.
    Kills,
}
use Part::{Churn, Kills, Volume};

macro_rules! gateways {
    ($($test:ident: $wrong:ident $(with $part:ident)? breaks $breaks:ident $(perhaps $($perhaps:ident)+)?;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                is_caught(Wrong::$wrong, &[$($part)?], $breaks, &[$($($perhaps),+)?]).await;
            }
        )*

        /// Each that is tried, and what it breaks.
        const TRIED: &[(Wrong, Invariant)] = &[$((Wrong::$wrong, $breaks),)*];
    };
}

// What one fault brings along is perhaps found too: whoever swaps two messages swaps their times, and a notice may have come between; who
// is put out and still hears a room may speak there; a frame before a login disturbs what a member counts for its resume.
gateways! {
    a_directed_message_to_one_more_is_caught: ExtraMember breaks DirectedSecrecy;
    a_message_to_another_room_is_caught: WrongRoom breaks RoomIsolation perhaps AfterKick;
    a_message_to_who_has_left_is_caught: DeliversToLeft breaks RoomIsolation perhaps Once;
    swapped_messages_are_caught: Swap with Volume breaks Order perhaps Time NoLoss;
    one_lost_delivery_in_10_000_is_caught: DropRare with Volume breaks NoLoss perhaps Accounted;
    lost_directed_messages_are_caught: DropDirected breaks NoLoss perhaps Accounted;
    deliveries_that_come_twice_are_caught: DeliversTwice breaks Once perhaps Accounted;
    frames_that_come_again_after_a_resume_are_caught: DuplicateAfterResume breaks Once perhaps Time Accounted;
    frames_that_are_lost_in_an_absence_are_caught: LoseAfterResume breaks NoLoss perhaps Accounted;
    what_is_sent_again_to_all_is_caught: DuplicateResend breaks Once perhaps Accounted;
    a_message_in_another_name_is_caught: WrongSender breaks NoFabrication perhaps Time Order;
    a_letter_that_is_changed_is_caught: AlteredContent breaks NoFabrication perhaps Webhooks;
    a_message_that_nobody_sent_is_caught: MadeUp breaks NoFabrication perhaps Accounted;
    urgent_frames_in_the_normal_lane_are_caught: IgnoresHighLane breaks Overtaking perhaps Time Order;
    a_normal_lane_that_starves_is_caught: StarvesNormal breaks Overtaking;
    a_loss_that_is_not_told_is_caught: ForgetsLost breaks Accounted;
    a_loss_that_is_counted_wrong_is_caught: WrongLostCount breaks Accounted;
    a_lane_that_drops_too_soon_is_caught: LowBound breaks NoLoss;
    a_change_that_is_answered_too_soon_is_caught: AcknowledgesBeforeCommit with Kills breaks Durable;
    a_history_with_gaps_is_caught: ForgetsHistory with Kills breaks Durable;
    memory_that_connections_leave_behind_is_caught: LeaksPerDisconnect with Churn breaks Memory;
    a_message_before_the_login_is_caught: SpeaksBeforeLogin breaks BeforeLogin perhaps NoLoss;
    a_message_after_a_kick_is_caught: SpeaksAfterKick breaks AfterKick perhaps Accounted NoFabrication;
    a_time_that_goes_back_is_caught: TimeGoesBack breaks Time perhaps Accounted;
    an_outcome_that_claims_too_much_is_caught: ClaimsDelivery breaks Accounted;
    an_outcome_that_claims_too_little_is_caught: DeniesDelivery breaks Accounted;
    an_event_that_is_not_sent_again_is_caught: WebhookLost breaks Webhooks;
    an_event_that_is_never_made_is_caught: WebhookForgotten breaks Webhooks;
    an_event_with_another_body_is_caught: WebhookChangedBody breaks Webhooks;
    an_event_with_another_id_is_caught: WebhookChangedId breaks Webhooks;
    an_event_of_what_was_refused_is_caught: WebhookTellsRefused breaks Webhooks;
    a_panic_is_caught: PanicsSometimes breaks NoPanic;
    who_is_muted_and_speaks_is_caught: MutedMaySpeak breaks NoFabrication;
}

/// The quick plan of a seed, of the costly parts these only.
fn plan(seed: u64, parts: &[Part]) -> Plan {
    let mut plan = make(seed, Size::quick(), Faults::all());
    plan.phases.retain(|phase| match phase.name.split(' ').next() {
        Some("volume") => parts.contains(&Volume),
        Some("churn" | "base" | "after") => parts.contains(&Churn),
        Some("kill" | "return" | "read") => parts.contains(&Kills),
        _ => true,
    });
    plan
}

async fn play(env: &[(&str, &str)], plan: Plan) -> Report {
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let path = env!("CARGO_BIN_EXE_roomgate").into();
    let order = Order { target: Target::Program { path, env, folder: None }, plan, bounds: Bounds::usual() };
    let _turn = TURNS.acquire().await.unwrap();
    tokio::time::timeout(A_RUN, run(&order, |_, _, _| ())).await.expect("it ends").expect("it runs")
}

async fn is_caught(wrong: Wrong, parts: &[Part], breaks: Invariant, perhaps: &[Invariant]) {
    for seed in SEEDS {
        let report = play(&[(VARIABLE, wrong.name())], plan(seed, parts)).await;
        let broken = report.broken();
        let unrelated = broken.iter().any(|invariant| *invariant != breaks && !perhaps.contains(invariant));
        assert!(!unrelated, "{}, seed {seed}: {}", wrong.name(), shown(&report));
        if broken.contains(&breaks) {
            return;
        }
    }
    panic!("{} was not caught", wrong.name());
}

/// What was broken, and how.
fn shown(report: &Report) -> String {
    let broken = report.verdicts.iter().filter_map(|verdict| match &verdict.outcome {
        Outcome::Broken { offences } => {
            let first: Vec<&str> = offences.iter().take(3).map(|offence| offence.text.as_str()).collect();
            Some(format!("{} {} times: {}", verdict.invariant, offences.len(), first.join("; ")))
        }
        _ => None,
    });
    broken.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_wrong_gateway_is_tried_and_documented() {
    let tried: HashSet<Wrong> = TRIED.iter().map(|(wrong, _)| *wrong).collect();
    assert_eq!((tried.len(), TRIED.len()), (Wrong::ALL.len(), Wrong::ALL.len()));
    let documented = include_str!("../../../docs/verify.md");
    for (wrong, breaks) in TRIED {
        let row = |line: &str| {
            line.starts_with(&format!("| `{}` |", wrong.name())) && line.ends_with(&format!("| `{breaks}` |"))
        };
        assert!(documented.lines().any(row), "docs/verify.md lacks {} and {breaks}", wrong.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_without_a_fault_breaks_nothing() {
    let report = play(&[], plan(1, &[Volume, Churn, Kills])).await;
    assert!(report.broken().is_empty(), "{}", shown(&report));
}

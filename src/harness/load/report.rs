//! What a run came to. Names have their units; what could not be measured is null.

use std::time::Duration;

use serde::Serialize;

use super::errors::ErrorCount;
use super::tally::Times;

/// All of it.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Version of this program.
    pub roomgate: &'static str,
    /// Version of this form; another one has another number.
    pub form: u32,
    /// What was to be done.
    pub settings: Settings,
    /// How the members came.
    pub connections: Connections,
    /// What was measured, in order.
    pub phases: Vec<Phase>,
    /// What went wrong.
    pub errors: Vec<ErrorCount>,
    /// Connections that were ended, and not from here.
    pub connections_ended: u64,
    /// Of these, those that ended without a word: no close frame came.
    pub connections_broken: u64,
    /// The gateway's process.
    pub server: Server,
    /// It was ended early.
    pub interrupted: bool,
    /// Everybody came, nobody's connection broke, and nothing is missing or too much without a word.
    pub whole: bool,
}

/// What was to be done.
#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// Its name.
    pub scenario: &'static str,
    /// `child`, or the address that was given.
    pub target: String,
    /// Members in all rooms.
    pub members: usize,
    /// Rooms.
    pub rooms: usize,
    /// Messages a second and room; null is as many as possible.
    pub rate_per_room: Option<f64>,
    /// `rest` or `socket`.
    pub via: &'static str,
    /// Messages on their way at a time.
    pub window: usize,
    /// Characters of each message.
    pub size: usize,
    /// How long each phase is measured.
    pub duration_s: f64,
    /// How long each phase runs before.
    pub warm_up_s: f64,
    /// Over which time connections are opened.
    pub ramp_s: f64,
    /// Frames between two `ack`; 0 is never.
    pub ack: u64,
    /// Members at which latencies are taken.
    pub sampled_members: usize,
    /// Receive buffer of a connection; null is the machine's own.
    pub receive_buffer_bytes: Option<u32>,
    /// What names begin with.
    pub prefix: String,
    /// The core that gateway and load are bound to; null is all.
    pub cores: Option<[usize; 2]>,
}

/// How the members came.
#[derive(Debug, Clone, Serialize)]
pub struct Connections {
    /// How many should.
    pub wanted: u64,
    /// How many did.
    pub came: u64,
    /// How long that took.
    pub seconds: f64,
    /// How many a second.
    pub per_second: f64,
    /// From connecting until the room was joined.
    pub coming: Latency,
}

/// How long something took. All null where it did not happen.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Latency {
    /// How many were looked at.
    pub count: u64,
    /// Half took no longer.
    pub p50_us: Option<u64>,
    /// 99 of 100.
    pub p99_us: Option<u64>,
    /// 999 of 1000.
    pub p999_us: Option<u64>,
    /// The longest.
    pub max_us: Option<u64>,
}

/// One phase.
#[derive(Debug, Clone, Serialize)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// How long it was measured. What is counted a second is counted in this time.
    pub seconds: f64,
    /// Messages that were accepted in that time.
    pub messages: u64,
    /// The same a second.
    pub messages_per_second: f64,
    /// Messages that came to members in that time.
    pub deliveries: u64,
    /// The same a second.
    pub deliveries_per_second: f64,
    /// Their frames.
    pub bytes_per_second: f64,
    /// How late they came, by lane. Counted from the moment a message was due, or was sent where none is due.
    pub lanes: Vec<LaneReport>,
    /// From sending a message to its answer.
    pub answers: Latency,
    /// From the moment a message was due until it was sent: what the load itself is late. Null where none is due.
    pub lag: Option<Latency>,
    /// What came of what was to come, over the whole phase.
    pub reach: Reach,
    /// The gateway's time on a core.
    pub server_cpu_s: Option<f64>,
    /// The same for each delivery.
    pub server_cpu_us_per_delivery: Option<f64>,
    /// The load's own time on a core.
    pub load_cpu_s: Option<f64>,
    /// How much of one core the load used, 0 to 1. It has only one thread that matters.
    pub load_busy: Option<f64>,
    /// Each second.
    pub timeline: Vec<Second>,
    /// Who went and came.
    pub churn: Option<Churn>,
    /// How all came back.
    pub storm: Option<Storm>,
}

/// One lane.
#[derive(Debug, Clone, Serialize)]
pub struct LaneReport {
    /// `normal` or `high`.
    pub lane: &'static str,
    /// Messages that came, over the whole phase.
    pub deliveries: u64,
    /// How late.
    pub latency: Latency,
    /// Pairs of a share of the deliveries, in percent, and how late they came at most, in microseconds.
    pub distribution: Vec<(f64, u64)>,
}

/// What came of what was to come.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Reach {
    /// Deliveries to members that were in their room all the time: exactly.
    pub expected: u64,
    /// Of these, what came.
    pub received: u64,
    /// `received` over `expected`; null where nothing was expected.
    pub share: Option<f64>,
    /// Of these, what was dropped because the member read too slowly, and the member was told (`lost`).
    pub told_lost: u64,
    /// Neither came nor was told. Of all members.
    pub missing: u64,
    /// Came without having been accepted for that member, or twice. Of all members.
    pub surplus: u64,
    /// Accepted before a member's connection ended, and not come by then.
    pub undelivered_at_end: u64,
    /// Members that were not there all the time: what they are owed is known only roughly.
    pub between: Between,
}

/// Members that were not there all the time.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Between {
    /// How many.
    pub members: u64,
    /// What they had to get at least.
    pub at_least: u64,
    /// And at most.
    pub at_most: u64,
    /// What they got.
    pub received: u64,
    /// What they were told is lost.
    pub told_lost: u64,
}

/// One second of a phase.
#[derive(Debug, Clone, Serialize)]
pub struct Second {
    /// When it ended, from the beginning of the phase.
    pub until_s: f64,
    /// Deliveries in it.
    pub deliveries: u64,
    /// Messages accepted in it.
    pub messages: u64,
    /// Late in the normal lane.
    pub normal: Latency,
    /// Late in the high lane.
    pub high: Latency,
    /// The gateway's time on a core.
    pub server_cpu_s: Option<f64>,
}

/// Members that went and came.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Churn {
    /// How many went.
    pub went: u64,
    /// How many came.
    pub came: u64,
    /// How many could not come.
    pub failed: u64,
    /// From connecting until the room was joined.
    pub coming: Latency,
    /// From asking to leave until that was answered.
    pub going: Latency,
}

/// All connections were cut and came back.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Storm {
    /// Connections that were cut.
    pub cut: u64,
    /// Members that are back.
    pub back: u64,
    /// Of these, those whose session went on.
    pub resumed: u64,
    /// From the cut until the last one was back.
    pub seconds: f64,
    /// Members back a second.
    pub per_second: f64,
    /// From connecting until it was back, for each.
    pub coming: Latency,
    /// Accepted while members without their session were away, so that they did not get it.
    pub missed: u64,
}

/// The gateway's process.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Server {
    /// It was started for this run.
    pub child: bool,
    /// It ended before it was asked to.
    pub ended: bool,
    /// Its memory before members came.
    pub memory_before_kib: Option<u64>,
    /// With all of them, before messages.
    pub memory_with_members_kib: Option<u64>,
    /// After the last phase.
    pub memory_after_kib: Option<u64>,
    /// What a member adds.
    pub memory_per_member_kib: Option<f64>,
}

impl Latency {
    /// Of these times.
    pub fn of(times: &Times) -> Latency {
        let at = |quantile| (!times.is_empty()).then(|| times.value_at_quantile(quantile));
        Latency {
            count: times.len(),
            p50_us: at(0.5),
            p99_us: at(0.99),
            p999_us: at(0.999),
            max_us: (!times.is_empty()).then(|| times.max()),
        }
    }
}

/// The distribution of times, from all to one in a hundred thousand.
pub fn distribution(times: &Times) -> Vec<(f64, u64)> {
    times.iter_quantiles(5).map(|step| (step.quantile() * 100.0, step.value_iterated_to())).collect()
}

/// A rate.
pub fn per_second(count: u64, time: Duration) -> f64 {
    if time.is_zero() { 0.0 } else { count as f64 / time.as_secs_f64() }
}

//! What can be said on the command line, and the plan that it makes.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;
use roomgate::base::read_time;
use roomgate::harness::load::{Plan, Rate, Scenario, Via};

use crate::cli::caller::server_api;
use crate::cli::failure::Failure;

/// Numbers of recipients where none were given.
const RECIPIENTS: [usize; 3] = [1, 10, 100];

/// Without --target a gateway is started for the run, in memory or in the folder that --data names; what follows `--` are options of its
/// `serve`. With --target accounts and rooms are made there under a prefix of their own; --data is then where its credentials are.
#[derive(Args)]
pub(super) struct Load {
    /// The gateway to drive, as its application server reaches it; a child of its own if left out
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// Process of that gateway on this machine, for its CPU and memory
    #[arg(long, value_name = "PID", requires = "target")]
    pub(super) pid: Option<u32>,
    /// What happens: fanout, directed, mixed lanes, churn, storm, idle
    #[arg(long, value_name = "NAME", default_value = "fanout", value_parser = PossibleValuesParser::new(["fanout", "directed", "mixed", "churn", "storm", "idle"]))]
    scenario: String,
    /// Members in all rooms together
    #[arg(long, value_name = "COUNT", default_value = "100")]
    members: usize,
    /// Rooms that the members are spread over
    #[arg(long, value_name = "COUNT", default_value = "1")]
    rooms: usize,
    /// Messages a second in each room, sent on time whether or not the last were answered; or max, as many as are taken in. Left out:
    /// max with fanout, directed and mixed, else 10
    #[arg(long, value_name = "RATE|max", value_parser = rate)]
    rate: Option<Rate>,
    /// Length of a message's text: 128, 1KiB
    #[arg(long, value_name = "BYTES", default_value = "128", value_parser = size)]
    size: usize,
    /// How long each phase is measured
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    duration: Duration,
    /// How long each phase runs before it is measured
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration)]
    warm_up: Duration,
    /// Over which time connections are opened; as fast as it goes if left out
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration)]
    ramp: Duration,
    /// Connections being opened at a time
    #[arg(long, value_name = "COUNT", default_value = "64")]
    opening: usize,
    /// With directed: how many each message is for, a phase each [default: those of 1,10,100 that a room has]
    #[arg(long, value_name = "COUNT,...", value_delimiter = ',')]
    recipients: Vec<usize>,
    /// With mixed: how much is high priority; at most 9 a second and room, since a gateway lets 10 pass
    #[arg(long, value_name = "SHARE", default_value = "5%", value_parser = share)]
    high: f64,
    /// With churn: members that go or come a second
    #[arg(long, value_name = "COUNT", default_value = "20", value_parser = positive)]
    churn: f64,
    /// Door that messages go through: rest, the signed server API, or socket, members. Left out: socket where rooms are filled at rate max,
    /// else rest
    #[arg(long, value_name = "DOOR", value_parser = PossibleValuesParser::new(["rest", "socket"]))]
    via: Option<String>,
    /// Messages on their way at a time, in all [default: 32 with rest, 256 with socket]
    #[arg(long, value_name = "COUNT")]
    window: Option<usize>,
    /// Members of each room that send, with --via socket
    #[arg(long, value_name = "COUNT", default_value = "4")]
    senders: usize,
    /// Frames after which a member says that it has them; 0 is never
    #[arg(long, value_name = "COUNT", default_value = "32")]
    ack: u64,
    /// Take latencies at every so many members [default: all; with --rate max about 100 members]
    #[arg(long, value_name = "COUNT")]
    sample: Option<usize>,
    /// Receive buffer of each connection; the machine's own if left out
    #[arg(long, value_name = "BYTES", value_parser = size)]
    receive_buffer: Option<usize>,
    /// What names of accounts and rooms begin with; something random if left out
    #[arg(long, value_name = "TEXT", value_parser = prefix)]
    prefix: Option<String>,
    /// Bind the child to one core and the load to another, for figures that compare
    #[arg(long, conflicts_with = "target")]
    pub(super) pin: bool,
    /// Write all figures there as JSON; - is standard output, instead of the table
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Draw latency over time, and its distribution, as SVG
    #[arg(long, value_name = "FILE")]
    pub(super) plot: Option<PathBuf>,
    /// Options of the child: -- --writers 1
    #[arg(last = true, value_name = "OPTION", conflicts_with = "target")]
    pub(super) serve: Vec<OsString>,
}

/// The same, checked.
pub(super) struct Said {
    pub(super) plan: Plan,
    /// The server API of the gateway; a child where there is none.
    pub(super) url: Option<String>,
}

impl Load {
    /// What it comes to.
    pub(super) fn said(&self) -> Result<Said, Failure> {
        let plan = self.plan()?;
        plan.check().map_err(Failure::usage)?;
        Ok(Said { plan, url: self.target.as_deref().map(server_api) })
    }

    fn plan(&self) -> Result<Plan, Failure> {
        Ok(Plan {
            scenario: self.scenario(),
            members: self.members,
            rooms: self.rooms,
            rate: self.rate,
            via: self.via.as_deref().map(|via| if via == "rest" { Via::Rest } else { Via::Socket }),
            size: self.size,
            duration: self.duration,
            warm_up: self.warm_up,
            ramp: self.ramp,
            opening: self.opening.max(1),
            window: self.window,
            senders: self.senders,
            ack: self.ack,
            sample: self.sample,
            receive_buffer: self.receive_buffer.map(u32::try_from).transpose().map_err(Failure::usage)?,
            prefix: self.prefix.clone(),
            cores: None,
        })
    }

    fn scenario(&self) -> Scenario {
        match self.scenario.as_str() {
            "directed" => Scenario::Directed { recipients: self.recipients() },
            "mixed" => Scenario::Mixed { high: self.high },
            "churn" => Scenario::Churn { per_second: self.churn },
            "storm" => Scenario::Storm,
            "idle" => Scenario::Idle,
            _ => Scenario::Fanout,
        }
    }

    fn recipients(&self) -> Vec<usize> {
        let in_a_room = self.members / self.rooms.max(1);
        match self.recipients.as_slice() {
            [] => RECIPIENTS.into_iter().filter(|count| *count <= in_a_room).collect(),
            given => given.to_vec(),
        }
    }
}

fn rate(text: &str) -> Result<Rate, String> {
    if text == "max" {
        return Ok(Rate::Max);
    }
    positive(text).map(Rate::PerRoom).map_err(|_| "expected a number above 0, or max".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0 && *number <= 1e6);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.parse().ok().map(|percent: f64| percent / 100.0),
        None => text.parse().ok(),
    };
    let share = share.filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "expected a share between 0 and 1 such as 5% or 0.05".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    read_time(text).ok_or_else(|| "expected a time such as 500ms, 10s or 2m".to_owned())
}

fn size(text: &str) -> Result<usize, String> {
    let units = [("KiB", 1024), ("MiB", 1024 * 1024), ("B", 1), ("", 1)];
    let read = |(unit, bytes): (&str, usize)| text.strip_suffix(unit)?.parse::<usize>().ok()?.checked_mul(bytes);
    units.into_iter().find_map(read).ok_or_else(|| "expected bytes such as 128 or 1KiB".to_owned())
}

/// It becomes part of accounts' names.
fn prefix(text: &str) -> Result<String, String> {
    let fits = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    fits.then(|| text.to_owned()).ok_or_else(|| "expected 1 to 16 lower-case letters and digits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::said;

    fn plan(line: &str) -> Plan {
        said::<Load>(line).unwrap().said().unwrap_or_else(|failure| panic!("{failure}")).plan
    }

    fn complaint(line: &str) -> String {
        match said::<Load>(line).map(|load| load.said()) {
            Ok(Ok(_)) => panic!("{line} is taken"),
            Ok(Err(failure)) | Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn a_line_becomes_a_plan() {
        let line = "load --members 2000 --rooms 4 --scenario mixed --high 10% --rate 50 --size 1KiB --duration 3s --ramp 500ms";
        let plan = plan(line);
        assert_eq!((plan.members, plan.rooms, plan.size), (2000, 4, 1024));
        assert_eq!((plan.scenario, plan.rate), (Scenario::Mixed { high: 0.1 }, Some(Rate::PerRoom(50.0))));
        assert_eq!((plan.duration, plan.ramp), (Duration::from_secs(3), Duration::from_millis(500)));
    }

    #[test]
    fn only_so_many_recipients_as_a_room_has_where_none_were_given() {
        let directed = |recipients: &[usize]| Scenario::Directed { recipients: recipients.to_vec() };
        assert_eq!(plan("load --scenario directed --members 20").scenario, directed(&[1, 10]));
        assert_eq!(plan("load --scenario directed --recipients 7,20 --members 20").scenario, directed(&[7, 20]));
        assert!(complaint("load --scenario directed --recipients 21 --members 20").contains("1 to 20"));
    }

    #[test]
    fn an_address_and_a_childs_options_do_not_go_together() {
        let load: Load = said("load --target http://127.0.0.1:1").unwrap();
        assert_eq!(load.said().unwrap_or_else(|_| panic!()).url.as_deref(), Some("http://127.0.0.1:1/nimserver"));
        let load: Load = said("load -- --writers 1").unwrap();
        assert_eq!(load.serve, ["--writers", "1"]);
        for line in ["load --target http://a:1 --pin", "load --target http://a:1 -- --writers 1", "load --pid 3"] {
            let words = ["roomgate"].into_iter().chain(line.split(' '));
            assert!(crate::cli::command().try_get_matches_from(words).is_err(), "{line}");
        }
    }

    #[test]
    fn each_notation_is_read() {
        assert_eq!([size("128"), size("1KiB"), size("2MiB"), size("7B")], [Ok(128), Ok(1024), Ok(2_097_152), Ok(7)]);
        assert_eq!([share("5%"), share("0.05")], [Ok(0.05), Ok(0.05)]);
        assert!(["", "x", "-1", "1GB"].into_iter().all(|text| size(text).is_err()));
        assert!(["0", "100%", "1.5", "x"].into_iter().all(|text| share(text).is_err()));
        assert!(["0", "-1", "inf", "NaN", "some"].into_iter().all(|text| rate(text).is_err()));
        assert!(["", "Load", "a-b", "abcdefghijklmnopq"].into_iter().all(|text| prefix(text).is_err()));
    }
}

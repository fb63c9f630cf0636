//! Every option, once: its key, who uses it, what it takes, what it means and where its value goes. Flags, environment
//! variables, file keys, help and documents all come from this table, so one more option is one more row.

use std::ops::RangeInclusive;
use std::time::Duration;

use roomgate::settings::Replay;
use tracing::level_filters::LevelFilter;

use super::config::{Config, LogFormat};
use super::field::{Choice, Field, Folder, List, Listen, Number, Secret, Text, Time};
use super::rules;

/// One option.
pub(super) struct Row {
    /// Its key in the file; what is before the dot is its section.
    pub(super) key: &'static str,
    pub(super) used: Used,
    /// What stands for its value in help.
    pub(super) value: &'static str,
    pub(super) help: &'static str,
    /// Where its value goes.
    pub(super) field: for<'a> fn(&'a mut Config) -> Box<dyn Field + 'a>,
}

/// Which commands an option belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Used {
    /// Those that run a gateway.
    Serving,
    /// Those that call one.
    Calling,
    /// All of them.
    Both,
}

use Used::{Both, Calling, Serving};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const HOUR: Duration = Duration::from_secs(3600);
const TIME: RangeInclusive<Duration> = Duration::from_millis(1)..=HOUR;
const TIME_OR_NONE: RangeInclusive<Duration> = Duration::ZERO..=HOUR;
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
const RATE: RangeInclusive<u32> = 1..=1_000_000;
const SWITCH: &[(&str, bool)] = &[("true", true), ("false", false)];
const DEMO: &[(&str, Option<bool>)] = &[("auto", None), ("true", Some(true)), ("false", Some(false))];
const REPLAY: &[(&str, Replay)] = &[("accept", Replay::Accept), ("reject", Replay::Reject)];
const LOG: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
const LEVELS: &[(&str, LevelFilter)] = &[
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

/// All of them, in the order of the help.
#[rustfmt::skip] // It is read as a table.
pub(super) const ROWS: &[Row] = &[
    Row { key: "listen", used: Serving, value: "IP:PORT",
          field: |c| Box::new(Listen(&mut c.settings.listen)),
          help: "Where members and application servers connect; :PORT is on 127.0.0.1, port 0 takes a free one" },
    Row { key: "internal_listen", used: Serving, value: "IP:PORT",
          field: |c| Box::new(Listen(&mut c.settings.internal_listen)),
          help: "Where /healthz, /readyz and /metrics are; keep it private" },
    Row { key: "url", used: Calling, value: "URL",
          field: |c| Box::new(Text(&mut c.url, rules::URL)),
          help: "The server API of the gateway to call; /nimserver if it has no path" },
    Row { key: "data", used: Both, value: "FOLDER",
          field: |c| Box::new(Folder { path: &mut c.data, memory: &mut c.memory }),
          help: "Folder of accounts, rooms, histories and credentials" },
    Row { key: "memory", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.memory, SWITCH)),
          help: "Keep everything in memory and forget it at the end, instead of in the data folder" },
    Row { key: "app_key", used: Both, value: "KEY",
          field: |c| Box::new(Text(&mut c.app_key, rules::KEY)),
          help: "Key of the application, with app_secret; those in the data folder if left out" },
    Row { key: "app_secret", used: Both, value: "SECRET",
          field: |c| Box::new(Secret(&mut c.app_secret, rules::KEY)),
          help: "Secret of the application; others on this machine can see it as a flag, not in environment or file" },
    Row { key: "log", used: Serving, value: "FORMAT",
          field: |c| Box::new(Choice(&mut c.log, LOG)),
          help: "How log lines on standard error look: text or json" },
    Row { key: "log_level", used: Serving, value: "LEVEL",
          field: |c| Box::new(Choice(&mut c.log_level, LEVELS)),
          help: "What is logged: off, error, warn, info, debug or trace" },
    Row { key: "demo", used: Serving, value: "auto|true|false",
          field: |c| Box::new(Choice(&mut c.settings.demo, DEMO)),
          help: "Serve the browser demo: true, false, or auto, which is true where listen is a loopback address" },
    Row { key: "public_addresses", used: Serving, value: "HOST:PORT,...",
          field: |c| Box::new(List(&mut c.settings.public_addresses, rules::HOST_AND_PORT)),
          help: "Addresses that requestAddr answers; the listening address if left out" },
    Row { key: "writers", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.writers, 0..=256)),
          help: "Tasks that write to members; 0 means one a core" },
    Row { key: "rest.replay", used: Serving, value: "CHOICE",
          field: |c| Box::new(Choice(&mut c.settings.rest.replay, REPLAY)),
          help: "Signed headers used a second time within their five minutes: accept, or reject with 431" },
    Row { key: "socket.allowed_origins", used: Serving, value: "ORIGIN,...",
          field: |c| Box::new(List(&mut c.settings.socket.allowed_origins, rules::ORIGIN)),
          help: "Origins that browser pages may come from, besides the gateway's own" },
    Row { key: "socket.send_buffer_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.socket.send_buffer_bytes, 4 * KIB..=4 * MIB)),
          help: "Kernel send buffer of a member's socket: what an urgent frame can't overtake" },
    Row { key: "socket.message_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.socket.message_bytes, KIB..=MIB)),
          help: "Largest message of a client" },
    Row { key: "socket.login_timeout", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.socket.login_timeout, TIME)),
          help: "Time from the handshake to the login" },
    Row { key: "socket.ping_interval", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.socket.ping_interval, TIME)),
          help: "How often a member is sent a ping" },
    Row { key: "socket.ping_timeout", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.socket.ping_timeout, TIME)),
          help: "How long after a ping something must come back" },
    Row { key: "socket.stall_timeout", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.socket.stall_timeout, TIME)),
          help: "How long a member's socket may take nothing while something waits for it" },
    Row { key: "socket.frames_per_second", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.socket.frames_per_second, RATE)),
          help: "Text frames a client may send each second; twice as many in a burst" },
    Row { key: "socket.control_frames_per_second", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.socket.control_frames_per_second, RATE)),
          help: "Pings and pongs a client may send each second; twice as many in a burst" },
    Row { key: "socket.echo_path", used: Serving, value: "PATH",
          field: |c| Box::new(Text(&mut c.settings.socket.echo_path, rules::ECHO_PATH)),
          help: "Path that returns every message unchanged, for conformance suites; off if left out" },
    Row { key: "lanes.high_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.lanes.high_bytes, 16 * KIB..=64 * MIB)),
          help: "High-priority frames that may wait for one member; one who fills it is closed as too slow" },
    Row { key: "lanes.normal_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.lanes.normal_bytes, 32 * KIB..=64 * MIB)),
          help: "Normal frames that may wait for one member; the oldest are dropped beyond, and the member is told" },
    Row { key: "limits.connections", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.limits.connections, 1..=10_000_000)),
          help: "Connections on the public address; more are answered 503" },
    Row { key: "limits.sessions_per_account", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.limits.sessions_per_account, 1..=1_000_000)),
          help: "Sessions of one account; the oldest gives way to one more" },
    Row { key: "limits.rooms_per_session", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.limits.rooms_per_session, 1..=10_000)),
          help: "Rooms one session is in; joining one more is refused with 419" },
    Row { key: "limits.notices_up_to", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.limits.notices_up_to, 0..=1_000_000)),
          help: "Members up to which a room tells everybody who enters and leaves" },
    Row { key: "limits.rooms", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.limits.rooms, 1..=100_000_000)),
          help: "Open rooms; making or opening one more is refused with 419" },
    Row { key: "limits.high_priority_per_second", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.limits.high_priority_per_second, 0..=1_000_000)),
          help: "High-priority messages to one whole room each second; more go in their turn. 0 is no limit" },
    Row { key: "limits.calls_per_second", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.limits.calls_per_second, 0..=1_000_000)),
          help: "Calls of one action of the server API each second; more get 416 for ten seconds. 0 is no limit" },
    Row { key: "rooms.scheduled_closing", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.rooms.scheduled_closing, SWITCH)),
          help: "Rooms may be scheduled to close by themselves; without it calls that ask for that get 13009" },
    Row { key: "rooms.broadcast", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.rooms.broadcast, SWITCH)),
          help: "Messages may be sent to all rooms at once; without it such a call gets 403" },
    Row { key: "history.keep", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.history.keep, Duration::ZERO..=YEAR)),
          help: "How long rooms keep their messages; 0 keeps none" },
    Row { key: "history.messages_per_room", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.history.messages_per_room, 1..=100_000_000)),
          help: "Messages one room keeps, the newest" },
    Row { key: "stop.grace", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.stop.grace, TIME_OR_NONE)),
          help: "How long sessions may take to get what waits for them when the gateway stops" },
    Row { key: "stop.reconnect_spread", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.stop.reconnect_spread, TIME_OR_NONE)),
          help: "Over how long the clients' coming back is spread then" },
];

impl Row {
    /// Its flag, without the dashes.
    pub(super) fn flag(&self) -> String {
        self.key.replace(['.', '_'], "-")
    }

    /// Its environment variable.
    pub(super) fn variable(&self) -> String {
        format!("ROOMGATE_{}", self.key.replace('.', "_").to_ascii_uppercase())
    }

    /// What it is when nobody says anything.
    pub(super) fn default(&self) -> Option<String> {
        (self.field)(&mut Config::default()).show()
    }

    /// Whether a command that is `using` has it.
    pub(super) fn is_for(&self, using: Used) -> bool {
        self.used == Both || self.used == using
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::{Given, Value};
    use super::*;

    #[test]
    fn every_default_is_a_value_its_own_option_takes() {
        for row in ROWS {
            let Some(default) = row.default() else { continue };
            let mut config = Config::default();
            let given = Given { key: row.key, source: row.flag(), value: Value::Text(default.clone()) };
            (row.field)(&mut config).set(&given).unwrap();
            assert_eq!((row.field)(&mut config).show(), Some(default), "{}", row.key);
        }
    }

    #[test]
    fn names_are_made_from_the_key() {
        let row = ROWS.iter().find(|row| row.key == "socket.ping_interval").unwrap();
        assert_eq!(row.flag(), "socket-ping-interval");
        assert_eq!(row.variable(), "ROOMGATE_SOCKET_PING_INTERVAL");
    }

    #[test]
    fn no_two_options_share_a_name() {
        let mut flags: Vec<String> = ROWS.iter().map(Row::flag).collect();
        flags.sort();
        flags.dedup();
        assert_eq!(flags.len(), ROWS.len());
    }
}

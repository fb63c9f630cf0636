//! Every option, once: its key, who uses it, what it takes, what it means and where its value goes. Flags, environment
//! variables, file keys, help and documents all come from this table, so one more option is one more row.

use std::ops::RangeInclusive;
use std::time::Duration;

use roomgate::settings::{Moderator, OnFailure, Refused, Replay};
use tracing::level_filters::LevelFilter;

use super::config::{Config, LogFormat};
use super::field::{
    Address, Addresses, Choice, Field, File, Folder, List, Listen, Networks, Number, Secret, Text, Time,
};
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
const ANSWER_TIME: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(30);
const TIME_OR_NONE: RangeInclusive<Duration> = Duration::ZERO..=HOUR;
const DAY: Duration = Duration::from_secs(24 * 3600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
const RATE: RangeInclusive<u32> = 1..=1_000_000;
const SWITCH: &[(&str, bool)] = &[("true", true), ("false", false)];
const DEMO: &[(&str, Option<bool>)] = &[("auto", None), ("true", Some(true)), ("false", Some(false))];
const REPLAY: &[(&str, Replay)] = &[("accept", Replay::Accept), ("reject", Replay::Reject)];
const ON_FAILURE: &[(&str, OnFailure)] = &[("pass", OnFailure::Pass), ("refuse", OnFailure::Refuse)];
const MODERATOR: &[(&str, Moderator)] =
    &[("off", Moderator::Off), ("words", Moderator::Words), ("http", Moderator::Http)];
const REFUSED: &[(&str, Refused)] = &[("tell", Refused::Tell), ("pretend", Refused::Pretend)];
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
          help: "Where /healthz, /readyz, /metrics, the webhook's ledger and /explain are; keep it private" },
    Row { key: "internal_url", used: Calling, value: "URL",
          field: |c| Box::new(Text(&mut c.internal_url, rules::URL)),
          help: "The internal address of the gateway to call, for webhook and explain" },
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
    Row { key: "demo_upload_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.demo_upload_bytes, 64 * KIB as u64..=256 * MIB as u64)),
          help: "Largest file that a visitor of the demo may put there" },
    Row { key: "demo_files_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.demo_files_bytes, MIB as u64..=1024 * 1024 * MIB as u64)),
          help: "What the demo's files may have together; the oldest go beyond" },
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
    Row { key: "socket.resume_time", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.socket.resume_time, TIME_OR_NONE)),
          help: "How long a session whose connection is gone may come back; 0s is not at all" },
    Row { key: "socket.resume_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.socket.resume_bytes, 0..=64 * MIB)),
          help: "Frames kept for each session until its client has them" },
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
    Row { key: "webhook.url", used: Serving, value: "URL",
          field: |c| Box::new(Address(&mut c.settings.webhook.url)),
          help: "Where the application server is told of messages, of who enters and leaves, and more; nobody is told if left out" },
    Row { key: "webhook.env", used: Serving, value: "NAME=URL,...",
          field: |c| Box::new(Addresses(&mut c.settings.webhook.env)),
          help: "Other addresses, which messages choose by name with env; in the file a section each, [webhook.env.NAME] with its url" },
    Row { key: "webhook.timeout", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.webhook.timeout, TIME)),
          help: "How long one attempt may take, from finding the address to the last byte of the answer" },
    Row { key: "webhook.attempts", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.webhook.attempts, 1..=100)),
          help: "Attempts for one event before it goes to the dead letters" },
    Row { key: "webhook.retry_max", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.webhook.retry_max, Duration::from_secs(1)..=DAY)),
          help: "Longest time between two attempts, also where a receiver asks for more with Retry-After" },
    Row { key: "webhook.concurrency", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.webhook.concurrency, 1..=1000)),
          help: "Events on their way to one address at the same time, each of another room" },
    Row { key: "webhook.disk_bytes", used: Serving, value: "BYTES",
          field: |c| Box::new(Number(&mut c.settings.webhook.disk_bytes, MIB as u64..=1 << 50)),
          help: "Undelivered events kept for one address; what comes beyond is dropped and counted" },
    Row { key: "webhook.keep_delivered", used: Serving, value: "COUNT",
          field: |c| Box::new(Number(&mut c.settings.webhook.keep_delivered, 0..=10_000_000)),
          help: "Delivered events that are kept, the newest, so that they can be looked at and sent again" },
    Row { key: "webhook.accept_500", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.webhook.accept_500, SWITCH)),
          help: "A receiver that answers 500 has received an event, as with the hosted service" },
    Row { key: "callback.url", used: Serving, value: "URL",
          field: |c| Box::new(Address(&mut c.settings.callback.url)),
          help: "Where the application server is asked before a member's message or join; nobody is asked if left out" },
    Row { key: "callback.joins", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.callback.joins, SWITCH)),
          help: "Ask before a member joins a room" },
    Row { key: "callback.messages", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.callback.messages, SWITCH)),
          help: "Ask before a member's message" },
    Row { key: "callback.timeout", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.callback.timeout, ANSWER_TIME)),
          help: "How long the answer may take; there is one attempt" },
    Row { key: "callback.on_failure", used: Serving, value: "pass|refuse",
          field: |c| Box::new(Choice(&mut c.settings.callback.on_failure, ON_FAILURE)),
          help: "What to do where no good answer comes" },
    Row { key: "moderation.by", used: Serving, value: "off|words|http",
          field: |c| Box::new(Choice(&mut c.settings.moderation.by, MODERATOR)),
          help: "Who judges what is said: nobody, lists of words, or a service that speaks the text check" },
    Row { key: "moderation.dry_run", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.moderation.dry_run, SWITCH)),
          help: "Deliver all, and only count and log what would have been stopped" },
    Row { key: "moderation.refused", used: Serving, value: "tell|pretend",
          field: |c| Box::new(Choice(&mut c.settings.moderation.refused, REFUSED)),
          help: "What a member is told whose message was refused: so, or that it was sent" },
    Row { key: "moderation.refuse_words", used: Serving, value: "FILE",
          field: |c| Box::new(File(&mut c.settings.moderation.refuse_words)),
          help: "Words that no message may have, one a line; read again on SIGHUP" },
    Row { key: "moderation.replace_words", used: Serving, value: "FILE",
          field: |c| Box::new(File(&mut c.settings.moderation.replace_words)),
          help: "Words that are replaced by asterisks, one a line; read again on SIGHUP" },
    Row { key: "moderation.flag_words", used: Serving, value: "FILE",
          field: |c| Box::new(File(&mut c.settings.moderation.flag_words)),
          help: "Words that make a message suspect, one a line; read again on SIGHUP" },
    Row { key: "moderation.url", used: Serving, value: "URL",
          field: |c| Box::new(Address(&mut c.settings.moderation.url)),
          help: "Where texts are checked" },
    Row { key: "moderation.media_url", used: Serving, value: "URL",
          field: |c| Box::new(Address(&mut c.settings.moderation.media_url)),
          help: "Where pictures, sounds, films and files are checked after delivery, in the same way; none are if left out" },
    Row { key: "moderation.secret_id", used: Serving, value: "ID",
          field: |c| Box::new(Text(&mut c.settings.moderation.secret_id, rules::KEY)),
          help: "Who the gateway is for that service" },
    Row { key: "moderation.secret_key", used: Serving, value: "SECRET",
          field: |c| Box::new(Secret(&mut c.settings.moderation.secret_key, rules::KEY)),
          help: "What signs requests to it" },
    Row { key: "moderation.business_id", used: Serving, value: "ID",
          field: |c| Box::new(Text(&mut c.settings.moderation.business_id, rules::KEY)),
          help: "The business that texts are checked for, where a message names none with bid" },
    Row { key: "moderation.timeout", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.moderation.timeout, ANSWER_TIME)),
          help: "How long a verdict may take" },
    Row { key: "moderation.on_failure", used: Serving, value: "pass|refuse",
          field: |c| Box::new(Choice(&mut c.settings.moderation.on_failure, ON_FAILURE)),
          help: "What to do where none comes" },
    Row { key: "outbound.private_networks", used: Serving, value: "NETWORK,...",
          field: |c| Box::new(Networks(&mut c.settings.outbound.private_networks)),
          help: "Private networks, such as 10.0.0.0/8, that names in configured addresses may lead to" },
    Row { key: "stop.grace", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.stop.grace, TIME_OR_NONE)),
          help: "How long sessions may take to get what waits for them when the gateway stops" },
    Row { key: "stop.reconnect_spread", used: Serving, value: "TIME",
          field: |c| Box::new(Time(&mut c.settings.stop.reconnect_spread, TIME_OR_NONE)),
          help: "Over how long the clients' coming back is spread then" },
    Row { key: "test.clock", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.test.clock, SWITCH)),
          help: "For tests, with memory: time stands still until POST /test/clock/advance on the internal listener turns it" },
    Row { key: "test.chaos", used: Serving, value: "true|false",
          field: |c| Box::new(Choice(&mut c.settings.test.chaos, SWITCH)),
          help: "For tests: POST /test/members/... on the internal listener slows members' connections down, freezes and cuts them" },
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

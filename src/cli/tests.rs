//! What the options come to, from all their sources.

use std::time::Duration;

use roomgate::settings::Replay;

use super::layers::{self, Environment, Loaded};
use super::options::{ROWS, Used};
use super::{command, leaf};

struct Told {
    file: tempfile::NamedTempFile,
    environment: Environment,
    line: Vec<String>,
}

impl Told {
    fn file(text: &str) -> Told {
        let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let environment = vec![("ROOMGATE_CONFIG".to_owned(), file.path().display().to_string())];
        Told { file, environment, line: vec!["roomgate".into()] }
    }

    fn nothing() -> Told {
        Told::file("")
    }

    fn environment(mut self, name: &str, value: &str) -> Told {
        self.environment.push((name.into(), value.into()));
        self
    }

    fn flags(mut self, line: &str) -> Told {
        self.line.extend(line.split_whitespace().map(str::to_owned));
        self
    }

    fn load_for(&self, using: Used) -> Result<Loaded, String> {
        let matches = command().try_get_matches_from(&self.line).unwrap();
        let path = self.file.path().display().to_string();
        let loaded = layers::load(using, leaf(&matches).1, &self.environment);
        loaded.map_err(|failure| failure.to_string().replace(&path, "FILE"))
    }

    fn load(&self) -> Loaded {
        self.load_for(Used::Serving).unwrap()
    }

    fn complaint(&self) -> String {
        self.load_for(Used::Serving).unwrap_err()
    }
}

#[test]
fn the_command_line_is_sound() {
    command().debug_assert();
}

#[test]
fn every_command_is_documented() {
    fn names(command: &clap::Command, before: &str) -> Vec<String> {
        let named = |inner: &clap::Command| names(inner, &format!("{before} {}", inner.get_name()));
        let inner: Vec<String> = command.get_subcommands().flat_map(named).collect();
        if inner.is_empty() { vec![before.trim().to_owned()] } else { inner }
    }
    for name in names(&command(), "") {
        assert!(include_str!("../../docs/commands.md").contains(&format!("`{name}")), "{name}");
    }
}

#[test]
fn help_tells_of_every_option() {
    let help = command().render_long_help().to_string();
    for row in ROWS.iter().filter(|row| row.is_for(Used::Serving)) {
        assert!(help.contains(&format!("--{}", row.flag())) && help.contains(&row.variable()), "{}", row.key);
    }
    assert!(help.contains("[default: 25s]") && help.contains("[default: ./roomgate-data]"));
}

#[test]
fn a_flag_goes_over_the_environment_over_the_file_over_the_default() {
    let interval = |told: &Told| told.load().config.settings.socket.ping_interval;
    let told = Told::nothing();
    assert_eq!(interval(&told), Duration::from_secs(25));
    let told = Told::file("[socket]\nping_interval = \"4s\"");
    assert_eq!(interval(&told), Duration::from_secs(4));
    let told = told.environment("ROOMGATE_SOCKET_PING_INTERVAL", "3");
    assert_eq!(interval(&told), Duration::from_secs(3));
    let told = told.flags("--socket-ping-interval 2000ms");
    assert_eq!(interval(&told), Duration::from_secs(2));
}

#[test]
fn every_kind_of_value_is_read_from_every_source() {
    let file = "memory = true\nwriters = 3\npublic_addresses = [\"a:1\", \"b:2\"]\n\
                [rest]\nreplay = \"reject\"\n[stop]\ngrace = 0\n[socket]\necho_path = \"/echo\"";
    let flags =
        "--memory --writers 3 --public-addresses a:1,b:2 --rest-replay reject --stop-grace 0s --socket-echo-path /echo";
    let by_variables = [
        ("MEMORY", "1"),
        ("WRITERS", "3"),
        ("PUBLIC_ADDRESSES", "a:1, b:2"),
        ("REST_REPLAY", "reject"),
        ("STOP_GRACE", "0"),
        ("SOCKET_ECHO_PATH", "/echo"),
    ]
    .into_iter()
    .fold(Told::nothing(), |told, (name, value)| told.environment(&format!("ROOMGATE_{name}"), value));
    for told in [Told::file(file), by_variables, Told::nothing().flags(flags)] {
        let config = told.load().config;
        let settings = config.settings().unwrap();
        assert_eq!((settings.data, settings.writers), (None, 3));
        assert_eq!(settings.public_addresses, ["a:1", "b:2"]);
        assert_eq!((settings.rest.replay, settings.stop.grace), (Replay::Reject, Duration::ZERO));
        assert_eq!(settings.socket.echo_path.as_deref(), Some("/echo"));
    }
}

#[test]
fn a_repeated_list_flag_adds_to_the_list() {
    let told = Told::nothing().flags("--public-addresses a:1 --public-addresses b:2");
    assert_eq!(told.load().config.settings.public_addresses, ["a:1", "b:2"]);
}

#[test]
fn serve_may_be_said_or_left_out() {
    for line in ["--writers 2", "serve --writers 2"] {
        assert_eq!(Told::nothing().flags(line).load().config.settings.writers, 2);
    }
}

#[test]
fn a_data_folder_goes_over_memory_from_a_weaker_source() {
    let told = Told::file("memory = true").flags("--data here");
    assert_eq!(told.load().config.settings().unwrap().data, Some("here".into()));
    let told = Told::file("data = \"here\"").flags("--memory");
    assert_eq!(told.load().config.settings().unwrap().data, None);
}

#[test]
fn a_switch_alone_is_on_and_a_flag_can_undo_a_variable() {
    let told = |line| Told::nothing().environment("ROOMGATE_MEMORY", "1").environment("ROOMGATE_DEMO", "0").flags(line);
    for (line, memory, demo) in [
        ("", true, Some(false)),
        ("--memory=false --demo", false, Some(true)),
        ("--memory --demo auto", true, None),
        ("serve --demo --memory false", false, Some(true)),
    ] {
        let config = told(line).load().config;
        assert_eq!((config.memory, config.settings.demo), (memory, demo), "{line}");
    }
}

#[test]
fn an_address_without_a_number_is_this_machine() {
    for written in [":81", "localhost:81", "127.0.0.1:81"] {
        let config = Told::nothing().flags(&format!("--listen {written} --internal-listen {written}")).load().config;
        let loopback = "127.0.0.1:81".parse().unwrap();
        assert_eq!((config.settings.listen, config.settings.internal_listen), (loopback, loopback), "{written}");
    }
}

#[test]
fn a_file_is_no_data_folder_unless_it_is_not_used() {
    let told = Told::nothing();
    let path = told.file.path().display().to_string();
    let told = told.flags(&format!("--data {path}"));
    let complaint = told.load().config.settings().unwrap_err().to_string();
    assert_eq!(complaint, format!("data folder: expected a folder, {path} is a file"));
    assert_eq!(told.flags("--memory").load().config.settings().unwrap().data, None);
}

#[test]
fn a_wrong_value_is_named_with_source_rule_and_what_came() {
    let address = "an IP address and a port such as 127.0.0.1:8080";
    let time = "a time from 1ms to 1h such as 500ms, 25s or 2m";
    let cases = [
        ("socket.ping_interval", "0s", time),
        ("socket.ping_interval", "61m", time),
        ("socket.login_timeout", "soon", time),
        ("stop.grace", "2h", "a time from 0s to 1h such as 500ms, 25s or 2m"),
        ("listen", "8080", address),
        ("listen", "here:80", address),
        ("listen", ":port", address),
        ("internal_listen", "1.2.3.4:70000", address),
        ("lanes.normal_bytes", "32767", "a whole number from 32768 to 67108864"),
        ("lanes.high_bytes", "1", "a whole number from 16384 to 67108864"),
        ("socket.send_buffer_bytes", "4095", "a whole number from 4096 to 4194304"),
        ("socket.message_bytes", "1048577", "a whole number from 1024 to 1048576"),
        ("socket.frames_per_second", "0", "a whole number from 1 to 1000000"),
        ("writers", "-1", "a whole number from 0 to 256"),
        ("rest.replay", "no", "one of accept, reject"),
        ("demo", "yes", "one of auto, true, false"),
        ("log", "xml", "one of text, json"),
        ("public_addresses", "a:1,b", "a list, each item host:port"),
        ("socket.echo_path", "echo", "a path that starts with '/', other than / and /ws"),
        ("app_key", "a_ä", "1 to 128 visible ASCII characters"),
    ];
    for (key, value, rule) in cases {
        let flag = format!("--{}", key.replace(['.', '_'], "-"));
        let told = Told::nothing().flags(&format!("{flag}={value}"));
        assert_eq!(told.complaint(), format!("{key} from {flag}: expected {rule}, got {value:?}"));
    }
}

#[test]
fn the_source_is_named_as_it_was_written() {
    let told = Told::nothing().environment("ROOMGATE_WRITERS", "many");
    assert_eq!(told.complaint(), "writers from ROOMGATE_WRITERS: expected a whole number from 0 to 256, got \"many\"");
    let told = Told::file("memory = 3");
    assert_eq!(told.complaint(), "memory from FILE line 1: expected one of true, false, got \"3\"");
    let told = Told::file("listen = 8080");
    assert_eq!(
        told.complaint(),
        "listen from FILE line 1: expected an IP address and a port such as 127.0.0.1:8080, got \"8080\""
    );
    let told = Told::file("\npublic_addresses = [1]");
    assert_eq!(told.complaint(), "public_addresses from FILE line 2: expected a list, each item host:port, got [1]");
}

#[test]
fn a_secret_is_never_quoted() {
    let told = Told::nothing().environment("ROOMGATE_APP_SECRET", "pass word");
    assert_eq!(
        told.complaint(),
        "app_secret from ROOMGATE_APP_SECRET: expected 1 to 128 visible ASCII characters, \
         got something else (not shown, it is a secret)"
    );
}

#[test]
fn key_and_secret_come_together() {
    let told = Told::file("app_key = \"k\"");
    let complaint = told.load().config.settings().unwrap_err().to_string();
    assert_eq!(complaint, "app_key and app_secret come together: app_secret is missing");
    let app = told.environment("ROOMGATE_APP_SECRET", "s").load().config.settings().unwrap().app.unwrap();
    assert_eq!((app.key(), app.secret()), ("k", "s"));
}

#[test]
fn two_listeners_need_two_addresses() {
    let told = Told::nothing().flags("--listen 127.0.0.1:9090");
    assert_eq!(
        told.load().config.settings().unwrap_err().to_string(),
        "internal_listen: expected another address than listen, got 127.0.0.1:9090 for both"
    );
}

#[test]
fn an_unknown_variable_is_a_warning() {
    let told = Told::nothing().environment("ROOMGATE_LISTNE", "x").environment("ROOMGATE_URL", "http://a");
    assert_eq!(
        told.load().warnings,
        ["unknown environment variable ROOMGATE_LISTNE, did you mean \"ROOMGATE_LISTEN\"?"]
    );
}

#[test]
fn a_command_that_calls_shares_the_file_with_one_that_serves() {
    let told = Told::file("url = \"http://a/nimserver\"\napp_key = \"k\"\nlisten = \"127.0.0.1:1\"");
    assert_eq!(told.load().config.app_key.as_deref(), Some("k"));
    let told = told.flags("room create --creator a --app-secret s lobby");
    let config = told.load_for(Used::Calling).unwrap().config;
    assert_eq!(config.url.as_deref(), Some("http://a/nimserver"));
    assert_eq!(config.app().unwrap().unwrap().key(), "k");
}

#[test]
fn what_tests_may_do_is_off_unless_it_is_asked_for() {
    let told = |line| Told::nothing().flags(line).load().config.settings().unwrap().test;
    for (line, clock, chaos) in
        [("--memory", false, false), ("--memory --test-clock", true, false), ("--test-chaos", false, true)]
    {
        let test = told(line);
        assert_eq!((test.clock, test.chaos), (clock, chaos), "{line}");
    }
    let test = Told::file("memory = true\n[test]\nclock = true\nchaos = true").load().config.settings().unwrap().test;
    assert!(test.clock && test.chaos);
}

#[test]
fn time_stands_still_only_where_nothing_is_kept() {
    let told = Told::nothing().environment("ROOMGATE_TEST_CLOCK", "1");
    assert_eq!(
        told.load().config.settings().unwrap_err().to_string(),
        "test.clock: expected memory, since a data folder outlives the test's time, got data in ./roomgate-data"
    );
    assert!(told.flags("--memory").load().config.settings().unwrap().test.clock);
}

//! `roomgate serve`, the default: runs a gateway until a signal ends it.

use std::path::absolute;
use std::time::Duration;

use roomgate::base::show_time;
use roomgate::credentials;
use roomgate::settings::Settings;
use roomgate::{Gateway, Running, StartError};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::failure::Failure;
use super::layers::Loaded;
use super::{logging, table, welcome};

/// Runs it. A second signal does not wait for the first one's farewell.
pub(super) fn run(loaded: &Loaded) -> Result<(), Failure> {
    let settings = loaded.config.settings()?;
    logging::start(&loaded.config);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    raise_open_files(&settings);
    #[cfg(feature = "wrong-gateways")]
    if let Some(wrong) = roomgate::base::wrong::choose().map_err(Failure::usage)? {
        tracing::warn!(
            "THIS GATEWAY IS WRONG ON PURPOSE, as {} asks: {}",
            roomgate::base::wrong::VARIABLE,
            wrong.name()
        );
    }
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::run)?;
    let ended = runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let started = Gateway::builder().settings(settings.clone()).start().await;
        let running = started.map_err(|error| describe(&error, &settings))?;
        log_start(&running, &settings);
        warn_of_tests(&settings);
        announce(&running)?;
        welcome::print(loaded, &running);
        stop(running, &mut signals, settings.stop.grace).await
    });
    // What is still at work has had its time.
    runtime.shutdown_background();
    ended
}

/// A connection is an open file, and the soft limit that most shells give is far below what the machine allows.
fn raise_open_files(settings: &Settings) {
    let connections = settings.limits.connections as u64;
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) if limit < connections => tracing::warn!(
            limit,
            connections,
            "open files: the hard limit is {limit} (ulimit -Hn), limits.connections {connections} does not fit into it"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "open files: the limit can't be raised: {error}"),
    }
}

/// Says which option asked for an address that can't be had.
fn describe(error: &StartError, settings: &Settings) -> Failure {
    let text = error.to_string();
    let asked = [("listen", settings.listen), ("internal_listen", settings.internal_listen)];
    let option = asked.iter().find(|(_, address)| text.starts_with(&format!("can't listen on {address}: ")));
    Failure::run(option.map(|(name, _)| format!("{name}: {text}")).unwrap_or(text))
}

/// What somebody who operates it has to know. The secret is not among it.
fn log_start(running: &Running, settings: &Settings) {
    let shown = |path| absolute(path).unwrap_or_default().display().to_string();
    let credentials = match (&settings.app, &settings.data) {
        (Some(_), _) => "app_key and app_secret, as given".to_owned(),
        (None, Some(folder)) => shown(credentials::path(folder)),
        (None, None) => "made for this run, kept nowhere; give app_key and app_secret for your own".to_owned(),
    };
    let demo = match (settings.demo, settings.serves_demo()) {
        (Some(true), _) => "on, as asked",
        (Some(false), _) => "off, as asked",
        (None, true) => "on, listen is a loopback address",
        (None, false) => "off, listen is not a loopback address",
    };
    tracing::info!(
        data = settings.data.clone().map_or("in memory".to_owned(), shown),
        credentials,
        app_key = running.app().key(),
        demo,
        writers = settings.writer_count(),
        "roomgate {} started",
        env!("CARGO_PKG_VERSION"),
    );
}

/// What nobody wants in production, so nobody shall overlook it.
fn warn_of_tests(settings: &Settings) {
    if settings.test.clock {
        tracing::warn!(
            "test.clock is on: time stands still until POST /test/clock/advance on the internal listener turns it"
        );
    }
    if settings.test.chaos {
        tracing::warn!(
            "test.chaos is on: whoever reaches the internal listener may slow down, freeze and cut members' connections"
        );
    }
}

/// The one line on standard output: who waits for it knows that members can connect now.
fn announce(running: &Running) -> Result<(), Failure> {
    table::say(&format!(
        "roomgate listening on http://{} (internal http://{})\n",
        running.addr(),
        running.internal_addr()
    ))
}

/// Waits for the signal to stop; others have the word lists read again.
async fn serve(running: &Running, signals: &mut Signals) -> &'static str {
    loop {
        match signals.next().await {
            Asked::Stop(signal) => return signal,
            Asked::Reload => reload(running).await,
        }
    }
}

async fn reload(running: &Running) {
    match running.reload().await {
        Ok(words) => tracing::info!(words, "SIGHUP: moderation's word lists are read again, they have {words} words"),
        Err(error) => tracing::error!(%error, "SIGHUP: moderation's word lists stay as they were: {error}"),
    }
}

async fn stop(running: Running, signals: &mut Signals, grace: Duration) -> Result<(), Failure> {
    let signal = serve(&running, signals).await;
    tracing::info!(signal, "{signal}: stopping, members have {} to get what waits for them", show_time(grace));
    tokio::select! {
        () = running.stop(grace) => {
            tracing::info!("stopped");
            Ok(())
        }
        signal = signals.next_stop() => Err(Failure::run(format!("second signal ({signal}): stopped at once"))),
    }
}

/// The two signals that ask it to stop, and the one to read again what it can. Listens from the moment it is made, so that one during the start is not lost.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    reload: Signal,
}

impl Signals {
    fn listen() -> Result<Signals, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::run(format!("signals: {error}")));
        Ok(Signals {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            reload: listen(SignalKind::hangup())?,
        })
    }

    /// Waits for the next one.
    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::Stop("SIGINT"),
            _ = self.terminate.recv() => Asked::Stop("SIGTERM"),
            _ = self.reload.recv() => Asked::Reload,
        }
    }

    /// Waits for the next one that asks it to stop. Answers its name.
    async fn next_stop(&mut self) -> &'static str {
        loop {
            if let Asked::Stop(name) = self.next().await {
                return name;
            }
        }
    }
}

/// What a signal asks for.
enum Asked {
    Stop(&'static str),
    Reload,
}

//! `roomgate serve`, the default: runs a gateway until a signal ends it.

use roomgate::{Gateway, Running};

use super::failure::Failure;
use super::layers::Loaded;
use super::signals::Signals;
use super::{logging, table, welcome};

/// Runs it. A second signal does not wait for the first one's farewell.
pub(super) fn run(loaded: &Loaded) -> Result<(), Failure> {
    let settings = loaded.config.settings()?;
    logging::start(&loaded.config);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::run)?;
    let ended = runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let running = Gateway::builder().settings(settings).start().await.map_err(Failure::run)?;
        announce(&running)?;
        welcome::print(loaded, &running);
        stop(running, &mut signals, loaded).await
    });
    // What is still at work has had its time.
    runtime.shutdown_background();
    ended
}

/// The one line on standard output: who waits for it knows that members can connect now.
fn announce(running: &Running) -> Result<(), Failure> {
    table::say(&format!(
        "roomgate listening on http://{} (internal http://{})\n",
        running.addr(),
        running.internal_addr()
    ))
}

async fn stop(running: Running, signals: &mut Signals, loaded: &Loaded) -> Result<(), Failure> {
    let signal = signals.next().await;
    let grace = loaded.config.settings.stop.grace;
    tracing::info!(signal, "{signal}: stopping, members have {} to get what waits for them", super::time::show(grace));
    tokio::select! {
        () = running.stop(grace) => {
            tracing::info!("stopped");
            Ok(())
        }
        signal = signals.next() => Err(Failure::run(format!("second signal ({signal}): stopped at once"))),
    }
}

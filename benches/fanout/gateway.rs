//! roomgate as the server to be measured: one thread for its tasks, one writer; it keeps no messages, or all of them on disk.

use std::time::Duration;

use roomgate::Gateway;

use crate::options::{Options, Role};
use crate::{Outcome, child};

/// The application that both sides know.
pub const KEY: &str = "fanout";
pub const SECRET: &str = "loopback only";

/// Serves until the process is ended.
pub fn serve(options: &Options, role: Role) -> Outcome {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let gateway = Gateway::builder().for_tests().app(KEY, SECRET).configure(|settings| {
            settings.writers = 1;
            match role {
                Role::Recording => settings.data = Some(folder.path().into()),
                _ => settings.history.keep = Duration::ZERO,
            }
            // The publishers send all they can; that is no flooding here.
            settings.socket.frames_per_second = u32::MAX;
            // The crowd answers no pings, and is idle for longer than one may stay away.
            settings.socket.ping_interval = Duration::from_secs(3600);
            settings.socket.send_buffer_bytes = options.send_buffer.unwrap_or(settings.socket.send_buffer_bytes);
        });
        let running = gateway.start().await?;
        child::announce(running.addr());
        std::future::pending().await
    })
}

//! Stands between one member and the gateway: goes silent without a word, or passes a few bytes at a time.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The most bytes that are passed at once where they are split.
const PIECE_BYTES: usize = 48;
/// After so many pieces there is a pause, so that no kernel puts all of them together again.
const PIECES_BETWEEN_PAUSES: usize = 32;

/// A proxy for one connection. Both its sides are closed when it is dropped.
#[derive(Debug)]
pub(super) struct Proxy {
    address: SocketAddr,
    silent: CancellationToken,
    task: JoinHandle<()>,
}

impl Proxy {
    /// One that leads to `gateway`, splitting what goes to the member where wanted: by a seed, so that it is split in the same way again.
    pub(super) async fn open(gateway: SocketAddr, split: Option<u64>) -> std::io::Result<Proxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let silent = CancellationToken::new();
        let silence = silent.clone();
        let task = tokio::spawn(async move {
            let Ok((member, _)) = listener.accept().await else { return };
            let Ok(gateway) = TcpStream::connect(gateway).await else { return };
            // Small pieces must not wait for each other.
            let (_, _) = (member.set_nodelay(true), gateway.set_nodelay(true));
            let (from_member, to_member) = member.into_split();
            let (from_gateway, to_gateway) = gateway.into_split();
            let up = pass(from_member, to_gateway, split, silence.clone());
            let down = pass(from_gateway, to_member, split, silence);
            tokio::join!(up, down);
        });
        Ok(Proxy { address, silent, task })
    }

    /// Where the member connects.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Nothing passes from now on, and nobody is told.
    pub(super) fn fall_silent(&self) {
        self.silent.cancel();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes bytes until one side ends, then ends the other; or until it is silent, and then holds both.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, split: Option<u64>, silence: CancellationToken) {
    let mut dice = split.map(fastrand::Rng::with_seed);
    let mut buffer = [0; 4096];
    let mut pieces = 0;
    loop {
        let most = dice.as_mut().map_or(buffer.len(), |dice| dice.usize(1..=PIECE_BYTES));
        let passing = async {
            let read = from.read(&mut buffer[..most]).await.unwrap_or(0);
            let done = read == 0 || to.write_all(&buffer[..read]).await.is_err();
            pieces += 1;
            if split.is_some() && pieces % PIECES_BETWEEN_PAUSES == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            done
        };
        let done = tokio::select! {
            done = passing => done,
            () = silence.cancelled() => {
                // Until the whole proxy goes.
                std::future::pending::<()>().await;
                true
            }
        };
        if done {
            // Where it is closed already there is nothing to close.
            let _ = to.shutdown().await;
            return;
        }
    }
}

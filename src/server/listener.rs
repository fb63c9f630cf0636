//! A listening socket. What accepted sockets inherit is set here.

use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// Connections the kernel completes before we accept them; it cuts this to its own limit.
const BACKLOG: i32 = 4096;

/// Why an address can't be listened on.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {address}: {error}")]
pub struct ListenError {
    address: SocketAddr,
    error: std::io::Error,
}

/// Listens. A small kernel send buffer keeps what an urgent frame can't overtake small too; setting it here is what makes it hold
/// for a socket from its first byte.
pub fn listen(address: SocketAddr, send_buffer_bytes: Option<usize>) -> Result<TcpListener, ListenError> {
    open(address, send_buffer_bytes).map_err(|error| ListenError { address, error })
}

fn open(address: SocketAddr, send_buffer_bytes: Option<usize>) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for old connections to be forgotten.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    if let Some(bytes) = send_buffer_bytes {
        socket.set_send_buffer_size(bytes)?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

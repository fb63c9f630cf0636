//! Members on a slow line.

use roomgate::client::Client;
use socket2::{SockRef, Socket};
use tokio::net::TcpSocket;

use super::House;

impl House {
    /// A connection that has not logged in and whose socket holds so many bytes, or as many as it likes; and that socket, to ask
    /// how many it holds in truth.
    pub async fn narrow_visitor(&self, receive_buffer: Option<u32>) -> (Client, Socket) {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = receive_buffer {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        let stream = socket.connect(self.gateway.addr()).await.unwrap();
        let socket = SockRef::from(&stream).try_clone().unwrap();
        (Client::over(stream).await.unwrap(), socket)
    }
}

//! One member's connection: a WebSocket handshake, a login, a room. No library, so that reading stays cheap beside what is measured.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};

use crate::accounts::{TOKEN, accid};
use crate::child::Server;
use crate::gateway::KEY;
use crate::options::Role;
use crate::{Outcome, frames};

/// In the address of a connection that will publish. Only the floor cares.
pub const PUBLISHES: &str = "publishes";

/// Connections from one source address: it has about 28,000 ports.
const FROM_ONE_ADDRESS: usize = 20_000;

/// Connects member `number`, who is in the room when this returns.
pub async fn enter(server: &Server, room: &str, number: usize, publishes: bool) -> Outcome<TcpStream> {
    let mut socket = connect(server.addr, number).await?;
    shake_hands(&mut socket, publishes).await?;
    if server.role != Role::Floor {
        let (key, accid) = (KEY, accid(number));
        let login = format!(r#"{{"op":"login","id":1,"appKey":"{key}","accid":"{accid}","token":"{TOKEN}"}}"#);
        ask(&mut socket, &login).await?;
        ask(&mut socket, &format!(r#"{{"op":"join","id":2,"roomid":"{room}"}}"#)).await?;
    }
    Ok(socket)
}

async fn connect(to: SocketAddr, number: usize) -> Outcome<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if number >= FROM_ONE_ADDRESS {
        let last = u8::try_from(1 + number / FROM_ONE_ADDRESS)?;
        socket.bind((IpAddr::from(Ipv4Addr::new(127, 0, 0, last)), 0).into())?;
    }
    let socket = socket.connect(to).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

async fn shake_hands(socket: &mut TcpStream, publishes: bool) -> Outcome {
    let query = if publishes { PUBLISHES } else { "" };
    let request = format!(
        "GET /ws?{query} HTTP/1.1\r\nHost: fanout\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await?;
    // The server says nothing more until it is asked, so the reader's buffer is empty when it goes.
    let mut lines = BufReader::new(socket).lines();
    let status = lines.next_line().await?.unwrap_or_default();
    if !status.starts_with("HTTP/1.1 101") {
        return Err(format!("the handshake was answered {status:?}").into());
    }
    while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    Ok(())
}

/// Sends a request and reads its reply, the only frame that comes.
async fn ask(socket: &mut TcpStream, request: &str) -> Outcome {
    let mut frame = Vec::new();
    frames::push_text(&mut frame, request);
    socket.write_all(&frame).await?;
    let mut reply = [0; 4096];
    let mut length = 0;
    loop {
        let came = socket.read(&mut reply[length..]).await?;
        length += came;
        let whole = frames::read_head(&reply[..length]).is_some_and(|frame| frame.bytes <= length);
        if whole || came == 0 {
            break;
        }
    }
    let reply = String::from_utf8_lossy(&reply[..length]);
    if reply.contains(r#""code":200"#) { Ok(()) } else { Err(format!("{request} was answered {reply:?}").into()) }
}

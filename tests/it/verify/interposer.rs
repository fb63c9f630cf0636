//! Stands before a right gateway and spoils what members hear of it: so it is a wrong one, and nothing was changed in it for that.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of a frame: the frames that go on.
pub(super) type Spoil = fn(number: usize, frame: &[u8]) -> Vec<Vec<u8>>;

/// Every message that comes round is passed on twice.
pub(super) fn twice(number: usize, frame: &[u8]) -> Vec<Vec<u8>> {
    let is_message = frame.windows(15).take(20).any(|some| some == b"\"op\":\"message\",");
    if number.is_multiple_of(97) && is_message { vec![frame.to_vec(), frame.to_vec()] } else { vec![frame.to_vec()] }
}

/// Now and then one is swallowed.
pub(super) fn swallowed(number: usize, frame: &[u8]) -> Vec<Vec<u8>> {
    let is_message = frame.windows(15).take(20).any(|some| some == b"\"op\":\"message\",");
    if number % 997 == 500 && is_message { Vec::new() } else { vec![frame.to_vec()] }
}

/// Listens until the test ends. Answers where.
pub(super) async fn interpose(gateway: SocketAddr, spoil: Spoil) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((member, _)) = listener.accept().await {
            tokio::spawn(async move {
                let Ok(gateway) = TcpStream::connect(gateway).await else { return };
                pass(member, gateway, spoil).await;
            });
        }
    });
    address
}

async fn pass(member: TcpStream, gateway: TcpStream, spoil: Spoil) {
    let (mut from_member, mut to_member) = member.into_split();
    let (mut from_gateway, mut to_gateway) = gateway.into_split();
    let up = async {
        // Whichever side ends first, the other hears of it.
        let _ = tokio::io::copy(&mut from_member, &mut to_gateway).await;
        let _ = to_gateway.shutdown().await;
    };
    let down = async {
        let mut bytes = Vec::new();
        let (mut number, mut shaken) = (0, false);
        while from_gateway.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
            while let Some(length) = if shaken { frame(&bytes) } else { head(&bytes) } {
                let whole: Vec<u8> = bytes.drain(..length).collect();
                let all = if shaken { spoil(number, &whole) } else { vec![whole] };
                number += usize::from(shaken);
                shaken = true;
                if to_member.write_all(&all.concat()).await.is_err() {
                    return;
                }
            }
        }
        let _ = to_member.shutdown().await;
    };
    tokio::join!(up, down);
}

/// The length of the answer to the handshake, when it is whole.
fn head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|some| some == b"\r\n\r\n").map(|at| at + 4)
}

/// The length of the next frame, when it is whole.
fn frame(bytes: &[u8]) -> Option<usize> {
    let length = match bytes.get(1)? & 0x7F {
        126 => 4 + usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
        127 => 10 + usize::try_from(u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)).ok()?,
        length => 2 + usize::from(length),
    };
    (bytes.len() >= length).then_some(length)
}

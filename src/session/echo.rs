//! A path that returns every message unchanged, through the same transport as all else: what conformance suites talk to.

use std::future::pending;

use crate::presence::Frame;
use crate::wire::Text;

use super::transport::{End, Heard, Transport};

pub(super) async fn run(mut transport: Box<Transport>) {
    let end = talk(&mut transport).await;
    transport.finish(end).await;
}

async fn talk(transport: &mut Transport) -> End {
    loop {
        let text = match transport.next(None, pending::<()>()).await {
            Heard::Text(text) => Text::copy_of_text(&text),
            Heard::Binary(bytes) => Text::copy_of_binary(&bytes),
            // Neither was given.
            Heard::Deadline | Heard::Ready(()) => continue,
            Heard::End(end) => return end,
        };
        transport.seat.deliver(Frame::reply(text)).await;
    }
}

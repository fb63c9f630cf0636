//! One WebSocket connection without its meaning: messages come out, pings are answered, heartbeat, size and flood limits are kept,
//! and it ends properly.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures::StreamExt;
use hyper::body::Bytes;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::base::{Clock, limits};
use crate::presence::{Ending, Link, Seat};
use crate::settings::SocketSettings;
use crate::wire::{CloseCode, text};

use super::inbound::Inbound;
use super::meter::Meter;

pub(super) struct Transport {
    stream: WebSocketStream<Inbound>,
    pub(super) link: Arc<Link>,
    pub(super) seat: Arc<Seat>,
    clock: Clock,
    ping_interval: Duration,
    ping_timeout: Duration,
    ping_due: Instant,
    /// Something must have come by then.
    pong_due: Option<Instant>,
}

/// What came.
#[derive(Debug)]
pub(super) enum Heard<T> {
    Text(Utf8Bytes),
    Binary(Bytes),
    /// Nothing, but what was given to [`Transport::next`] is ready.
    Ready(T),
    /// The deadline given to [`Transport::next`] has passed.
    Deadline,
    End(End),
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The client closed, with this code.
    ByClient(Option<u16>),
    /// We close.
    Ours(CloseCode),
    /// The session goes on over another connection.
    Moved,
    /// It broke.
    Broken,
}

impl Transport {
    pub(super) async fn new(
        link: Arc<Link>,
        seat: Arc<Seat>,
        early: Bytes,
        settings: &SocketSettings,
        clock: Clock,
    ) -> Transport {
        let now = clock.now();
        let inbound = Inbound::new(link.clone(), early, clock.clone(), Meter::new(settings, now));
        // All of tungstenite's limits are set: its defaults are not for servers.
        let config = WebSocketConfig::default()
            .read_buffer_size(limits::READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(limits::CONTROL_BYTES)
            .max_message_size(Some(settings.message_bytes))
            .max_frame_size(Some(settings.message_bytes));
        Transport {
            stream: WebSocketStream::from_raw_socket(inbound, Role::Server, Some(config)).await,
            link,
            seat,
            clock,
            ping_interval: settings.ping_interval,
            ping_timeout: settings.ping_timeout,
            ping_due: now + settings.ping_interval,
            pong_due: None,
        }
    }

    /// The next thing that matters to the conversation.
    pub(super) async fn next<T>(&mut self, deadline: Option<Instant>, ready: impl Future<Output = T>) -> Heard<T> {
        let mut ready = pin!(ready);
        loop {
            let incomplete_since = self.meter().incomplete_since();
            let wake = self.next_moment(deadline);
            tokio::select! {
                biased;
                ending = poll_fn(|cx| self.link.poll_ending(cx)) => return Heard::End(match ending {
                    Ending::Close(code) => End::Ours(code),
                    Ending::Moved => End::Moved,
                    Ending::Broken => End::Broken,
                }),
                () = self.clock.sleep_until(wake) => {
                    if let Some(heard) = self.moment_came(deadline).await {
                        return heard;
                    }
                }
                ready = &mut ready => return Heard::Ready(ready),
                message = read(&mut self.stream, &self.link, incomplete_since) => {
                    if let Some(heard) = self.came(message).await {
                        return heard;
                    }
                }
            }
        }
    }

    fn meter(&self) -> &Meter {
        &self.stream.get_ref().meter
    }

    /// A message must be whole by then.
    fn assembled_due(&self) -> Option<Instant> {
        Some(self.meter().incomplete_since()? + limits::ASSEMBLY_TIME)
    }

    fn next_moment(&self, deadline: Option<Instant>) -> Instant {
        [deadline, self.pong_due, self.assembled_due()].into_iter().flatten().fold(self.ping_due, Instant::min)
    }

    async fn moment_came<T>(&mut self, deadline: Option<Instant>) -> Option<Heard<T>> {
        let now = self.clock.now();
        let passed = |moment: Option<Instant>| moment.is_some_and(|moment| moment <= now);
        if passed(deadline) {
            return Some(Heard::Deadline);
        }
        if passed(self.assembled_due()) {
            return Some(Heard::End(End::Ours(CloseCode::TooSlow)));
        }
        if passed(self.pong_due) {
            self.pong_due = None;
            if !self.meter().heard {
                return Some(Heard::End(End::Ours(CloseCode::HeartbeatMissed)));
            }
        }
        if passed(Some(self.ping_due)) {
            self.ping_due = now + self.ping_interval;
            // An earlier ping that still waits for its answer keeps its own deadline.
            if self.pong_due.is_none() {
                self.stream.get_mut().meter.heard = false;
                self.pong_due = Some(now + self.ping_timeout);
            }
            // Boxed, like what else a connection does rarely: it holds room for it all its life.
            Box::pin(self.seat.ping()).await;
        }
        None
    }

    async fn came<T>(&self, message: Came) -> Option<Heard<T>> {
        let Came::Message(message) = message else { return None };
        match message {
            Some(Ok(Message::Text(text))) => Some(Heard::Text(text)),
            Some(Ok(Message::Binary(bytes))) => Some(Heard::Binary(bytes)),
            Some(Ok(Message::Ping(payload))) => {
                Box::pin(self.seat.pong(&payload)).await;
                None
            }
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => None,
            Some(Ok(Message::Close(frame))) => Some(Heard::End(End::ByClient(frame.map(|frame| frame.code.into())))),
            Some(Err(error)) => Some(Heard::End(self.failure(&error))),
            None => Some(Heard::End(End::Broken)),
        }
    }

    fn failure(&self, error: &Error) -> End {
        match error {
            _ if self.stream.get_ref().flooded => End::Ours(CloseCode::Flooding),
            Error::Capacity(CapacityError::MessageTooLong { .. }) => End::Ours(CloseCode::TooLarge),
            Error::Utf8(_) => End::Ours(CloseCode::NotUtf8),
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Broken,
            Error::Protocol(_) => End::Ours(CloseCode::Protocol),
            _ => End::Broken,
        }
    }

    /// Waits until at most so many bytes wait for the other side: whoever asks faster than it reads the answers is not too slow, but
    /// heard later. One that reads nothing is closed by its writer, and nothing waits for it then.
    pub(super) async fn wait_for_room(&mut self, bytes: usize) {
        while self.seat.backlog().await > bytes && !self.link.has_ended() {
            // Not by our clock: a test may have it stand still, and this is no deadline.
            tokio::time::sleep(limits::ROOM_CHECK).await;
            self.resume_listening();
        }
    }

    /// Nobody listened for a while: what came meanwhile is not read yet, and says that the other side is there.
    pub(super) fn resume_listening(&mut self) {
        self.stream.get_mut().meter.heard = true;
    }

    /// Gives the other side some time to finish after it was told that it ends.
    pub(super) async fn linger(&self) {
        if self.link.is_frozen() {
            // Nobody is heard there who could finish.
            return;
        }
        tokio::select! {
            () = read_to_end(&self.link) => {}
            () = self.clock.sleep(limits::CLOSE_TIME) => {}
        }
    }

    /// Closes: what the other side should hear is sent, then it has some time to finish.
    pub(super) async fn finish(&self, end: End) {
        match end {
            End::Broken | End::Moved => return,
            // What waits may still be an answer it wants; then it has its close back.
            End::ByClient(code) => self.seat.close(text::close_echo(code), true).await,
            End::Ours(code) => self.seat.close(text::close(code), flushes(code)).await,
        }
        if self.link.is_frozen() {
            // Nobody is heard there who could finish.
            return;
        }
        let mut waited = self.seat.backlog().await;
        loop {
            tokio::select! {
                () = read_to_end(&self.link) => return,
                () = self.clock.sleep(limits::CLOSE_TIME) => {}
            }
            // As long as it takes what waits for it, it may still come to the close frame.
            let waits = self.seat.backlog().await;
            if waits == 0 || waits >= waited {
                return;
            }
            waited = waits;
        }
    }
}

impl End {
    /// Whether the session may go on over another connection, and what is told to the other side of this one then. A client that closes
    /// with one of its own codes, which browsers allow from 3000 on, means to come back; with 1000, 1001 or none it says goodbye.
    pub(super) fn keeps(self) -> Option<Vec<u8>> {
        match self {
            End::Broken | End::Moved => Some(Vec::new()),
            End::ByClient(code) => code.filter(|code| *code >= 3000).map(|code| text::close_echo(Some(code))),
            End::Ours(code) => (code == CloseCode::HeartbeatMissed).then(|| text::close(code)),
        }
    }
}

/// What a read gave.
enum Came {
    Message(Option<Result<Message, Error>>),
    /// No message, but one has begun or ended since, so there is another moment to wake at.
    Piece,
}

/// From a connection that is held still nothing comes. Whoever lets it go on wakes the task, as one who says that it shall end.
async fn read(stream: &mut WebSocketStream<Inbound>, link: &Link, incomplete_since: Option<Instant>) -> Came {
    poll_fn(|cx| {
        if link.is_frozen() {
            return Poll::Pending;
        }
        match stream.poll_next_unpin(cx) {
            Poll::Ready(message) => Poll::Ready(Came::Message(message)),
            Poll::Pending if stream.get_ref().meter.incomplete_since() != incomplete_since => Poll::Ready(Came::Piece),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Throws away what still comes. Closing with bytes unread would make the kernel cut off what we sent.
async fn read_to_end(link: &Link) {
    // Not in the future, which holds room for it all its life.
    let mut scrap = vec![0; 1024];
    let mut left = limits::CLOSE_BYTES;
    while left > 0 && link.socket().readable().await.is_ok() {
        match link.socket().try_read(&mut scrap) {
            Ok(0) => return,
            Ok(count) => left = left.saturating_sub(count),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// Whether what waits is still written before the close frame. A client that does not read would only hold it up.
fn flushes(code: CloseCode) -> bool {
    !matches!(code, CloseCode::TooSlow | CloseCode::HeartbeatMissed | CloseCode::Flooding)
}

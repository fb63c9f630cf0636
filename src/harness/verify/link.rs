//! One connection of one member: reads as fast as it is told to, records every frame, says what is to be said, ends as it is told to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::decoder::{self, Decoder, Incoming};
use super::history::{ConnectionNumber, Ending, Frame, Pace, Text, What};
use super::parse::{self, Said};
use super::recorder::Recorder;
use super::seat::Seat;

/// How long connecting and its handshake may take.
const CONNECT_TIME: Duration = Duration::from_secs(20);
/// How long a goodbye may take.
const CLOSE_TIME: Duration = Duration::from_secs(10);
/// The largest answer to a handshake that is read.
const HANDSHAKE_BYTES: usize = 8 * 1024;
/// What is read at once: little, so that what has been read and not been looked at is little too.
const READ_BYTES: usize = 4 * 1024;
/// What waits to be written. Who writes more waits.
const OUT_FRAMES: usize = 256;
/// So often the gateway is told how much has come.
const ACK_EVERY: u64 = 32;

/// An open connection.
#[derive(Debug)]
pub(super) struct Link {
    number: ConnectionNumber,
    recorder: Arc<Recorder>,
    stream: Arc<TcpStream>,
    out: mpsc::Sender<Vec<u8>>,
    pace: watch::Sender<Pace>,
    stop: CancellationToken,
    /// Cancelled when nothing more comes.
    over: CancellationToken,
    reader: JoinHandle<()>,
    writer: JoinHandle<()>,
}

/// Where a connection goes, and how.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// The gateway, or what stands before it.
    pub(super) to: SocketAddr,
    /// `host:port`, as the handshake names it.
    pub(super) host: String,
    /// The path of the handshake.
    pub(super) path: String,
    /// What `SO_RCVBUF` is asked for.
    pub(super) receive_buffer: Option<u32>,
}

impl Link {
    /// Connects and shakes hands. Nobody is logged in then.
    pub(super) async fn open(way: &Way, accid: &Text, seat: Arc<Seat>, recorder: Arc<Recorder>) -> io::Result<Link> {
        let number = recorder.connection();
        let socket = if way.to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        let mut receive_buffer = None;
        if let Some(bytes) = way.receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
            receive_buffer = Some(socket.recv_buffer_size()?);
        }
        recorder.note(What::Connecting { connection: number, accid: accid.clone(), receive_buffer });
        let opened = tokio::time::timeout(CONNECT_TIME, connect(socket, way)).await;
        match opened.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok((stream, decoder)) => {
                recorder.note(What::Connected { connection: number });
                Ok(Link::start(number, stream, decoder, seat, recorder))
            }
            Err(error) => {
                recorder.note(What::Ended { connection: number, code: None });
                Err(error)
            }
        }
    }

    fn start(
        number: ConnectionNumber,
        stream: TcpStream,
        decoder: Decoder,
        seat: Arc<Seat>,
        recorder: Arc<Recorder>,
    ) -> Link {
        let stream = Arc::new(stream);
        let (out, waiting) = mpsc::channel(OUT_FRAMES);
        let (pace, paced) = watch::channel(Pace::Free);
        let (stop, over) = (CancellationToken::new(), CancellationToken::new());
        let reader = Reader {
            number,
            recorder: recorder.clone(),
            stream: stream.clone(),
            out: out.clone(),
            seat,
            decoder,
            told: 0,
            paced,
        };
        let (stopped, ended) = (stop.clone(), over.clone());
        let reader = tokio::spawn(async move {
            let _ended = ended.drop_guard();
            reader.run(stopped).await;
        });
        let writer = tokio::spawn(write(stream.clone(), waiting));
        Link { number, recorder, stream, out, pace, stop, over, reader, writer }
    }

    /// Its number.
    pub(super) fn number(&self) -> ConnectionNumber {
        self.number
    }

    /// Whether nothing more comes.
    pub(super) fn is_over(&self) -> bool {
        self.over.is_cancelled()
    }

    /// Waits until nothing more comes.
    pub(super) async fn over(&self) {
        self.over.cancelled().await;
    }

    /// Sends a text, which is recorded as `what` at its turn. False where it can't be sent any more: then nothing is recorded.
    pub(super) async fn say(&self, what: What, text: &str) -> bool {
        let permit = tokio::select! {
            permit = self.out.reserve() => permit,
            () = self.over() => return false,
        };
        let Ok(permit) = permit else { return false };
        if self.is_over() {
            return false;
        }
        self.recorder.note_then(what, || permit.send(decoder::text(text)));
        true
    }

    /// Reads so from now on.
    pub(super) fn read(&self, pace: Pace) {
        self.recorder.note(What::Reading { connection: self.number, pace });
        self.pace.send_replace(pace);
    }

    /// Says goodbye and reads what comes until the gateway has said so too.
    pub(super) async fn close(mut self, how: Ending) {
        self.pace.send_replace(Pace::Free);
        self.recorder.note(What::Ending { connection: self.number, how });
        let code: u16 = if how == Ending::Away { 4900 } else { 1000 };
        let goodbye = decoder::encode(0x88, &code.to_be_bytes());
        let closing = async {
            // Where the gateway is gone it needs no goodbye.
            let _ = self.out.send(goodbye).await;
            self.over.cancelled().await;
        };
        let _ = tokio::time::timeout(CLOSE_TIME, closing).await;
        self.end().await;
    }

    /// Breaks it off: the gateway's kernel hears of it by a reset.
    pub(super) async fn cut(mut self) {
        self.recorder.note(What::Ending { connection: self.number, how: Ending::Cut });
        // Without it the reset is an orderly end; then that is what the gateway sees.
        let _ = SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO));
        self.end().await;
    }

    /// Nothing more is read or written, and nobody is told.
    pub(super) async fn abandon(mut self) {
        self.end().await;
    }

    async fn end(&mut self) {
        self.stop.cancel();
        // Both end at once; one that panicked has ended as well.
        let _ = (&mut self.reader).await;
        self.writer.abort();
        let _ = (&mut self.writer).await;
    }
}

impl Drop for Link {
    /// One that is given up on in the midst of something.
    fn drop(&mut self) {
        self.stop.cancel();
        self.writer.abort();
    }
}

async fn connect(socket: TcpSocket, way: &Way) -> io::Result<(TcpStream, Decoder)> {
    let mut stream = socket.connect(way.to).await?;
    stream.set_nodelay(true)?;
    let (path, host) = (&way.path, &way.host);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(512);
    let end = loop {
        if let Some(at) = memchr::memmem::find(&answer, b"\r\n\r\n") {
            break at + 4;
        }
        if answer.len() >= HANDSHAKE_BYTES || stream.read_buf(&mut answer).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "no whole answer to the handshake"));
        }
    };
    if !answer.starts_with(b"HTTP/1.1 101") {
        let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line).into_owned();
        return Err(io::Error::other(format!("the handshake was answered {line:?}")));
    }
    let mut decoder = Decoder::default();
    decoder.push(&answer[end..]);
    Ok((stream, decoder))
}

async fn write(stream: Arc<TcpStream>, mut waiting: mpsc::Receiver<Vec<u8>>) {
    while let Some(frame) = waiting.recv().await {
        let mut rest = frame.as_slice();
        while !rest.is_empty() {
            match stream.try_write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if stream.writable().await.is_err() {
                        return;
                    }
                }
                // The reader sees the end.
                Err(_) => return,
            }
        }
    }
}

struct Reader {
    number: ConnectionNumber,
    recorder: Arc<Recorder>,
    stream: Arc<TcpStream>,
    out: mpsc::Sender<Vec<u8>>,
    seat: Arc<Seat>,
    decoder: Decoder,
    /// How much the gateway has been told has come.
    told: u64,
    paced: watch::Receiver<Pace>,
}

impl Reader {
    async fn run(mut self, stop: CancellationToken) {
        let code = tokio::select! {
            code = self.read() => code,
            () = stop.cancelled() => None,
        };
        self.recorder.note(What::Ended { connection: self.number, code });
    }

    /// Until the end; answers its code.
    async fn read(&mut self) -> Option<u16> {
        let mut buffer = [0; READ_BYTES];
        loop {
            while let Some(incoming) = self.decoder.next() {
                match incoming {
                    Incoming::Text(text, bytes) => self.hear(&text, bytes),
                    // Without a pong any other byte will do; there is room for it nearly always.
                    Incoming::Ping(payload) => _ = self.out.try_send(decoder::encode(0x8A, &payload)),
                    Incoming::Close(code) => {
                        let _ = self.out.try_send(decoder::encode(0x88, &code.unwrap_or(1000).to_be_bytes()));
                        return code;
                    }
                    Incoming::Wrong(what) => {
                        let frame = Frame::Other { text: self.recorder.text(&what) };
                        self.recorder.note(What::Arrived { connection: self.number, place: 0, bytes: 0, frame });
                        return None;
                    }
                }
            }
            match self.some(&mut buffer).await {
                Ok(0) | Err(_) => return None,
                Ok(read) => self.decoder.push(&buffer[..read]),
            }
        }
    }

    /// Reads something, no sooner than the pace allows.
    async fn some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let pace = *self.paced.borrow_and_update();
            let most = match pace {
                Pace::Free => buffer.len(),
                Pace::Slow { bytes_per_second } => (bytes_per_second as usize / 20).clamp(1, buffer.len()),
                Pace::Stopped => {
                    // Its sender ends with the link.
                    self.paced.changed().await.map_err(io::Error::other)?;
                    continue;
                }
            };
            tokio::select! {
                changed = self.paced.changed() => changed.map_err(io::Error::other)?,
                readable = self.stream.readable() => {
                    readable?;
                    match self.stream.try_read(&mut buffer[..most]) {
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                        Ok(read) => {
                            self.rest(pace, read).await;
                            return Ok(read);
                        }
                        Err(error) => return Err(error),
                    }
                }
            }
        }
    }

    /// A slow reader's pause.
    async fn rest(&mut self, pace: Pace, read: usize) {
        if let Pace::Slow { bytes_per_second } = pace {
            let pause = Duration::from_secs_f64(read as f64 / f64::from(bytes_per_second.max(1)));
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = self.paced.changed() => self.paced.mark_changed(),
            }
        }
    }

    fn hear(&mut self, text: &str, bytes: u32) {
        let mut taken = match parse::said(text, &self.recorder) {
            Said::Frame(frame) => self.seat.take(frame),
            Said::Reply(reply) => self.seat.take_reply(self.number, &reply, text, &self.recorder),
        };
        let frame = std::mem::replace(&mut taken.frame, Frame::Drain);
        let arrived = What::Arrived { connection: self.number, place: taken.place, bytes, frame };
        self.recorder.note_all([arrived].into_iter().chain(std::mem::take(&mut taken.then)));
        taken.tell();
        self.acknowledge();
    }

    fn acknowledge(&mut self) {
        let received = self.seat.received();
        if received >= self.told + ACK_EVERY || received < self.told {
            let ack = decoder::text(&format!(r#"{{"op":"ack","received":{received}}}"#));
            if self.out.try_send(ack).is_ok() {
                self.told = received;
            }
        }
    }
}

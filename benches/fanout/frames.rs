//! Frames as the load sees them: built for the server, and counted from it by their headers alone (RFC 6455, section 5.2).

use std::cell::Cell;

/// What came to all members of a room together.
#[derive(Debug, Default)]
pub struct Tally {
    /// Messages, each once for every member it came to.
    pub deliveries: Cell<u64>,
    /// Frames that told of lost ones.
    pub lost: Cell<u64>,
    /// Connections that the server ended.
    pub ended: Cell<u64>,
    /// The length of the latest message's frame.
    pub frame_bytes: Cell<usize>,
}

impl Tally {
    /// Counts a frame.
    pub fn note(&self, frame: Frame) {
        match frame.kind {
            Kind::Message => {
                self.deliveries.set(self.deliveries.get() + 1);
                self.frame_bytes.set(frame.bytes);
            }
            Kind::Lost => self.lost.set(self.lost.get() + 1),
            Kind::Reply | Kind::Ping | Kind::Close => {}
        }
    }
}

/// One frame, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub kind: Kind,
    /// With its header.
    pub bytes: usize,
}

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Message,
    Reply,
    Lost,
    Ping,
    Close,
}

/// Finds the frames in one connection's bytes, however they are cut.
#[derive(Debug, Default)]
pub struct Walker {
    /// The beginning of a frame, as long as it does not show what the frame is.
    head: Vec<u8>,
    /// The frame that is passing by, and how much of it is still to come.
    passing: Option<(Frame, usize)>,
}

impl Walker {
    /// Takes bytes as they came and tells of every frame that ends in them.
    pub fn walk(&mut self, mut bytes: &[u8], mut ended: impl FnMut(Frame)) {
        loop {
            if let Some((frame, left)) = self.passing {
                let taken = left.min(bytes.len());
                bytes = &bytes[taken..];
                self.passing = Some((frame, left - taken));
                if taken < left {
                    return;
                }
                self.passing = None;
                ended(frame);
            }
            self.begin(&mut bytes);
            if self.passing.is_none() {
                return;
            }
        }
    }

    /// Looks for the next frame's head; what is too little of one is kept.
    fn begin(&mut self, bytes: &mut &[u8]) {
        if self.head.is_empty()
            && let Some(frame) = read_head(bytes)
        {
            self.passing = Some((frame, frame.bytes));
            return;
        }
        while let [first, rest @ ..] = *bytes {
            self.head.push(*first);
            *bytes = rest;
            if let Some(frame) = read_head(&self.head) {
                self.passing = Some((frame, frame.bytes - self.head.len()));
                self.head.clear();
                return;
            }
        }
    }
}

/// What frame begins here, and how long it is with its header; `None` while too little of it is there.
pub fn read_head(bytes: &[u8]) -> Option<Frame> {
    let [first, second, ref rest @ ..] = *bytes else { return None };
    let (header, payload) = match second {
        126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?),
        length => (2, usize::from(length)),
    };
    let kind = match first & 0x0F {
        0x8 => Kind::Close,
        0x9 => Kind::Ping,
        // The letter after `{"op":"`.
        _ => match bytes.get(header + 7)? {
            b'm' => Kind::Message,
            b'l' => Kind::Lost,
            _ => Kind::Reply,
        },
    };
    Some(Frame { kind, bytes: header + payload })
}

/// A client's text frame. Its mask is zero, so the payload stays as it is; it always has the longer header of 8 bytes.
pub fn push_text(buffer: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).expect("a frame with a length of two bytes");
    buffer.extend_from_slice(&[0x81, 0x80 | 126]);
    buffer.extend_from_slice(&length.to_be_bytes());
    buffer.extend_from_slice(&[0; 4]);
    buffer.extend_from_slice(text.as_bytes());
}

/// A client's answer to an empty ping.
pub const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

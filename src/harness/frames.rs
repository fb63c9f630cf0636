//! Frames as a load sees them: built for the server, and found in what comes from it by their headers (RFC 6455, section 5.2). Nothing is
//! parsed that nobody asks for, so that reading stays cheap beside what is measured.

use memchr::memmem;

/// How much of a payload a [`Frame`] shows: its kind, a reply's id and code, a message's id.
pub const HEAD_BYTES: usize = 256;

/// A client's answer to an empty ping.
pub const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message of a room, or directed to this member.
    Message,
    /// The answer to a request.
    Reply,
    /// Messages were dropped.
    Lost,
    /// The session is out of a room.
    Kicked,
    /// The gateway goes away.
    Drain,
    /// A ping; [`PONG`] answers it.
    Ping,
    /// The end of the connection.
    Close,
    /// Something else.
    Other,
}

/// One frame that has come whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its length with its header.
    pub bytes: usize,
    /// The beginning of its payload, at most [`HEAD_BYTES`].
    pub head: &'a [u8],
}

impl Frame<'_> {
    /// A message's `msgid_client`, as far as it has no escapes and stands in the head.
    pub fn msg_id(&self) -> Option<&str> {
        self.text_behind(br#""msgid_client":""#, |byte| byte == b'"')
    }

    /// The id of the request that a reply answers.
    pub fn reply_id(&self) -> Option<u64> {
        self.number_behind(br#""id":"#)
    }

    /// A reply's status code.
    pub fn code(&self) -> Option<u16> {
        self.number_behind(br#""code":"#).and_then(|code| u16::try_from(code).ok())
    }

    /// How many messages a [`Kind::Lost`] tells of.
    pub fn lost(&self) -> Option<u64> {
        self.number_behind(br#""count":"#)
    }

    /// The code of a [`Kind::Close`].
    pub fn close_code(&self) -> Option<u16> {
        let code = self.head.first_chunk().filter(|_| self.kind == Kind::Close)?;
        Some(u16::from_be_bytes(*code))
    }

    fn number_behind(&self, name: &[u8]) -> Option<u64> {
        self.text_behind(name, |byte| !byte.is_ascii_digit())?.parse().ok()
    }

    fn text_behind(&self, name: &[u8], ends: impl Fn(u8) -> bool) -> Option<&str> {
        let rest = &self.head[memmem::find(self.head, name)? + name.len()..];
        std::str::from_utf8(&rest[..rest.iter().position(|byte| ends(*byte))?]).ok()
    }
}

/// Finds the frames in one connection's bytes, however they are cut.
#[derive(Debug, Default)]
pub struct Walker {
    /// The header and head of a frame that has begun and not ended.
    begun: Vec<u8>,
    /// How much of it has come in all.
    came: usize,
}

impl Walker {
    /// Takes bytes as they came and tells of every frame that ends in them.
    pub fn walk(&mut self, mut bytes: &[u8], mut ended: impl FnMut(Frame<'_>)) {
        while !bytes.is_empty() {
            match Header::read(bytes) {
                Some(header) if self.came == 0 && header.total() <= bytes.len() => {
                    ended(header.frame(&bytes[..header.total()]));
                    bytes = &bytes[header.total()..];
                }
                _ => self.gather(&mut bytes, &mut ended),
            }
        }
    }

    /// Takes some of a frame that is cut.
    fn gather(&mut self, bytes: &mut &[u8], ended: &mut impl FnMut(Frame<'_>)) {
        let header = Header::read(&self.begun);
        let until = header
            .map_or(self.came + 1, |header| if self.came < header.kept() { header.kept() } else { header.total() });
        let keeps = header.is_none_or(|header| self.came < header.kept());
        let (taken, rest) = bytes.split_at(bytes.len().min(until - self.came));
        *bytes = rest;
        self.came += taken.len();
        if keeps {
            self.begun.extend_from_slice(taken);
        }
        if let Some(header) = Header::read(&self.begun)
            && self.came == header.total()
        {
            ended(header.frame(&self.begun));
            // Most of the time there is none, and a crowd has very many of these.
            *self = Walker::default();
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Header {
    opcode: u8,
    bytes: usize,
    payload: usize,
}

impl Header {
    /// `None` while too little of it is there.
    fn read(bytes: &[u8]) -> Option<Header> {
        let [first, second, ref rest @ ..] = *bytes else { return None };
        let (bytes, payload) = match second & 0x7F {
            126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
            127 => (10, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).unwrap_or(usize::MAX)),
            length => (2, usize::from(length)),
        };
        Some(Header { opcode: first & 0x0F, bytes, payload })
    }

    fn total(self) -> usize {
        self.bytes.saturating_add(self.payload)
    }

    /// How much of the frame is looked at.
    fn kept(self) -> usize {
        self.bytes + self.payload.min(HEAD_BYTES)
    }

    fn frame(self, bytes: &[u8]) -> Frame<'_> {
        let head = &bytes[self.bytes..self.kept()];
        let kind = match self.opcode {
            0x8 => Kind::Close,
            0x9 => Kind::Ping,
            0x1 => kind(head),
            _ => Kind::Other,
        };
        Frame { kind, bytes: self.total(), head }
    }
}

/// By the name behind `{"op":"`.
fn kind(head: &[u8]) -> Kind {
    match head.get(7..) {
        Some([b'm', b'e', ..]) => Kind::Message,
        Some([b'r', b'e', ..]) => Kind::Reply,
        Some([b'l', b'o', ..]) => Kind::Lost,
        Some([b'k', b'i', ..]) => Kind::Kicked,
        Some([b'd', b'r', ..]) => Kind::Drain,
        _ => Kind::Other,
    }
}

/// Adds a client's text frame. Its mask is zero, so the payload stays as it is.
pub fn push_text(buffer: &mut Vec<u8>, text: &str) {
    const MASKED: u8 = 0x80;
    buffer.push(0x81);
    match (u8::try_from(text.len()), u16::try_from(text.len())) {
        (Ok(length @ ..126), _) => buffer.push(MASKED | length),
        (_, Ok(length)) => {
            buffer.push(MASKED | 126);
            buffer.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            buffer.push(MASKED | 127);
            buffer.extend_from_slice(&(text.len() as u64).to_be_bytes());
        }
    }
    buffer.extend_from_slice(&[0; 4]);
    buffer.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As a server frames it.
    fn framed(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x80 | opcode];
        match payload.len() {
            length @ 0..126 => bytes.push(length as u8),
            length @ 126..65536 => {
                bytes.push(126);
                bytes.extend_from_slice(&(length as u16).to_be_bytes());
            }
            length => {
                bytes.push(127);
                bytes.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        bytes.extend_from_slice(payload);
        bytes
    }

    fn only(bytes: &[u8], look: impl Fn(Frame<'_>)) {
        let mut frames = 0;
        Walker::default().walk(bytes, |frame| {
            look(frame);
            frames += 1;
        });
        assert_eq!(frames, 1);
    }

    #[test]
    fn a_reply_shows_its_id_and_code_and_a_message_its_id() {
        only(&framed(1, br#"{"op":"reply","id":7,"code":414,"desc":"no"}"#), |frame| {
            assert_eq!((frame.kind, frame.reply_id(), frame.code()), (Kind::Reply, Some(7), Some(414)));
        });
        only(&framed(1, br#"{"op":"message","message":{"time":"1","msgid_client":"m-1"}}"#), |frame| {
            assert_eq!((frame.kind, frame.msg_id()), (Kind::Message, Some("m-1")));
        });
        only(&framed(1, br#"{"op":"lost","lane":"normal","count":12}"#), |frame| {
            assert_eq!((frame.kind, frame.lost()), (Kind::Lost, Some(12)));
        });
        only(&framed(8, &[0x10, 0x05, b'x']), |frame| assert_eq!(frame.close_code(), Some(4101)));
    }

    proptest! {
        /// However the bytes are cut, each frame is told of once, with its length and beginning.
        #[test]
        fn cuts_change_nothing(sizes in prop::collection::vec(prop_oneof![0usize..300, 65_500usize..66_000], 1..12), cuts in prop::collection::vec(1usize..5000, 1..60)) {
            let payloads: Vec<Vec<u8>> = sizes.iter().enumerate().map(|(at, size)| vec![at as u8; *size]).collect();
            let stream: Vec<u8> = payloads.iter().flat_map(|payload| framed(1, payload)).collect();
            let mut walker = Walker::default();
            let mut found = Vec::new();
            let (mut rest, mut cuts) = (&stream[..], cuts.iter().cycle());
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
                walker.walk(piece, |frame| found.push((frame.bytes, frame.head.to_vec())));
                rest = after;
            }
            let expected: Vec<(usize, Vec<u8>)> = payloads
                .iter()
                .map(|payload| (framed(1, payload).len(), payload[..payload.len().min(HEAD_BYTES)].to_vec()))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}

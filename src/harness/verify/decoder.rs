//! Whole WebSocket frames out of one connection's bytes, however they are cut (RFC 6455, section 5.2). Unlike the harness's walker it keeps
//! what a frame says.

/// The largest message that is put together; no gateway sends nearly as much.
const MESSAGE_BYTES: usize = 16 * 1024 * 1024;

/// Something that came whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// A text message, and its bytes on the wire.
    Text(String, u32),
    /// A ping and what it carries.
    Ping(Vec<u8>),
    /// The end, with its code.
    Close(Option<u16>),
    /// What can't be: binary data, text that is no UTF-8, a frame without end.
    Wrong(String),
}

/// Finds them.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    bytes: Vec<u8>,
    /// A message whose fragments have not all come, and its bytes on the wire.
    begun: Vec<u8>,
    begun_wire: usize,
}

impl Decoder {
    /// Takes bytes as they came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next that is whole. Pongs are nobody's concern.
    pub(super) fn next(&mut self) -> Option<Incoming> {
        loop {
            let (head, length) = self.header()?;
            if length > MESSAGE_BYTES || self.begun.len() > MESSAGE_BYTES {
                self.bytes.clear();
                return Some(Incoming::Wrong(format!("a frame of {length} bytes")));
            }
            let total = head + length;
            if self.bytes.len() < total {
                return None;
            }
            let first = self.bytes[0];
            let payload = self.bytes[head..total].to_vec();
            self.bytes.drain(..total);
            if let Some(incoming) = self.frame(first, payload, total) {
                return Some(incoming);
            }
        }
    }

    /// The length of the next frame's header, and of its payload.
    fn header(&self) -> Option<(usize, usize)> {
        let [_, second, rest @ ..] = self.bytes.as_slice() else { return None };
        Some(match second & 0x7F {
            126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
            127 => (10, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).unwrap_or(usize::MAX)),
            length => (2, usize::from(length)),
        })
    }

    fn frame(&mut self, first: u8, payload: Vec<u8>, total: usize) -> Option<Incoming> {
        match first & 0x0F {
            0x0 | 0x1 => {
                self.begun.extend_from_slice(&payload);
                self.begun_wire += total;
                if first & 0x80 == 0 {
                    return None;
                }
                let wire = u32::try_from(std::mem::take(&mut self.begun_wire)).unwrap_or(u32::MAX);
                Some(match String::from_utf8(std::mem::take(&mut self.begun)) {
                    Ok(text) => Incoming::Text(text, wire),
                    Err(_) => Incoming::Wrong("a text that is not UTF-8".into()),
                })
            }
            0x8 => Some(Incoming::Close(payload.first_chunk().map(|code| u16::from_be_bytes(*code)))),
            0x9 => Some(Incoming::Ping(payload)),
            0xA => None,
            other => Some(Incoming::Wrong(format!("a frame of type {other:#x}, {total} bytes"))),
        }
    }
}

/// A client's frame: `first` is its first byte. The mask is zero, so the payload stays as it is.
pub(super) fn encode(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASKED: u8 = 0x80;
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(MASKED | length as u8),
        length @ 126..65_536 => {
            frame.push(MASKED | 126);
            frame.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            frame.push(MASKED | 127);
            frame.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// A client's text frame.
pub(super) fn text(text: &str) -> Vec<u8> {
    encode(0x81, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As a server sends it: not masked.
    fn served(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = encode(first, payload);
        let mask = frame.len() - payload.len() - 4;
        frame.drain(mask..mask + 4);
        frame[1] &= 0x7F;
        frame
    }

    fn all(decoder: &mut Decoder) -> Vec<Incoming> {
        std::iter::from_fn(|| decoder.next()).collect()
    }

    proptest! {
        #[test]
        fn however_the_bytes_are_cut_the_frames_are_the_same(
            lengths in prop::collection::vec(0usize..70_000, 1..4), step in 1usize..5000
        ) {
            let texts: Vec<String> = lengths.iter().map(|length| "a".repeat(*length)).collect();
            let stream: Vec<u8> = texts.iter().flat_map(|text| served(0x81, text.as_bytes())).collect();
            let mut decoder = Decoder::default();
            let mut came = Vec::new();
            for piece in stream.chunks(step) {
                decoder.push(piece);
                came.extend(all(&mut decoder));
            }
            let wire = |text: &String| u32::try_from(served(0x81, text.as_bytes()).len()).unwrap();
            let expected: Vec<Incoming> = texts.iter().map(|text| Incoming::Text(text.clone(), wire(text))).collect();
            prop_assert_eq!(came, expected);
        }
    }

    #[test]
    fn fragments_are_one_text_and_control_frames_may_come_between_them() {
        let mut decoder = Decoder::default();
        for (first, payload) in [(0x01, "a"), (0x89, "p"), (0x8A, ""), (0x80, "b"), (0x88, "\u{3}\u{8}")] {
            decoder.push(&served(first, payload.as_bytes()));
        }
        decoder.push(&served(0x82, b"x"));
        let wrong = Incoming::Wrong("a frame of type 0x2, 3 bytes".into());
        let expected = [Incoming::Ping(b"p".into()), Incoming::Text("ab".into(), 6), Incoming::Close(Some(776)), wrong];
        assert_eq!(all(&mut decoder), expected);
    }
}

//! A server's data frame in its final bytes. Server frames are not masked (RFC 6455, section 5.1), so one encoding serves every recipient.

use serde::Serialize;

use super::CloseCode;

/// Room for the longest header in front of the payload, so that the payload is written once and never moved.
const HEADER_ROOM: usize = 10;
/// Most frames are no longer, so that their bytes move only once, into room of just their size.
const USUAL_BYTES: usize = 512;
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8A;

/// An encoded frame, header and payload; text but for the echo path's binary ones.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    buffer: Box<[u8]>,
    start: usize,
}

impl Text {
    /// Encodes `value` as the JSON payload of one text frame.
    pub fn json(value: &impl Serialize) -> Text {
        let mut buffer = Vec::with_capacity(USUAL_BYTES);
        buffer.resize(HEADER_ROOM, 0);
        serde_json::to_writer(&mut buffer, value).expect("plain data with text keys has a JSON form");
        Text::with_header(TEXT, buffer)
    }

    /// A frame with this very text.
    pub fn copy_of_text(text: &str) -> Text {
        Text::with_header(TEXT, [&[0; HEADER_ROOM], text.as_bytes()].concat())
    }

    /// A binary frame with these very bytes.
    pub fn copy_of_binary(bytes: &[u8]) -> Text {
        Text::with_header(BINARY, [&[0; HEADER_ROOM], bytes].concat())
    }

    /// Frames that are in their final bytes already.
    pub fn in_final_bytes(frames: &[u8]) -> Text {
        Text { buffer: [&[0; HEADER_ROOM], frames].concat().into(), start: HEADER_ROOM }
    }

    /// Puts the header right before the payload.
    fn with_header(opcode: u8, mut buffer: Vec<u8>) -> Text {
        let mut header = [0; HEADER_ROOM];
        let length = write_header(&mut header, opcode, buffer.len() - HEADER_ROOM);
        let start = HEADER_ROOM - length;
        buffer[start..HEADER_ROOM].copy_from_slice(&header[..length]);
        Text { buffer: buffer.into(), start }
    }

    /// The frame as it goes on the wire.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The payload of a text frame; nothing of a binary one.
    pub fn payload(&self) -> &str {
        std::str::from_utf8(&self.buffer[HEADER_ROOM..]).unwrap_or_default()
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.payload())
    }
}

fn write_header(header: &mut [u8; HEADER_ROOM], opcode: u8, payload: usize) -> usize {
    header[0] = opcode;
    if let Ok(length @ 0..126) = u8::try_from(payload) {
        header[1] = length;
        2
    } else if let Ok(length) = u16::try_from(payload) {
        header[1] = 126;
        header[2..4].copy_from_slice(&length.to_be_bytes());
        4
    } else {
        header[1] = 127;
        header[2..].copy_from_slice(&(payload as u64).to_be_bytes());
        10
    }
}

/// An empty ping.
pub fn ping() -> [u8; 2] {
    [PING, 0]
}

/// The answer to a ping, with its payload of at most 125 bytes.
pub fn pong(payload: &[u8]) -> Vec<u8> {
    control(PONG, &[payload])
}

/// A close frame with code and reason.
pub fn close(code: CloseCode) -> Vec<u8> {
    control(CLOSE, &[&code.number().to_be_bytes(), code.reason().as_bytes()])
}

/// The answer to a client's close frame: its own code back, or none where it gave none.
pub fn close_echo(code: Option<u16>) -> Vec<u8> {
    match code {
        Some(code) => control(CLOSE, &[&code.to_be_bytes()]),
        None => control(CLOSE, &[]),
    }
}

fn control(opcode: u8, parts: &[&[u8]]) -> Vec<u8> {
    let payload = parts.concat();
    debug_assert!(payload.len() <= 125, "a control frame's payload has at most 125 bytes");
    let mut frame = vec![opcode, payload.len() as u8];
    frame.extend_from_slice(&payload);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;
    use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocket};

    /// Reads the bytes with a WebSocket implementation that is not ours.
    fn read_back(bytes: &[u8]) -> Message {
        WebSocket::from_raw_socket(Cursor::new(bytes.to_vec()), Role::Client, None).read().unwrap()
    }

    #[test]
    fn every_length_form_is_read_back() {
        for length in [0, 123, 124, 125, 126, 65_532, 65_533, 65_534, 65_535, 70_000] {
            let value = "x".repeat(length);
            let text = Text::json(&value);
            assert_eq!(read_back(text.bytes()).into_text().unwrap().as_str(), format!("\"{value}\""));
            assert_eq!(text.payload().len(), length + 2);
            assert!(Text::copy_of_text(text.payload()) == text);
            assert_eq!(read_back(Text::copy_of_binary(&[0xFF]).bytes()), Message::binary(vec![0xFF]));
        }
    }

    #[test]
    fn every_close_code_is_read_back() {
        for number in 1000..5000 {
            let Some(code) = CloseCode::from_number(number) else { continue };
            let Message::Close(Some(frame)) = read_back(&close(code)) else { panic!("no close frame") };
            assert_eq!((u16::from(frame.code), frame.reason.as_str()), (number, code.reason()));
        }
        assert_eq!(read_back(&close_echo(None)), Message::Close(None));
        assert!(
            matches!(read_back(&close_echo(Some(4321))), Message::Close(Some(frame)) if u16::from(frame.code) == 4321)
        );
    }

    proptest! {
        #[test]
        fn any_text_survives(value in "\\PC{0,300}") {
            let read = read_back(Text::json(&value).bytes()).into_text().unwrap();
            prop_assert_eq!(read.as_str(), serde_json::to_string(&value).unwrap());
        }

        #[test]
        fn pongs_carry_their_payload(payload in proptest::collection::vec(any::<u8>(), 0..=125)) {
            prop_assert_eq!(read_back(&pong(&payload)), Message::Pong(payload.into()));
        }
    }
}

//! Watches a client's bytes go by and counts frames, which tungstenite does not show: fragments of a message, and frames a second.
//! Reads headers only (RFC 6455, section 5.2); what is wrong with a frame is tungstenite's to say.

use std::time::Instant;

use crate::base::limits;
use crate::settings::SocketSettings;

#[derive(Debug)]
pub(super) struct Meter {
    header: [u8; 14],
    /// How much of a header has gone by.
    header_len: u8,
    /// Payload bytes of the current frame still to come.
    payload_left: u64,
    fragments: u32,
    /// A message has begun and not ended.
    assembling: bool,
    /// When what is incomplete now began.
    incomplete_since: Option<Instant>,
    text: Bucket,
    control: Bucket,
    /// Anything came since this was last cleared.
    pub(super) heard: bool,
}

/// What a client did too often.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flooding;

const CONTROL: u8 = 0x08;
const FIN: u8 = 0x80;

impl Meter {
    pub(super) fn new(settings: &SocketSettings, now: Instant) -> Meter {
        Meter {
            header: [0; 14],
            header_len: 0,
            payload_left: 0,
            fragments: 0,
            assembling: false,
            incomplete_since: None,
            text: Bucket::new(settings.frames_per_second, now),
            control: Bucket::new(settings.control_frames_per_second, now),
            heard: false,
        }
    }

    /// Since when a frame or a message has been incomplete; `None` while none is.
    pub(super) fn incomplete_since(&self) -> Option<Instant> {
        self.incomplete_since
    }

    fn is_between_messages(&self) -> bool {
        !self.assembling && self.header_len == 0 && self.payload_left == 0
    }

    /// Takes note of bytes as they come, in pieces of any size.
    pub(super) fn scan(&mut self, mut bytes: &[u8], now: Instant) -> Result<(), Flooding> {
        self.heard = true;
        while !bytes.is_empty() {
            bytes = self.step(bytes, now)?;
            if self.is_between_messages() {
                self.incomplete_since = None;
            } else {
                self.incomplete_since.get_or_insert(now);
            }
        }
        Ok(())
    }

    /// Skips payload, or takes one byte of a header; what is left comes back.
    fn step<'a>(&mut self, bytes: &'a [u8], now: Instant) -> Result<&'a [u8], Flooding> {
        if self.payload_left > 0 {
            let skipped = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(bytes.len());
            self.payload_left -= skipped as u64;
            return Ok(&bytes[skipped..]);
        }
        self.header[usize::from(self.header_len)] = bytes[0];
        self.header_len += 1;
        if let Some(payload) = self.whole_header() {
            self.frame(self.header[0], now)?;
            self.header_len = 0;
            self.payload_left = payload;
        }
        Ok(&bytes[1..])
    }

    /// The payload's length, once the header is complete.
    fn whole_header(&self) -> Option<u64> {
        let header = &self.header[..usize::from(self.header_len)];
        let [_, second, ref rest @ ..] = *header else { return None };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let length_bytes = match second & 0x7F {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if rest.len() < length_bytes + mask {
            return None;
        }
        Some(match length_bytes {
            0 => u64::from(second & 0x7F),
            _ => rest[..length_bytes].iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
        })
    }

    fn frame(&mut self, first: u8, now: Instant) -> Result<(), Flooding> {
        if first & CONTROL != 0 {
            return self.control.take(now);
        }
        self.assembling = first & FIN == 0;
        if self.assembling {
            self.fragments += 1;
        } else {
            self.fragments = 0;
        }
        if self.fragments > limits::FRAGMENTS {
            return Err(Flooding);
        }
        self.text.take(now)
    }
}

/// Holds two seconds' worth of frames and fills with time.
#[derive(Debug)]
struct Bucket {
    per_second: f64,
    left: f64,
    at: Instant,
}

impl Bucket {
    fn new(per_second: u32, now: Instant) -> Bucket {
        let per_second = f64::from(per_second);
        Bucket { per_second, left: 2.0 * per_second, at: now }
    }

    fn take(&mut self, now: Instant) -> Result<(), Flooding> {
        let refill = now.saturating_duration_since(self.at).as_secs_f64() * self.per_second;
        self.at = now;
        self.left = (self.left + refill).min(2.0 * self.per_second) - 1.0;
        if self.left < 0.0 { Err(Flooding) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn meter(now: Instant) -> Meter {
        Meter::new(&SocketSettings { frames_per_second: 10, control_frames_per_second: 10, ..Default::default() }, now)
    }

    /// A masked client frame.
    fn frame(first: u8, payload: usize) -> Vec<u8> {
        let mut bytes = vec![first];
        match payload {
            0..126 => bytes.push(0x80 | payload as u8),
            126..65_536 => {
                bytes.push(0x80 | 126);
                bytes.extend_from_slice(&(payload as u16).to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 127);
                bytes.extend_from_slice(&(payload as u64).to_be_bytes());
            }
        }
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend(std::iter::repeat_n(0xFF, payload));
        bytes
    }

    #[test]
    fn too_many_frames_a_second_are_flooding_and_a_pause_helps() {
        let now = Instant::now();
        let mut meter = meter(now);
        for _ in 0..20 {
            assert_eq!(meter.scan(&frame(0x81, 5), now), Ok(()));
        }
        assert_eq!(meter.scan(&frame(0x89, 0), now), Ok(()), "pings are counted apart");
        assert_eq!(meter.scan(&frame(0x81, 5), now + Duration::from_millis(1100)), Ok(()));
        for _ in 0..10 {
            let _ = meter.scan(&frame(0x81, 5), now + Duration::from_millis(1100));
        }
        assert_eq!(meter.scan(&frame(0x81, 5), now + Duration::from_millis(1100)), Err(Flooding));
    }

    #[test]
    fn empty_fragments_without_end_are_flooding() {
        let now = Instant::now();
        let mut meter = Meter::new(&SocketSettings { frames_per_second: u32::MAX, ..Default::default() }, now);
        assert_eq!(meter.scan(&frame(0x01, 0), now), Ok(()));
        for _ in 1..limits::FRAGMENTS {
            assert_eq!(meter.scan(&frame(0x00, 0), now), Ok(()));
        }
        assert!(meter.incomplete_since().is_some());
        assert_eq!(meter.scan(&frame(0x00, 0), now), Err(Flooding));
    }

    #[test]
    fn each_message_is_timed_from_its_own_first_byte() {
        let start = Instant::now();
        let later = start + Duration::from_secs(1);
        let mut meter = meter(start);
        let bytes = [frame(0x01, 3), frame(0x89, 0), frame(0x80, 3), frame(0x81, 3)].concat();
        assert_eq!(meter.scan(&bytes[..1], start), Ok(()));
        assert_eq!(meter.scan(&bytes[1..20], later), Ok(()));
        assert_eq!(meter.incomplete_since(), Some(start), "a ping in between changes nothing");
        assert_eq!(meter.scan(&bytes[20..bytes.len() - 1], later), Ok(()));
        assert_eq!(meter.incomplete_since(), Some(later), "the next message has begun");
        assert_eq!(meter.scan(&bytes[bytes.len() - 1..], later), Ok(()));
        assert_eq!(meter.incomplete_since(), None);
    }

    proptest! {
        #[test]
        fn however_the_bytes_are_cut_the_same_frames_are_seen(
            payloads in proptest::collection::vec(prop_oneof![0usize..130, 65_530usize..65_540], 1..8),
            cut in 1usize..500,
        ) {
            let now = Instant::now();
            let mut meter = meter(now);
            let bytes: Vec<u8> = payloads.iter().flat_map(|payload| frame(0x81, *payload)).collect();
            for piece in bytes.chunks(cut) {
                prop_assert_eq!(meter.scan(piece, now), Ok(()));
            }
            prop_assert_eq!(meter.incomplete_since(), None);
            prop_assert_eq!(meter.text.left, 20.0 - payloads.len() as f64);
        }
    }
}

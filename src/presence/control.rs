//! Control frames that wait for one member: pongs, pings, and at the end the close frame. They go ahead of both lanes.

use crate::base::limits;

#[derive(Default)]
pub(super) struct Control {
    bytes: Vec<u8>,
    /// So many bytes at the front belong to a frame that is written in part.
    begun: usize,
}

impl Control {
    /// One frame alone.
    pub(super) fn of(frame: Vec<u8>) -> Control {
        Control { bytes: frame, begun: 0 }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes one frame; false when there is no room.
    pub(super) fn push(&mut self, frame: &[u8]) -> bool {
        let fits = self.bytes.len() + frame.len() <= limits::CONTROL_BYTES;
        if fits {
            self.bytes.extend_from_slice(frame);
        }
        fits
    }

    /// Whether a frame is written in part.
    pub(super) fn is_midway(&self) -> bool {
        self.begun > 0
    }

    /// Throws away what has not begun.
    pub(super) fn clear(&mut self) {
        self.bytes.truncate(self.begun);
    }

    /// Takes out up to `written` bytes that were written; how many it had.
    pub(super) fn advance(&mut self, written: usize) -> usize {
        let written = written.min(self.bytes.len());
        // A control frame has two bytes of header, the second of which is its length (RFC 6455, section 5.5).
        let mut end = self.begun;
        while end < written {
            end += 2 + usize::from(self.bytes[end + 1]);
        }
        self.begun = end - written;
        self.bytes.drain(..written);
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::text;

    #[test]
    fn a_frame_written_in_part_is_finished_and_the_others_go() {
        let (first, second) = (text::pong(b"first"), text::pong(b"second"));
        for written in 0..=first.len() + second.len() {
            let mut control = Control::default();
            assert!(control.push(&first) && control.push(&second));
            let mut out = control.bytes()[..written].to_vec();
            assert_eq!(control.advance(written), written);
            control.clear();
            out.extend_from_slice(control.bytes());
            let whole = [vec![], first.clone(), [first.clone(), second.clone()].concat()];
            assert!(whole.contains(&out), "{written} bytes: {out:?}");
        }
    }

    #[test]
    fn it_is_bounded() {
        let mut control = Control::default();
        let ping = text::pong(&[0; 125]);
        let fit = limits::CONTROL_BYTES / ping.len();
        assert!((0..fit).all(|_| control.push(&ping)));
        assert!(!control.push(&ping));
    }
}

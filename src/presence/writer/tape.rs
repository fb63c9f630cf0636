//! Frames for everybody of one room that a writer sorts in one turn. They are joined once: a member for whom nothing else waits gets them in a
//! single write of shared bytes, and needs no queue.
//!
//! While the turn sorts, such a member only notes where on the tape it began. Whatever else happens to it first has its part of the tape put
//! into its queue, so the order of its frames is the order in which they came.

use std::sync::Arc;

use crate::base::limits;

use super::super::Frame;
use super::Address;

#[derive(Default)]
pub(in crate::presence) struct Tape {
    roster: Arc<[Address]>,
    frames: Vec<Arc<Frame>>,
    bytes: Vec<u8>,
    /// Members who are to get it as it is.
    pub(super) takers: u64,
    /// Those who get each frame by itself.
    pub(super) stragglers: Vec<Address>,
}

/// Which tape a member gets, and where it began on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::presence) struct Taped {
    pub(super) tape: u32,
    from: u32,
}

/// What goes in one write.
pub(in crate::presence) struct Piece<'a> {
    pub(in crate::presence) bytes: &'a [u8],
    pub(in crate::presence) frames: &'a [Arc<Frame>],
}

impl Tape {
    pub(super) fn new(roster: Arc<[Address]>) -> Tape {
        Tape { roster, ..Tape::default() }
    }

    pub(super) fn is_for(&self, roster: &Arc<[Address]>) -> bool {
        Arc::ptr_eq(&self.roster, roster)
    }

    pub(super) fn append(&mut self, frame: &Arc<Frame>) {
        self.frames.push(frame.clone());
        self.bytes.extend_from_slice(frame.bytes());
    }

    /// The mark of a member that gets what follows, of the tape of this number.
    pub(super) fn mark(&self, tape: usize) -> Taped {
        // A turn has at most a few hundred of either.
        Taped { tape: tape as u32, from: self.frames.len() as u32 }
    }

    /// The frames of a member.
    pub(in crate::presence) fn frames(&self, taped: Taped) -> &[Arc<Frame>] {
        self.frames.get(taped.from as usize..).unwrap_or_default()
    }

    /// The same, cut into what goes in one write each: as much as a write may have, or one frame if that is larger.
    pub(in crate::presence) fn pieces(&self, taped: Taped) -> impl Iterator<Item = Piece<'_>> {
        let mut frames = self.frames(taped);
        let rest: usize = frames.iter().map(|frame| frame.bytes().len()).sum();
        let mut bytes = &self.bytes[self.bytes.len() - rest..];
        std::iter::from_fn(move || {
            let mut length = frames.first()?.bytes().len();
            let mut count = 1;
            while let Some(next) = frames.get(count)
                && length + next.bytes().len() <= limits::WRITE_BYTES
            {
                length += next.bytes().len();
                count += 1;
            }
            let piece = Piece { bytes: &bytes[..length], frames: &frames[..count] };
            (bytes, frames) = (&bytes[length..], &frames[count..]);
            Some(piece)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Text;
    use proptest::prelude::*;

    proptest! {
        /// Wherever a member began: the pieces are its frames, whole and in order, and none is larger than a write may be unless it is one frame.
        #[test]
        fn pieces_are_the_frames_from_the_mark_on(sizes in prop::collection::vec(1usize..20_000, 1..12), before in 0usize..12) {
            let mut tape = Tape::new(Arc::default());
            let frames: Vec<Arc<Frame>> = sizes
                .iter()
                .map(|size| Arc::new(Frame::reply(Text::in_final_bytes(&vec![*size as u8; *size]))))
                .collect();
            let before = before.min(frames.len());
            frames[..before].iter().for_each(|frame| tape.append(frame));
            let taped = tape.mark(0);
            frames[before..].iter().for_each(|frame| tape.append(frame));
            let mut expected = frames[before..].iter();
            for piece in tape.pieces(taped) {
                prop_assert!(piece.bytes.len() <= limits::WRITE_BYTES || piece.frames.len() == 1);
                let joined: Vec<u8> = piece.frames.iter().flat_map(|frame| frame.bytes().to_vec()).collect();
                prop_assert_eq!(piece.bytes, &joined[..]);
                for frame in piece.frames {
                    prop_assert!(expected.next().is_some_and(|next| Arc::ptr_eq(next, frame)));
                }
            }
            prop_assert!(expected.next().is_none());
        }
    }
}

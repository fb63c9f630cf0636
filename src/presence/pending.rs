//! What waits for one member's socket, as small as it can be: most of the time nothing, or a single frame, which goes as soon as its writer
//! comes to it. Only what is more than that takes a queue.

use std::sync::Arc;

use crate::base::LaneBounds;
use crate::model::Lane;

use super::queue::Queue;
use super::{Amount, Frame, Waiting};

#[derive(Default)]
pub(super) enum Pending {
    #[default]
    Nothing,
    One(Arc<Frame>),
    Many(Box<Queue>),
}

impl Pending {
    /// Takes a frame if nothing waits before it, which every lane has room for.
    pub(super) fn take_alone(&mut self, frame: &Arc<Frame>) -> bool {
        let alone = matches!(self, Pending::Nothing);
        if alone {
            *self = Pending::One(frame.clone());
        }
        alone
    }

    /// Takes out the frame that waits alone.
    pub(super) fn give_alone(&mut self) -> Option<Arc<Frame>> {
        match std::mem::take(self) {
            Pending::One(frame) => Some(frame),
            other => {
                *self = other;
                None
            }
        }
    }

    /// The queue, if anything waits.
    pub(super) fn queue(&mut self) -> Option<&mut Queue> {
        if matches!(self, Pending::Nothing) { None } else { Some(self.queued()) }
    }

    /// The queue, made where there is none yet.
    pub(super) fn queued(&mut self) -> &mut Queue {
        if !matches!(self, Pending::Many(_)) {
            let mut queue = Box::<Queue>::default();
            if let Pending::One(frame) = self {
                queue.push_beyond(frame);
            }
            *self = Pending::Many(queue);
        }
        match self {
            Pending::Many(queue) => queue,
            Pending::Nothing | Pending::One(_) => unreachable!("it was made a queue right before"),
        }
    }

    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Pending::Nothing => 0,
            Pending::One(frame) => frame.bytes().len(),
            Pending::Many(queue) => queue.bytes(),
        }
    }

    /// Frames that wait.
    pub(super) fn frames(&self) -> usize {
        match self {
            Pending::Nothing => 0,
            Pending::One(_) => 1,
            Pending::Many(queue) => queue.frames(),
        }
    }

    /// What waits in each lane.
    pub(super) fn waiting(&self) -> Waiting {
        match self {
            Pending::Nothing => Waiting::default(),
            Pending::Many(queue) => queue.waiting(),
            Pending::One(frame) => {
                let amount = Amount { frames: 1, bytes: frame.bytes().len() };
                match frame.lane {
                    Lane::High => Waiting { high: amount, ..Waiting::default() },
                    Lane::Normal => Waiting { normal: amount, ..Waiting::default() },
                }
            }
        }
    }

    /// Whether a frame's lane has room for it.
    pub(super) fn has_room(&mut self, frame: &Frame, bounds: &LaneBounds) -> bool {
        self.queue().is_none_or(|queue| queue.has_room(frame, bounds))
    }

    /// Whether bytes of a frame are still to be written before another may begin.
    pub(super) fn is_midway(&self) -> bool {
        matches!(self, Pending::Many(queue) if queue.is_midway())
    }

    /// All bytes that wait, as they would be written.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        match self.queue() {
            Some(queue) => std::mem::take(queue).into_bytes(),
            None => Vec::new(),
        }
    }
}

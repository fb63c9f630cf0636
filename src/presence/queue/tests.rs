//! Whatever is pushed and however it is written, frames go in their order and none is split.

use super::*;
use crate::wire::Text;
use proptest::prelude::*;

const BOUNDS: LaneBounds = LaneBounds { high_bytes: 64 * 1024, normal_bytes: 64 * 1024 };

fn frame(lane: Lane, text: &str) -> Arc<Frame> {
    Arc::new(Frame::message(Text::json(&text), lane, None))
}

/// Writes up to `bytes` as a socket would, to `out`.
fn write(queue: &mut Queue, bytes: usize, out: &mut Vec<u8>) {
    if !queue.settle(limits::WRITE_BYTES) {
        return;
    }
    let next: Vec<u8> = queue.next_write(limits::WRITE_BYTES).iter().flat_map(|slice| slice.to_vec()).collect();
    let written = bytes.min(next.len());
    out.extend_from_slice(&next[..written]);
    queue.advance(written, drop);
}

/// The texts of whole frames, in order.
fn texts(mut bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    while let [_, length, ..] = *bytes {
        let end = 2 + usize::from(length);
        texts.push(serde_json::from_slice(&bytes[2..end]).unwrap());
        bytes = &bytes[end..];
    }
    texts
}

#[test]
fn high_goes_first_but_a_begun_frame_is_finished() {
    let mut queue = Queue::default();
    let mut out = Vec::new();
    queue.push(&frame(Lane::Normal, "n1"), &BOUNDS, |_| ());
    queue.push(&frame(Lane::Normal, "n2"), &BOUNDS, |_| ());
    write(&mut queue, 1, &mut out);
    queue.push(&frame(Lane::High, "h1"), &BOUNDS, |_| ());
    while queue.bytes() > 0 {
        write(&mut queue, 3, &mut out);
    }
    assert_eq!(texts(&out), ["n1", "h1", "n2"]);
}

#[test]
fn after_a_run_of_high_frames_one_normal_frame_goes() {
    let mut queue = Queue::default();
    for number in 0..100 {
        queue.push(&frame(Lane::High, &format!("h{number}")), &BOUNDS, |_| ());
    }
    for number in 0..3 {
        queue.push(&frame(Lane::Normal, &format!("n{number}")), &BOUNDS, |_| ());
    }
    let mut out = Vec::new();
    while queue.bytes() > 0 {
        write(&mut queue, usize::MAX, &mut out);
    }
    let texts = texts(&out);
    let run = limits::HIGH_RUN as usize;
    for number in 0..3 {
        assert_eq!(texts[run + number * (run + 1)], format!("n{number}"));
    }
}

#[test]
fn a_high_frame_that_nobody_waited_behind_does_not_count() {
    let mut queue = Queue::default();
    let mut out = Vec::new();
    for _ in 0..limits::HIGH_RUN {
        queue.push(&frame(Lane::High, "h"), &BOUNDS, |_| ());
    }
    write(&mut queue, usize::MAX, &mut out);
    queue.push(&frame(Lane::Normal, "n"), &BOUNDS, |_| ());
    queue.push(&frame(Lane::High, "urgent"), &BOUNDS, |_| ());
    write(&mut queue, usize::MAX, &mut out);
    assert_eq!(texts(&out)[limits::HIGH_RUN as usize..], ["urgent", "n"]);
}

#[test]
fn throwing_away_what_waits_keeps_a_close_frame_that_is_next() {
    let mut queue = Queue::default();
    queue.close(vec![0x88, 0]);
    assert!(queue.settle(limits::WRITE_BYTES));
    queue.clear();
    assert_eq!(queue.next_write(limits::WRITE_BYTES).iter().map(|slice| slice.len()).sum::<usize>(), 2);
}

#[test]
fn a_write_stays_small() {
    let mut queue = Queue::default();
    for _ in 0..40 {
        queue.push(&frame(Lane::Normal, &"x".repeat(1000)), &BOUNDS, |_| ());
    }
    let total: usize = queue.next_write(limits::WRITE_BYTES).iter().map(|slice| slice.len()).sum();
    assert!((limits::WRITE_BYTES - 1100..=limits::WRITE_BYTES).contains(&total), "{total}");
}

proptest! {
    /// However pushes and partial writes are mixed: whole frames come out, each lane in its order, nothing missing.
    #[test]
    fn what_goes_in_comes_out_whole_and_in_lane_order(
        steps in proptest::collection::vec((any::<bool>(), 0usize..40, 0usize..3), 1..150)
    ) {
        let mut queue = Queue::default();
        let mut out = Vec::new();
        let (mut high, mut normal) = (Vec::new(), Vec::new());
        for (is_high, bytes, pushes) in steps {
            for _ in 0..pushes {
                let (lane, sent, letter) =
                    if is_high { (Lane::High, &mut high, 'h') } else { (Lane::Normal, &mut normal, 'n') };
                let text = format!("{letter}{}", sent.len());
                prop_assert_eq!(queue.push(&frame(lane, &text), &BOUNDS, |_| ()), Push::Queued);
                sent.push(text);
            }
            write(&mut queue, bytes, &mut out);
        }
        while queue.bytes() > 0 {
            write(&mut queue, usize::MAX, &mut out);
        }
        let (came_high, came_normal): (Vec<_>, Vec<_>) =
            texts(&out).into_iter().partition(|text| text.starts_with('h'));
        prop_assert_eq!(came_high, high);
        prop_assert_eq!(came_normal, normal);
    }
}

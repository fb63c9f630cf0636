//! Inner things one by one, with criterion: what waits for a member and goes, a frame's encoding, finding recipients, a signature, a form.
//! `cargo bench --bench micro` measures them and compares with the time before.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use roomgate::auth::{App, Signature};
use roomgate::base::{Accid, Clock};
use roomgate::bench::{Encoder, Form, Lanes, Seats};

/// Frames that wait for a member when its writer comes: what fills about one write, and one alone.
const WAITING: [usize; 2] = [1, 44];
/// As long as a text of 128 bytes makes it.
const FRAME_BYTES: usize = 367;
const MEMBERS: usize = 5000;

fn accids(count: usize) -> Vec<Accid> {
    (0..count).map(|number| Accid::parse("accid", &format!("member{number:06}")).expect("an account's name")).collect()
}

fn outlet(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("outlet");
    for frames in WAITING {
        group.throughput(Throughput::Elements(frames as u64));
        group.bench_with_input(BenchmarkId::new("push", frames), &frames, |bencher, &frames| {
            bencher.iter_batched_ref(|| Lanes::new(FRAME_BYTES), |lanes| lanes.push(frames), BatchSize::SmallInput);
        });
        group.bench_with_input(BenchmarkId::new("push and drain", frames), &frames, |bencher, &frames| {
            let mut lanes = Lanes::new(FRAME_BYTES);
            bencher.iter(|| {
                lanes.push(frames);
                lanes.drain()
            });
        });
    }
    group.finish();
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame encode");
    for bytes in [128, 1024] {
        let encoder = Encoder::new("member000001", &"x".repeat(bytes)).expect("a message");
        group.bench_function(BenchmarkId::from_parameter(bytes), |bencher| bencher.iter(|| encoder.encode()));
    }
    group.finish();
}

fn lookup(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("directed lookup");
    let members = accids(MEMBERS);
    let seats = Seats::of(&members);
    for recipients in [1, 10, 100] {
        // Spread over the room.
        let some: Vec<Accid> = members.iter().step_by(MEMBERS / recipients).cloned().collect();
        group.bench_function(BenchmarkId::from_parameter(recipients), |bencher| {
            bencher.iter(|| seats.find(black_box(&some)));
        });
    }
    group.finish();
}

fn check_sum(criterion: &mut Criterion) {
    let (app, clock) = (App::random(), Clock::system());
    let signed = app.sign(&clock);
    let signature = Signature {
        app_key: signed.app_key.as_bytes(),
        nonce: signed.nonce.as_bytes(),
        cur_time: signed.cur_time.as_bytes(),
        check_sum: signed.check_sum.as_bytes(),
    };
    let now = clock.wall();
    criterion.bench_function("CheckSum verify", |bencher| bencher.iter(|| app.verify(black_box(&signature), now)));
}

fn form(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("form decode");
    let form = Form::new();
    for recipients in [1, 100] {
        let to = serde_json::json!(accids(recipients).iter().map(ToString::to_string).collect::<Vec<_>>()).to_string();
        let attach = "x".repeat(128);
        let pairs = [("roomid", "1"), ("msgId", "m-1"), ("fromAccid", "ann"), ("toAccids", &to), ("attach", &attach)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        group.bench_function(BenchmarkId::new("recipients", recipients), |bencher| {
            bencher.iter(|| form.decode(black_box(body.as_bytes())));
        });
    }
    group.finish();
}

criterion_group!(micro, outlet, encode, lookup, check_sum, form);
criterion_main!(micro);

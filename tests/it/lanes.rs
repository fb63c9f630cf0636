//! The two lanes of a member who does not read: urgent first, memory bounded, every loss told, nobody else waits.

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::{Event, Outgoing};
use roomgate::settings::Settings;
use socket2::Socket;

use crate::support::{House, Member, SOON, eventually};

/// What the published bound (ARCHITECTURE.md) allows of normal bytes ahead of an urgent frame: those in the two kernel buffers and one
/// write. A kernel doubles what it is asked for, for its own bookkeeping.
fn overtaking_bound(receive_buffer: usize) -> usize {
    let send_buffer = 2 * Settings::default().socket.send_buffer_bytes;
    send_buffer + receive_buffer + roomgate::base::limits::WRITE_BYTES
}

/// A member in the room whose socket holds so many bytes, and who reads only when told to; and that socket.
async fn slow_member(house: &House, room: RoomId, receive_buffer: Option<u32>) -> (Member, Socket) {
    let token = house.account("slow").await;
    let (mut client, socket) = house.narrow_visitor(receive_buffer).await;
    client.login("key", "slow", &token).await.unwrap();
    let mut member = Member::new("slow", &token, client);
    member.enters(room).await;
    (member, socket)
}

fn kilobyte(number: usize) -> String {
    format!("{number} {}", "x".repeat(1000))
}

/// Sends until something waits for whoever does not read.
async fn fill(house: &House, room: RoomId, messages: usize) {
    for number in 0..messages {
        house.server_sends(room, "owner", Outgoing::text(kilobyte(number))).await;
    }
    eventually("something waits", || house.metric("roomgate_queue_bytes") > 0.0).await;
}

impl House {
    /// Turns the clock until somebody who takes nothing is closed. What was still on its way into that kernel may have been taken since the
    /// clock was turned last, and its ten seconds begin anew then.
    async fn is_told_of_a_stall(&self) {
        let is_closed = || {
            self.clock.advance(Duration::from_secs(2));
            self.metric(r#"roomgate_closes_total{by="gateway",code="4101"}"#) == 1.0
        };
        eventually("its end has begun", is_closed).await;
    }
}

#[tokio::test]
async fn an_urgent_message_overtakes_within_the_bound_and_every_loss_is_told() {
    for receive_buffer in [Some(16 * 1024), None] {
        overtakes_within_the_bound(receive_buffer).await;
    }
}

async fn overtakes_within_the_bound(receive_buffer: Option<u32>) {
    const MESSAGES: usize = 10_000;
    // On a busy machine ten seconds may not be enough for all of it.
    let house = House::with(|settings| settings.socket.stall_timeout = Duration::from_secs(600)).await;
    let room = house.room().await;
    let (mut slow, socket) = slow_member(&house, room, receive_buffer).await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    for number in 0..MESSAGES {
        bob.sends(room, Outgoing::text(kilobyte(number))).await;
        // A neighbour does not wait: it has each message before the next is sent.
        ann.hears_text(&kilobyte(number)).await;
        bob.hears_text(&kilobyte(number)).await;
    }
    let bounds = Settings::default().lanes;
    let queued = house.metric("roomgate_queue_bytes");
    assert!(queued > 100_000.0 && queued <= (bounds.normal_bytes + 100) as f64, "{queued} bytes wait");
    let sent = house.server_sends(room, "owner", Outgoing::text("fire").to(["slow"]).high().outcomes()).await;
    assert_eq!(sent.outcomes, [("slow".into(), "queued".into())]);
    // A kernel that was asked for nothing lets it grow while nobody reads.
    let held = socket.recv_buffer_size().unwrap();
    drop(socket);

    let (mut before_fire, mut fire, mut next, mut lost) = (0, false, 0, 0);
    while next + lost < MESSAGES || !fire {
        match slow.event().await {
            Event::Message(message) if message.is_high() => fire = true,
            Event::Message(message) if message.is_notice() => {}
            Event::Message(message) => {
                let number: usize = message.attach().split(' ').next().unwrap().parse().unwrap();
                assert_eq!(number, next + lost, "in order, and what is missing was told right before");
                next += 1;
                // The frame around the object adds its four header bytes and the op.
                before_fire += if fire { 0 } else { message.raw().len() + 32 };
            }
            Event::Lost { lane, count } => {
                assert_eq!(lane, "normal");
                lost += usize::try_from(count).unwrap();
            }
            other => panic!("{other:?}"),
        }
    }
    let bound = overtaking_bound(held);
    println!(
        "{before_fire} normal bytes arrived before the urgent frame, the bound is {bound}; {lost} lost, {next} received"
    );
    assert!(before_fire <= bound, "{before_fire} bytes before the urgent frame, the bound is {bound}");
    assert_eq!(next + lost, MESSAGES);
    // The notice of somebody's entering may be among the lost.
    assert!((0.0..=2.0).contains(&(house.metric("roomgate_frames_dropped_total") - lost as f64)));
    eventually("nothing waits any more", || house.metric("roomgate_queue_bytes") == 0.0).await;
}

#[tokio::test]
async fn a_full_high_lane_closes_and_says_slow() {
    let house = House::open().await;
    let room = house.room().await;
    let (mut slow, _) = slow_member(&house, room, Some(16 * 1024)).await;
    let mut ann = house.member_in(room, "ann").await;
    let mut queued = 0;
    loop {
        let message = Outgoing::text(kilobyte(queued)).to(["slow", "ann"]).high().outcomes();
        let sent = house.server_sends(room, "owner", message).await;
        ann.hears_text(&kilobyte(queued)).await;
        assert_eq!(sent.outcomes[1].1, "queued");
        match sent.outcomes[0].1.as_str() {
            "queued" => queued += 1,
            "slow" => break,
            other => panic!("{other}"),
        }
        assert!(queued < 1000, "the lane is bounded");
    }
    slow.is_closed_with(4101).await;
    let sent = house.server_sends(room, "owner", Outgoing::text("x").to(["slow"]).outcomes()).await;
    assert_eq!(sent.outcomes[0].1, "not_in_room");
}

#[tokio::test]
async fn who_takes_nothing_for_ten_seconds_is_closed() {
    let house = House::with_still_clock(|settings| settings.socket.ping_interval = Duration::from_secs(3600)).await;
    let room = house.room().await;
    let (mut slow, _) = slow_member(&house, room, Some(16 * 1024)).await;
    fill(&house, room, 300).await;
    house.clock.advance(Duration::from_millis(9_500));
    house.server_sends(room, "owner", Outgoing::text("still there").to(["slow"])).await;
    house.is_told_of_a_stall().await;
    slow.is_closed_with(4101).await;
}

#[tokio::test]
async fn whoever_reads_a_little_is_not_closed() {
    let house = House::with_still_clock(|settings| {
        settings.socket.ping_interval = Duration::from_secs(3600);
        // On a busy machine it may have read much before it sees that less waits.
        settings.lanes.normal_bytes = 1024 * 1024;
    })
    .await;
    let room = house.room().await;
    let (mut slow, _) = slow_member(&house, room, Some(16 * 1024)).await;
    fill(&house, room, 800).await;
    for _ in 0..5 {
        let before = house.metric("roomgate_queue_bytes");
        assert!(before > 0.0, "something waits");
        while house.metric("roomgate_queue_bytes") >= before {
            slow.client.next_within(SOON).await.expect("a message");
        }
        house.clock.advance(Duration::from_secs(6));
    }
    // However little is left by now.
    house.server_sends(room, "owner", Outgoing::text("the last")).await;
    while slow.hears().await.attach() != "the last" {}
}

/// Connections that this machine still holds open at our side of `port`, as the kernel tells.
#[cfg(target_os = "linux")]
fn established(port: u16) -> usize {
    const ESTABLISHED: &str = "01";
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let ours = |line: &&str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields[1].ends_with(&format!(":{port:04X}")) && fields[3] == ESTABLISHED
    };
    table.lines().skip(1).filter(ours).count()
}

#[tokio::test]
async fn a_member_who_never_reads_and_never_leaves_is_let_go_of() {
    let house = House::with_still_clock(|settings| settings.socket.ping_interval = Duration::from_secs(3600)).await;
    let room = house.room().await;
    let (mut slow, _) = slow_member(&house, room, Some(16 * 1024)).await;
    fill(&house, room, 300).await;
    // It is told, and hung up on when it does not finish; the one connection left is the application server's.
    house.is_told_of_a_stall().await;
    // Its time to finish begins a moment after that was counted.
    let is_free = || {
        house.clock.advance(Duration::from_secs(6));
        house.metric("roomgate_connections") <= 1.0
    };
    eventually("its place is free", is_free).await;
    #[cfg(target_os = "linux")]
    eventually("the socket is given up", || established(house.gateway.addr().port()) <= 1).await;
    while !matches!(slow.event().await, Event::Closed { .. }) {}
}

#[tokio::test]
async fn a_busy_gateway_finds_who_takes_nothing_all_the_same() {
    let house = House::with(|settings| {
        settings.socket.stall_timeout = Duration::from_millis(1500);
        settings.writers = 1;
    })
    .await;
    let room = house.room().await;
    let (mut slow, _) = slow_member(&house, room, Some(16 * 1024)).await;
    let mut busy = house.member("busy").await;
    fill(&house, room, 300).await;
    let closed = || house.metric(r#"roomgate_closes_total{by="gateway",code="4101"}"#) == 1.0;
    let deadline = std::time::Instant::now() + SOON;
    while !closed() {
        assert!(std::time::Instant::now() < deadline, "it was never looked for");
        busy.client.ping().await.unwrap();
    }
    slow.is_closed_with(4101).await;
}

/// Frames of 31 and 49 KB come to the writer in one turn, since they are one batch and the first does not fill the turn. Together they do
/// not fit into the high lane: the socket must be offered the first before the second is refused.
#[tokio::test]
async fn two_large_urgent_messages_are_no_reason_to_close_a_fast_reader() {
    let house = House::with(|settings| settings.writers = 1).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    // Each of these characters takes six bytes in JSON.
    let large = "\u{1}".repeat(4096);
    let message = |id: &str, ext: &str| serde_json::json!({"msgId": id, "msgType": 0, "attach": large, "ext": ext});
    let list = serde_json::json!([message("1", &large[..1000]), message("2", &large)]).to_string();
    let id = room.to_string();
    let params = [
        ("roomid", id.as_str()),
        ("msgList", &list),
        ("fromAccid", "owner"),
        ("toAccids", r#"["ann"]"#),
        ("highPriority", "true"),
    ];
    house.call("chatroom/batchSendMsgToSomeone", &params).await;
    for _ in 0..2 {
        assert_eq!(ann.hears().await.attach(), large);
    }
}

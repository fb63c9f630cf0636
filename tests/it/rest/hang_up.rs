//! A caller that hangs up before its answer: its call is done whole, or not at all.

use std::time::Instant;

use roomgate::auth::App;
use roomgate::base::Clock;
use roomgate::client::Event;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::queue::QueueView;
use crate::support::{House, Member, SOON};

async fn offer_and_hang_up(house: &House, room: &str, number: usize) {
    let body = format!("roomid={room}&key={number}&value=v");
    let mut request =
        format!("POST /nimserver/chatroom/queueOffer.action HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in App::new("key", "secret").sign(&Clock::system()).pairs() {
        request += &format!("{name}: {value}\r\n");
    }
    let mut stream = TcpStream::connect(house.gateway.addr()).await.unwrap();
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_changed_is_told_all_the_same() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for number in 0..200 {
        offer_and_hang_up(&house, &room.to_string(), number).await;
    }
    let (queue, mut view) = (house.queue(room), QueueView::default());
    let deadline = Instant::now() + SOON;
    loop {
        let list = queue.list().await;
        take_in_all(&mut ann, &mut view).await;
        if !list.is_empty() && view.list() == list {
            return;
        }
        assert!(Instant::now() < deadline, "{} elements are there, {} were told", list.len(), view.list().len());
    }
}

async fn take_in_all(member: &mut Member, view: &mut QueueView) {
    member.client.ping().await.unwrap();
    while let Some(event) = member.client.try_next() {
        let Event::Message(message) = event else { panic!("{event:?}") };
        view.take_in(&message);
    }
}

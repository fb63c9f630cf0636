//! RFC 6455, seen from a client that breaks it, and from one that uses all of it. The echo path shares the members' transport.

use crate::support::House;
use crate::support::raw::{BINARY, CLOSE, PING, PONG, Raw, TEXT, frame};

async fn house() -> House {
    House::with(|settings| settings.socket.echo_path = Some("/echo".into())).await
}

async fn echo(house: &House) -> Raw {
    Raw::connect(house.gateway.addr(), "/echo").await
}

#[tokio::test]
async fn messages_of_every_size_come_back_unchanged() {
    let house = house().await;
    let mut echo = echo(&house).await;
    for length in [0, 1, 125, 126, 127, 1000, 65_535, 65_536] {
        let payload = vec![b'x'; length];
        echo.sends(BINARY, &payload).await;
        assert_eq!(echo.hears().await, (BINARY, payload));
    }
    echo.sends(TEXT, "grüße 语言 😀".as_bytes()).await;
    assert_eq!(echo.hears_text().await, "grüße 语言 😀");
}

#[tokio::test]
async fn a_fragmented_message_is_one_message_with_pings_in_between() {
    let house = house().await;
    let mut echo = echo(&house).await;
    echo.sends(0x01, "语".as_bytes().get(..2).unwrap()).await;
    echo.sends(PING, b"are you there").await;
    assert_eq!(echo.hears().await, (PONG, b"are you there".to_vec()));
    echo.sends(0x00, "语".as_bytes().get(2..).unwrap()).await;
    echo.sends(0x80, b"!").await;
    assert_eq!(echo.hears_text().await, "语!");
}

#[tokio::test]
async fn bytes_that_come_one_by_one_or_all_at_once_are_the_same() {
    let house = house().await;
    let mut echo = echo(&house).await;
    for byte in frame(TEXT, b"slowly") {
        echo.bytes(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(echo.hears_text().await, "slowly");
    let many: Vec<u8> = (0..100).flat_map(|number: u32| frame(TEXT, number.to_string().as_bytes())).collect();
    echo.bytes(&many).await;
    for number in 0..100 {
        assert_eq!(echo.hears_text().await, number.to_string());
    }
}

#[tokio::test]
async fn every_breach_ends_with_its_code() {
    let house = house().await;
    let unmasked = [TEXT, 2, b'h', b'i'];
    let endless = [&[0x82, 0xFF][..], &(1u64 << 63).to_be_bytes(), &[0; 4]].concat();
    let cases: [(&str, Vec<u8>, u16); 17] = [
        ("unmasked", unmasked.into(), 1002),
        ("reserved bit", frame(0xC1, b"x"), 1002),
        ("reserved opcode", frame(0x83, b"x"), 1002),
        ("reserved control opcode", frame(0x8B, b""), 1002),
        ("fragmented ping", frame(0x09, b""), 1002),
        ("long ping", frame(PING, &[0; 126]), 1002),
        ("continuation of nothing", frame(0x80, b"x"), 1002),
        ("new message inside another", [frame(0x01, b"a"), frame(0x81, b"b")].concat(), 1002),
        ("invalid UTF-8", frame(TEXT, &[0xFF]), 1007),
        ("half a character", frame(TEXT, &[0xE8, 0xAF]), 1007),
        ("one byte too long", frame(TEXT, &vec![b'x'; 65_537]), 1009),
        ("too long in fragments", [frame(0x01, &[b'x'; 40_000]), frame(0x80, &[b'x'; 40_000])].concat(), 1009),
        ("a length of 2^63", endless, 1009),
        ("close with half a code", frame(CLOSE, &[3]), 1002),
        ("close with a reserved code", frame(CLOSE, &1005u16.to_be_bytes()), 1002),
        ("close with a bad reason", frame(CLOSE, &[3, 232, 0xFF]), 1007),
        ("too many fragments", [frame(0x01, b""), frame(0x00, b"").repeat(1024)].concat(), 1008),
    ];
    for (what, bytes, code) in cases {
        println!("{what}");
        let mut echo = echo(&house).await;
        echo.bytes(&bytes).await;
        echo.is_closed_with(code).await;
    }
    let mut neighbour = echo(&house).await;
    neighbour.sends(TEXT, b"still here").await;
    assert_eq!(neighbour.hears_text().await, "still here");
}

#[tokio::test]
async fn a_close_is_answered_with_its_own_code() {
    let house = house().await;
    for code in [1000, 1001, 3000, 4999] {
        let mut echo = echo(&house).await;
        echo.sends(CLOSE, &u16::to_be_bytes(code)).await;
        echo.is_closed_with(code).await;
    }
    let mut echo = echo(&house).await;
    echo.sends(CLOSE, b"").await;
    assert_eq!(echo.hears().await, (CLOSE, vec![]));
}

#[tokio::test]
async fn too_many_pings_are_flooding() {
    let house = House::with(|settings| settings.socket.control_frames_per_second = 10).await;
    let mut flood = Raw::connect(house.gateway.addr(), "/ws").await;
    flood.bytes(&frame(PING, b"").repeat(30)).await;
    flood.is_closed_with(1008).await;
}

#[tokio::test]
async fn members_speak_text_only() {
    let house = House::open().await;
    let mut raw = Raw::connect(house.gateway.addr(), "/ws").await;
    raw.sends(BINARY, b"{}").await;
    raw.is_closed_with(1003).await;
}

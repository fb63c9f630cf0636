//! Files on their way to the demo: bounded in size, number and time, and nothing is left of what does not arrive.

use std::path::Path;
use std::time::Duration;

use roomgate::base::{Clock, limits};
use roomgate::settings::Settings;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::demo::Guest;
use crate::support::{House, SOON, eventually};

const PATH: &str = "/demo/files?name=a.png";

fn small(settings: &mut Settings) {
    settings.demo_upload_bytes = 1000;
}

/// The names of what is in the folder.
fn files(data: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(data.join("demo-files")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn arriving(data: &Path) -> usize {
    files(data).iter().filter(|name| name.ends_with(".arriving")).count()
}

/// Announces 100 bytes and sends 50.
async fn begin(house: &House, guest: &Guest) -> TcpStream {
    let mut request = format!("POST {PATH} HTTP/1.1\r\nHost: {}\r\nContent-Length: 100\r\n", house.gateway.addr());
    for (name, value) in guest.headers() {
        request += &format!("{name}: {value}\r\n");
    }
    let mut stream = TcpStream::connect(house.gateway.addr()).await.unwrap();
    stream.write_all(format!("{request}\r\n{}", "x".repeat(50)).as_bytes()).await.unwrap();
    stream
}

async fn status(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let reading = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer);
    tokio::time::timeout(SOON, reading).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_with_and_without_its_length() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with_demo_in(folder.path(), Clock::system(), small).await;
    let ann = house.guest("Ann").await;
    assert_eq!(ann.puts("a.png", &[b'x'; 1000]).await["size"], 1000);
    assert_eq!(ann.sends(PATH, &[b'x'; 1001]).await.refused(), (413, 413));
    let chunk = format!("1f4\r\n{}\r\n", "x".repeat(500));
    for (chunks, taken) in [(2, true), (3, false), (2000, false)] {
        let [account, token] = ann.headers();
        let headers = [("Transfer-Encoding", "chunked"), account, token];
        let body = format!("{}0\r\n\r\n", chunk.repeat(chunks));
        let answer = house.http().send("POST", PATH, &headers, body.as_bytes()).await;
        assert_eq!(answer.status, if taken { 200 } else { 413 }, "{chunks} chunks");
    }
    assert_eq!((files(folder.path()).len(), arriving(folder.path())), (2, 0), "nothing is left of the others");
}

#[tokio::test]
async fn names_are_made_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with_demo_in(folder.path(), Clock::system(), |_| ()).await;
    let ann = house.guest("Ann").await;
    for (given, name) in [
        ("..%2F..%2Fevil.png", "evil.png"),
        ("%00a%0D%0Ab.png", "ab.png"),
        ("C%3A%5Ccat.png", "cat.png"),
        ("..", "file"),
        ("", "file"),
    ] {
        assert_eq!(ann.puts(given, b"x").await["name"], name, "{given}");
    }
    let long = ann.puts(&format!("{}.png", "x".repeat(3000)), b"x").await;
    assert_eq!(long["name"].as_str().unwrap().len(), limits::DEMO_NAME_BYTES);
    assert_eq!(ann.sends("/demo/files", b"without a name").await.done()["name"], "file");
    assert_eq!(ann.sends(PATH, b"").await.refused(), (400, 414), "nothing is no file");
    let all = files(folder.path());
    assert_eq!(all.len(), 7, "{all:?}");
    assert!(all.iter().all(|name| folder.path().join("demo-files").join(name).is_file()), "{all:?}");
}

#[tokio::test]
async fn nothing_is_left_of_a_file_that_breaks_off() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with_demo_in(folder.path(), Clock::system(), small).await;
    let ann = house.guest("Ann").await;
    let stream = begin(&house, &ann).await;
    eventually("it arrives", || arriving(folder.path()) == 1).await;
    drop(stream);
    eventually("it is taken away", || files(folder.path()).is_empty()).await;
    ann.puts("a.png", b"x").await;
}

#[tokio::test]
async fn one_that_takes_too_long_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with_demo_in(folder.path(), Clock::test(), small).await;
    let stream = begin(&house, &house.guest("Ann").await).await;
    eventually("it arrives", || arriving(folder.path()) == 1).await;
    house.clock.advance(limits::DEMO_UPLOAD_TIME + Duration::from_millis(1));
    assert_eq!(status(stream).await, "408");
    eventually("it is taken away", || files(folder.path()).is_empty()).await;
}

#[tokio::test]
async fn only_so_many_arrive_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with_demo_in(folder.path(), Clock::system(), small).await;
    let ann = house.guest("Ann").await;
    let mut streams = Vec::new();
    for _ in 0..limits::DEMO_UPLOADS {
        streams.push(begin(&house, &ann).await);
    }
    eventually("all arrive", || arriving(folder.path()) == limits::DEMO_UPLOADS).await;
    assert_eq!(ann.sends(PATH, b"one more").await.refused(), (503, 503));
    for stream in &mut streams {
        stream.write_all("x".repeat(50).as_bytes()).await.unwrap();
    }
    for stream in streams {
        assert_eq!(status(stream).await, "200");
    }
    ann.puts("a.png", b"x").await;
    assert_eq!(files(folder.path()).len(), limits::DEMO_UPLOADS + 1);
}

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{House, SOON};

#[tokio::test]
async fn only_post_is_served_and_only_known_paths() {
    let house = House::open().await;
    for method in ["GET", "PUT", "DELETE"] {
        let answer = house.http().send(method, "/nimserver/chatroom/get.action", &[], b"").await;
        assert_eq!((answer.status, answer.refusal().0), (405, 405));
        assert!(answer.head.to_lowercase().contains("allow: post"), "{}", answer.head);
    }
    for path in ["chatroom/nothing", "chatroom/get.action/x", ""] {
        let answer = house.http().signed(path, &[], b"").await;
        assert_eq!((answer.status, answer.refusal().0), (404, 404), "{path}");
    }
    assert_eq!(house.http().send("GET", "/nowhere", &[], b"").await.status, 404);
}

#[tokio::test]
async fn liveness_needs_no_signature() {
    let house = House::open().await;
    for method in ["GET", "POST"] {
        let answer = house.http().send(method, "/nimserver/health/liveness.action", &[], b"").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"code":200}"#));
    }
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_413() {
    let house = House::open().await;
    let body = [b"accid=ann&name=", vec![b'x'; 1024 * 1024].as_slice()].concat();
    let answer = house.http().signed("user/create", &[], &body).await;
    assert_eq!((answer.status, answer.refusal().0), (413, 413));
    let chunk = [b"100001\r\n", vec![b'x'; 1024 * 1024 + 1].as_slice(), b"\r\n0\r\n\r\n"].concat();
    let answer = house.http().signed("user/create", &[("Transfer-Encoding", "chunked")], &chunk).await;
    assert_eq!(answer.status, 413);
    house.account("alive").await;
}

#[tokio::test]
async fn a_refusal_before_the_end_of_a_body_says_that_the_connection_ends() {
    let house = House::open().await;
    let head = "POST /nimserver/user/create.action HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n";
    let answer = house.http().raw(&[head.as_bytes(), &vec![b'x'; 2_000_000]].concat()).await;
    assert_eq!(answer.refusal().0, 414);
    assert!(answer.head.to_lowercase().contains("connection: close"), "{}", answer.head);
}

#[tokio::test]
async fn headers_over_their_limit_and_bad_hosts_are_refused() {
    let house = House::open().await;
    let long = "x".repeat(20 * 1024);
    assert_eq!(house.http().signed("user/create", &[("X-Long", &long)], b"").await.status, 431);
    assert_eq!(house.http().signed("user/create", &[("X-Many", "x"); 101], b"").await.status, 431);
    let request = b"POST /nimserver/user/create.action HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(house.http().raw(request).await.status, 400, "no Host");
    assert_eq!(house.http().signed("user/create", &[("Host", "second")], b"").await.status, 400);
}

#[tokio::test]
async fn a_connection_serves_on_after_a_refusal() {
    let house = House::open().await;
    let mut stream = TcpStream::connect(house.gateway.addr()).await.unwrap();
    let body = "x".repeat(30_000);
    for (method, path, status) in [
        ("POST", "user/create", "200"),
        ("POST", "user/nothing", "404"),
        ("PUT", "user/create", "405"),
        ("POST", "user/create", "200"),
    ] {
        let length = body.len();
        let request =
            format!("{method} /nimserver/{path}.action HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut buffer = [0; 1024];
        let count = tokio::time::timeout(SOON, stream.read(&mut buffer)).await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&buffer[..count]).into_owned();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up_on() {
    let house = House::with_still_clock(|_| ()).await;
    let mut stream = TcpStream::connect(house.gateway.addr()).await.unwrap();
    let signed = house.gateway.app().sign(&house.clock);
    let mut head = "POST /nimserver/user/create.action HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n".to_owned();
    for (name, value) in signed.pairs() {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\naccid").as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = async { stream.read_to_string(&mut answer).await };
    let turn = async {
        loop {
            house.clock.advance(std::time::Duration::from_secs(1));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        read = tokio::time::timeout(SOON, read) => drop(read.expect("an answer in time").unwrap()),
        () = turn => {}
    }
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn connections_over_the_limit_are_told_so() {
    let house = House::with(|settings| settings.limits.connections = 2).await;
    let _first = house.visitor().await;
    let _second = house.visitor().await;
    let answer = house.http().send("GET", "/", &[], b"").await;
    assert_eq!(answer.status, 503);
    drop(_first);
    crate::support::eventually("a place is free", || house.metric("roomgate_connections") < 2.0).await;
    house.visitor().await;
}

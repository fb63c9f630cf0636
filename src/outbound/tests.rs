//! Against peers that are played on a socket.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::*;

/// Answers every connection with these bytes and closes it; answers where, and the last request.
async fn peer(answer: &'static [u8]) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut heard = vec![0; 4096];
            let _ = socket.read(&mut heard).await;
            let _ = socket.write_all(answer).await;
        }
    });
    url.parse().unwrap()
}

async fn post_to(url: &Url, clock: &Clock) -> Result<Reply, NoReply> {
    let outbound = Outbound::new(Vec::new(), clock.clone());
    let within = Duration::from_secs(5);
    let headers = vec![("AppKey", "k".to_owned())];
    outbound.post(Post { url, content_type: "application/json", headers, body: Bytes::from("{}"), within }).await
}

async fn post(answer: &'static [u8]) -> Result<Reply, NoReply> {
    post_to(&peer(answer).await, &Clock::system()).await
}

#[tokio::test]
async fn a_whole_answer_is_read_whatever_its_status() {
    let reply = post(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno").await.unwrap();
    assert_eq!(reply, Reply { status: 503, retry_after: Some(Duration::from_secs(7)), body: Bytes::from("no") });
}

#[tokio::test]
async fn how_long_to_wait_may_be_said_with_a_date() {
    let clock = Clock::test();
    let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_millis(clock.wall() + 60_000));
    let answer = format!("HTTP/1.1 429 Slow\r\nRetry-After: {date}\r\nContent-Length: 0\r\n\r\n");
    let url = peer(answer.into_bytes().leak()).await;
    let wait = post_to(&url, &clock).await.unwrap().retry_after.unwrap();
    assert!(wait > Duration::from_secs(58) && wait <= Duration::from_secs(60), "{wait:?}");
    let past = b"HTTP/1.1 503 Busy\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(post(past).await.unwrap().retry_after, Some(Duration::ZERO));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let reply =
        post(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    assert_eq!(reply.status, 302);
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let broken = |answer| async move { matches!(post(answer).await, Err(NoReply::Broken(_))) };
    assert!(broken(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").await);
    assert!(broken(b"HTTP/1.1 200 OK\r\nContent-").await);
    assert!(broken(b"nonsense\r\n\r\n").await);
    assert!(broken(b"").await);
}

#[tokio::test]
async fn an_answer_has_a_largest_size() {
    let mut huge = b"HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n".to_vec();
    huge.resize(huge.len() + limits::OUTBOUND_REPLY_BYTES + 1, b'x');
    assert_eq!(post(huge.leak()).await, Err(NoReply::TooLarge));
}

#[tokio::test]
async fn who_does_not_answer_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let clock = Clock::test();
    let turning = async {
        // It is in the midst of it when the connection is there.
        let _held = listener.accept().await.unwrap();
        clock.advance(Duration::from_secs(5));
        std::future::pending::<()>().await;
    };
    tokio::select! {
        reply = post_to(&url, &clock) => assert_eq!(reply, Err(NoReply::Late(Duration::from_secs(5)))),
        () = turning => {}
    }
}

#[tokio::test]
async fn localhost_is_a_name_like_another() {
    let url = peer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let local: Url = url.as_str().replace("127.0.0.1", "localhost").parse().unwrap();
    assert_eq!(post_to(&local, &Clock::system()).await.unwrap().status, 200);
}

#[tokio::test]
async fn nobody_there_says_so() {
    let url = "http://127.0.0.1:1/".parse().unwrap();
    let error = post_to(&url, &Clock::system()).await.unwrap_err();
    assert!(error.to_string().starts_with("no connection: "), "{error}");
}

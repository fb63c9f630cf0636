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

/// Answers one request with 200, behind TLS for `localhost` with a certificate that nobody has vouched for.
async fn secret_peer() -> (Url, rcgen::CertifiedKey<rcgen::KeyPair>) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certified.cert.der().clone()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/hook", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let _ = socket.read(&mut [0; 4096]).await;
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        }
    });
    (url.parse().unwrap(), certified)
}

async fn post_with(outbound: &Outbound, url: &Url) -> Result<Reply, NoReply> {
    let within = Duration::from_secs(5);
    outbound.post(Post { url, content_type: "application/json", headers: Vec::new(), body: Bytes::new(), within }).await
}

#[tokio::test]
async fn a_certificate_must_be_vouched_for_and_be_for_the_name() {
    let (url, certified) = secret_peer().await;
    let mut trusted = RootCertStore::empty();
    trusted.add(certified.cert.der().clone()).unwrap();
    let careful = Outbound::new(Vec::new(), Clock::system());
    let error = post_with(&careful, &url).await.unwrap_err().to_string();
    assert!(error.contains("no connection") && error.contains("certificate"), "{error}");
    let trusting = Outbound::trusting(trusted, Vec::new(), Clock::system());
    assert_eq!(post_with(&trusting, &url).await.unwrap().status, 200);
    let other: Url = url.as_str().replace("localhost", "127.0.0.1").parse().unwrap();
    let error = post_with(&trusting, &other).await.unwrap_err().to_string();
    assert!(error.contains("certificate"), "{error}");
}

/// Where this machine's own name leads to a private address, as it does nearly everywhere.
#[tokio::test]
async fn a_name_that_leads_into_a_private_network_is_not_followed_unless_that_is_allowed() {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    let found: Vec<_> = tokio::net::lookup_host((name, 0)).await.map(Iterator::collect).unwrap_or_default();
    let [first, ..] = found[..] else { return };
    let allowed: Vec<IpNet> = found.iter().map(|address| IpNet::from(address.ip())).collect();
    if name == "localhost" || Networks::public_and(Vec::new()).allow(first.ip()) {
        return;
    }
    let Ok(listener) = TcpListener::bind(first).await else { return };
    let url: Url = format!("http://{name}:{}/", listener.local_addr().unwrap().port()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 4096]).await;
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        }
    });
    let error = post_with(&Outbound::new(Vec::new(), Clock::system()), &url).await.unwrap_err().to_string();
    assert!(error.contains("private address") && error.contains("outbound.private_networks"), "{error}");
    assert_eq!(post_with(&Outbound::new(allowed, Clock::system()), &url).await.unwrap().status, 200);
}

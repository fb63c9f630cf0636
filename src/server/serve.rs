//! The accept loop: every connection is counted, limited and given to hyper.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::base::{Tasks, limits};
use crate::metrics::Counted;

use super::Content;

/// What answers requests.
pub trait Service: Send + Sync + 'static {
    /// Answers one. `held` must be kept as long as the connection lasts, should it become something else than HTTP.
    fn answer(&self, request: Request<Incoming>, held: Held) -> impl Future<Output = Response<Content>> + Send;
}

/// A connection's place within the limit, and in the count.
pub(super) type Held = Arc<(OwnedSemaphorePermit, Option<Counted>)>;

/// After a failed accept, most likely for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts until `stop`, then lets each connection finish the call it is in. At most `most` at a time; more are answered 503 and closed.
pub async fn serve<S: Service>(
    listener: TcpListener,
    service: Arc<S>,
    most: usize,
    gauge: Option<Gauge>,
    tasks: Tasks,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let socket = match accepted {
            Ok((socket, _)) => socket,
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Without it the kernel would hold small frames back for up to 40 ms.
        let _ = socket.set_nodelay(true);
        match places.clone().try_acquire_owned() {
            Ok(permit) => {
                let held = Arc::new((permit, gauge.as_ref().map(Counted::by)));
                tasks.spawn(connection(socket, service.clone(), held, stop.clone()));
            }
            Err(_) => refuse(&socket),
        }
    }
}

/// Says that it is full without giving the connection a task.
fn refuse(socket: &TcpStream) {
    const FULL: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n";
    // A fresh socket takes so few bytes, and whoever does not get them notices the close.
    let _ = socket.try_write(FULL);
}

async fn connection<S: Service>(socket: TcpStream, service: Arc<S>, held: Held, stop: CancellationToken) {
    let answer = service_fn(move |request: Request<Incoming>| {
        let (service, held) = (service.clone(), held.clone());
        async move {
            let response = match unfit(&request) {
                Some(response) => response,
                None => service.answer(request, held).await,
            };
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_TIME)
        // Of headers it takes 100 by itself; for any other number it would ask for memory with each request.
        .max_buf_size(limits::HEADER_BYTES)
        // Answers are short: one piece goes by a cheaper call than several.
        .writev(false)
        .serve_connection(TokioIo::new(socket), answer)
        .with_upgrades();
    tokio::pin!(connection);
    let result = tokio::select! {
        result = &mut connection => result,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "an HTTP connection ended early: {error}");
    }
}

/// hyper passes on what RFC 9112, section 3.2 wants refused: no Host, or more than one.
fn unfit(request: &Request<Incoming>) -> Option<Response<Content>> {
    let hosts = request.headers().get_all(hyper::header::HOST).iter().count();
    let needed = request.version() == hyper::Version::HTTP_11;
    if hosts == 1 || (hosts == 0 && !needed) {
        return None;
    }
    let mut response = Response::new(Content::from(Full::from("expected one Host header\n")));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    Some(response)
}

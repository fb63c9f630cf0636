//! `roomgate webhook listen`: a receiver to try things with. Takes every event, checks it and prints it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use clap::Args;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use roomgate::auth::App;
use roomgate::base::Clock;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::arrival::{Arrivals, Told};
use crate::cli::failure::Failure;
use crate::cli::table::say;

/// Connections at a time; more wait.
const CONNECTIONS: usize = 1024;
/// The largest body; no event is nearly as long.
const BODY_BYTES: usize = 1024 * 1024;

#[derive(Args)]
pub(super) struct Listen {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// HTTP status of every answer; what is not 2xx makes the gateway try again
    #[arg(long, value_name = "STATUS", default_value = "200", value_parser = clap::value_parser!(u16).range(200..=599))]
    status: u16,
    /// Print each body as it came, one a line
    #[arg(long)]
    json: bool,
}

/// What every connection shares.
struct Receiver {
    status: StatusCode,
    json: bool,
    arrivals: Mutex<Arrivals>,
    clock: Clock,
}

/// Receives until ctrl-c.
pub(super) fn run(listen: &Listen, app: App) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
    let status = StatusCode::from_u16(listen.status).map_err(Failure::usage)?;
    let arrivals = Mutex::new(Arrivals::new(app));
    let receiver = Arc::new(Receiver { status, json: listen.json, arrivals, clock: Clock::system() });
    runtime.block_on(async {
        let failed = |error| Failure::run(format!("can't listen on {}: {error}", listen.listen));
        let listener = TcpListener::bind(listen.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        eprintln!(
            "roomgate webhook listening on http://{address} (start the gateway with --webhook-url http://{address})"
        );
        tokio::select! {
            failure = accept(listener, receiver) => Err(failure),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

/// Goes on until nobody reads what is printed.
async fn accept(listener: TcpListener, receiver: Arc<Receiver>) -> Failure {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { continue };
        let Ok((socket, _)) = listener.accept().await else {
            // Most likely for want of file descriptors.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            continue;
        };
        let receiver = receiver.clone();
        tokio::spawn(async move {
            converse(socket, receiver).await;
            drop(place);
        });
    }
}

async fn converse(socket: TcpStream, receiver: Arc<Receiver>) {
    let answer = service_fn(move |request| {
        let receiver = receiver.clone();
        async move { Ok::<_, Infallible>(receiver.answer(request).await) }
    });
    // A connection that breaks is its sender's concern; it will say so itself.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(socket), answer).await;
}

impl Receiver {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let status = match Limited::new(body, BODY_BYTES).collect().await {
            Ok(body) => {
                let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
                let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
                let told = arrivals.look(head.uri.path(), header, &body.to_bytes(), self.clock.wall());
                self.tell(&told);
                self.status
            }
            Err(error) => {
                eprintln!("roomgate: a request could not be read: {error}");
                StatusCode::BAD_REQUEST
            }
        };
        let mut response = Response::new(Full::default());
        *response.status_mut() = status;
        response
    }

    fn tell(&self, told: &Told) {
        for warning in &told.warnings {
            eprintln!("roomgate: warning: {}", crate::cli::cell::clean(warning));
        }
        let line = match &told.event {
            Some(event) if self.json => event.json(),
            _ if self.json => return,
            _ => &told.line,
        };
        // Whoever read it may have gone away; then there is nobody to tell that either.
        let _ = say(&format!("{line}\n"));
    }
}

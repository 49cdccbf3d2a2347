//! The door: takes connections, bounds what slow and silent clients cost, and sees the last guests out.

mod clients;
mod patience;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub(crate) use self::clients::Clients;
use self::clients::Seat;
use self::patience::Patience;
use crate::config::Http;
use crate::layers::Peer;

/// How long to rest when the machine has no more handles to give.
const REST: Duration = Duration::from_millis(100);

/// Serves until told to close, then sees running requests out for as long as the limits say.
pub(crate) async fn serve(
    listener: TcpListener,
    routes: Router,
    http: Http,
    clients: Clients,
    closing: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(http.max_connections));
    let guests = GracefulShutdown::new();
    let out = CancellationToken::new();
    let door = Door { routes, http, builder: Arc::new(builder(http)), out: out.clone() };
    while let Some((place, stream, peer)) = closing.run_until_cancelled(enter(&listener, &places)).await {
        let Some(seat) = clients.seat(peer.0) else {
            turn_away(stream);
            continue;
        };
        tokio::spawn(door.clone().attend(stream, peer, guests.watcher(), (place, seat)));
    }
    drop(listener);
    if tokio::time::timeout(http.drain, guests.shutdown()).await.is_err() {
        let left = http.max_connections - places.available_permits();
        tracing::warn!(left, "some requests were not done in time and are cut off");
    }
    out.cancel();
}

/// The next connection, once there is a place for it; until then clients wait in the kernel's queue.
async fn enter(listener: &TcpListener, places: &Arc<Semaphore>) -> (OwnedSemaphorePermit, TcpStream, Peer) {
    let place = places.clone().acquire_owned().await.expect("this semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, addr)) => return (place, stream, Peer(addr.ip())),
            // The client is gone already.
            Err(error) if is_theirs(&error) => {}
            Err(error) => {
                tracing::error!(error = backend::told(&error), "no connection can be taken");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Says so to a client that has too many connections, as far as it listens at once.
fn turn_away(stream: TcpStream) {
    let words = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\nretry-after: 5\r\n\r\n";
    // Not by way of tokio, which would first have to find out that there is room to write.
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write(words.as_bytes());
    }
}

fn is_theirs(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}

fn builder(http: Http) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // The head timeout also ends connections that stay idle between requests. `max_headers` is left at the hundred that hyper has: set,
    // it would cost an allocation at each request.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(http.header).max_buf_size(http.header_limit);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(128)
        // What a client takes back before it is answered (CVE-2023-44487), and what it gets wrong, before it is left.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(256)
        .max_send_buf_size(64 * 1024)
        .max_header_list_size(u32::try_from(http.header_limit).unwrap_or(u32::MAX));
    builder
}

#[derive(Clone)]
struct Door {
    routes: Router,
    http: Http,
    builder: Arc<Builder<TokioExecutor>>,
    out: CancellationToken,
}

impl Door {
    async fn attend(self, stream: TcpStream, peer: Peer, watcher: Watcher, _place: (OwnedSemaphorePermit, Seat)) {
        // Answers are written whole; waiting to fill a segment would only delay them.
        let _ = stream.set_nodelay(true);
        let spoken = Arc::new(AtomicBool::new(false));
        let service = hyper::service::service_fn({
            let (routes, spoken) = (self.routes, spoken.clone());
            move |mut request: hyper::Request<Incoming>| {
                spoken.store(true, Ordering::Relaxed);
                request.extensions_mut().insert(peer);
                routes.clone().oneshot(request)
            }
        });
        let io = TokioIo::new(Patience::new(stream, self.http.write));
        let connection = watcher.watch(self.builder.serve_connection_with_upgrades(io, service).into_owned());
        tokio::select! {
            biased;
            // Clients break off all the time; that is no news.
            _ = connection => {}
            () = silence(&spoken, self.http.header) => {}
            () = self.out.cancelled() => {}
        }
    }
}

/// Ends when a new connection has asked for nothing in this time; hyper itself waits for ever for the bytes that tell HTTP/1 from HTTP/2.
async fn silence(spoken: &AtomicBool, patience: Duration) {
    tokio::time::sleep(patience).await;
    if spoken.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;

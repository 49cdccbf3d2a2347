//! A wire between a server and its database that can be slow, cut, or dead silent, and counts how often Redis is asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Everything goes through, this much later.
    Up(Duration),
    /// Connections are broken off, new ones at once.
    Cut,
    /// Nothing goes through, and nobody is told.
    Silent,
}

/// A forwarder of TCP connections.
#[derive(Debug)]
pub struct Proxy {
    addr: SocketAddr,
    state: Arc<watch::Sender<State>>,
    scripts: Arc<AtomicUsize>,
    accepting: AbortHandle,
}

impl Proxy {
    /// A wire to what the URL names.
    pub async fn to(url: &Url) -> Self {
        let target = (url.host_str().expect("a database has a host").to_owned(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the machine has a free port");
        let addr = listener.local_addr().expect("a bound socket has an address");
        let state = Arc::new(watch::Sender::new(State::Up(Duration::ZERO)));
        let changes = state.clone();
        let scripts = Arc::new(AtomicUsize::new(0));
        let counted = scripts.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (target, changes, counted) = (target.clone(), changes.subscribe(), counted.clone());
                tokio::spawn(async move {
                    if *changes.borrow() == State::Cut {
                        return;
                    }
                    if let Ok(far) = TcpStream::connect(target).await {
                        join(near, far, changes, &counted).await;
                    }
                });
            }
        });
        Self { addr, state, scripts, accepting: accepting.abort_handle() }
    }

    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// How often Redis was asked to run a script.
    #[must_use]
    pub fn scripts(&self) -> usize {
        self.scripts.load(Ordering::Relaxed)
    }

    /// Everything arrives so much later, each way.
    pub fn delay(&self, by: Duration) {
        self.state.send_replace(State::Up(by));
    }

    /// Breaks everything off.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets nothing through any more, without a word.
    pub fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.delay(Duration::ZERO);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
    }
}

async fn join(near: TcpStream, far: TcpStream, mut changes: watch::Receiver<State>, scripts: &AtomicUsize) {
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::select! {
        () = carry(near_in, far_out, changes.clone(), scripts) => {}
        () = carry(far_in, near_out, changes.clone(), scripts) => {}
        _ = changes.wait_for(|state| *state == State::Cut) => {}
    }
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut changes: watch::Receiver<State>,
    scripts: &AtomicUsize,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut buffer).await else { return };
        // A command fits into one packet of this machine.
        let asked = buffer[..read].windows(7).filter(|word| *word == b"EVALSHA").count();
        scripts.fetch_add(asked, Ordering::Relaxed);
        let state = changes.wait_for(|state| *state != State::Silent).await.map(|state| *state);
        let Ok(State::Up(delay)) = state else { return };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

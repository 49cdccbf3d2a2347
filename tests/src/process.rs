//! The real program, in a process of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::actor::Actor;
use crate::app::SECRET;
use crate::database::Database;
use crate::letter::{self, Letter};
use crate::surroundings::{Folder, GENEROUS, free_port};
use crate::wait::{PATIENCE, eventually};

/// A running `trestle`.
#[derive(Debug)]
pub struct Process {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The same as an address to visit.
    pub url: String,
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    listeners: Vec<JoinHandle<()>>,
    mail: Folder,
}

impl Process {
    /// Starts the program with this database and these settings, and waits until it is ready.
    pub async fn serve(program: &Path, database: &Database, settings: &[(&str, &str)]) -> Self {
        let process = Self::start(program, database, settings);
        let visitor = Actor::at(&process.url);
        let ready = async || {
            visitor.ask(reqwest::Method::GET, "/readyz").try_send().await.ok().filter(|answer| answer.status == 200)
        };
        eventually("the program is ready", ready).await;
        process
    }

    /// Starts the program.
    #[must_use]
    pub fn start(program: &Path, database: &Database, settings: &[(&str, &str)]) -> Self {
        let addr = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mail = Folder::fresh();
        let mut child = Command::new(program)
            .env_clear()
            .env("DATABASE_URL", database.url().as_str())
            .env("TRESTLE_ADDR", addr.to_string())
            .env("TRESTLE_SECRET", SECRET)
            .env("TRESTLE_MAIL__DIR", &mail.0)
            .env("TRESTLE_LOG__FORMAT", "json")
            .envs(GENEROUS)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program can be started");
        let said = Arc::default();
        let listeners = vec![
            listen(child.stdout.take().expect("it is piped"), &said),
            listen(child.stderr.take().expect("it is piped"), &said),
        ];
        Self { addr, url: format!("http://{addr}"), child, said, listeners, mail }
    }

    /// What it wrote so far, line by line.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The letters it sent so far.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        letter::read_all(&self.mail.0)
    }

    /// Sends it a signal by name, as `kill` does.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "the signal can be sent");
    }

    /// Waits for its end, and for its last words.
    pub async fn ended(&mut self) -> ExitStatus {
        let ended = tokio::time::timeout(PATIENCE + Duration::from_secs(15), self.child.wait()).await;
        for listener in self.listeners.drain(..) {
            let _ = listener.await;
        }
        ended
            .unwrap_or_else(|_| panic!("the program does not end: {:#?}", self.said()))
            .expect("its end can be waited for")
    }
}

fn listen(output: impl AsyncRead + Unpin + Send + 'static, said: &Arc<Mutex<Vec<String>>>) -> JoinHandle<()> {
    let said = said.clone();
    tokio::spawn(async move {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            said.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    })
}

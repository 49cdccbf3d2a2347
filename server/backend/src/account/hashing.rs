//! Password hashes: argon2id on threads of its own, which stand back behind everything else, with a queue that ends somewhere.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{self, try_generate_salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;

use crate::{Error, Result};

/// How many may wait for each core; the last of them waits about two seconds where there is nothing else to do.
const WAITING_FOR_EACH: usize = 32;

/// How long anybody waits where there is: the threads stand back, and a busy machine may leave them next to nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// How far the threads stand back: as far as Linux lets them. A burst of signing in then takes what the machine has left, and whoever
/// looks for a table does not feel it.
const NICE: i32 = 19;

/// The hash of no password: who has no account is checked against it, so that saying no takes as long as for others.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$p16LsltGJCBmEHgbjpG7OQ$u7cldkEe4wESV74WDGo6zZ6tru6si3yXVX0rPqqa8eA";

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Hashes as many passwords at once as there are cores, since each takes a core and 19 MiB for tens of milliseconds.
pub struct Hashing {
    jobs: SyncSender<Job>,
    done: Arc<AtomicU64>,
}

impl Hashing {
    /// Threads for the cores of this machine; they end with the last use of it.
    ///
    /// # Errors
    /// The machine gives no thread.
    pub fn new() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::with(cores, cores * WAITING_FOR_EACH)
    }

    fn with(threads: usize, waiting: usize) -> Result<Self> {
        let (jobs, queue) = sync_channel(waiting);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..threads {
            let queue = queue.clone();
            let spawned = std::thread::Builder::new().name("hashing".to_owned()).spawn(move || work(&queue));
            spawned.map_err(|error| Error::Broken(format!("no thread to hash passwords on: {error}")))?;
        }
        Ok(Self { jobs, done: Arc::default() })
    }

    /// How many hashes were begun.
    pub fn count(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// What is stored of a password.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.run(move |memory| memory.hash(&password)).await
    }

    /// Whether this is the password of this hash; without a hash it takes as long to say no.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let (password, hash) = (password.to_owned(), hash.unwrap_or(NOBODY).to_owned());
        self.run(move |memory| Ok(memory.verify(&password, &hash).unwrap_or(false))).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> Result<T> + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let done = self.done.clone();
        let job = move |memory: &mut Memory| {
            // Whoever asked may have hung up while waiting.
            if !reply.is_closed() {
                done.fetch_add(1, Ordering::Relaxed);
                // Or while it was worked out.
                let _ = reply.send(work(memory));
            }
        };
        let busy = || Error::Unavailable { service: "password hashing", retry_after: Duration::from_secs(2) };
        self.jobs.try_send(Box::new(job)).map_err(|_full| busy())?;
        let answer = tokio::time::timeout(PATIENCE, answer).await.map_err(|_late| busy())?;
        answer.map_err(|_| Error::Broken("hashing a password panicked".to_owned()))?
    }
}

/// Does what comes until nobody can send any more.
fn work(queue: &Mutex<Receiver<Job>>) {
    // On Linux this is about the thread alone. Where it cannot be had, hashes are made at the pace of everything else.
    let _ = rustix::process::nice(NICE);
    let mut memory = Memory::default();
    while let Ok(job) = next(queue, &mut memory) {
        // What panicked was written down where it happened; the thread goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
    }
}

/// The next job. Where there is none, or another thread waits for it already, the memory is given back.
fn next(queue: &Mutex<Receiver<Job>>, memory: &mut Memory) -> std::result::Result<Job, RecvError> {
    if let Ok(queue) = queue.try_lock()
        && let Ok(job) = queue.try_recv()
    {
        return Ok(job);
    }
    *memory = Memory::default();
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv()
}

/// Argon2id with the parameters of OWASP's password storage cheat sheet.
///
/// # Errors
/// The machine has no randomness or no memory.
pub fn hash(password: &str) -> Result<String> {
    Memory::default().hash(password)
}

/// What hashes are worked out in, kept from one to the next: asking the machine for 19 MiB of zeroes takes a twentieth of the time
/// of a hash.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn hash(&mut self, password: &str) -> Result<String> {
        self.hashed(password).map_err(|error| Error::Broken(format!("argon2: {error}")))
    }

    fn hashed(&mut self, password: &str) -> password_hash::Result<String> {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None)?);
        let salt = try_generate_salt().map_err(|_| password_hash::Error::Crypto)?;
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(argon.params())?,
            hash: Some(self.output(&argon, password, &salt)?),
            salt: Some(Salt::new(&salt)?),
        };
        Ok(hash.to_string())
    }

    /// Whether this is the password of this hash, made with whatever parameters; compared in constant time.
    fn verify(&mut self, password: &str, hash: &str) -> password_hash::Result<bool> {
        let hash = PasswordHash::new(hash)?;
        let (salt, output) = hash.salt.zip(hash.hash).ok_or(password_hash::Error::PasswordInvalid)?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from)?;
        let argon = Argon2::new(Algorithm::new(hash.algorithm)?, version, Params::try_from(&hash)?);
        Ok(self.output(&argon, password, &salt)? == output)
    }

    fn output(&mut self, argon: &Argon2, password: &str, salt: &[u8]) -> password_hash::Result<Output> {
        self.0.resize(argon.params().block_count(), Block::default());
        let mut output = [0; Output::MAX_LENGTH];
        let output = &mut output[..argon.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        argon.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut self.0)?;
        Ok(Output::new(output)?)
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only() {
        let hashing = Hashing::new().unwrap();
        let hash = hashing.hash("corridor lamp").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.verify("corridor lamp", Some(&hash)).await.unwrap());
        assert!(!hashing.verify("corridor lamb", Some(&hash)).await.unwrap());
        assert!(!hashing.verify("corridor lamp", Some("no hash")).await.unwrap());
        assert_eq!(hashing.count(), 4);
    }

    #[test]
    fn what_memory_held_before_makes_no_difference() {
        let mut memory = Memory::default();
        let hashes = ["corridor lamp", "window seat"].map(|password| (password, memory.hash(password).unwrap()));
        for (password, hash) in hashes {
            assert!(memory.verify(password, &hash).unwrap());
            assert!(Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok());
            assert!(!memory.verify("corridor lamb", &hash).unwrap());
        }
        let smaller = Argon2::from(Params::new(64, 3, 2, None).unwrap());
        let smaller = smaller.hash_password(b"small table").unwrap().to_string();
        assert!(memory.verify("small table", &smaller).unwrap());
    }

    #[tokio::test]
    async fn the_hash_of_nobody_is_as_costly_as_any_and_opens_to_nothing() {
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        let hash = hash("corridor lamp").unwrap();
        assert_eq!(parameters(NOBODY), parameters(&hash));
        assert_eq!(NOBODY.len(), hash.len());
        assert!(argon2::PasswordHash::new(NOBODY).is_ok());
        assert!(!Hashing::new().unwrap().verify("corridor lamp", None).await.unwrap());
    }

    /// Has a thread work until it is told to stop; once it does.
    async fn keep_busy(hashing: &Arc<Hashing>) -> (std::sync::mpsc::Sender<()>, tokio::task::JoinHandle<Result<()>>) {
        let (go, wait) = std::sync::mpsc::channel();
        let (begun, begins) = oneshot::channel();
        let at_work = tokio::spawn({
            let hashing = hashing.clone();
            async move {
                let work = move |_: &mut Memory| {
                    let _ = begun.send(());
                    wait.recv().map_err(|error| Error::Broken(error.to_string()))
                };
                hashing.run(work).await
            }
        });
        begins.await.unwrap();
        (go, at_work)
    }

    #[tokio::test]
    async fn a_queue_ends_somewhere_and_a_panic_ends_nothing_else() {
        let hashing = Arc::new(Hashing::with(1, 1).unwrap());
        let (go, at_work) = keep_busy(&hashing).await;
        let mut waiting = Box::pin(hashing.hash("corridor lamp"));
        assert!(futures::poll!(&mut waiting).is_pending());
        assert!(matches!(hashing.hash("corridor lamp").await, Err(Error::Unavailable { .. })));
        go.send(()).unwrap();
        assert!(at_work.await.unwrap().is_ok());
        assert!(waiting.await.is_ok());
        assert!(matches!(hashing.run(|_| -> Result<()> { panic!("as a test does") }).await, Err(Error::Broken(_))));
        assert!(hashing.hash("corridor lamp").await.is_ok());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_behind_what_takes_for_ever() {
        let hashing = Arc::new(Hashing::with(1, 4).unwrap());
        let (_go, for_ever) = keep_busy(&hashing).await;
        tokio::time::pause();
        assert!(matches!(hashing.hash("corridor lamp").await, Err(Error::Unavailable { .. })));
        assert!(matches!(for_ever.await.unwrap(), Err(Error::Unavailable { .. })));
        assert_eq!(hashing.count(), 1);
    }

    #[tokio::test]
    async fn memory_is_given_back_by_every_thread_once_nothing_waits() {
        let hashing = Arc::new(Hashing::with(2, 4).unwrap());
        let meet = Arc::new(std::sync::Barrier::new(2));
        let together = async |hashes: bool| {
            let work = || {
                let meet = meet.clone();
                hashing.run(move |memory| {
                    meet.wait();
                    let held = memory.0.len();
                    if hashes {
                        memory.hash("corridor lamp")?;
                    }
                    Ok(held)
                })
            };
            let (one, other) = tokio::join!(work(), work());
            (one.unwrap(), other.unwrap())
        };
        assert_eq!(together(true).await, (0, 0));
        // Both threads have come to rest, or come upon these two jobs on their way there, once nothing is held any more.
        let came_to_rest = async { while together(false).await != (0, 0) {} };
        tokio::time::timeout(Duration::from_secs(10), came_to_rest).await.unwrap();
    }

    #[tokio::test]
    async fn nobody_works_for_somebody_who_has_hung_up() {
        let hashing = Arc::new(Hashing::with(1, 4).unwrap());
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let first = tokio::spawn({
            let hashing = hashing.clone();
            async move { hashing.run(move |_| wait.recv().map_err(|error| Error::Broken(error.to_string()))).await }
        });
        let mut gone = Box::pin(hashing.hash("corridor lamp"));
        assert!(futures::poll!(&mut gone).is_pending());
        drop(gone);
        go.send(()).unwrap();
        assert!(first.await.unwrap().is_ok());
        assert!(hashing.hash("corridor lamp").await.is_ok());
        assert_eq!(hashing.count(), 2);
    }
}

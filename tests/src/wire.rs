//! HTTP by hand, for what no decent client would send.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::answer::Answer;
use crate::wait::PATIENCE;

/// One connection.
#[derive(Debug)]
pub struct Wire(TcpStream);

impl Wire {
    /// Connects.
    pub async fn to(addr: SocketAddr) -> Self {
        Self::try_to(addr).await.expect("the server takes connections")
    }

    /// Connects, if it can be done.
    ///
    /// # Errors
    /// Nobody listens.
    pub async fn try_to(addr: SocketAddr) -> std::io::Result<Self> {
        TcpStream::connect(addr).await.map(Self)
    }

    /// Sends bytes as they are; a server that has hung up already is no error yet.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let _ = self.0.write_all(bytes.as_ref()).await;
        self
    }

    /// Says the same again and again, and listens to nothing, until the server hangs up; whether it does within so long.
    pub async fn talks_until_hung_up_on(&mut self, words: &str, within: Duration) -> bool {
        let talk = async { while self.0.write_all(words.as_bytes()).await.is_ok() {} };
        tokio::time::timeout(within, talk).await.is_ok()
    }

    /// Reads one answer, up to the length it announces or the end of the connection.
    pub async fn answer(&mut self) -> Answer {
        self.try_answer(PATIENCE).await.expect("the server answers")
    }

    /// Reads one answer, `None` when the server hangs up without one or keeps silent for so long.
    pub async fn try_answer(&mut self, within: Duration) -> Option<Answer> {
        let mut bytes = Vec::new();
        let read = async {
            loop {
                if let Some(answer) = parse(&bytes, false) {
                    return Some(answer);
                }
                let mut buffer = vec![0; 16 * 1024];
                match self.0.read(&mut buffer).await {
                    Ok(read @ 1..) => bytes.extend_from_slice(&buffer[..read]),
                    _ => return parse(&bytes, true),
                }
            }
        };
        tokio::time::timeout(within, read).await.ok().flatten()
    }

    /// Reads to the end and says how many bytes there were, `None` when no end comes within so long.
    pub async fn read_to_end(&mut self, within: Duration) -> Option<usize> {
        let end = async {
            let (mut buffer, mut heard) = (vec![0; 64 * 1024], 0);
            while let Ok(read @ 1..) = self.0.read(&mut buffer).await {
                heard += read;
            }
            heard
        };
        tokio::time::timeout(within, end).await.ok()
    }

    /// Whether the server hangs up within so long, whatever it says before.
    pub async fn is_hung_up(&mut self, within: Duration) -> bool {
        self.read_to_end(within).await.is_some()
    }
}

fn parse(bytes: &[u8], ended: bool) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: HeaderMap = lines
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value.trim()).ok()?))
        })
        .collect();
    let body = &bytes[end + 4..];
    let length = headers.get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    match length {
        Some(length) if body.len() >= length => {
            Some(Answer::new("by hand".to_owned(), status, headers, body[..length].to_vec()))
        }
        _ if ended || (status == 204 || status == 304) => {
            Some(Answer::new("by hand".to_owned(), status, headers, body.to_vec()))
        }
        _ => None,
    }
}

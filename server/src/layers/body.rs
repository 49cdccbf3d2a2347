//! Request bodies with an end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

/// How much of a body that is too large is still read, and thrown away: closing a connection on a client that still sends resets it,
/// and the answer is lost.
const DRAINED: usize = 4 << 20;

/// The body was larger than anything this server expects.
#[derive(Debug, thiserror::Error)]
#[error("the body is too large")]
pub(crate) struct TooLarge;

/// A body that fails with [`TooLarge`] beyond its limit, once the rest has been read and thrown away.
pub(super) struct Bounded {
    body: Body,
    left: usize,
    thrown_away: usize,
}

impl Bounded {
    pub(super) fn new(body: Body, limit: usize) -> Self {
        Self { body, left: limit, thrown_away: 0 }
    }

    /// Whether this piece still fits.
    fn admit(&mut self, bytes: usize) -> bool {
        let fits = self.thrown_away == 0 && bytes <= self.left;
        if fits {
            self.left -= bytes;
        } else {
            self.thrown_away += bytes;
        }
        fits
    }
}

impl http_body::Body for Bounded {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        loop {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()? {
                None if self.thrown_away > 0 => return Poll::Ready(Some(Err(TooLarge.into()))),
                Some(_) if self.thrown_away > DRAINED => return Poll::Ready(Some(Err(TooLarge.into()))),
                Some(frame) if !self.admit(frame.data_ref().map_or(0, Bytes::len)) => {}
                frame => return Poll::Ready(frame.map(Ok)),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.thrown_away == 0 && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

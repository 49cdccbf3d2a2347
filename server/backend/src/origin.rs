//! Where work comes from: the request that set it in motion, passed on with what it leaves behind.

mod trace;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use domain::field::Complaint;
use serde::{Deserialize, Serialize};

pub use trace::{Trace, state};

/// A word that names a request, or what belongs together: 8 to 64 letters, digits, `-`, `_` and `.`, so nothing that could forge a line
/// of a log, or hold a mail address. It lies where it stands and costs no memory of its own.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag {
    bytes: [u8; Self::LONGEST],
    length: u8,
}

impl Tag {
    const LONGEST: usize = 64;

    /// The tag that these bytes are, if they are one.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let fits = (8..=Self::LONGEST).contains(&text.len())
            && text.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if !fits {
            return None;
        }
        let mut bytes = [0; Self::LONGEST];
        bytes[..text.len()].copy_from_slice(text);
        Some(Self { bytes, length: u8::try_from(text.len()).ok()? })
    }

    /// The word itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl FromStr for Tag {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let words = "A name for a request has 8 to 64 letters, digits, hyphens, underscores and dots.";
        Self::read(text.as_bytes()).ok_or_else(|| Complaint::new(words))
    }
}

impl TryFrom<String> for Tag {
    type Error = Complaint;

    fn try_from(text: String) -> Result<Self, Complaint> {
        text.parse()
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.as_str().to_owned()
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The request that work comes from. What that leaves behind, letters for now, carries it along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Names everything that one step of a client sets in motion.
    pub correlation: Tag,
    /// Our part of the trace it belongs to.
    #[serde(rename = "traceparent")]
    pub trace: Trace,
    /// What other parties of the trace have us pass on, as the header `tracestate` has it.
    #[serde(rename = "tracestate", default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Arc<str>>,
}

tokio::task_local! {
    static PRESENT: Origin;
}

impl Origin {
    /// Does this work as coming from here.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        PRESENT.scope(self, work).await
    }

    /// Where the work comes from that is being done; `None` outside of any request.
    pub(crate) fn present() -> Option<Self> {
        PRESENT.try_with(Clone::clone).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_word_and_nothing_else() {
        for tag in ["12345678", "checkout_17.b", &"x".repeat(64)] {
            assert_eq!(tag.parse::<Tag>().unwrap().as_str(), tag);
        }
        for wrong in [
            "",
            "short",
            "two words",
            "ana@example.com",
            "{\"a\":\"bbbbb\"}",
            "line\nline\n",
            "zwölf-mal",
            &"x".repeat(65),
        ] {
            assert!(wrong.parse::<Tag>().is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn work_knows_where_it_comes_from_and_what_lies_in_the_outbox_tells_it() {
        let trace: Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap();
        let origin = Origin { correlation: "checkout-17".parse().unwrap(), trace, state: Some("vendor=x".into()) };
        assert_eq!(Origin::present(), None);
        assert_eq!(origin.clone().scope(async { Origin::present() }).await, Some(origin.clone()));
        let written = serde_json::to_value(&origin).unwrap();
        assert_eq!(
            written,
            serde_json::json!({"correlation": "checkout-17", "traceparent": trace.to_string(), "tracestate": "vendor=x"})
        );
        assert_eq!(serde_json::from_value::<Origin>(written).unwrap(), origin);
    }
}

//! Idempotency keys: the same request twice is one request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::field::Complaint;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::limit::Payer;

/// What a client names a request by, 1 to 255 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl std::str::FromStr for Key {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let fits = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Complaint::new("An idempotency key has 1 to 255 visible ASCII characters."))
        }
    }
}

impl Key {
    /// A key of our own, so that a call whose answer got lost can be repeated even when the client named none.
    #[must_use]
    pub fn new() -> Self {
        Self(crate::mint::id().to_string())
    }

    /// The same key as this client alone has it, so that nobody gets what was given to another.
    #[must_use]
    pub fn of(&self, client: &Payer) -> Self {
        let digest = Sha256::new().chain_update(client.name()).chain_update(&self.0).finalize();
        Self(URL_SAFE_NO_PAD.encode(digest))
    }

    /// The key itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Key {
    fn default() -> Self {
        Self::new()
    }
}

/// What a request says, in 32 bytes.
pub fn fingerprint(request: &impl Serialize) -> Vec<u8> {
    let bytes = serde_json::to_vec(request).expect("requests are plain values with string keys");
    Sha256::digest(bytes).to_vec()
}

//! The one place where ids and references are made.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::text::Reference;
use rand::Rng;
use uuid::Uuid;

/// A new id; ids made later sort later.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place where ids are made")]
pub fn id() -> Uuid {
    Uuid::now_v7()
}

/// A new booking reference; two are the same once in 700 million.
#[must_use]
pub fn reference() -> String {
    let mut rng = rand::rng();
    (0..6).map(|_| char::from(Reference::ALPHABET[rng.random_range(0..Reference::ALPHABET.len())])).collect()
}

/// A secret that nobody guesses: 256 bits in base64url.
#[must_use]
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}

/// Names our part of a trace.
#[must_use]
pub fn part() -> u64 {
    rand::random()
}

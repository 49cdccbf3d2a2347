//! The one place where ids and references are made.

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

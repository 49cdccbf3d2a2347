//! What handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use backend::Backend;

use app::ssr::Cookies;

/// The use cases, and whether the house takes guests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct House {
    /// The use cases.
    pub backend: Backend,
    /// How browsers carry a session.
    pub cookies: Cookies,
    /// The sign on the door.
    pub door: Door,
}

impl FromRef<House> for Backend {
    fn from_ref(house: &House) -> Self {
        house.backend.clone()
    }
}

impl FromRef<House> for Cookies {
    fn from_ref(house: &House) -> Self {
        house.cookies
    }
}

/// The sign on the door: open until the server begins to shut down.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<AtomicBool>);

impl Door {
    /// Turns the sign; there is no way back.
    pub fn close(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether the server is shutting down.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

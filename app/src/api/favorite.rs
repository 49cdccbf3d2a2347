//! The venues that a visitor wants to find again.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// A venue to be kept, or let go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FavoriteAsk {
    /// The venue.
    pub slug: String,
    /// Whether it is to be kept.
    pub on: bool,
}

/// How it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Whether it is kept.
    pub on: bool,
}

/// Keeps a venue as a favourite of whoever is signed in, or lets it go; once more changes nothing.
#[server(prefix = "/ui", endpoint = "keep_favorite", input = Json)]
pub async fn keep_favorite(ask: FavoriteAsk) -> Result<Kept, UiError> {
    crate::ssr::answer(async {
        let (backend, caller) = crate::ssr::signed_in()?;
        let slug = ask.slug.parse().map_err(|_| UiError::NotFound)?;
        if ask.on {
            backend.keep_favorite(&caller, &slug).await?;
        } else {
            backend.drop_favorite(&caller, &slug).await?;
        }
        Ok(Kept { on: ask.on })
    })
    .await
}

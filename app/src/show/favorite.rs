//! The venues that the visitor keeps.

use std::collections::HashSet;

use backend::{Backend, Found, Page};
use domain::form::dinner;
use domain::text::Slug;

use super::search::card;
use crate::api::{Card, SearchAsk};
use crate::error::UiError;
use crate::ssr;

/// What is known of some venues and the visitor.
pub struct Hearts(Option<HashSet<Slug>>);

impl Hearts {
    /// Whether this one is kept; `None` when nobody is signed in.
    pub fn of(&self, slug: &Slug) -> Option<bool> {
        self.0.as_ref().map(|kept| kept.contains(slug))
    }
}

/// Which of these venues the visitor keeps: one statement, and none for nobody.
pub async fn kept<'s>(backend: &Backend, slugs: impl IntoIterator<Item = &'s Slug>) -> Result<Hearts, UiError> {
    let Some(caller) = ssr::caller() else { return Ok(Hearts(None)) };
    let slugs: Vec<&Slug> = slugs.into_iter().collect();
    Ok(Hearts(Some(backend.favorites_among(&caller, &slugs).await?)))
}

/// Favourites as cards, each for this evening at its own place.
pub async fn favorites(backend: &Backend, page: &Page<Found>) -> Result<Vec<Card>, UiError> {
    let ask = SearchAsk { party: "2".to_owned(), time: dinner().format("%H:%M").to_string(), ..SearchAsk::default() };
    let mut cards = Vec::with_capacity(page.items.len());
    for found in &page.items {
        // From memory, like the times themselves.
        let profile = backend.venue(&found.card.slug).await?;
        cards.push(card(found, &ask, super::today(&profile, backend.now()), Some(true)));
    }
    Ok(cards)
}

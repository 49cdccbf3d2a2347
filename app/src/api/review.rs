//! Reviews: what everybody reads, and what their author does with theirs.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::Onward;
use crate::error::UiError;

/// So many stars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// In tenths of a star, for the drawing.
    pub tenths: u8,
    /// As a number: `4.6`.
    pub number: String,
    /// For those who hear it: "4.6 of 5 stars".
    pub label: String,
}

/// What guests thought of a venue, in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// On average.
    pub marks: Marks,
    /// "37 reviews".
    pub reviews: String,
}

/// What guests thought of a venue, part by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// The visits as a whole.
    pub overall: Rated,
    /// "Food", "Service", "Ambience".
    pub parts: Vec<(String, Marks)>,
}

/// One review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// "Inês D."
    pub author: String,
    /// "November 2026".
    pub visited: String,
    /// The visit as a whole.
    pub overall: Marks,
    /// "Food", "Service", "Ambience".
    pub parts: Vec<(String, Marks)>,
    /// The words, often none.
    pub body: String,
    /// What the venue answered, often nothing.
    pub answer: String,
}

/// A page of a venue's reviews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviews {
    /// The venue.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What they come to; nothing while there is none.
    pub rating: Option<Rating>,
    /// The reviews.
    pub reviews: Vec<Review>,
    /// The first page's address, when this is another.
    pub first: String,
    /// The next page's address, if there is one.
    pub next: String,
}

/// A review as its author's page knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewAsk {
    /// Opens the booking of the visit.
    pub token: String,
    /// The review that changes; empty to write one.
    pub review: String,
    /// The revision the guest saw.
    pub rev: String,
    /// Stars for the visit as a whole.
    pub overall: String,
    /// Stars for the food.
    pub food: String,
    /// Stars for the service.
    pub service: String,
    /// Stars for the ambience.
    pub ambience: String,
    /// The words.
    pub body: String,
    /// Makes a double submit one review.
    pub key: String,
}

impl ReviewAsk {
    /// The fields of its form, in their order.
    pub const FIELDS: [&'static str; 5] = ["overall", "food", "service", "ambience", "body"];
}

/// Which review goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemovalAsk {
    /// Opens the booking of the visit.
    pub token: String,
    /// The review.
    pub review: String,
}

/// A review is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Its id.
    pub review: String,
    /// Its revision now.
    pub rev: i32,
}

/// The reviews of a venue, a page of them.
#[server(prefix = "/ui", endpoint = "load_reviews", input = Json)]
pub async fn load_reviews(slug: String, cursor: String) -> Result<Reviews, UiError> {
    crate::ssr::answer(async { crate::show::reviews(&crate::ssr::backend()?, &slug, cursor).await }).await
}

/// Writes a review, or changes it.
#[server(prefix = "/ui", endpoint = "save_review", input = Json)]
pub async fn save_review(ask: ReviewAsk) -> Result<Saved, UiError> {
    use crate::ssr::forms::Wording::{Change, Write};
    crate::ssr::answer(async {
        let (backend, proof) = crate::ssr::admit(&ask.token).await?;
        let (wording, key) = crate::ssr::forms::review(ask)?;
        let saved = match wording {
            Write(opinion) => backend.write_review(&proof, &opinion, key.as_ref()).await?,
            Change(id, change) => backend.change_review(&proof, id, &change, key.as_ref()).await?,
        };
        Ok(Saved { review: saved.id.to_string(), rev: saved.rev })
    })
    .await
}

/// Takes a review away.
#[server(prefix = "/ui", endpoint = "remove_review", input = Json)]
pub async fn remove_review(ask: RemovalAsk) -> Result<Onward, UiError> {
    crate::ssr::answer(async {
        let (backend, proof) = crate::ssr::admit(&ask.token).await?;
        let review = ask.review.parse().map_err(|_| UiError::NotFound)?;
        backend.delete_review(&proof, review).await?;
        Ok(crate::show::done(&proof, "review_removed"))
    })
    .await
}

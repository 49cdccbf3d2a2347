//! What guests say about a venue, and what one of them may still say.

use backend::{Backend, Proof};
use chrono::NaiveDate;
use domain::form::ListForm;
use domain::review::{Average, Mark, Part, PublishedReview, Review as Own, Stars};
use domain::text::Slug;

use super::query;
use crate::api::{Marks, Rated, Rating, Review, ReviewAsk, Reviews};
use crate::error::UiError;
use crate::format;

/// Reviews on one page.
const PAGE: u8 = 12;

/// What guests thought of a venue, in a line.
pub fn rated(rating: domain::review::Rating) -> Rated {
    let number = usize::try_from(rating.count).unwrap_or(usize::MAX);
    Rated { marks: average(rating.overall), reviews: format::count(number, "review", "reviews") }
}

/// What guests thought of a venue, part by part.
pub fn rating(rating: domain::review::Rating) -> Rating {
    let part = |part: Part, of| (part.label().to_owned(), average(of));
    let parts =
        vec![part(Part::Food, rating.food), part(Part::Service, rating.service), part(Part::Ambience, rating.ambience)];
    Rating { overall: rated(rating), parts }
}

fn average(average: Average) -> Marks {
    Marks { tenths: average.tenths(), number: average.to_string(), label: format!("{average} of 5 stars") }
}

fn mark(mark: Mark) -> Marks {
    Marks { tenths: mark.get() * 10, number: mark.get().to_string(), label: format!("{} of 5 stars", mark.get()) }
}

fn parts(stars: Stars) -> Vec<(String, Marks)> {
    let part = |part: Part, of| (part.label().to_owned(), mark(of));
    vec![part(Part::Food, stars.food), part(Part::Service, stars.service), part(Part::Ambience, stars.ambience)]
}

/// One review.
pub fn review(review: &PublishedReview) -> Review {
    Review {
        author: review.author.clone(),
        visited: month(&review.visited),
        overall: mark(review.stars.overall),
        parts: parts(review.stars),
        body: review.body.to_string(),
        answer: review.answer.as_ref().map(|answer| answer.body.to_string()).unwrap_or_default(),
    }
}

/// "November 2026" of `2026-11`.
fn month(month: &str) -> String {
    let first: Option<NaiveDate> = format!("{month}-01").parse().ok();
    first.map(|date| date.format("%B %Y").to_string()).unwrap_or_default()
}

/// A page of a venue's reviews.
pub async fn reviews(backend: &Backend, slug: &str, cursor: String) -> Result<Reviews, UiError> {
    let slug: Slug = slug.parse().map_err(|_| UiError::NotFound)?;
    let profile = backend.venue(&slug).await?;
    let path = format!("/venues/{slug}/reviews");
    let first = if cursor.is_empty() { String::new() } else { path.clone() };
    let form = ListForm { cursor: Some(cursor), limit: Some(PAGE.to_string()) };
    let page = backend.reviews(&slug, &form.try_into()?).await?;
    let next = page.next_cursor.map(|cursor| format!("{path}{}", query(&[("cursor", &cursor)])));
    Ok(Reviews {
        slug: slug.to_string(),
        name: profile.card.name.clone(),
        rating: profile.card.rating.map(rating),
        reviews: page.items.iter().map(review).collect(),
        first,
        next: next.unwrap_or_default(),
    })
}

/// What the guest of a finished visit may say about it, and has said.
pub struct Desk {
    /// What is written, as its form says it; without a review, an empty form.
    pub ask: ReviewAsk,
    /// What is written, as others read it.
    pub written: Option<Review>,
    /// Whether it can be written or changed now.
    pub is_open: bool,
    /// Until when it can be changed: "Sunday 6 December 2026".
    pub until: String,
    /// Why it cannot be written; empty when it can, or is.
    pub why_not: String,
}

/// The desk of a booking's guest.
pub async fn desk(backend: &Backend, proof: &Proof) -> Result<Desk, UiError> {
    let ask = ReviewAsk { token: proof.token().to_owned(), key: crate::ssr::fresh_key(), ..ReviewAsk::default() };
    if let Some(own) = backend.review_of_visit(proof).await? {
        return Ok(Desk {
            is_open: backend.now() <= own.changeable_until,
            until: format::day_and_year(own.changeable_until.date_naive()),
            why_not: String::new(),
            written: Some(as_read(&own)),
            ask: as_typed(&own, ask),
        });
    }
    let why_not = backend.why_no_review(proof).await?.map(|refusal| refusal.to_string());
    let is_open = why_not.is_none();
    Ok(Desk { ask, written: None, is_open, until: String::new(), why_not: why_not.unwrap_or_default() })
}

fn as_read(own: &Own) -> Review {
    Review {
        author: String::new(),
        visited: String::new(),
        overall: mark(own.stars.overall),
        parts: parts(own.stars),
        body: own.body.to_string(),
        answer: own.answer.as_ref().map(|answer| answer.body.to_string()).unwrap_or_default(),
    }
}

fn as_typed(own: &Own, ask: ReviewAsk) -> ReviewAsk {
    let stars = |mark: Mark| mark.get().to_string();
    ReviewAsk {
        review: own.id.to_string(),
        rev: own.rev.to_string(),
        overall: stars(own.stars.overall),
        food: stars(own.stars.food),
        service: stars(own.stars.service),
        ambience: stars(own.stars.ambience),
        body: own.body.to_string(),
        ..ask
    }
}

#[cfg(test)]
mod tests {
    use domain::review::Tally;

    use super::*;

    #[test]
    fn a_rating_is_said_as_a_number_and_in_words() {
        let tally = Tally { count: 3, food: 14, service: 15, ambience: 3, overall: 13 };
        let shown = rating(tally.rating().unwrap());
        assert_eq!((shown.overall.marks.tenths, shown.overall.marks.label.as_str()), (43, "4.3 of 5 stars"));
        assert_eq!(shown.overall.reviews, "3 reviews");
        let parts: Vec<&str> = shown.parts.iter().map(|(_, marks)| marks.number.as_str()).collect();
        assert_eq!(parts, ["4.7", "5.0", "1.0"]);
        let one = Tally { count: 1, food: 5, service: 5, ambience: 5, overall: 5 };
        assert_eq!(rated(one.rating().unwrap()).reviews, "1 review");
    }

    #[test]
    fn a_visit_was_in_a_month() {
        assert_eq!(month("2026-11"), "November 2026");
        assert_eq!(month("long ago"), "");
    }
}

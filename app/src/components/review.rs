//! Stars, and what guests say.

mod desk;

use leptos::prelude::*;

pub use desk::Desk;

use crate::api::{Marks, Rated, Rating, Review};

/// The outline of one star, five of them in a row of 120 by 24.
const STAR: &str = "l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-3-5.3 3 1.1-6-4.4-4.2 6-.8z";

/// So many stars: drawn, and in words for those who do not see them.
#[component]
pub fn Stars(marks: Marks) -> impl IntoView {
    let row = ["12", "36", "60", "84", "108"].map(|left| ["M", left, " 3.6", STAR].concat()).concat();
    // The full stars end where the inner picture does; a style would be kept out by the policy of the page.
    let width = f64::from(marks.tenths) * 2.4;
    let drawing = format!(r#"<path d="{row}"/><svg width="{width}" height="24"><path d="{row}"/></svg>"#);
    view! {
        <span class="stars">
            <svg viewBox="0 0 120 24" aria-hidden="true" inner_html=drawing></svg>
            <span class="hidden-text">{marks.label}</span>
        </span>
    }
}

/// What guests thought of a venue, in a line.
#[component]
pub fn RatedLine(rated: Rated) -> impl IntoView {
    view! { <Stars marks=rated.marks.clone()/><b aria-hidden="true">{rated.marks.number}</b><span>{rated.reviews}</span> }
}

/// What guests thought of a venue, part by part.
#[component]
pub fn Breakdown(rating: Rating) -> impl IntoView {
    view! {
        <div class="rating">
            <p class="figure"><b aria-hidden="true">{rating.overall.marks.number.clone()}</b><Stars marks=rating.overall.marks/><span class="small">{rating.overall.reviews}</span></p>
            <Parts parts=rating.parts/>
        </div>
    }
}

/// The stars of each part of a visit.
#[component]
fn Parts(parts: Vec<(String, Marks)>) -> impl IntoView {
    let part = |(name, marks): (String, Marks)| {
        let number = marks.number.clone();
        view! { <div><dt>{name}</dt><dd><Stars marks/><span aria-hidden="true">{number}</span></dd></div> }
    };
    view! { <dl class="parts">{parts.into_iter().map(part).collect_view()}</dl> }
}

/// Reviews below one another.
#[component]
pub fn ReviewList(reviews: Vec<Review>, venue: String) -> impl IntoView {
    let item = move |review: Review| view! { <li><OneReview review venue=venue.clone()/></li> };
    view! { <ul class="reviews">{reviews.into_iter().map(item).collect_view()}</ul> }
}

#[component]
fn OneReview(review: Review, venue: String) -> impl IntoView {
    let body = (!review.body.is_empty()).then(|| view! { <p class="said">{review.body}</p> });
    view! {
        <article class="review">
            <header>
                <h3>{review.author}</h3>
                <Stars marks=review.overall/>
                <p class="small">"Was there in " {review.visited}</p>
            </header>
            {body}
            <Parts parts=review.parts/>
            <VenueAnswer words=review.answer venue/>
        </article>
    }
}

/// What the venue answered, where it did.
#[component]
fn VenueAnswer(words: String, venue: String) -> impl IntoView {
    (!words.is_empty()).then(|| {
        view! { <div class="reply"><p class="small">{venue}" answers"</p><p class="said">{words}</p></div> }
    })
}

/// Where nobody has written.
#[component]
pub fn NoReviews() -> impl IntoView {
    view! { <p class="small">"No reviews yet. Guests write here once they have been."</p> }
}

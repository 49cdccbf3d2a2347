//! Where a guest writes about their visit, changes it, and takes it back.

use domain::field::FieldErrors;
use domain::review::{Mark, Part};
use domain::text::ReviewText;
use leptos::prelude::*;

use super::{Parts, Stars, VenueAnswer};
use crate::api::{Marks, Review, ReviewAsk};
use crate::components::art::{Icon, Sign};
use crate::components::form::{Wrong, about};
use crate::format::escaped;
use crate::islands::{Problems, ReviewDesk};
use crate::show;

/// What is written about a visit, and the forms around it.
#[component]
pub fn Desk(
    desk: show::Desk,
    venue: String,
    /// What is wrong with what was just sent.
    wrong: FieldErrors,
    /// Whether it is to be written now.
    is_open: bool,
) -> impl IntoView {
    let show::Desk { ask, written, is_open: may_write, until, why_not } = desk;
    let has_written = written.is_some();
    let removal = (ask.token.clone(), ask.review.clone());
    let lead = match (has_written, may_write) {
        (false, false) => why_not,
        (false, true) => "Others read your first name, an initial, and the month you were there.".to_owned(),
        (true, true) => format!("You can change it until {until}, and delete it at any time."),
        (true, false) => "It can no longer be changed, but you can delete it at any time.".to_owned(),
    };
    view! {
        <section class="stack" aria-labelledby="review-title" id="review">
            <h2 id="review-title" tabindex="-1">"Your review"</h2>
            <p class="small">{lead}</p>
            <ReviewDesk>
                <Mine review=written venue/>
                <div class="actions">
                    {may_write.then(|| view! { <Writing ask has_written wrong is_open/> })}
                    <Removal removal is_hidden=!has_written is_final=!may_write/>
                </div>
            </ReviewDesk>
        </section>
    }
}

/// What is written, as others read it; while nothing is, an empty one that is filled in the moment something is sent.
#[component]
fn Mine(review: Option<Review>, venue: String) -> impl IntoView {
    let is_hidden = review.is_none();
    let none = || Marks { tenths: 0, number: String::new(), label: String::new() };
    let empty = || Review {
        author: String::new(),
        visited: String::new(),
        overall: none(),
        parts: [Part::Food, Part::Service, Part::Ambience].map(|part| (part.label().to_owned(), none())).into(),
        body: String::new(),
        answer: String::new(),
    };
    let review = review.unwrap_or_else(empty);
    view! {
        <article class="review" id="mine" aria-labelledby="review-title" hidden=is_hidden>
            <Stars marks=review.overall/>
            <p class="said">{review.body}</p>
            <Parts parts=review.parts/>
            <VenueAnswer words=review.answer venue/>
        </article>
    }
}

#[component]
fn Writing(ask: ReviewAsk, has_written: bool, wrong: FieldErrors, is_open: bool) -> impl IntoView {
    let action = format!("/bookings/{}", ask.token);
    let title = if has_written { "Change your review" } else { "Write a review" };
    let said = (!wrong.0.is_empty()).then(|| view! { <div id="said"><Problems wrong=wrong.0.clone()/></div> });
    view! {
        <details id="writing" open=is_open>
            <summary><Sign icon=Icon::Pencil/><b>{title}</b><small>"Four ratings, and a few words if you like"</small></summary>
            <div class="inside">
                <form method="post" action=action class="stack loose" novalidate>
                    {said}
                    <input type="hidden" name="do" value="review"/>
                    <input type="hidden" name="token" value=ask.token/>
                    <input type="hidden" name="review" value=ask.review/>
                    <input type="hidden" name="rev" value=ask.rev/>
                    <input type="hidden" name="key" value=ask.key/>
                    <div class="star-fields">
                        <Choice part=Part::Overall chosen=ask.overall wrong=wrong.clone()/>
                        <Choice part=Part::Food chosen=ask.food wrong=wrong.clone()/>
                        <Choice part=Part::Service chosen=ask.service wrong=wrong.clone()/>
                        <Choice part=Part::Ambience chosen=ask.ambience wrong=wrong.clone()/>
                    </div>
                    <Words body=ask.body wrong=about(&wrong, "body")/>
                    <div class="row"><button class="button" type="submit">"Publish"</button></div>
                </form>
            </div>
        </details>
    }
}

/// One to five stars, each a radio button.
#[component]
fn Choice(part: Part, chosen: String, wrong: FieldErrors) -> impl IntoView {
    let id = part.word();
    let wrong = about(&wrong, id);
    let chosen: Option<Mark> = chosen.parse().ok();
    let star = move |mark: Mark| {
        let words = format!("{}, {}", crate::format::count(mark.get().into(), "star", "stars"), mark.label());
        view! {
            <label>
                <input
                    type="radio"
                    name=id
                    value=mark.get()
                    id=(mark == Mark::ALL[0]).then_some(id)
                    checked=chosen == Some(mark)
                    required
                />
                <Sign icon=Icon::Star/>
                <span class="hidden-text">{words}</span>
            </label>
        }
    };
    let is_wrong = !wrong.is_empty();
    view! {
        <fieldset
            class="field"
            role="radiogroup"
            id=format!("{id}-group")
            aria-required="true"
            aria-invalid=is_wrong.then_some("true")
            aria-describedby=format!("{id}-wrong")
        >
            <legend>{part.label()}</legend>
            <div class="star-choice">{Mark::ALL.into_iter().map(star).collect_view()}</div>
            <Wrong id words=wrong/>
        </fieldset>
    }
}

#[component]
fn Words(body: String, wrong: String) -> impl IntoView {
    let is_wrong = !wrong.is_empty();
    view! {
        <div class="field">
            <label for="body">"What was it like? "<small>"(if you like)"</small></label>
            <p class="hint" id="body-left">{format!("At most {} characters.", ReviewText::MOST)}</p>
            <textarea
                id="body"
                name="body"
                rows="6"
                aria-describedby="body-left body-wrong"
                aria-invalid=is_wrong.then_some("true")
            >{escaped(&body)}</textarea>
            <Wrong id="body" words=wrong/>
        </div>
    }
}

#[component]
fn Removal(
    removal: (String, String),
    is_hidden: bool,
    /// Whether nothing can be written in its place.
    is_final: bool,
) -> impl IntoView {
    let (token, review) = removal;
    let action = format!("/bookings/{token}");
    let anew = if is_final {
        "You cannot write about this visit again."
    } else {
        "You can write another for as long as you could have changed this one."
    };
    view! {
        <details id="removal" hidden=is_hidden>
            <summary><Sign icon=Icon::Cross/><b>"Delete your review"</b><small>"its stars no longer count"</small></summary>
            <div class="inside">
                <form method="post" action=action class="stack">
                    <input type="hidden" name="do" value="delete_review"/>
                    <input type="hidden" name="token" value=token/>
                    <input type="hidden" name="review" value=review/>
                    <p>"It goes from the restaurant’s page at once, and so does what the restaurant answered. "{anew}</p>
                    <div class="row"><button class="button danger" type="submit">"Delete this review"</button></div>
                </form>
            </div>
        </details>
    }
}

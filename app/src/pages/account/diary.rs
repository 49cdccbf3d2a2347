//! The bookings of an account.

use backend::{Backend, SignedIn};
use domain::form::DiaryForm;
use leptos::either::Either;
use leptos::prelude::*;

use super::{Onward, sign_in_for};
use crate::components::pager::Pager;
use crate::error::UiError;
use crate::pages::{awaited, param};
use crate::show::{self, Visit};
use crate::ssr;

/// A page of bookings on one side of now.
#[derive(Clone)]
pub(super) struct Side {
    visits: Vec<Visit>,
    /// The first page's address, when this is another.
    first: String,
    /// The next page's address, if there is one.
    next: String,
}

impl Side {
    /// Bookings of this side, from where the address says that the page before ended.
    pub(super) async fn load(
        backend: &Backend,
        caller: &SignedIn,
        when: &'static str,
        limit: &str,
    ) -> Result<Self, UiError> {
        let cursor = ssr::query().get(when);
        let first = if cursor.is_empty() { String::new() } else { format!("/account#{when}") };
        let form = DiaryForm { when: Some(when.to_owned()), cursor: Some(cursor), limit: Some(limit.to_owned()) };
        let page = backend.diary(caller, &form.try_into()?).await?;
        let next = page.next_cursor.map(|cursor| format!("/account{}#{when}", show::query(&[(when, &cursor)])));
        Ok(Self { visits: show::visits(backend, page.items).await?, first, next: next.unwrap_or_default() })
    }
}

/// The owner's way to a booking of theirs: its private page, whose address nobody else is given.
#[component]
pub fn OwnBookingPage() -> impl IntoView {
    let id = param("id");
    ssr::keep_private();
    awaited(async move {
        let Ok((backend, caller)) = ssr::signed_in() else {
            let here = sign_in_for(&format!("/account/bookings/{id}"));
            return Ok(view! { <Onward href=here/> });
        };
        let id = id.parse().map_err(|_| UiError::NotFound)?;
        let proof = backend.admit_owner(&caller, id).await?;
        Ok(view! { <Onward href=format!("/bookings/{}", proof.token())/> })
    })
}

/// What is booked.
#[component]
pub(super) fn Upcoming(side: Side) -> impl IntoView {
    let line = |visit: Visit| {
        view! {
            <li>
                <span><b><a href=visit.href>{visit.venue}</a></b><small>{visit.when}", "{visit.guests}</small></span>
                <small>{visit.status}</small>
            </li>
        }
    };
    let list = if side.visits.is_empty() {
        Either::Left(view! {
            <div class="empty">
                <p>"No upcoming bookings. Tables you book while signed in, or with this email address, appear here."</p>
                <a class="button" href="/search">"Find a table"</a>
            </div>
        })
    } else {
        Either::Right(view! { <ul class="sessions">{side.visits.into_iter().map(line).collect_view()}</ul> })
    };
    view! {
        <section class="stack" id="upcoming" aria-labelledby="upcoming-title">
            <h2 id="upcoming-title">"Your tables"</h2>
            {list}
            <Pager first=side.first next=side.next label="Your tables, pages" onward="Later ones"/>
        </section>
    }
}

/// What was, and what will not be.
#[component]
pub(super) fn Past(side: Side) -> impl IntoView {
    let line = |visit: Visit| {
        let label = format!("Book again: {}", visit.venue);
        let again = (!visit.again.is_empty())
            .then(|| view! { <a class="text-button" href=visit.again aria-label=label>"Book again"</a> });
        view! {
            <li>
                <span>
                    <b><a href=visit.href>{visit.venue}</a></b>
                    <small>{visit.when}", "{visit.guests}", "{crate::format::decapital(&visit.status)}</small>
                </span>
                {again}
            </li>
        }
    };
    let list = if side.visits.is_empty() {
        Either::Left(view! { <p class="small">"Restaurants you have been to appear here, ready to book again."</p> })
    } else {
        Either::Right(view! { <ul class="sessions">{side.visits.into_iter().map(line).collect_view()}</ul> })
    };
    view! {
        <section class="stack" id="past" aria-labelledby="past-title">
            <h2 id="past-title">"Past and cancelled"</h2>
            {list}
            <Pager first=side.first next=side.next label="Past and cancelled, pages" onward="Earlier ones"/>
        </section>
    }
}

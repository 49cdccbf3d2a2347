//! Pages about something missing or broken.

use http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Title;

use super::art::{Crop, VenueArt};
use crate::api::Link;
use crate::error::UiError;

/// A whole page about a problem: what happened, and what to do now.
#[component]
pub fn Problem(
    /// "404, not found".
    code: &'static str,
    /// In large letters.
    title: &'static str,
    /// What it means for the visitor.
    #[prop(into)]
    text: String,
    /// Ways on, the likeliest first.
    ways: Vec<Link>,
) -> impl IntoView {
    let ways = ways.into_iter().enumerate().map(|(at, way)| {
        let class = if at == 0 { "button" } else { "button quiet" };
        view! { <a class=class href=way.href>{way.text}</a> }
    });
    view! {
        <Title text=title/>
        <div class="page">
            <div class="problem">
                <div class="words">
                    <p class="code">{code}</p>
                    <h1>{title}</h1>
                    <p class="lead">{text}</p>
                    <div class="row">{ways.collect_view()}</div>
                </div>
                <VenueArt seed=404 cuisine="bistro" crop=Crop::Round/>
            </div>
        </div>
    }
}

fn way(href: &str, text: &str) -> Link {
    Link { href: href.to_owned(), text: text.to_owned() }
}

/// The page for an address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    crate::ssr::set_status(StatusCode::NOT_FOUND);
    view! {
        <Problem
            code="404, not found"
            title="This table is not set."
            text="The page may have moved, or the address may have a typo. The restaurants are still where they were."
            ways=vec![way("/", "Find a table"), way("/bookings", "Find my booking")]
        />
    }
}

/// The page for an error that leaves nothing else to show.
#[component]
pub fn Failed(error: UiError) -> impl IntoView {
    crate::ssr::tell_status(&error);
    let wait = error.retry_after();
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    view! { <Troubled status wait words=error.to_string()/> }
}

/// The page for trouble of this status.
#[component]
pub fn Troubled(
    /// What happened.
    status: StatusCode,
    /// Seconds to wait.
    wait: Option<u32>,
    /// What is known about it, for statuses that do not speak for themselves.
    #[prop(optional)]
    words: String,
) -> impl IntoView {
    crate::ssr::set_status(status);
    let request = crate::ssr::facts().request_id;
    let request = if request.is_empty() { String::new() } else { format!(" Request {request}.") };
    let again = || vec![way("", "Try again"), way("/", "To the start")];
    let pause = wait.map_or_else(|| "a moment".to_owned(), crate::error::how_long);
    let (code, title, text, ways) = match status {
        StatusCode::NOT_FOUND => return view! { <NotFound/> }.into_any(),
        StatusCode::TOO_MANY_REQUESTS => (
            "429, too many",
            "One at a time, please.",
            format!("That was a lot in a short time. Please try again in {pause}."),
            again(),
        ),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT | StatusCode::BAD_GATEWAY => (
            "503, one moment",
            "The kitchen is catching up.",
            format!(
                "We cannot reach our reservation book for the moment. Your booking is safe. Please try again in {pause}."
            ),
            again(),
        ),
        StatusCode::FORBIDDEN => (
            "403, not allowed",
            "This door is closed.",
            "You are not allowed to do this. If you came by a form, please load its page again.".to_owned(),
            again(),
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "405, not this way",
            "This door opens another way.",
            "This address does not take what was sent to it. If you came by a form, please load its page again."
                .to_owned(),
            again(),
        ),
        StatusCode::REQUEST_TIMEOUT => (
            "408, too slow",
            "We did not hear you out.",
            "What you sent did not arrive in time, and nothing was booked or changed. Please try again.".to_owned(),
            again(),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "413, too large",
            "That is more than we can carry.",
            "What you sent is too long, and nothing was booked or changed. Please try again with fewer words."
                .to_owned(),
            again(),
        ),
        status if status.is_client_error() => {
            let words = if words.is_empty() { "We could not read this request.".to_owned() } else { words };
            ("400, not understood", "We did not catch that.", words, vec![way("/", "Find a table")])
        }
        _ => (
            "500, our fault",
            "Something fell in the kitchen.",
            format!("It was us, not you, and nothing was booked or changed. Please try again in {pause}.{request}"),
            again(),
        ),
    };
    view! { <Problem code title text ways/> }.into_any()
}

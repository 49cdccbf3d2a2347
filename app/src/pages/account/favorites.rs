//! The restaurants somebody keeps.

use domain::field::FieldErrors;
use domain::form::ListForm;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use super::{Onward, Posted, SignOut, sign_in_for};
use crate::api::{Card, FavoriteAsk, keep_favorite};
use crate::components::art::{Crop, VenueArt};
use crate::components::card::Results;
use crate::components::pager::Pager;
use crate::error::UiError;
use crate::islands::{FAVORITES, Problems};
use crate::pages::awaited;
use crate::show;
use crate::ssr::{self, Fields};

/// The restaurants somebody keeps, and what is free there tonight; posts keep one more, or let one go.
#[component]
pub fn FavoritesPage() -> impl IntoView {
    ssr::keep_private();
    awaited(async move {
        let form = ssr::posted();
        let back = back(form.as_ref());
        let Ok((backend, caller)) = ssr::signed_in() else {
            return Ok(Either::Left(view! { <Onward href=sign_in_for(&back)/> }));
        };
        let posted = match &form {
            None => Posted::Show(FieldErrors::default()),
            Some(form) => Posted::of(keep(form).await.map(|()| back))?,
        };
        let wrong = match posted {
            Posted::Done(href) => return Ok(Either::Left(view! { <Onward href/> })),
            Posted::Show(wrong) => wrong,
        };
        let asked = ListForm { cursor: Some(ssr::query().get("cursor")), limit: Some(PAGE.to_owned()) };
        let page = backend.favorites(&caller, &asked.try_into()?).await?;
        let cards = show::favorites(&backend, &page).await?;
        let next = page.next_cursor.map(|cursor| format!("{FAVORITES}{}", show::query(&[("cursor", &cursor)])));
        Ok(Either::Right(view! { <Page cards next=next.unwrap_or_default() wrong/> }))
    })
}

/// Restaurants on one page: full rows in two, three and four columns.
const PAGE: &str = "12";

/// Where one came from.
fn back(form: Option<&Fields>) -> String {
    let back = form.map(|form| form.get("back")).filter(|path| ssr::may_go_to(path));
    back.unwrap_or_else(|| FAVORITES.to_owned())
}

async fn keep(form: &Fields) -> Result<(), UiError> {
    let ask = FavoriteAsk { slug: form.get("slug"), on: !form.get("on").is_empty() };
    keep_favorite(ask).await.map(drop)
}

#[component]
fn Page(cards: Vec<Card>, next: String, wrong: FieldErrors) -> impl IntoView {
    let is_first = ssr::query().get("cursor").is_empty();
    let first = if is_first { String::new() } else { FAVORITES.to_owned() };
    let list = if cards.is_empty() && is_first {
        Either::Left(view! { <Nothing/> })
    } else {
        Either::Right(view! { <Results cards/> })
    };
    view! {
        <Title text="Your favourites"/>
        <Meta name="robots" content="noindex"/>
        <div class="page section near">
            <div class="stack">
                <h1 class="title">"Your favourites."</h1>
                <p class="lead">"The restaurants you keep, and what is free there tonight for two."</p>
            </div>
            <Problems wrong=wrong.0/>
            <h2 class="hidden-text">"Restaurants"</h2>
            {list}
            <Pager first next/>
            <div class="row"><a class="button quiet" href="/account">"Your account"</a><SignOut/></div>
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="empty">
            <h3>"No favourites yet"</h3>
            <p>"Tap the heart of a restaurant and it appears here, with what is free tonight."</p>
            <p><a class="button" href="/search">"Find a restaurant"</a></p>
            <VenueArt seed=23 cuisine="bistro" crop=Crop::Round/>
        </div>
    }
}

//! One restaurant, and the ticket that books a table there.

use domain::floor::Need;
use leptos::either::Either;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{Link as HeadLink, Meta, Title};

use super::choices;
use crate::api::{DayAsk, HoldAsk, HoursRow, MenuItem, MenuPart, Refused, Venue, hold_table, load_venue};
use crate::components::art::{Crop, Icon, NeighbourMap, Sign, Spot, VenueArt};
use crate::components::card::Price;
use crate::components::favorite::Favorite;
use crate::components::review::{Breakdown, NoReviews, RatedLine, ReviewList};
use crate::components::times::{PlaceOfTimes, Purpose};
use crate::components::wishes::{Place, Wishes};
use crate::error::UiError;
use crate::islands::Chooser;
use crate::show::{self, NEEDS_OF_TABLES};
use crate::ssr::{self, Fields};

/// A restaurant's page; a post to it holds a table.
#[component]
pub fn VenuePage() -> impl IntoView {
    let slug = super::param("slug");
    super::awaited(async move {
        let posted = ssr::posted();
        let mut refused = None;
        if let Some(form) = &posted {
            match hold_table(hold_ask(&slug, form)).await {
                Ok(onward) => {
                    ssr::see_other(&onward.href);
                    return Ok(Either::Left(()));
                }
                Err(error) => {
                    refused = Some(Refused { sentence: error.to_string(), instead: error.instead().to_vec() });
                }
            }
        }
        let venue = load_venue(slug).await?;
        let wishes = posted.unwrap_or_else(ssr::query);
        let ticket = ticket(&venue, &wishes, refused).await?;
        Ok::<_, UiError>(Either::Right(view! { <Page venue ticket/> }))
    })
}

fn hold_ask(slug: &str, form: &Fields) -> HoldAsk {
    HoldAsk {
        slug: slug.to_owned(),
        start: form.get("start"),
        party: form.get("party"),
        area: form.get("area"),
        needs: form.all("needs"),
        key: form.get("key"),
    }
}

#[component]
fn Page(venue: Venue, ticket: AnyView) -> impl IntoView {
    view! {
        <Head venue=venue.clone()/>
        <div class="page">
            <nav class="crumbs" aria-label="You are here">
                <ol>
                    <li><a href="/">"Trestle"</a></li>
                    <li><a href=format!("/search{}", crate::show::query(&[("city", &venue.city)]))>{venue.city.clone()}</a></li>
                    <li>{venue.neighbourhood.clone()}</li>
                </ol>
            </nav>
            <div class="venue">
                <VenueArt seed=venue.art.seed cuisine=venue.art.cuisine.clone() crop=Crop::Hero/>
                <Intro venue=venue.clone()/>
                {ticket}
                <div class="details">
                    <Facts venue=venue.clone()/>
                    <Menu menu=venue.menu.clone() diets=venue.diets.clone()/>
                    <Reviews venue=venue.clone()/>
                    <Hours week=venue.hours.clone() special=venue.special.clone()/>
                    <Access venue=venue.clone()/>
                    <Where venue/>
                </div>
            </div>
        </div>
    }
}

/// What browsers, search engines and people who share the page see of it.
#[component]
fn Head(venue: Venue) -> impl IntoView {
    let site = ssr::facts().public_url;
    let url = format!("{site}/venues/{}", venue.slug);
    let title = format!("{}, {}", venue.name, venue.city);
    view! {
        <Title text=title.clone()/>
        <Meta name="description" content=venue.tagline.clone()/>
        <HeadLink rel="canonical" href=url.clone()/>
        <Meta property="og:type" content="restaurant.restaurant"/>
        <Meta property="og:site_name" content="Trestle"/>
        <Meta property="og:title" content=title/>
        <Meta property="og:description" content=venue.tagline/>
        <Meta property="og:url" content=url/>
        <Meta property="og:image" content=format!("{site}/share.png")/>
        <Meta name="twitter:card" content="summary_large_image"/>
        <script type="application/ld+json" nonce=use_nonce() inner_html=venue.json_ld></script>
    }
}

#[component]
fn Intro(venue: Venue) -> impl IntoView {
    let class = if venue.open.starts_with("Open ") { "door" } else { "door shut" };
    let place = format!("{}, {}", venue.neighbourhood, venue.city);
    let rating = venue.rating.map(|rating| rating.overall);
    view! {
        <header class="intro">
            <p class="meta">
                <span>{venue.cuisines}</span>
                <Price price=venue.price/>
                <span>{place}</span>
                {rating.map(|rated| view! { <a class="rated" href="#reviews"><RatedLine rated/></a> })}
                <span class=class>{venue.open}</span>
            </p>
            <div class="named"><h1>{venue.name.clone()}</h1><Favorite slug=venue.slug name=venue.name kept=venue.kept/></div>
            <p class="lead">{venue.tagline}</p>
            {venue.about.into_iter().map(|text| view! { <p class="prose">{text}</p> }).collect_view()}
        </header>
    }
}

/// The ticket with the day that is wished for.
async fn ticket(venue: &Venue, wishes: &Fields, refused: Option<Refused>) -> Result<AnyView, UiError> {
    let or = |name: &str, default: &str| {
        Some(wishes.get(name)).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
    };
    let ask = DayAsk {
        of: venue.slug.clone(),
        date: or("date", &venue.first_day),
        party: or("party", "2"),
        area: wishes.get("area"),
        needs: wishes.all("needs"),
        lost: String::new(),
    };
    let path = format!("/venues/{}", venue.slug);
    let place = Place {
        path: path.clone(),
        first_day: venue.first_day.clone(),
        last_day: venue.last_day.clone(),
        areas: venue.areas.clone(),
        needs: choices(&NEEDS_OF_TABLES, Need::word, Need::label),
    };
    let backend = ssr::backend()?;
    let day = match ssr::answer(show::day(&backend, ask.clone())).await {
        Ok(day) => Ok(crate::api::Day { refused, ..day }),
        Err(error @ UiError::Invalid(_)) => Err(error),
        Err(error) => return Err(error),
    };
    let wanted = wishes.get("time");
    let ticket = view! {
        <section class="ticket" id="book" aria-labelledby="book-title">
            <div class="spread"><h2 id="book-title">"Book a table"</h2><span class="small">{format!("{} time", venue.city)}</span></div>
            <Chooser>
                <Wishes ask=ask.clone() place/>
                <hr class="tear"/>
                <PlaceOfTimes day ask path purpose=Purpose::Hold wanted/>
            </Chooser>
        </section>
    };
    Ok(ticket.into_any())
}

#[component]
fn Facts(venue: Venue) -> impl IntoView {
    let fact = |fact: crate::api::Fact| {
        let small = (!fact.small.is_empty()).then(|| view! { <small>{fact.small}</small> });
        view! { <div><dt>{fact.term}</dt><dd>{fact.text}{small}</dd></div> }
    };
    view! {
        <section aria-labelledby="before">
            <h2 id="before">"Before you come"</h2>
            <dl class="facts">{venue.facts.into_iter().map(fact).collect_view()}</dl>
        </section>
    }
}

#[component]
fn Menu(menu: Vec<MenuPart>, diets: String) -> impl IntoView {
    let dish = |dish: MenuItem| {
        let signs =
            dish.diets.into_iter().map(|(sign, words)| view! { " " <abbr title=words>{sign}</abbr> }).collect_view();
        view! {
            <li>
                <span class="dish"><span>{dish.name}{signs}</span></span>
                {(!dish.price.is_empty()).then(|| view! { <span class="price">{dish.price}</span> })}
                {(!dish.description.is_empty()).then(|| view! { <p>{dish.description}</p> })}
            </li>
        }
    };
    let part = move |part: MenuPart| {
        view! { <section><h3>{part.name}</h3><ul>{part.items.into_iter().map(dish).collect_view()}</ul></section> }
    };
    (!menu.is_empty()).then(|| {
        view! {
            <section aria-labelledby="menu">
                <h2 id="menu">"The menu"</h2>
                <div class="menu">{menu.into_iter().map(part).collect_view()}</div>
                {(!diets.is_empty()).then(|| view! { <p class="small">{diets}</p> })}
            </section>
        }
    })
}

/// What the last guests said, and the way to what all of them did.
#[component]
fn Reviews(venue: Venue) -> impl IntoView {
    let Venue { slug, name, rating, reviews, .. } = venue;
    let said = match rating {
        None => Either::Left(view! { <NoReviews/> }),
        Some(rating) => {
            let all = format!("All {}", rating.overall.reviews);
            let more = (rating.overall.reviews != "1 review")
                .then(|| view! { <p class="row"><a class="button quiet" href=format!("/venues/{slug}/reviews")>{all}</a></p> });
            Either::Right(view! { <Breakdown rating/> <ReviewList reviews venue=name/> {more} })
        }
    };
    view! {
        <section aria-labelledby="reviews">
            <h2 id="reviews">"What guests say"</h2>
            {said}
        </section>
    }
}

#[component]
fn Hours(week: Vec<HoursRow>, special: Vec<HoursRow>) -> impl IntoView {
    let row = |row: HoursRow| {
        let class = match (row.spans.is_empty(), row.today) {
            (false, false) => None,
            (true, false) => Some("shut"),
            (false, true) => Some("today"),
            (true, true) => Some("shut today"),
        };
        let shut = row.spans.is_empty().then(|| view! { <span>"closed"</span>" " });
        let note = (!row.note.is_empty()).then(|| view! { <span class="small">{row.note}</span> });
        view! {
            <tr class=class>
                <th scope="row">{row.day}{row.today.then(|| view! { <span class="hidden-text">" (today)"</span> })}</th>
                <td>{shut}{row.spans.into_iter().map(|span| view! { <span>{span}</span> }).collect_view()}{note}</td>
            </tr>
        }
    };
    view! {
        <section aria-labelledby="hours">
            <h2 id="hours">"Hours"</h2>
            <table class="hours">
                <caption class="hidden-text">"Opening hours"</caption>
                <tbody>{week.into_iter().map(row).collect_view()}</tbody>
            </table>
            {(!special.is_empty()).then(|| view! {
                <h3>"Different on these days"</h3>
                <table class="hours">
                    <caption class="hidden-text">"Days with other hours"</caption>
                    <tbody>{special.into_iter().map(row).collect_view()}</tbody>
                </table>
            })}
        </section>
    }
}

#[component]
fn Access(venue: Venue) -> impl IntoView {
    let tick = |tick: crate::api::Tick| {
        let icon = if tick.there { Icon::Check } else { Icon::Cross };
        view! { <li class:no=!tick.there><Sign icon/>{tick.label}</li> }
    };
    view! {
        <section aria-labelledby="access">
            <h2 id="access">"Getting in and around"</h2>
            <ul class="ticks">{venue.access.into_iter().map(tick).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Where(venue: Venue) -> impl IntoView {
    let spot = |(latitude, longitude)| Spot { latitude, longitude };
    let others: Vec<Spot> = venue.others.iter().copied().map(spot).collect();
    let label = format!(
        "{} in {}, {}, with the other restaurants of the city around it",
        venue.name, venue.neighbourhood, venue.city
    );
    let reach = venue.reach.into_iter().map(|link| view! { <a href=link.href>{link.text}</a> }).collect_view();
    view! {
        <section aria-labelledby="where">
            <h2 id="where">"Where it is"</h2>
            <div class="map">
                <NeighbourMap here=spot((venue.lat, venue.lon)) others label/>
                <div class="where">
                    <address>
                        <b>{venue.name}</b>
                        <span>{venue.street}</span>
                        <span>{format!("{}, {}", venue.neighbourhood, venue.city)}</span>
                    </address>
                    <p class="small">{format!("{:.5}, {:.5}", venue.lat, venue.lon)}</p>
                    <p class="row">
                        <a href=venue.maps.0 rel="noopener noreferrer">"Open in a map"</a>
                        <a href=venue.maps.1 rel="noopener noreferrer">"Directions"</a>
                    </p>
                    <p class="row">{reach}</p>
                </div>
            </div>
        </section>
    }
}

//! A booking by its private link: the confirmation, and everything its guest may still do.

mod actions;

use domain::field::FieldErrors;
use domain::reservation::Status;
use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use self::actions::Actions;
use crate::api::{
    Booking, CancelAsk, ChangeAsk, Day, DayAsk, LateAsk, Link, Refused, RemovalAsk, ReviewAsk, Standing,
    cancel_booking, change_booking, load_booking, remove_review, report_late, save_review,
};
use crate::components::art::{Icon, Sign};
use crate::components::problem::Problem;
use crate::components::review::Desk;
use crate::components::ticket::BookedTable;
use crate::error::UiError;
use crate::show;
use crate::ssr::{self, Fields};

/// What was just refused, and to which form.
#[derive(Clone, Default)]
struct Refusal {
    verb: String,
    refused: Option<Refused>,
    /// What is wrong with its fields.
    wrong: FieldErrors,
    /// The words in its one field for words.
    typed: String,
}

/// The day a booking could move to.
#[derive(Clone)]
struct Move {
    ask: DayAsk,
    day: Result<Day, UiError>,
    wanted: String,
    is_open: bool,
}

/// A booking's page; posts change, cancel, or say that one is late.
#[component]
pub fn BookingPage() -> impl IntoView {
    let token = super::param("token");
    ssr::keep_private();
    super::awaited(async move {
        let form = ssr::posted();
        let mut refusal = Refusal::default();
        if let Some(form) = &form {
            match act(&token, form).await {
                Ok(href) => {
                    ssr::see_other(&href);
                    return Ok(EitherOf3::A(()));
                }
                Err(error @ (UiError::Refused { .. } | UiError::Invalid(_) | UiError::KeyReused)) => {
                    let refused = Refused { sentence: error.to_string(), instead: error.instead().to_vec() };
                    let (verb, wrong) = (form.get("do"), error.fields());
                    let typed = form.get(if verb == "cancel" { "reason" } else { "notes" });
                    refusal = Refusal { verb, refused: Some(refused), wrong, typed };
                }
                Err(error) => return Err(error),
            }
        }
        match load_booking(token).await {
            Ok(booking) => {
                let wishes = form.unwrap_or_else(ssr::query);
                let change =
                    if booking.may_change { Some(change_of(&booking, &wishes, &refusal).await?) } else { None };
                let desk = if booking.standing == Standing::Finished {
                    Some(desk_of(&booking, &wishes, &refusal).await?)
                } else {
                    None
                };
                Ok(EitherOf3::B(view! { <Page booking wishes refusal change desk/> }))
            }
            Err(UiError::NotFound) => Ok(EitherOf3::C(view! { <Unknown/> })),
            Err(error) => Err(error),
        }
    })
}

/// Does what was posted, and says where to go on.
async fn act(token: &str, form: &Fields) -> Result<String, UiError> {
    let (token, rev, key) = (token.to_owned(), form.get("rev"), form.get("key"));
    // The forms of a page share its key, and each says more.
    let key_with = |more: &str| if key.is_empty() { String::new() } else { format!("{key}/{rev}/{more}") };
    let onward = match form.get("do").as_str() {
        "cancel" => cancel_booking(CancelAsk { token, rev, reason: form.get("reason"), key }).await?,
        "late" => {
            let minutes = form.get("minutes");
            let href = format!("/bookings/{token}?done=late");
            report_late(LateAsk { key: key_with(&minutes), token, rev, minutes }).await?;
            return Ok(href);
        }
        "review" => {
            let ask = ReviewAsk { token: token.clone(), key: key_with("review"), ..typed_review(form) };
            save_review(ask).await?;
            return Ok(format!("/bookings/{token}?done=reviewed"));
        }
        "delete_review" => remove_review(RemovalAsk { token, review: form.get("review") }).await?,
        "notes" => {
            let (notes, key) = (Some(form.get("notes")), key_with("notes"));
            change_booking(ChangeAsk { token, rev, notes, key, ..ChangeAsk::default() }).await?
        }
        _ => {
            let (start, party, area) = (form.get("start"), form.get("party"), form.get("area"));
            change_booking(ChangeAsk { token, rev, start, party, area, notes: None, key }).await?
        }
    };
    Ok(onward.href)
}

/// A review as it stands in its form.
fn typed_review(form: &Fields) -> ReviewAsk {
    let field = |name| form.get(name);
    ReviewAsk {
        review: field("review"),
        rev: field("rev"),
        overall: field("overall"),
        food: field("food"),
        service: field("service"),
        ambience: field("ambience"),
        body: field("body"),
        ..ReviewAsk::default()
    }
}

/// What the guest of a finished visit may say about it; what was refused a moment ago stays as it was typed.
async fn desk_of(booking: &Booking, wishes: &Fields, refusal: &Refusal) -> Result<show::Desk, UiError> {
    let (backend, proof) = ssr::admit(&booking.token).await?;
    let mut desk = show::desk(&backend, &proof).await?;
    if refusal.verb == "review" {
        let ReviewAsk { token, review, rev, key, .. } = desk.ask;
        desk.ask = ReviewAsk { token, review, rev, key, ..typed_review(wishes) };
    }
    Ok(desk)
}

/// The day that is looked at for a change: that of the booking, unless another is wished for.
async fn change_of(booking: &Booking, wishes: &Fields, refusal: &Refusal) -> Result<Move, UiError> {
    let is_open =
        refusal.verb == "change" || ["date", "party", "area", "time"].iter().any(|name| !wishes.get(name).is_empty());
    let or = |name: &str, default: &str| {
        Some(wishes.get(name)).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
    };
    let ask = DayAsk {
        of: booking.token.clone(),
        date: or("date", &booking.date),
        party: or("party", &booking.party.to_string()),
        area: if is_open { wishes.get("area") } else { booking.area.clone() },
        ..DayAsk::default()
    };
    let (backend, proof) = ssr::admit(&booking.token).await?;
    let day = match ssr::answer(show::change_day(&backend, &proof, ask.clone())).await {
        Ok((day, _)) => Ok(Day { refused: refusal.refused.clone().filter(|_| refusal.verb == "change"), ..day }),
        Err(error @ UiError::Invalid(_)) => Err(error),
        Err(error) => return Err(error),
    };
    Ok(Move { ask, day, wanted: wishes.get("time"), is_open })
}

#[component]
fn Unknown() -> impl IntoView {
    ssr::set_status(StatusCode::NOT_FOUND);
    let ways = vec![
        Link { href: "/bookings".to_owned(), text: "Where is my link?".to_owned() },
        Link { href: "/".to_owned(), text: "Find a table".to_owned() },
    ];
    view! {
        <Problem
            code="404, not found"
            title="This link does not work."
            text="It may have been cut short on its way to you. The full link is in your confirmation email."
            ways
        />
    }
}

#[component]
fn Page(
    booking: Booking,
    wishes: Fields,
    refusal: Refusal,
    change: Option<Move>,
    desk: Option<show::Desk>,
) -> impl IntoView {
    let is_new = !wishes.get("new").is_empty();
    let done = wishes.get("done");
    let (news, words) = (news(&done, &booking), Words::of(&booking, is_new, &done));
    let gone = matches!(booking.standing, Standing::Gone | Standing::Finished);
    let below = if gone {
        EitherOf3::A(view! { <Elsewhere booking=booking.clone()/> })
    } else if is_new {
        EitherOf3::B(view! { <Next booking=booking.clone()/> })
    } else {
        EitherOf3::C(view! { <Actions booking=booking.clone() change refusal=refusal.clone()/> })
    };
    let desk = desk.map(|desk| {
        let (venue, wrong, is_open) = (booking.venue_name.clone(), refusal.wrong.clone(), refusal.verb == "review");
        view! { <Desk desk venue wrong is_open/> }
    });
    view! {
        <Title text=format!("Your booking at {}", booking.venue_name)/>
        <Meta name="robots" content="noindex"/>
        <div class="page">
            <article class="confirmation">
                <header>
                    <div class="stack" id="standing"><Seal at=booking.standing status=booking.status.clone()/><h1>{words.title}</h1></div>
                    {booking.may_cancel.then(|| view! {
                        <div class="stack" id="standing-gone" hidden><Seal at=Standing::Gone status="Cancelled".to_owned()/><h1>"Another time, then."</h1></div>
                    })}
                    {(!words.lead.is_empty()).then(|| view! { <p class="lead">{words.lead}</p> })}
                </header>
                {news.map(|news| view! { <p class="notice good" role="status"><Sign icon=Icon::Check/><span>{news}</span></p> })}
                <Refusing refusal/>
                <BookedTable booking/>
                {desk}
                {below}
            </article>
        </div>
    }
}

/// Where the booking stands, in a word.
#[component]
fn Seal(at: Standing, status: String) -> impl IntoView {
    let (class, icon) = match at {
        Standing::Booked | Standing::UnderWay | Standing::Finished => ("seal", Icon::Seal),
        Standing::Waiting => ("seal waiting", Icon::Hourglass),
        Standing::Gone => ("seal gone", Icon::Cross),
    };
    view! { <p class=class><Sign icon/>{status}</p> }
}

/// What was refused, where no form says it itself.
#[component]
fn Refusing(refusal: Refusal) -> impl IntoView {
    let is_said_elsewhere = match refusal.verb.as_str() {
        "change" => true,
        "review" | "notes" | "cancel" => !refusal.wrong.0.is_empty(),
        _ => false,
    };
    let refused = refusal.refused.filter(|_| !is_said_elsewhere);
    refused.map(|refused| {
        view! {
            <p class="notice bad" role="alert" tabindex="-1" autofocus><Sign icon=Icon::Warning/><span>{refused.sentence}</span></p>
        }
    })
}

struct Words {
    title: String,
    lead: String,
}

impl Words {
    fn of(booking: &Booking, is_new: bool, done: &str) -> Self {
        let Booking { weekday, clock, email, venue_name, first_name, .. } = booking;
        let (title, lead) = match booking.standing {
            Standing::Gone if done == "cancelled" && booking.status == Status::CancelledGuest.label() => (
                "Another time, then.".to_owned(),
                format!(
                    "Your table on {weekday} is free for someone else. Nothing was charged; a note is on its way to {email}."
                ),
            ),
            Standing::Gone => (
                "Another time, then.".to_owned(),
                format!("Your table on {weekday} is not kept any longer. Nothing was charged."),
            ),
            Standing::Finished => ("We hope it was good.".to_owned(), format!("You were at {venue_name}.")),
            Standing::Waiting => (
                format!("{venue_name} will reply by email."),
                format!(
                    "They have your request and will reply to {email}. Until then the table is kept for you, and nothing is charged."
                ),
            ),
            Standing::Booked | Standing::UnderWay if is_new => (
                format!("See you on {weekday}, {first_name}."),
                format!("The table is yours. We sent everything to {email}, with a private link to change or cancel."),
            ),
            Standing::Booked | Standing::UnderWay => (format!("{weekday} at {clock}."), String::new()),
        };
        Self { title, lead }
    }
}

fn news(done: &str, booking: &Booking) -> Option<String> {
    let Booking { day, clock, venue_name, .. } = booking;
    match done {
        "changed" if booking.standing == Standing::Waiting => Some(format!(
            "{venue_name} has been asked for {day} at {clock}, and replies by email. The table you had before is given up."
        )),
        "changed" => Some(format!("It has moved: {day} at {clock}. The confirmation is on its way.")),
        "late" => booking.late.map(|minutes| format!("The restaurant knows you will be {minutes} minutes late.")),
        "notes" => Some("The restaurant reads your new words.".to_owned()),
        "reviewed" => Some("Thank you. Your review is on the restaurant’s page.".to_owned()),
        "review_removed" => Some("Your review is gone.".to_owned()),
        _ => None,
    }
}

/// Right after booking.
#[component]
fn Next(booking: Booking) -> impl IntoView {
    let page = format!("/bookings/{}", booking.token);
    let waits = booking.standing == Standing::Waiting;
    let calendar = format!("{page}/calendar.ics");
    view! {
        <div class="row">
            {(!waits).then(|| view! { <a class="button" href=calendar download><Sign icon=Icon::Calendar/>"Add to calendar"</a> })}
            <a class="button quiet" href=page>{if waits { "Change or withdraw" } else { "Change or cancel" }}</a>
        </div>
        <p class="notice good">
            <Sign icon=Icon::Info/>
            <span>{cancelling(&booking)}" Running late? Tell the restaurant with one tap from your link."</span>
        </p>
    }
}

/// When there is nothing left to do here.
#[component]
fn Elsewhere(booking: Booking) -> impl IntoView {
    view! {
        <div class="row">
            <a class="button" href=format!("/venues/{}#book", booking.venue)>"Book another day"</a>
            <a class="button quiet" href="/">"Other restaurants"</a>
        </div>
    }
}

/// The terms of cancelling, and the policy in the venue's words.
fn cancelling(booking: &Booking) -> String {
    let policy = if booking.policy.is_empty() { String::new() } else { format!(" {}", booking.policy) };
    format!("Cancelling: {}.{policy}", crate::format::decapital(&booking.cancelling))
}

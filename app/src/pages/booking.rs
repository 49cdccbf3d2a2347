//! A booking by its private link: the confirmation, and everything its guest may still do.

use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::api::{
    Booking, CancelAsk, ChangeAsk, DayAsk, LateAsk, Standing, cancel_booking, change_booking, load_booking, report_late,
};
use crate::components::art::{Icon, Sign};
use crate::components::problem::Problem;
use crate::components::ticket::BookedTable;
use crate::error::UiError;
use crate::islands::{CancelBooking, Chooser, LateNotice, Notice, Place, Purpose, Seal};
use crate::ssr::{self, Fields};

/// What was just refused, and to which form.
#[derive(Clone, Default)]
struct Refusal {
    verb: String,
    notice: Option<Notice>,
    typed: String,
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
                Ok(done) => {
                    ssr::see_other(&format!("/bookings/{token}?done={done}"));
                    return Ok(EitherOf3::A(()));
                }
                Err(error @ (UiError::Refused { .. } | UiError::Invalid(_) | UiError::KeyReused)) => {
                    refusal = Refusal { verb: form.get("do"), notice: Some(Notice::from(&error)), typed: form.get("notes") };
                }
                Err(error) => return Err(error),
            }
        }
        match load_booking(token).await {
            Ok(booking) => {
                let wishes = form.unwrap_or_else(ssr::query);
                Ok(EitherOf3::B(view! { <Page booking wishes refusal/> }))
            }
            Err(UiError::NotFound) => Ok(EitherOf3::C(view! { <Unknown/> })),
            Err(error) => Err(error),
        }
    })
}

async fn act(token: &str, form: &Fields) -> Result<&'static str, UiError> {
    let (token, rev, key) = (token.to_owned(), form.get("rev"), form.get("key"));
    match form.get("do").as_str() {
        "cancel" => cancel_booking(CancelAsk { token, rev, reason: form.get("reason"), key }).await.map(|_| "cancelled"),
        "late" => report_late(LateAsk { token, rev, key: format!("{key}/{}", form.get("minutes")), minutes: form.get("minutes") }).await.map(|_| "late"),
        "notes" => {
            let notes = Some(form.get("notes"));
            change_booking(ChangeAsk { token, rev, notes, key: String::new(), ..ChangeAsk::default() }).await.map(|_| "notes")
        }
        _ => {
            let (start, party, area) = (form.get("start"), form.get("party"), form.get("area"));
            change_booking(ChangeAsk { token, rev, start, party, area, notes: None, key }).await.map(|_| "changed")
        }
    }
}

#[component]
fn Unknown() -> impl IntoView {
    ssr::set_status(StatusCode::NOT_FOUND);
    let ways = vec![
        crate::api::Link { href: "/bookings".to_owned(), text: "Where is my link?".to_owned() },
        crate::api::Link { href: "/".to_owned(), text: "Find a table".to_owned() },
    ];
    view! {
        <Problem
            code="404, not found"
            title="This link opens nothing."
            text="It may have lost its end on the way. The whole link is in the mail that confirmed your booking."
            ways
        />
    }
}

#[component]
fn Page(booking: Booking, wishes: Fields, refusal: Refusal) -> impl IntoView {
    let is_new = !wishes.get("new").is_empty();
    let news = news(&wishes.get("done"), &booking);
    let words = Words::of(&booking, is_new);
    let gone = matches!(booking.standing, Standing::Gone | Standing::Finished);
    let below = if gone {
        EitherOf3::A(view! { <Elsewhere booking=booking.clone()/> })
    } else if is_new {
        EitherOf3::B(view! { <Next booking=booking.clone()/> })
    } else {
        EitherOf3::C(view! { <Actions booking=booking.clone() wishes refusal=refusal.clone()/> })
    };
    view! {
        <Title text=format!("Your booking at {}", booking.venue_name)/>
        <Meta name="robots" content="noindex"/>
        <div class="page">
            <article class="confirmation">
                <header>
                    <Seal at=booking.standing status=booking.status.clone() title=words.title/>
                    {(!words.lead.is_empty()).then(|| view! { <p class="lead">{words.lead}</p> })}
                </header>
                {news.map(|news| view! { <p class="notice good" role="status"><Sign icon=Icon::Check/><span>{news}</span></p> })}
                <Refused refusal/>
                <BookedTable booking/>
                {below}
            </article>
        </div>
    }
}

/// What was refused, apart from a change, whose form says it itself.
#[component]
fn Refused(refusal: Refusal) -> impl IntoView {
    let notice = refusal.notice.filter(|_| refusal.verb != "change");
    notice.map(|notice| {
        view! {
            <p class="notice bad" role="alert" tabindex="-1" autofocus><Sign icon=Icon::Warning/><span>{notice.sentence}</span></p>
        }
    })
}

struct Words {
    title: String,
    lead: String,
}

impl Words {
    fn of(booking: &Booking, is_new: bool) -> Self {
        let Booking { weekday, clock, email, venue_name, first_name, .. } = booking;
        let (title, lead) = match booking.standing {
            Standing::Gone => (
                "Another time, then.".to_owned(),
                format!("Your table on {weekday} is free for someone else. Nothing was charged; a note is on its way to {email}."),
            ),
            Standing::Finished => ("We hope it was good.".to_owned(), format!("You were at {venue_name}.")),
            Standing::Waiting => (
                format!("{venue_name} will answer by mail."),
                format!("They know of your wish and answer to {email}; until then the table is kept and nothing is charged."),
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
    match done {
        "changed" => Some(format!("It has moved: {} at {}. The confirmation is on its way.", booking.day, booking.clock)),
        "late" => booking.late.map(|minutes| format!("The restaurant knows you will be {minutes} minutes late.")),
        "notes" => Some("The restaurant reads your new words.".to_owned()),
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
            <span>"Cancelling: " {booking.cancelling} ". Running late? Tell the restaurant with one tap from your link."</span>
        </p>
        <Terms policy=booking.policy/>
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

#[component]
fn Terms(policy: String) -> impl IntoView {
    (!policy.is_empty()).then(|| view! { <p class="small prose">{policy}</p> })
}

/// Everything the guest may still do, each opening in place.
#[component]
fn Actions(booking: Booking, wishes: Fields, refusal: Refusal) -> impl IntoView {
    let calendar = format!("/bookings/{}/calendar.ics", booking.token);
    let change = booking.may_change.then(|| {
        let is_open = refusal.verb == "change" || ["date", "party", "area", "time"].iter().any(|name| !wishes.get(name).is_empty());
        let notice = refusal.notice.clone().filter(|_| refusal.verb == "change");
        view! { <Change booking=booking.clone() wishes is_open notice/> }
    });
    view! {
        <section class="actions" aria-label="What you can do">
            {change}
            {booking.may_be_late.then(|| view! { <Late booking=booking.clone()/> })}
            {booking.may_change.then(|| view! { <Notes booking=booking.clone() refusal=refusal.clone()/> })}
            <a href=calendar download>
                <Sign icon=Icon::Calendar/>
                <b>"Add to calendar"</b>
                <small>"keeps itself right when you change the booking"</small>
            </a>
            {booking.may_cancel.then(|| view! { <Cancel booking=booking.clone() is_open=refusal.verb == "cancel"/> })}
        </section>
        {if booking.may_change || booking.may_cancel { Either::Left(view! { <Terms policy=booking.policy/> }) } else { Either::Right(view! { <TooLate booking/> }) }}
    }
}

#[component]
fn TooLate(booking: Booking) -> impl IntoView {
    view! {
        <p class="notice">
            <Sign icon=Icon::Info/>
            <span>
                "It is too late to change this booking here. "
                {booking.phone.map(|phone| view! { "The restaurant helps: " <a href=phone.href>{phone.text}</a> })}
            </span>
        </p>
    }
}

#[component]
fn Change(booking: Booking, wishes: Fields, is_open: bool, notice: Option<Notice>) -> impl IntoView {
    let or = |name: &str, default: &str| Some(wishes.get(name)).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned());
    let ask = DayAsk {
        of: booking.token.clone(),
        date: or("date", &booking.date),
        party: or("party", &booking.party.to_string()),
        area: if is_open { wishes.get("area") } else { booking.area.clone() },
        needs: Vec::new(),
    };
    let place = Place {
        path: format!("/bookings/{}", booking.token),
        first_day: booking.days.0,
        last_day: booking.days.1,
        areas: booking.areas,
        needs: Vec::new(),
    };
    let purpose = Purpose::Change { rev: booking.rev, own: booking.start };
    view! {
        <details id="book" open=is_open>
            <summary>
                <Sign icon=Icon::Pencil/>
                <b>"Change day, time or guests"</b>
                <small>"your table stands until the new one is yours"</small>
            </summary>
            <div class="inside"><Chooser ask place purpose wanted=wishes.get("time") notice/></div>
        </details>
    }
}

#[component]
fn Late(booking: Booking) -> impl IntoView {
    view! {
        <details>
            <summary><Sign icon=Icon::Clock/><b>"Running late"</b><small>"one tap, the restaurant sees it at once"</small></summary>
            <div class="inside"><LateNotice token=booking.token rev=booking.rev key=booking.key late=booking.late/></div>
        </details>
    }
}

#[component]
fn Notes(booking: Booking, refusal: Refusal) -> impl IntoView {
    let is_open = refusal.verb == "notes";
    let typed = if is_open { refusal.typed } else { booking.notes };
    view! {
        <details open=is_open>
            <summary><Sign icon=Icon::Info/><b>"Tell them something"</b><small>"allergies, a surprise, a pram"</small></summary>
            <div class="inside">
                <form method="post" action=format!("/bookings/{}", booking.token) class="stack">
                    <input type="hidden" name="do" value="notes"/>
                    <input type="hidden" name="rev" value=booking.rev/>
                    <div class="field prose">
                        <label for="notes">"What the restaurant should know"</label>
                        <p class="hint" id="notes-hint">"At most 500 characters."</p>
                        <textarea id="notes" name="notes" rows="3" aria-describedby="notes-hint">{typed}</textarea>
                    </div>
                    <div class="row"><button class="button" type="submit">"Save"</button></div>
                </form>
            </div>
        </details>
    }
}

#[component]
fn Cancel(booking: Booking, is_open: bool) -> impl IntoView {
    let policy = if booking.policy.is_empty() { String::new() } else { format!(" {}", booking.policy) };
    let terms = format!("{}. The table goes back on offer at once.{policy}", booking.cancelling);
    view! {
        <details open=is_open>
            <summary><Sign icon=Icon::Cross/><b>"Cancel"</b><small>{booking.cancelling}</small></summary>
            <div class="inside"><CancelBooking token=booking.token rev=booking.rev key=booking.key terms/></div>
        </details>
    }
}

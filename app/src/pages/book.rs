//! The last step: who is coming, while the table is held.

mod details;
mod over;

use domain::account::Account;
use domain::field::FieldErrors;
use domain::floor::Need;
use http::StatusCode;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use self::details::{Unmet, choices_of, introduced, needs_in_address, needs_of, untouched};
use self::over::over;
use crate::api::{BookAsk, DayAsk, Hold, Sitting, Time, book_table, extend_hold, load_hold, release_hold};
use crate::components::art::{Icon, Sign};
use crate::components::form::{Fields as FormFields, RELEASE};
use crate::components::ticket::HeldTable;
use crate::components::times::address;
use crate::error::UiError;
use crate::islands::{Details, HoldClock, Problems, Refused, minutes};
use crate::ssr::{self, Fields};

/// What has become of a form posted here.
enum Posted {
    /// Nothing was posted, or more time was given: the form is shown as it was typed.
    Show { wrong: FieldErrors, refused: String },
    /// The hold is over; times to choose instead.
    Over(Vec<Sitting>),
    /// It is done, and the visitor goes on there.
    Done(String),
}

/// The details form with its hold; posts book, ask for more time, or let the table go.
#[component]
pub fn BookPage() -> impl IntoView {
    let token = super::param("token");
    ssr::keep_private();
    super::awaited(async move {
        let form = ssr::posted();
        let posted = match &form {
            None => Posted::Show { wrong: FieldErrors::default(), refused: String::new() },
            Some(form) => act(&token, form).await?,
        };
        let (wrong, refused) = match posted {
            Posted::Done(href) => {
                ssr::see_other(&href);
                return Ok(EitherOf3::A(()));
            }
            Posted::Over(instead) => return Ok(EitherOf3::B(over(StatusCode::CONFLICT, instead).await)),
            Posted::Show { wrong, refused } => (wrong, refused),
        };
        // What was typed already says it better.
        let account = if form.is_none() { ssr::account().await?.map(|(.., account)| account) } else { None };
        match load_hold(token).await {
            Ok(hold) => Ok(EitherOf3::C(view! { <Page hold form account wrong refused/> })),
            Err(error) if error.is("hold_expired") => Ok(EitherOf3::B(over(StatusCode::GONE, Vec::new()).await)),
            Err(error) => Err(error),
        }
    })
}

async fn act(token: &str, form: &Fields) -> Result<Posted, UiError> {
    let outcome = match form.get("do").as_str() {
        "extend" => extend_hold(token.to_owned()).await.map(|_| None),
        "release" => {
            let mut ask = DayAsk { of: form.get("venue"), party: form.get("party"), ..chosen() };
            ask.needs.extend(form.all("unmet"));
            release_hold(token.to_owned()).await.map(|()| Some(back(&ask)))
        }
        _ => book_table(typed(token, form)).await.map(|booked| Some(booked.href)),
    };
    Ok(match outcome {
        Ok(Some(href)) => Posted::Done(href),
        Ok(None) => Posted::Show { wrong: FieldErrors::default(), refused: String::new() },
        Err(UiError::Invalid(wrong)) => Posted::Show { wrong, refused: String::new() },
        Err(UiError::Refused { code, instead, .. }) if code == "hold_expired" => Posted::Over(instead),
        Err(error @ (UiError::Refused { .. } | UiError::KeyReused)) => {
            Posted::Show { wrong: FieldErrors::default(), refused: error.to_string() }
        }
        Err(error) => return Err(error),
    })
}

/// What was chosen before, as far as the address still says it.
fn chosen() -> DayAsk {
    let address = ssr::query();
    DayAsk {
        of: address.get("venue"),
        date: address.get("date"),
        party: address.get("party"),
        area: address.get("area"),
        needs: needs_in_address(),
        lost: String::new(),
    }
}

/// The venue's page, for what was chosen before; the front door where nobody knows the venue.
fn back(ask: &DayAsk) -> String {
    if ask.of.is_empty() { "/".to_owned() } else { address(&format!("/venues/{}", ask.of), ask, &ask.date, "") }
}

fn typed(token: &str, form: &Fields) -> BookAsk {
    BookAsk {
        hold: token.to_owned(),
        venue: form.get("venue"),
        start: form.get("start"),
        party: form.get("party"),
        area: form.get("area"),
        name: form.get("name"),
        email: form.get("email"),
        phone: form.get("phone"),
        notes: form.get("notes"),
        needs: form.all("needs"),
        occasion: form.get("occasion"),
        key: form.get("key"),
    }
}

#[component]
fn Page(
    hold: Hold,
    form: Option<Fields>,
    account: Option<Account>,
    wrong: FieldErrors,
    refused: String,
) -> impl IntoView {
    let (of_table, of_people) = account.as_ref().map(needs_of).unwrap_or_default();
    let typed = match form {
        Some(form) => typed(&hold.token, &form),
        None => introduced(untouched(&hold), account, &of_people),
    };
    let unmet: Vec<Need> =
        of_table.into_iter().filter(|need| !typed.needs.iter().any(|said| said == need.word())).collect();
    let choices = choices_of(&typed);
    let time = hold.time;
    let back = back(&DayAsk { of: hold.venue.clone(), party: hold.party.to_string(), ..chosen() });
    let verb = if hold.request { "Ask for" } else { "Book" };
    let button = format!("{verb} {}, {}", hold.short, hold.guests);
    let terms = terms(&hold);
    view! {
        <Title text="Your details"/>
        <Meta name="robots" content="noindex"/>
        <div class="page">
            <div class="section near">
                <Steps venue=hold.venue.clone() party=hold.party unmet=unmet.clone()/>
                <div class="beside">
                    <div class="stack loose">
                        <div class="stack">
                            <h1 class="title">"Who is coming?"</h1>
                            <p class="lead">"So that the table is set under your name."</p>
                        </div>
                        <Details>
                            <div id="said"><Problems wrong=wrong.0.clone()/><Refused sentence=refused/></div>
                            <Unmet unmet/>
                            <FormFields typed wrong choices/>
                            <div class="stack">
                                <button class="button wide" type="submit" name="do" value="book">{button}</button>
                                <p class="small">{terms}</p>
                            </div>
                        </Details>
                    </div>
                    <aside class="ticket" aria-label="Your table">
                        <HeldTable hold/>
                        <hr class="tear"/>
                        <Clock time back/>
                    </aside>
                </div>
            </div>
        </div>
    }
}

/// How long the table is kept; the island makes it tick. The button posts the details form, which keeps what was typed.
#[component]
fn Clock(time: Time, back: String) -> impl IntoView {
    view! {
        <HoldClock>
            <Sign icon=Icon::Hourglass/>
            <p class="kept">"Held for you for "<b role="timer" aria-live="off" data-left=time.left>{minutes(time.left)}</b></p>
            <p class="gone" hidden>"Your hold has ended, and the table is open to others again."</p>
            <button class="text-button" type="submit" form="details" name="do" value="extend" formnovalidate hidden=!time.more>"More time"</button>
            <a href=back hidden>"Choose again"</a>
            <progress max=time.whole value=time.left aria-hidden="true"></progress>
        </HoldClock>
        <p class="hidden-text" role="alert" id="hold-news"></p>
    }
}

fn terms(hold: &Hold) -> String {
    let asks = if hold.request { "The restaurant replies by email. " } else { "" };
    let policy = if hold.policy.is_empty() { String::new() } else { format!(" {}", hold.policy) };
    format!(
        "{asks}By booking you accept the restaurant’s terms. Cancelling: {}.{policy} Your details go to the restaurant and to nobody else.",
        crate::format::decapital(&hold.cancelling)
    )
}

/// The way back lets the table go. It is a form of its own, since Enter in a field presses the first button of the form around it.
#[component]
fn Steps(
    venue: String,
    party: u8,
    /// What the next table is to have besides.
    unmet: Vec<Need>,
) -> impl IntoView {
    let back = |words: &'static str| view! { <button class="text-button" type="submit" form=RELEASE>{words}</button> };
    view! {
        <form method="post" id=RELEASE hidden>
            <input type="hidden" name="do" value="release"/>
            <input type="hidden" name="venue" value=venue/>
            <input type="hidden" name="party" value=party/>
            {unmet.into_iter().map(|need| view! { <input type="hidden" name="unmet" value=need.word()/> }).collect_view()}
        </form>
        <nav class="steps" aria-label="Booking, step 3 of 3">
            <ol>
                <li class="done">{back("Day and guests")}</li>
                <li class="done">{back("Time and table")}</li>
                <li aria-current="step">"Your details"</li>
            </ol>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_keeps_every_wish() {
        let ask = DayAsk {
            of: "taberna-do-rio".to_owned(),
            date: "2026-11-22".to_owned(),
            party: "2".to_owned(),
            area: "a-1".to_owned(),
            needs: vec!["step_free".to_owned(), "wheelchair_space".to_owned()],
            lost: String::new(),
        };
        let way = "/venues/taberna-do-rio?date=2026-11-22&party=2&area=a-1&needs=step_free&needs=wheelchair_space#book";
        assert_eq!(back(&ask), way);
        assert_eq!(back(&DayAsk::default()), "/");
    }
}

//! The last step: who is coming, while the table is held.

use domain::account::Account;
use domain::field::FieldErrors;
use domain::floor::Need;
use domain::reservation::Occasion;
use http::StatusCode;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use super::choices;
use crate::api::{BookAsk, Day, DayAsk, Hold, Sitting, Time, book_table, extend_hold, load_hold, release_hold};
use crate::components::art::{Crop, Icon, Sign, VenueArt};
use crate::components::form::{Choices, Fields as FormFields, RELEASE};
use crate::components::ticket::HeldTable;
use crate::components::times::{address, slot_class};
use crate::error::UiError;
use crate::islands::{Details, HoldClock, Problems, Refused, minutes};
use crate::show::NEEDS_OF_TABLES;
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
            <p class="gone" hidden>"Your time is over and the table is free again."</p>
            <button class="text-button" type="submit" form="details" name="do" value="extend" formnovalidate hidden=!time.more>"More time"</button>
            <a href=back hidden>"Choose again"</a>
            <progress max=time.whole value=time.left aria-hidden="true"></progress>
        </HoldClock>
        <p class="hidden-text" role="alert" id="hold-news"></p>
    }
}

/// The form before anything is typed.
fn untouched(hold: &Hold) -> BookAsk {
    BookAsk {
        hold: hold.token.clone(),
        venue: hold.venue.clone(),
        start: hold.start.clone(),
        party: hold.party.to_string(),
        area: ssr::query().get("area"),
        needs: needs_in_address(),
        key: ssr::fresh_key(),
        ..BookAsk::default()
    }
}

/// The form filled in with what the account of whoever is signed in says of them.
fn introduced(form: BookAsk, account: Option<Account>, needs: &[Need]) -> BookAsk {
    let Some(account) = account else { return form };
    let mut wished = form.needs.clone();
    wished.extend(needs.iter().map(|need| need.word().to_owned()).filter(|need| !form.needs.contains(need)));
    BookAsk {
        name: account.name.into(),
        email: account.email.into(),
        phone: account.phone.map(String::from).unwrap_or_default(),
        notes: account.notes.into(),
        needs: wished,
        ..form
    }
}

/// What a guest needs of the table, which is chosen already, and what they need of people.
fn needs_of(account: &Account) -> (Vec<Need>, Vec<Need>) {
    account.needs.iter().partition(|need| NEEDS_OF_TABLES.contains(need))
}

/// What the guest always needs and this table was not chosen for.
#[component]
fn Unmet(unmet: Vec<Need>) -> impl IntoView {
    let needs = crate::format::list(&unmet.iter().map(|need| need.label().to_owned()).collect::<Vec<_>>());
    (!unmet.is_empty()).then(|| {
        view! {
            <div class="notice careful">
                <Sign icon=Icon::Info/>
                <p>
                    "Your details say that you need "{needs}". This table was not chosen for it. "
                    <button class="text-button" type="submit" form=RELEASE>"Choose a table that has it"</button>
                </p>
            </div>
        }
    })
}

fn needs_in_address() -> Vec<String> {
    ssr::query().get("needs").split(',').filter(|need| !need.is_empty()).map(str::to_owned).collect()
}

fn choices_of(typed: &BookAsk) -> Choices {
    let (of_table, of_people): (Vec<Need>, Vec<Need>) =
        Need::ALL.iter().partition(|need| NEEDS_OF_TABLES.contains(need));
    let table: Vec<Need> =
        of_table.into_iter().filter(|need| typed.needs.iter().any(|word| word == need.word())).collect();
    Choices {
        needs: choices(&of_people, Need::word, Need::label),
        table: choices(&table, Need::word, Need::label),
        occasions: choices(Occasion::ALL, Occasion::word, Occasion::label),
    }
}

fn terms(hold: &Hold) -> String {
    let asks = if hold.request { "The restaurant answers by mail. " } else { "" };
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

/// The page of a hold that is over, with what can be had instead.
async fn over(status: StatusCode, instead: Vec<Sitting>) -> impl IntoView + use<> {
    let ask = chosen();
    let day = look(&ask).await;
    ssr::set_status(status);
    let instead = match &day {
        Some(day) if instead.is_empty() => crate::show::nearest(&day.parts, &ssr::query().get("time")),
        _ => instead,
    };
    let key = day.map(|day| day.key).unwrap_or_default();
    view! { <Over ask instead key/> }
}

/// The day that was chosen, where the address still says which.
async fn look(ask: &DayAsk) -> Option<Day> {
    let backend = ssr::backend().ok().filter(|_| !ask.of.is_empty())?;
    ssr::answer(crate::show::day(&backend, ask.clone())).await.ok()
}

#[component]
fn Over(ask: DayAsk, instead: Vec<Sitting>, key: String) -> impl IntoView {
    let (knows, back) = (!ask.of.is_empty(), back(&ask));
    let times = (knows && !instead.is_empty()).then(|| view! { <Instead ask instead key/> });
    let held_for = ssr::held_for();
    let ways = if knows {
        Either::Left(view! { <a class="button quiet" href=back>"See every time"</a> })
    } else {
        Either::Right(view! { <a class="button" href=back>"Find a table"</a> })
    };
    view! {
        <Title text="Your time is over"/>
        <Meta name="robots" content="noindex"/>
        <div class="page">
            <div class="problem">
                <div class="words">
                    <p class="code">"Your time is over and the table is free again."</p>
                    <h1>"Shall we hold another?"</h1>
                    <p class="lead">
                        "A table is kept for " {held_for} ", so that it does not stand empty. If you have just booked it, all is well: the confirmation is in your mail."
                    </p>
                    {times}
                    <div class="row">{ways}</div>
                </div>
                <VenueArt seed=410 cuisine="bistro" crop=Crop::Round/>
            </div>
        </div>
    }
}

/// Times as buttons that hold at once. Where they are of several days, each says its own.
#[component]
fn Instead(ask: DayAsk, instead: Vec<Sitting>, key: String) -> impl IntoView {
    let day = instead.first().map(|sitting| sitting.day.clone()).unwrap_or_default();
    let other_days = instead.iter().any(|sitting| sitting.day != day);
    let legend = if other_days { "Free near it".to_owned() } else { format!("Free near it, {day}") };
    let button = move |sitting: Sitting| {
        let small = if other_days { sitting.day } else { sitting.note };
        let small = (!small.is_empty()).then(|| view! { <small>{small}</small> });
        view! { <button class=slot_class(sitting.state) type="submit" name="start" value=sitting.start>{sitting.clock}{small}</button> }
    };
    view! {
        <form method="post" action=format!("/venues/{}#book", ask.of) class="instead-times">
            <input type="hidden" name="date" value=ask.date/>
            <input type="hidden" name="party" value=ask.party/>
            <input type="hidden" name="area" value=ask.area/>
            {ask.needs.into_iter().map(|need| view! { <input type="hidden" name="needs" value=need/> }).collect_view()}
            <input type="hidden" name="key" value=key/>
            <fieldset class="slot-group">
                <legend>{legend}</legend>
                <div class="slots">{instead.into_iter().map(button).collect_view()}</div>
            </fieldset>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::State;

    fn sitting(date: &str, day: &str) -> Sitting {
        Sitting {
            start: format!("{date}T19:30:00+00:00"),
            date: date.to_owned(),
            day: day.to_owned(),
            clock: "19:30".to_owned(),
            state: State::Open,
            note: String::new(),
        }
    }

    #[test]
    fn times_of_several_days_say_which() {
        let (ask, key) = (DayAsk::default(), String::new());
        let (sunday, monday) =
            (sitting("2026-11-22", "Sunday 22 November"), sitting("2026-11-23", "Monday 23 November"));
        let html = Owner::new().with(|| {
            view! { <Instead ask=ask.clone() instead=vec![sunday.clone(), monday] key=key.clone()/> }.to_html()
        });
        assert!(
            html.contains("<small>Sunday 22 November</small>") && html.contains("<small>Monday 23 November</small>")
        );
        let html = Owner::new().with(|| view! { <Instead ask instead=vec![sunday] key/> }.to_html());
        assert!(html.contains("Free near it, Sunday 22 November") && !html.contains("<small>"), "{html}");
    }

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

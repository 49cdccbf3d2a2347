//! Who is coming: the form of the last step.

use domain::field::{Complaint, FieldErrors};
use domain::text::{Email, Note, PersonName, Phone};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::shared::hold_is_over;
use crate::api::{BookAsk, Choice};
use crate::components::art::{Icon, Sign};
use crate::components::field::{Field, described_by};
use crate::error::UiError;

/// The form as the server shows it: empty at first, and as it was typed after a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What stands in it.
    pub typed: BookAsk,
    /// What is wrong with it.
    pub wrong: FieldErrors,
    /// Why it was refused, when no field is to blame.
    pub refused: String,
    /// What can be needed, apart from what the table has.
    pub needs: Vec<Choice>,
    /// What the table has.
    pub table: Vec<Choice>,
    /// What can be celebrated.
    pub occasions: Vec<Choice>,
    /// "Book for Sunday 19:30".
    pub button: String,
    /// What one agrees to.
    pub terms: String,
    /// The venue's page for this day and party.
    pub back: String,
}

/// Fields whose rule the browser knows too.
const CHECKED: [&str; 4] = ["name", "email", "phone", "notes"];

/// What is wrong with a field, by the constructor of the value it becomes.
fn complaint(field: &str, value: &str) -> Option<Complaint> {
    match field {
        "name" => value.parse::<PersonName>().err(),
        "email" => value.parse::<Email>().err(),
        "phone" if value.trim().is_empty() => None,
        "phone" => value.parse::<Phone>().err(),
        "notes" => value.parse::<Note>().err(),
        _ => None,
    }
}

/// The control a complaint is about: the last part of its pointer.
fn control(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or(pointer)
}

/// What the form's parts share.
#[derive(Clone, Copy)]
struct Filling {
    wrong: RwSignal<FieldErrors>,
    refused: RwSignal<String>,
    sending: RwSignal<bool>,
}

impl Filling {
    fn about(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let wrong = self.wrong.read();
            wrong.0.iter().find(|error| control(&error.pointer) == field).map(|error| error.detail.clone())
        })
    }

    /// Looks at one field when it is left. A field left empty is not nagged about before the form is sent.
    fn look(self, field: &'static str, value: &str) {
        let found = complaint(field, value).filter(|_| !value.trim().is_empty());
        self.wrong.update(|wrong| {
            wrong.0.retain(|error| control(&error.pointer) != field);
            if let Some(complaint) = &found {
                wrong.add(&format!("/{field}"), complaint);
            }
        });
    }
}

/// The form. It posts to its own page; awake, it checks each field when it is left and books without leaving the page.
#[island]
pub fn Details(form: Form) -> impl IntoView {
    let Form { typed, wrong, refused, needs, table, occasions, button, terms, back } = form;
    let filling = Filling { wrong: RwSignal::new(wrong), refused: RwSignal::new(refused), sending: RwSignal::new(false) };
    super::line::on_return(move || filling.sending.set(false));
    let over = hold_is_over();
    let page = format!("/book/{}", typed.hold);
    view! {
        <form
            id="details"
            class="stack loose"
            method="post"
            action=page
            novalidate
            on:submit=move |event| send(filling, &event)
        >
            <div class="stack">
                <h1 class="title">"Who is coming?"</h1>
                <p class="lead">"So that the table is set under your name."</p>
            </div>
            <Problems filling back=back.clone()/>
            <Hidden typed=typed.clone()/>
            <div class="fields">
                <Person filling typed=typed.clone()/>
                <Wishes filling typed needs table occasions back/>
            </div>
            <div class="stack">
                <button
                    class="button wide"
                    type="submit"
                    name="do"
                    value="book"
                    aria-busy=move || filling.sending.get().then_some("true")
                    disabled=move || over.get()
                >
                    {button}
                </button>
                <p class="small">{terms}</p>
            </div>
        </form>
    }
}

/// Everything that is to be put right, each with the way to its field.
#[component]
fn Problems(filling: Filling, back: String) -> impl IntoView {
    let summary = move || {
        let wrong = filling.wrong.get();
        let title = match wrong.0.len() {
            0 => return None,
            1 => "One thing to put right".to_owned(),
            count => format!("{count} things to put right"),
        };
        let line = |error: domain::field::FieldError| {
            let href = format!("#{}", control(&error.pointer));
            view! { <li><a href=href>{error.detail}</a></li> }
        };
        Some(view! {
            <div class="error-summary" role="alert" tabindex="-1" id="problems" autofocus>
                <Sign icon=Icon::Warning/>
                <h2>{title}</h2>
                <ul>{wrong.0.into_iter().map(line).collect_view()}</ul>
            </div>
        })
    };
    let refused = move || {
        let words = filling.refused.get();
        (!words.is_empty()).then(|| {
            view! {
                <div class="notice bad" role="alert" tabindex="-1" id="refused" autofocus>
                    <Sign icon=Icon::Warning/>
                    <p>{words} " " <a href=back.clone()>"Choose another time"</a></p>
                </div>
            }
        })
    };
    view! { {summary} {refused} }
}

#[component]
fn Hidden(typed: BookAsk) -> impl IntoView {
    view! {
        <input type="hidden" name="hold" value=typed.hold/>
        <input type="hidden" name="venue" value=typed.venue/>
        <input type="hidden" name="start" value=typed.start/>
        <input type="hidden" name="party" value=typed.party/>
        <input type="hidden" name="area" value=typed.area/>
        <input type="hidden" name="key" value=typed.key/>
    }
}

#[component]
fn Person(filling: Filling, typed: BookAsk) -> impl IntoView {
    view! {
        <Text filling id="name" label="Name" kind="text" autocomplete="name" required=true value=typed.name/>
        <div class="pair">
            <Text filling id="email" label="Mail" kind="email" autocomplete="email" required=true value=typed.email/>
            <Text filling id="phone" label="Phone" aside="(if you like)" kind="tel" autocomplete="tel" value=typed.phone/>
        </div>
    }
}

/// A field of one line.
#[component]
fn Text(
    filling: Filling,
    id: &'static str,
    label: &'static str,
    #[prop(optional)] aside: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    #[prop(optional)] required: bool,
    value: String,
) -> impl IntoView {
    let wrong = filling.about(id);
    view! {
        <Field id label aside wrong>
            <input
                id=id
                name=id
                type=kind
                autocomplete=autocomplete
                required=required
                value=value
                aria-describedby=move || described_by(id, false, wrong.get().is_some())
                aria-invalid=move || wrong.get().is_some().then_some("true")
                on:blur=move |event| filling.look(id, &event_target_value(&event))
            />
        </Field>
    }
}

#[component]
fn Wishes(
    filling: Filling,
    typed: BookAsk,
    needs: Vec<Choice>,
    table: Vec<Choice>,
    occasions: Vec<Choice>,
    back: String,
) -> impl IntoView {
    let wrong = filling.about("notes");
    let (occasion, wished) = (typed.occasion, typed.needs);
    let option = move |choice: Choice| view! { <option selected=choice.value == occasion value=choice.value>{choice.label}</option> };
    let chip = move |choice: Choice| {
        let on = wished.contains(&choice.value);
        view! { <label class="chip"><input type="checkbox" name="needs" checked=on value=choice.value/>{choice.label}</label> }
    };
    view! {
        <Field id="occasion" label="Occasion" aside="(if there is one)" wrong=filling.about("occasion")>
            <select id="occasion" name="occasion">
                <option value="">"None"</option>
                {occasions.into_iter().map(option).collect_view()}
            </select>
        </Field>
        <fieldset class="field" id="needs">
            <legend>"What you need"</legend>
            <div class="chips">{needs.into_iter().map(chip).collect_view()}</div>
            <Table table back/>
        </fieldset>
        <Field id="notes" label="Anything the restaurant should know" hint="Allergies and diets, a surprise. At most 500 characters." wrong>
            <textarea
                id="notes"
                name="notes"
                rows="3"
                aria-describedby=move || described_by("notes", true, wrong.get().is_some())
                aria-invalid=move || wrong.get().is_some().then_some("true")
                on:blur=move |event| filling.look("notes", &event_target_value(&event))
            >
                {typed.notes}
            </textarea>
        </Field>
    }
}

/// What the held table has; another need means another table.
#[component]
fn Table(table: Vec<Choice>, back: String) -> impl IntoView {
    let words = table.iter().map(|need| need.label.clone()).collect::<Vec<_>>().join(", ");
    let kept = table.into_iter().map(|need| view! { <input type="hidden" name="needs" value=need.value/> }).collect_view();
    view! {
        {kept}
        <p class="hint">
            {if words.is_empty() {
                "Do you need a step-free way or space for a wheelchair? ".to_owned()
            } else {
                format!("Your table has: {words}. ")
            }}
            <a href=back>{if words.is_empty() { "Choose a table that has it" } else { "Choose another table" }}</a>
        </p>
    }
}

/// Everything the browser can say about the form, in the order of its fields.
fn check(value: impl Fn(&str) -> String) -> FieldErrors {
    let mut wrong = FieldErrors::default();
    for field in CHECKED {
        if let Some(complaint) = complaint(field, &value(field)) {
            wrong.add(&format!("/{field}"), &complaint);
        }
    }
    wrong
}

/// What a refusal means to the form.
fn take(filling: Filling, error: &UiError) -> &'static str {
    filling.wrong.set(error.fields());
    if filling.wrong.read_untracked().0.is_empty() {
        filling.refused.set(error.to_string());
        "refused"
    } else {
        "problems"
    }
}

#[cfg(feature = "hydrate")]
fn send(filling: Filling, event: &leptos::ev::SubmitEvent) {
    use super::line::{self, Patience};
    let Some(form) = line::submitted(event) else { return };
    if line::pressed(event) == "release" {
        return;
    }
    event.prevent_default();
    if filling.sending.get_untracked() {
        return;
    }
    filling.refused.set(String::new());
    let wrong = check(|field| line::field(&form, field));
    let is_right = wrong.0.is_empty();
    filling.wrong.set(wrong);
    if !is_right {
        line::focus_soon("problems");
        return;
    }
    let ask = read(&form);
    filling.sending.set(true);
    leptos::task::spawn_local(async move {
        match line::ask(Patience::Booking, move || crate::api::book_table(ask.clone())).await {
            Ok(booked) => line::go(&booked.href),
            Err(error) => {
                filling.sending.set(false);
                line::focus_soon(take(filling, &error));
            }
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn send(_filling: Filling, _event: &leptos::ev::SubmitEvent) {}

#[cfg(feature = "hydrate")]
fn read(form: &web_sys::FormData) -> BookAsk {
    let field = |name| super::line::field(form, name);
    BookAsk {
        hold: field("hold"),
        venue: field("venue"),
        start: field("start"),
        party: field("party"),
        area: field("area"),
        name: field("name"),
        email: field("email"),
        phone: field("phone"),
        notes: field("notes"),
        occasion: field("occasion"),
        needs: super::line::fields(form, "needs"),
        key: field("key"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_knows_the_rules_of_the_domain() {
        assert!(complaint("email", "ana@").is_some());
        assert!(complaint("phone", "").is_none());
        assert!(complaint("phone", "912 345").is_some());
        assert!(complaint("notes", &"x".repeat(501)).is_some());
    }

    #[test]
    fn complaints_find_their_field() {
        assert_eq!(control("/guest/email"), "email");
        assert_eq!(control("/notes"), "notes");
    }
}

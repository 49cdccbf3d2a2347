//! The fields of forms, and those of the last step of booking.

use domain::field::FieldErrors;
use leptos::prelude::*;

use crate::api::{BookAsk, Choice};
use crate::format::escaped;
use crate::islands::control;

/// The form that lets the table go, beside the details.
pub const RELEASE: &str = "release";

/// What can be chosen in the details form.
#[derive(Clone, Debug)]
pub struct Choices {
    /// What can be needed, apart from what the table has.
    pub needs: Vec<Choice>,
    /// What the table has.
    pub table: Vec<Choice>,
    /// What can be celebrated.
    pub occasions: Vec<Choice>,
}

/// Every field, as it was typed and with what is wrong with it.
#[component]
pub fn Fields(typed: BookAsk, wrong: FieldErrors, choices: Choices) -> impl IntoView {
    let Choices { needs, table, occasions } = choices;
    let wished = typed.needs.clone();
    let about = |id| about(&wrong, id);
    let (name, email, phone, notes) = (about("name"), about("email"), about("phone"), about("notes"));
    view! {
        <Hidden typed=typed.clone()/>
        <div class="fields">
            <Line wrong=name id="name" label="Name" kind="text" autocomplete="name" required=true value=typed.name/>
            <div class="pair">
                <Line wrong=email id="email" label="Email" kind="email" autocomplete="email" required=true value=typed.email/>
                <Line wrong=phone id="phone" label="Phone" aside="(if you like)" kind="tel" autocomplete="tel" value=typed.phone/>
            </div>
            <Occasions occasions chosen=typed.occasion/>
            <Needs needs table wished/>
            <Notes wrong=notes value=typed.notes/>
        </div>
    }
}

/// What is wrong with this control, nothing when nothing is.
pub fn about(wrong: &FieldErrors, id: &str) -> String {
    let found = wrong.0.iter().find(|error| control(&error.pointer) == id);
    found.map(|error| error.detail.clone()).unwrap_or_default()
}

/// What the booking is for: sent along, so that a second submit is the same request as the first.
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

/// The place where a control's complaint is said, hidden while there is none.
#[component]
pub fn Wrong(id: &'static str, words: String) -> impl IntoView {
    let is_hidden = words.is_empty();
    view! { <p class="wrong" id=format!("{id}-wrong") hidden=is_hidden>{words}</p> }
}

/// A field of one line.
#[component]
pub fn Line(
    wrong: String,
    id: &'static str,
    label: &'static str,
    /// Behind the name, in small.
    #[prop(optional)]
    aside: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    #[prop(optional)] required: bool,
    /// Below the name, in small.
    #[prop(optional)]
    hint: &'static str,
    #[prop(optional)] value: String,
) -> impl IntoView {
    let aside = (!aside.is_empty()).then(|| view! { " " <small>{aside}</small> });
    view! {
        <div class="field">
            <label for=id>{label}{aside}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            <input
                id=id
                name=id
                type=kind
                autocomplete=autocomplete
                required=required
                value=value
                aria-invalid=(!wrong.is_empty()).then_some("true")
                aria-describedby=if hint.is_empty() { format!("{id}-wrong") } else { format!("{id}-hint {id}-wrong") }
            />
            <Wrong id words=wrong.clone()/>
        </div>
    }
}

/// What restaurants are to know.
#[component]
pub fn Notes(
    wrong: String,
    value: String,
    #[prop(default = "Anything the restaurant should know")] label: &'static str,
) -> impl IntoView {
    let invalid = (!wrong.is_empty()).then_some("true");
    view! {
        <div class="field">
            <label for="notes">{label}</label>
            <p class="hint" id="notes-hint">"Allergies and diets, a surprise. At most 500 characters."</p>
            <textarea id="notes" name="notes" rows="3" aria-describedby="notes-hint notes-wrong" aria-invalid=invalid>{escaped(&value)}</textarea>
            <Wrong id="notes" words=wrong/>
        </div>
    }
}

#[component]
fn Occasions(occasions: Vec<Choice>, chosen: String) -> impl IntoView {
    let option = |choice: Choice| view! { <option selected=choice.value == chosen value=choice.value.clone()>{choice.label}</option> };
    view! {
        <div class="field">
            <label for="occasion">"Occasion "<small>"(if there is one)"</small></label>
            <select id="occasion" name="occasion">
                <option value="">"None"</option>
                {occasions.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// Words of which any may be ticked.
#[component]
pub fn Ticks(
    wrong: String,
    name: &'static str,
    legend: &'static str,
    /// Below the legend, in small.
    hint: &'static str,
    choices: Vec<Choice>,
    ticked: Vec<String>,
) -> impl IntoView {
    let chip = move |choice: Choice| {
        let on = ticked.contains(&choice.value);
        view! { <label class="chip"><input type="checkbox" name=name checked=on value=choice.value/>{choice.label}</label> }
    };
    view! {
        <fieldset class="field" id=name aria-describedby=format!("{name}-hint {name}-wrong")>
            <legend>{legend}</legend>
            <p class="hint" id=format!("{name}-hint")>{hint}</p>
            <div class="chips">{choices.into_iter().map(chip).collect_view()}</div>
            <Wrong id=name words=wrong/>
        </fieldset>
    }
}

/// What people meet can be chosen here; what the table must have was chosen with the table, and another table lets this one go.
#[component]
fn Needs(needs: Vec<Choice>, table: Vec<Choice>, wished: Vec<String>) -> impl IntoView {
    let chip = |choice: Choice| {
        let on = wished.contains(&choice.value);
        view! { <label class="chip"><input type="checkbox" name="needs" checked=on value=choice.value/>{choice.label}</label> }
    };
    let has = table.iter().map(|need| need.label.clone()).collect::<Vec<_>>().join(", ");
    let kept =
        table.into_iter().map(|need| view! { <input type="hidden" name="needs" value=need.value/> }).collect_view();
    let (words, way) = if has.is_empty() {
        ("Do you need a step-free way or space for a wheelchair? ".to_owned(), "Choose a table that has it")
    } else {
        (format!("Your table has: {has}. "), "Choose another table")
    };
    view! {
        <fieldset class="field" id="needs">
            <legend>"What you need"</legend>
            <div class="chips">{needs.into_iter().map(chip).collect_view()}</div>
            {kept}
            <p class="hint">{words}<button class="text-button" type="submit" form=RELEASE>{way}</button></p>
        </fieldset>
    }
}

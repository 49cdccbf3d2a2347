//! Who is coming: the form of the last step.

use domain::field::{Complaint, FieldError};
use domain::text::{Email, Note, PersonName, Phone};
use leptos::ev::{Event, FocusEvent, SubmitEvent};
use leptos::prelude::*;

use super::Problems;
use crate::components::art::{Icon, Sign};

/// What is wrong with a field, by the constructor of the value it becomes.
#[cfg_attr(not(any(test, feature = "hydrate")), expect(dead_code, reason = "only the browser looks at single fields"))]
fn complaint(field: &str, value: &str) -> Option<Complaint> {
    match field {
        "name" => value.parse::<PersonName>().err(),
        "email" => value.parse::<Email>().err(),
        "phone" if !value.trim().is_empty() => value.parse::<Phone>().err(),
        "notes" => value.parse::<Note>().err(),
        _ => None,
    }
}

/// The form around its fields. It posts to its own page; awake, it looks at each field when it is left, and books without leaving.
#[island]
pub fn Details(children: Children) -> impl IntoView {
    let wrong = RwSignal::new(Vec::new());
    let refused = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    super::dom::on_return(|| super::dom::busy(super::dom::find("#details [aria-busy]").as_ref(), false));
    view! {
        <form
            id="details"
            class="stack loose"
            method="post"
            novalidate
            on:submit=move |event| send(wrong, refused, &event)
            on:focusout=move |event| look(&event)
            on:input=move |event| heal(&event)
        >
            {move || view! { <Problems wrong=wrong.get()/> }}
            {move || view! { <Refused sentence=refused.get()/> }}
            {children()}
        </form>
    }
}

/// Why it was refused, when no field is to blame.
#[component]
pub fn Refused(sentence: String) -> impl IntoView {
    (!sentence.is_empty()).then(|| {
        view! { <p class="notice bad" role="alert" tabindex="-1" id="refused"><Sign icon=Icon::Warning/><span>{sentence}</span></p> }
    })
}

#[cfg(feature = "hydrate")]
use awake::{heal, look, send};

#[cfg(not(feature = "hydrate"))]
const fn send(_wrong: RwSignal<Vec<FieldError>>, _refused: RwSignal<String>, _event: &SubmitEvent) {}

#[cfg(not(feature = "hydrate"))]
const fn look(_event: &FocusEvent) {}

#[cfg(not(feature = "hydrate"))]
const fn heal(_event: &Event) {}

#[cfg(feature = "hydrate")]
mod awake {
    use domain::field::Complaint;
    use leptos::prelude::{Set, event_target_value};
    use leptos::task::spawn_local;
    use web_sys::FormData;

    use super::super::complaints::{check, forget, mark, tell};
    use super::super::measure::Errand;
    use super::super::{dom, line};
    use super::{Event, FieldError, FocusEvent, RwSignal, SubmitEvent, complaint};
    use crate::api::{BookAsk, BookTable};
    use crate::error::UiError;

    /// Fields whose rule the browser knows too, in the order of the form.
    const CHECKED: [&str; 4] = ["name", "email", "phone", "notes"];

    /// Looks at a field that was left. One that was left empty is not nagged about before the form is sent; nor is one that was
    /// left by pressing something, since the page would move under the pointer, and the press would miss.
    pub fn look(event: &FocusEvent) {
        if dom::find("button:active, a:active, label:active").is_some() {
            return;
        }
        let id = dom::target(event).map(|field| dom::said(&field, "name")).unwrap_or_default();
        if CHECKED.contains(&id.as_str()) {
            let value = event_target_value(event);
            let found = complaint(&id, &value).filter(|_| !value.trim().is_empty());
            mark(&id, found.map(Complaint::words).as_deref());
        }
    }

    /// Stops complaining as soon as the field is right: when it is left, that would move the page under a pointer, too.
    pub fn heal(event: &Event) {
        let Some(field) = dom::target(event).filter(|field| dom::said(field, "aria-invalid") == "true") else { return };
        let id = dom::said(&field, "name");
        if complaint(&id, &event_target_value(event)).is_none() {
            mark(&id, None);
        }
    }

    pub fn send(wrong: RwSignal<Vec<FieldError>>, refused: RwSignal<String>, event: &SubmitEvent) {
        let button = dom::button(event);
        let (Some(form), false) = (dom::submitted(event), dom::find("#details [aria-busy]").is_some()) else {
            return event.prevent_default();
        };
        event.prevent_default();
        forget(&CHECKED);
        refused.set(String::new());
        let found = check(&form, &CHECKED, complaint);
        if !found.is_empty() {
            return tell(wrong, found);
        }
        wrong.set(found);
        dom::busy(button.as_ref(), true);
        spawn_local(async move {
            let ask = read(&form);
            match line::call(Errand::booking(&ask.key), BookTable { ask }).await {
                Ok(onward) => dom::go(&onward.href),
                // The page's own address says what can be had instead.
                Err(error) if error.is("hold_expired") => dom::load_again(),
                Err(error) => {
                    dom::busy(button.as_ref(), false);
                    take(wrong, refused, error);
                }
            }
        });
    }

    /// Says what kept the booking, where it belongs.
    fn take(wrong: RwSignal<Vec<FieldError>>, refused: RwSignal<String>, error: UiError) {
        match error {
            UiError::Invalid(errors) if !errors.0.is_empty() => tell(wrong, errors.0),
            error => {
                refused.set(error.to_string());
                dom::focus_soon("#refused");
            }
        }
    }

    fn read(form: &FormData) -> BookAsk {
        let field = |name| dom::field(form, name);
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
            needs: dom::fields(form, "needs"),
            key: field("key"),
        }
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
        assert!(complaint("occasion", "anything").is_none());
    }
}

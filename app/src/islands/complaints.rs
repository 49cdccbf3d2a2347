//! What is wrong with a form: said above it, and at each field.

use domain::field::FieldError;
use leptos::prelude::*;

use crate::components::art::{Icon, Sign};

/// The control a complaint is about: the last part of its pointer.
pub fn control(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or(pointer)
}

/// Everything that is to be put right, each with the way to its field.
#[component]
pub fn Problems(wrong: Vec<FieldError>) -> impl IntoView {
    let line =
        |error: FieldError| view! { <li><a href=format!("#{}", control(&error.pointer))>{error.detail}</a></li> };
    let title = match wrong.len() {
        0 => return None,
        1 => "One thing to put right",
        2 => "Two things to put right",
        3 => "Three things to put right",
        _ => "Several things to put right",
    };
    Some(view! {
        <div class="error-summary" role="alert" tabindex="-1" id="problems">
            <Sign icon=Icon::Warning/>
            <h2>{title}</h2>
            <ul>{wrong.into_iter().map(line).collect_view()}</ul>
        </div>
    })
}

#[cfg(feature = "hydrate")]
pub use awake::{check, forget, mark, tell};

#[cfg(feature = "hydrate")]
mod awake {
    use domain::field::Complaint;
    use leptos::prelude::Set;
    use web_sys::FormData;

    use super::super::dom;
    use super::{FieldError, RwSignal, control};

    /// What is wrong with these fields of a form, by what is said of each.
    pub fn check(form: &FormData, fields: &[&str], complaint: fn(&str, &str) -> Option<Complaint>) -> Vec<FieldError> {
        let found = fields.iter().filter_map(|name| Some((name, complaint(name, &dom::field(form, name))?)));
        found
            .map(|(name, complaint)| FieldError { pointer: format!("/{name}"), detail: complaint.to_string() })
            .collect()
    }

    /// Says at a field, or at the group it stands for, what is wrong with it, or no longer says it.
    pub fn mark(name: &str, words: Option<&str>) {
        let place = dom::find(&format!("#{name}-wrong"));
        let holder = dom::find(&format!("#{name}-group")).or_else(|| dom::find(&format!("#{name}")));
        dom::set(holder.as_ref(), "aria-invalid", words.map(|_| "true"));
        dom::write(place.as_ref(), words.unwrap_or_default());
        dom::show(place.as_ref(), words.is_some());
    }

    /// What came with the page is answered by what is typed now.
    pub fn forget(fields: &[&str]) {
        if let Some(said) = dom::find("#said") {
            said.remove();
        }
        for name in fields {
            mark(name, None);
        }
    }

    /// Says everything that is wrong, above and at its field.
    pub fn tell(wrong: RwSignal<Vec<FieldError>>, found: Vec<FieldError>) {
        for error in &found {
            mark(control(&error.pointer), Some(&error.detail));
        }
        wrong.set(found);
        dom::focus_soon("#problems");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_find_their_field() {
        assert_eq!(control("/guest/email"), "email");
        assert_eq!(control("/notes"), "notes");
    }
}

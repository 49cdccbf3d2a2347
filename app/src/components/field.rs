//! A field of a form with its label, its hint and what is wrong with it.

use leptos::prelude::*;

/// Wraps a control: its label before it, its hint, and the complaint after it.
///
/// The control itself carries `id`, `aria-describedby` ([`described_by`]) and `aria-invalid`.
#[component]
pub fn Field(
    /// The control's id.
    id: &'static str,
    /// Its name.
    label: &'static str,
    /// Behind the name, in small: "(if you like)".
    #[prop(optional)]
    aside: &'static str,
    /// What helps to fill it in.
    #[prop(optional)]
    hint: &'static str,
    /// What is wrong with it, if anything.
    #[prop(into)]
    wrong: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label} {(!aside.is_empty()).then(|| view! { " " <small>{aside}</small> })}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            {children()}
            {move || wrong.get().map(|words| view! { <p class="wrong" id=format!("{id}-wrong")>{words}</p> })}
        </div>
    }
}

/// The ids that describe a control, `None` when there is nothing to say.
pub fn described_by(id: &str, has_hint: bool, is_wrong: bool) -> Option<String> {
    let hint = has_hint.then(|| format!("{id}-hint"));
    let wrong = is_wrong.then(|| format!("{id}-wrong"));
    let ids: Vec<String> = hint.into_iter().chain(wrong).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_described_by_what_is_there() {
        assert_eq!(described_by("email", false, false), None);
        assert_eq!(described_by("notes", true, true).as_deref(), Some("notes-hint notes-wrong"));
    }
}

//! The few things islands do to the document by hand.

use leptos::prelude::{document, set_timeout, window, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, SubmitEvent};

use super::tray;

/// The first element of the page that is meant.
pub fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// The element something happened to.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The nearest element around it that is meant, itself included.
pub fn around(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// What an element says of itself, or nothing.
pub fn said(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// Sets an attribute, or takes it away.
pub fn set(element: Option<&Element>, name: &str, value: Option<&str>) {
    if let Some(element) = element {
        // Neither fails for the names of attributes that stand in this crate.
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }
}

/// Shows an element, or hides it.
pub fn show(element: Option<&Element>, is_shown: bool) {
    set(element, "hidden", (!is_shown).then_some(""));
}

/// Marks an element as busy, or no longer.
pub fn busy(element: Option<&Element>, is_busy: bool) {
    set(element, "aria-busy", is_busy.then_some("true"));
}

/// Changes the words of an element.
pub fn write(element: Option<&Element>, words: &str) {
    if let Some(element) = element {
        element.set_text_content(Some(words));
    }
}

/// Moves the focus.
pub fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus is read all the same.
        let _ = element.focus();
    }
}

/// Moves the focus to what a signal has just been told to draw.
pub fn focus_soon(selector: &'static str) {
    set_timeout(move || focus(find(selector)), std::time::Duration::from_millis(50));
}

/// The button that sent the form.
pub fn button(event: &SubmitEvent) -> Option<Element> {
    event.submitter().map(Element::from)
}

/// What stands in the form that was just sent.
pub fn submitted(event: &SubmitEvent) -> Option<FormData> {
    contents(target(event)?)
}

/// What stands in this form.
pub fn contents(form: Element) -> Option<FormData> {
    FormData::new_with_form(&form.dyn_into::<HtmlFormElement>().ok()?).ok()
}

/// The value of a form's field, or nothing.
pub fn field(form: &FormData, name: &str) -> String {
    form.get(name).as_string().unwrap_or_default()
}

/// Every value of a form's field.
pub fn fields(form: &FormData, name: &str) -> Vec<String> {
    form.get_all(name).iter().filter_map(|value| value.as_string()).collect()
}

/// Goes to another page.
pub fn go(path: &str) {
    if window().location().set_href(path).is_err() {
        tray::say(tray::Tone::Error, "This page could not be opened.");
    }
}

/// Loads this page by its address, also where it was the answer to a form.
pub fn load_again() {
    let location = window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    go(&(part(location.pathname()) + &part(location.search())));
}

/// Runs when the visitor comes back to this page from the browser's own memory of it.
pub fn on_return(back: impl Fn() + 'static) {
    // Islands live as long as their page.
    let _ = window_event_listener_untyped("pageshow", move |event| {
        let kept = js_sys::Reflect::get(&event, &"persisted".into());
        if kept.is_ok_and(|kept| kept.is_truthy()) {
            back();
        }
    });
}

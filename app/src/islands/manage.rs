//! What a guest does with a booking: being late, cancelling; shown at once, and taken back when it fails.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// Tells the restaurant without leaving the page.
#[island]
pub fn LateNotice(children: Children) -> impl IntoView {
    view! { <form method="post" class="stack" on:submit=move |event| tell(&event)>{children()}</form> }
}

/// Cancels, and shows it before the answer is there.
#[island]
pub fn CancelBooking(children: Children) -> impl IntoView {
    view! { <form method="post" class="stack" on:submit=move |event| cancel(&event)>{children()}</form> }
}

#[cfg(feature = "hydrate")]
use awake::{cancel, tell};
#[cfg(feature = "hydrate")]
pub use awake::{in_turn, present_rev};

#[cfg(not(feature = "hydrate"))]
const fn tell(_event: &SubmitEvent) {}

#[cfg(not(feature = "hydrate"))]
const fn cancel(_event: &SubmitEvent) {}

#[cfg(feature = "hydrate")]
mod awake {
    use std::cell::{Cell, RefCell};

    use js_sys::Promise;
    use leptos::task::spawn_local;
    use wasm_bindgen::JsValue;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Element, FormData};

    use super::super::complaints::{control, mark};
    use super::super::measure::Errand;
    use super::super::{dom, line, tray};
    use super::SubmitEvent;
    use crate::api::{CancelAsk, CancelBooking as Cancelling, LateAsk, Onward, ReportLate};
    use crate::error::UiError;

    thread_local! {
        /// The booking's revision after what was done to it here.
        static REV: Cell<Option<i32>> = const { Cell::new(None) };
        /// Kept once what was begun last is done.
        static LAST: RefCell<Option<Promise>> = const { RefCell::new(None) };
    }

    /// Does one thing to the booking after the other: each names the revision that the one before has left.
    pub async fn in_turn<T>(deed: impl Future<Output = T>) -> T {
        let mut done = None;
        let mine = Promise::new(&mut |keep, _| done = Some(keep));
        if let Some(before) = LAST.replace(Some(mine)) {
            // Such a promise is never broken.
            let _ = JsFuture::from(before).await;
        }
        let outcome = deed.await;
        if let Some(done) = done {
            // Nor does keeping it fail.
            let _ = done.call0(&JsValue::NULL);
        }
        outcome
    }

    /// The revision the guest saw last.
    pub fn present_rev(form: &FormData) -> String {
        REV.get().map_or_else(|| dom::field(form, "rev"), |rev| rev.to_string())
    }

    /// The form and its button, unless an earlier submit of it is still on its way.
    fn begin(event: &SubmitEvent) -> Option<(FormData, Option<Element>)> {
        event.prevent_default();
        let (form, button) = (dom::submitted(event)?, dom::button(event));
        if button.as_ref().is_some_and(|button| button.has_attribute("aria-busy")) {
            return None;
        }
        dom::busy(button.as_ref(), true);
        Some((form, button))
    }

    /// Tells the forms of the page that post plainly.
    fn note_rev(rev: i32) {
        let rev = rev.to_string();
        while let Some(field) = dom::find(&format!("[name=rev]:not([value=\"{rev}\"])")) {
            dom::set(Some(&field), "value", Some(&rev));
        }
    }

    pub fn tell(event: &SubmitEvent) {
        let Some((form, button)) = begin(event) else { return };
        spawn_local(async move {
            in_turn(report(&form)).await;
            dom::busy(button.as_ref(), false);
        });
    }

    /// Says how late one will be, and shows it before the answer is there.
    async fn report(form: &FormData) {
        let minutes = dom::field(form, "minutes");
        let (notice, number) = (dom::find("#known-late"), dom::find("#known-late b"));
        let before = number.as_ref().and_then(|number| number.text_content()).unwrap_or_default();
        dom::write(number.as_ref(), &minutes);
        dom::show(notice.as_ref(), true);
        let rev = present_rev(form);
        let key = format!("{}/{rev}/{minutes}", dom::field(form, "key"));
        let ask = LateAsk { token: dom::field(form, "token"), rev, minutes, key };
        match line::call(Errand::change(&ask.key), ReportLate { ask }).await {
            Ok(now) => {
                REV.set(Some(now.rev));
                note_rev(now.rev);
                tray::say(tray::Tone::Success, "The restaurant knows.");
            }
            Err(error) => {
                dom::write(number.as_ref(), &before);
                dom::show(notice.as_ref(), !before.is_empty());
                tray::say(tray::Tone::Error, &error.to_string());
            }
        }
    }

    /// Shows the booking as cancelled, or as it was.
    fn seal(is_gone: bool) {
        dom::show(dom::find("#standing").as_ref(), !is_gone);
        dom::show(dom::find("#standing-gone").as_ref(), is_gone);
    }

    pub fn cancel(event: &SubmitEvent) {
        let Some((form, button)) = begin(event) else { return };
        mark("reason", None);
        let toast = tray::say(tray::Tone::Loading, "Cancelling your booking");
        spawn_local(async move {
            match in_turn(give_up(&form)).await {
                Ok(onward) => dom::go(&onward.href),
                Err(error) => {
                    dom::busy(button.as_ref(), false);
                    seal(false);
                    tray::unsay(toast);
                    explain(&error);
                }
            }
        });
    }

    /// Says why the booking stands, at the reason where that is what is wrong.
    fn explain(error: &UiError) {
        match error.fields().0.into_iter().find(|wrong| control(&wrong.pointer) == "reason") {
            Some(wrong) => {
                mark("reason", Some(&wrong.detail));
                dom::focus(dom::find("#reason"));
            }
            None => {
                tray::say(tray::Tone::Error, &error.to_string());
            }
        }
    }

    /// Gives the booking up. It stands there as cancelled from when that is on its way: whoever leaves then has cancelled.
    async fn give_up(form: &FormData) -> Result<Onward, UiError> {
        let field = |name| dom::field(form, name);
        let ask =
            CancelAsk { token: field("token"), rev: present_rev(form), reason: field("reason"), key: field("key") };
        seal(true);
        line::call(Errand::change(&ask.key), Cancelling { ask }).await
    }
}

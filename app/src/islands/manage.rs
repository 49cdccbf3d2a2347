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
pub use awake::present_rev;
#[cfg(feature = "hydrate")]
use awake::{cancel, tell};

#[cfg(not(feature = "hydrate"))]
const fn tell(_event: &SubmitEvent) {}

#[cfg(not(feature = "hydrate"))]
const fn cancel(_event: &SubmitEvent) {}

#[cfg(feature = "hydrate")]
mod awake {
    use std::cell::Cell;

    use leptos::task::spawn_local;
    use web_sys::{Element, FormData};

    use super::super::complaints::{control, mark};
    use super::super::measure::Errand;
    use super::super::{dom, line, tray};
    use super::SubmitEvent;
    use crate::api::{CancelAsk, CancelBooking as Cancelling, LateAsk, ReportLate};

    thread_local! {
        /// The booking's revision after what was done to it here.
        static REV: Cell<Option<i32>> = const { Cell::new(None) };
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
        let minutes = dom::field(&form, "minutes");
        let (notice, number) = (dom::find("#known-late"), dom::find("#known-late b"));
        let before = number.as_ref().and_then(|number| number.text_content()).unwrap_or_default();
        dom::write(number.as_ref(), &minutes);
        dom::show(notice.as_ref(), true);
        let rev = present_rev(&form);
        let key = format!("{}/{rev}/{minutes}", dom::field(&form, "key"));
        let ask = LateAsk { token: dom::field(&form, "token"), rev, minutes, key };
        spawn_local(async move {
            let answer = line::call(Errand::change(&ask.key), ReportLate { ask }).await;
            dom::busy(button.as_ref(), false);
            match answer {
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
        });
    }

    /// Shows the booking as cancelled, or as it was.
    fn seal(is_gone: bool) {
        dom::show(dom::find("#standing").as_ref(), !is_gone);
        dom::show(dom::find("#standing-gone").as_ref(), is_gone);
    }

    pub fn cancel(event: &SubmitEvent) {
        let Some((form, button)) = begin(event) else { return };
        let field = |name| dom::field(&form, name);
        let ask =
            CancelAsk { token: field("token"), rev: present_rev(&form), reason: field("reason"), key: field("key") };
        mark("reason", None);
        seal(true);
        let toast = tray::say(tray::Tone::Loading, "Cancelling your booking");
        spawn_local(async move {
            match line::call(Errand::change(&ask.key), Cancelling { ask }).await {
                Ok(onward) => dom::go(&onward.href),
                Err(error) => {
                    dom::busy(button.as_ref(), false);
                    seal(false);
                    tray::unsay(toast);
                    tray::say(tray::Tone::Error, &error.to_string());
                    for wrong in error.fields().0 {
                        mark(control(&wrong.pointer), Some(&wrong.detail));
                    }
                }
            }
        });
    }
}

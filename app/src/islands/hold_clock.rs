//! How long the table is still kept, and the way to more time.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// Makes the hold it is wrapped around tick. What is left of it stands on the element of the role `timer`.
#[island]
pub fn HoldClock(children: Children) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    awake::begin();
    view! { <div class="hold" on:click=move |event| click(&event)>{children()}</div> }
}

/// "4:38".
pub fn minutes(left: u32) -> String {
    format!("{}:{:02}", left / 60, left % 60)
}

#[cfg(feature = "hydrate")]
use awake::click;

#[cfg(not(feature = "hydrate"))]
const fn click(_event: &MouseEvent) {}

#[cfg(feature = "hydrate")]
mod awake {
    use std::cell::Cell;
    use std::time::Duration;

    use leptos::prelude::{set_timeout, window};
    use leptos::task::spawn_local;

    use super::super::measure::Errand;
    use super::super::{dom, line, tray};
    use super::{MouseEvent, minutes};
    use crate::api::{ExtendHold, Time};

    thread_local! {
        /// When the hold runs out, by this browser's clock.
        static ENDS: Cell<f64> = const { Cell::new(0.0) };
        /// Whether it was said that it ends soon.
        static WARNED: Cell<bool> = const { Cell::new(false) };
    }

    fn keep(left: u32, since: f64) {
        ENDS.set(js_sys::Date::now() - since + f64::from(left) * 1000.0);
    }

    /// Starts the clock. The server measured when it wrote the page, which is at most as long ago as the page was asked for.
    pub fn begin() {
        let timer = dom::find(".hold [role=timer]");
        if let Some(left) = timer.and_then(|timer| dom::said(&timer, "data-left").parse().ok()) {
            keep(left, window().performance().map_or(0.0, |performance| performance.now()));
            tick();
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
    fn tick() {
        let left = ((ENDS.get() - js_sys::Date::now()) / 1000.0).ceil().clamp(0.0, 86_400.0) as u32;
        face(left);
        // Not at sixty exactly: a browser that sleeps skips seconds.
        let is_soon = left <= 60;
        if is_soon && !WARNED.replace(is_soon) {
            say("Less than a minute left for this table.");
        }
        if left > 0 {
            set_timeout(tick, Duration::from_secs(1));
        } else {
            end();
        }
    }

    /// What the clock shows.
    fn face(left: u32) {
        dom::write(dom::find(".hold [role=timer]").as_ref(), &minutes(left));
        dom::set(dom::find(".hold progress").as_ref(), "value", Some(&left.to_string()));
    }

    fn say(words: &str) {
        dom::write(dom::find("#hold-news").as_ref(), words);
    }

    fn end() {
        dom::set(dom::find(".hold").as_ref(), "class", Some("hold over"));
        for part in [".hold .kept", ".hold button", ".hold progress"] {
            dom::show(dom::find(part).as_ref(), false);
        }
        for part in [".hold .gone", ".hold a"] {
            dom::show(dom::find(part).as_ref(), true);
        }
        dom::set(dom::find("#details [value=book]").as_ref(), "disabled", Some(""));
        say("Your hold has ended, and the table is open to others again. You can choose another time.");
    }

    /// More time, without posting the form.
    pub fn click(event: &MouseEvent) {
        let button = dom::target(event).and_then(|target| dom::around(&target, "[value=extend]"));
        let token = dom::find("#details [name=hold]").map(|hold| dom::said(&hold, "value"));
        let (Some(button), Some(token)) = (button, token) else { return };
        event.prevent_default();
        if button.has_attribute("aria-busy") {
            return;
        }
        dom::busy(Some(&button), true);
        spawn_local(async move {
            let extended = line::call(Errand::MORE_TIME, ExtendHold { token }).await;
            dom::busy(Some(&button), false);
            match extended {
                Ok(Time { left, whole, more }) => {
                    keep(left, 0.0);
                    WARNED.set(false);
                    face(left);
                    dom::set(dom::find(".hold progress").as_ref(), "max", Some(&whole.to_string()));
                    dom::show(Some(&button), more);
                    tray::say(tray::Tone::Success, &format!("The table is yours for {} more.", minutes(left)));
                }
                Err(error) => {
                    if error.is("hold_expired") {
                        ENDS.set(0.0);
                    }
                    dom::show(Some(&button), !error.is("hold_at_limit"));
                    tray::say(tray::Tone::Error, &error.to_string());
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_reads_like_a_clock() {
        assert_eq!(minutes(278), "4:38");
        assert_eq!(minutes(60), "1:00");
        assert_eq!(minutes(9), "0:09");
    }
}

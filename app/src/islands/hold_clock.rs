//! How long the table is still kept, and the way to more time.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::line::{self, Patience};
use super::shared::{Tone, hold_is_over};
use super::tray;
use crate::api::{Time, extend_hold};
use crate::components::art::{Icon, Sign};

/// The countdown of a hold. Its text comes from what the server measured; only the browser makes it tick.
#[island]
pub fn HoldClock(token: String, time: Time, back: String) -> impl IntoView {
    let time = RwSignal::new(time);
    let over = Memo::new(move |_| time.get().left == 0);
    let ends = StoredValue::new(0.0);
    Effect::new(move |_| tick(time, ends));
    Effect::new(move |_| hold_is_over().set(over.get()));
    let wants_more = RwSignal::new(false);
    let more = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if !wants_more.get_untracked() {
            wants_more.set(true);
            spawn_local(extend(token.clone(), time, ends, wants_more));
        }
    };
    view! {
        <div class="hold" class:over=over>
            <Sign icon=Icon::Hourglass/>
            <Show when=move || !over.get() fallback=move || view! { <Over back=back.clone()/> }>
                <p>"Held for you for " <b role="timer" aria-live="off">{move || minutes(time.get().left)}</b></p>
                <More time wants_more more=more.clone()/>
                <progress max=move || time.get().whole value=move || time.get().left aria-hidden="true"></progress>
            </Show>
        </div>
        <p class="hidden-text" role="alert">{move || news(time.get())}</p>
    }
}

/// Without the island this button posts the details form, which keeps what was typed.
#[component]
fn More(time: RwSignal<Time>, wants_more: RwSignal<bool>, more: impl Fn(leptos::ev::MouseEvent) + Clone + Send + Sync + 'static) -> impl IntoView {
    view! {
        <Show when=move || time.get().more>
            <button
                class="text-button"
                type="submit"
                form="details"
                name="do"
                value="extend"
                formnovalidate
                aria-busy=move || wants_more.get().then_some("true")
                on:click=more.clone()
            >
                "More time"
            </button>
        </Show>
    }
}

#[component]
fn Over(back: String) -> impl IntoView {
    view! {
        <p>"Your time is over and the table is free again."</p>
        <a href=back>"Choose again"</a>
    }
}

async fn extend(token: String, time: RwSignal<Time>, ends: StoredValue<f64>, wants_more: RwSignal<bool>) {
    let extended = line::ask(Patience::LookUp, move || extend_hold(token.clone())).await;
    wants_more.set(false);
    match extended {
        Ok(more) => {
            ends.set_value(end_of(more.left));
            time.set(more);
            tray::say(Tone::Success, &format!("The table is yours for {} more.", minutes(more.left)));
        }
        Err(error) => {
            if error.is("hold_expired") {
                ends.set_value(0.0);
                time.update(|time| time.left = 0);
            } else if error.is("hold_at_limit") {
                time.update(|time| time.more = false);
            }
            tray::say(Tone::Error, &error.to_string());
        }
    }
}

/// "4:38".
fn minutes(left: u32) -> String {
    format!("{}:{:02}", left / 60, left % 60)
}

/// What is said aloud, and only at these two moments.
fn news(time: Time) -> &'static str {
    match time.left {
        0 => "Your time is over and the table is free again. You can choose a time again.",
        1..=60 if time.more => "One minute left for this table. There is a button for more time.",
        1..=60 => "One minute left for this table.",
        _ => "",
    }
}

#[cfg(feature = "hydrate")]
fn end_of(left: u32) -> f64 {
    js_sys::Date::now() + f64::from(left) * 1000.0
}

#[cfg(not(feature = "hydrate"))]
const fn end_of(_left: u32) -> f64 {
    0.0
}

/// Starts the clock. The server measured when it wrote the page, which is at most as long ago as the page was asked for.
#[cfg(feature = "hydrate")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
fn tick(time: RwSignal<Time>, ends: StoredValue<f64>) {
    let since = window().performance().map_or(0.0, |performance| performance.now());
    ends.set_value(end_of(time.get_untracked().left) - since);
    let step = move || {
        let left = ((ends.get_value() - js_sys::Date::now()) / 1000.0).ceil().clamp(0.0, 86_400.0) as u32;
        if left != time.get_untracked().left {
            time.update(|time| time.left = left);
        }
    };
    let ticking = set_interval_with_handle(step, std::time::Duration::from_millis(500)).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn tick(_time: RwSignal<Time>, _ends: StoredValue<f64>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_reads_like_a_clock() {
        assert_eq!(minutes(278), "4:38");
        assert_eq!(minutes(60), "1:00");
        assert_eq!(minutes(9), "0:09");
    }

    #[test]
    fn it_speaks_twice() {
        let time = |left| Time { left, whole: 300, more: true };
        assert_eq!(news(time(61)), "");
        assert_eq!(news(time(60)), news(time(1)));
        assert_ne!(news(time(1)), news(time(0)));
    }
}

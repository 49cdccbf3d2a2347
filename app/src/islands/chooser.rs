//! Choosing a day, a party and a time: for a new booking, or for one that moves.

use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;

/// What a chooser says when something came, or did not.
#[derive(Clone, Copy)]
struct Voice {
    /// What is said aloud.
    news: RwSignal<String>,
    /// Why the times did not come; empty when they did.
    failed: RwSignal<String>,
}

/// Wakes the wishes and the times it is wrapped around: a changed wish brings its times without a new page, and a time that is
/// chosen is held, or moved to, without one. Of whom the times are stands on the element of the class `times`.
#[island]
pub fn Chooser(children: Children) -> impl IntoView {
    let voice = Voice { news: RwSignal::new(String::new()), failed: RwSignal::new(String::new()) };
    #[cfg(feature = "hydrate")]
    awake::begin(voice);
    let failed = move || {
        let sentence = voice.failed.get();
        (!sentence.is_empty()).then(|| {
            view! {
                <div class="empty" role="alert">
                    <h3>"The times could not be loaded"</h3>
                    <p>{sentence}</p>
                    <button class="button quiet" type="button" on:click=move |_| look(voice)>"Try again"</button>
                </div>
            }
        })
    };
    view! {
        <div
            class="chooser stack"
            on:change=move |event| change(voice, &event)
            on:click=move |event| click(voice, &event)
            on:submit=move |event| submit(voice, &event)
        >
            {children()}
        </div>
        {failed}
        <p class="hidden-text" role="status" aria-live="polite">{move || voice.news.get()}</p>
    }
}

#[cfg(feature = "hydrate")]
use awake::{change, click, look, submit};

#[cfg(not(feature = "hydrate"))]
use asleep::{change, click, look, submit};

#[cfg(not(feature = "hydrate"))]
mod asleep {
    use super::{Event, MouseEvent, SubmitEvent, Voice};

    pub const fn change(_voice: Voice, _event: &Event) {}
    pub const fn click(_voice: Voice, _event: &MouseEvent) {}
    pub const fn submit(_voice: Voice, _event: &SubmitEvent) {}
    pub const fn look(_voice: Voice) {}
}

#[cfg(feature = "hydrate")]
mod awake {
    use std::cell::{Cell, RefCell};
    use std::time::Duration;

    use leptos::prelude::{Set, set_timeout, window};
    use leptos::task::spawn_local;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{FormData, HtmlInputElement};

    use super::super::measure::Errand;
    use super::super::{dom, line, manage, tray};
    use super::{Event, MouseEvent, SubmitEvent, Voice};
    use crate::api::{
        ChangeAsk, ChangeBooking, DayAsk, HoldAsk, HoldTable, LoadAvailability, LoadChangeTimes, Onward, Times,
    };
    use crate::error::UiError;

    /// How long a guest may take to go on to the next wish before the times of this one are asked for.
    const SETTLED: Duration = Duration::from_millis(300);

    /// How long times may be on their way before something is shown in their place.
    const SOON: Duration = Duration::from_millis(400);

    thread_local! {
        /// Which question is the latest.
        static ASKED: Cell<u32> = const { Cell::new(0) };
        /// The times on their way.
        static COMING: RefCell<line::Course> = RefCell::default();
        /// Whether a choice is on its way.
        static SENDING: Cell<bool> = const { Cell::new(false) };
    }

    /// Whose times they are: a venue's, or those of the booking that moves, by its token.
    fn whose() -> (String, bool) {
        let times = dom::find(".times");
        let said = |name| times.as_ref().map(|times| dom::said(times, name)).unwrap_or_default();
        (said("data-of"), !said("data-moves").is_empty())
    }

    /// Takes over from the button that shows the times.
    pub fn begin(voice: Voice) {
        // The times are old when one comes back to them.
        dom::on_return(move || {
            SENDING.set(false);
            look(voice);
        });
        dom::show(dom::find(".wishes [type=submit]").as_ref(), false);
        name_choice();
        if is_behind() {
            look(voice);
        }
    }

    /// Whether the times are those of other wishes: one may have been changed before this was awake, or be what the browser kept.
    fn is_behind() -> bool {
        let wishes = |form: &str| {
            let form = dom::find(form).and_then(dom::contents)?;
            let field = |name| dom::field(&form, name);
            Some((field("date"), field("party"), field("area"), dom::fields(&form, "needs")))
        };
        wishes(".wishes").zip(wishes(".picker")).is_some_and(|(wished, shown)| wished != shown)
    }

    pub fn change(voice: Voice, event: &Event) {
        let Some(input) = dom::target(event) else { return };
        match dom::said(&input, "name").as_str() {
            "start" => name_choice(),
            "party" | "date" | "area" | "needs" => look_soon(voice),
            _ => {}
        }
    }

    /// "Hold 19:30 for two".
    fn name_choice() {
        if let (Some(button), Some(input)) =
            (dom::find(".picker [data-verb]"), dom::find(".picker [name=start]:checked"))
        {
            let words = [
                &dom::said(&button, "data-verb"),
                &dom::said(&input, "data-clock"),
                "for",
                &dom::said(&button, "data-party"),
            ];
            dom::write(Some(&button), &words.join(" "));
        }
    }

    /// A day of the strip is a link that others may open elsewhere.
    pub fn click(voice: Voice, event: &MouseEvent) {
        let aside = event.ctrl_key() || event.meta_key() || event.shift_key();
        let day = dom::target(event).and_then(|target| dom::around(&target, "a[data-date]"));
        if let (Some(day), false) = (day, aside) {
            event.prevent_default();
            if let Some(input) =
                dom::find(".wishes [name=date]").and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
            {
                input.set_value(&dom::said(&day, "data-date"));
            }
            look_soon(voice);
        }
    }

    /// Brings the times of what is wished for, once the guest has settled on it. What was wished for before is no longer waited for.
    fn look_soon(voice: Voice) {
        let asked = begin_again();
        show(Shown::Coming);
        let settled = move || {
            if ASKED.get() == asked {
                look(voice);
            }
        };
        set_timeout(settled, SETTLED);
    }

    /// The number of a new question; the last one is given up.
    fn begin_again() -> u32 {
        let asked = ASKED.get() + 1;
        ASKED.set(asked);
        COMING.take().give_up();
        asked
    }

    /// Brings the times of what is wished for.
    pub fn look(voice: Voice) {
        bring(voice, String::new());
    }

    fn bring(voice: Voice, lost: String) {
        let Some(form) = dom::find(".wishes").and_then(dom::contents) else { return };
        let (of, moves) = whose();
        let ask = DayAsk {
            of,
            date: dom::field(&form, "date"),
            party: dom::field(&form, "party"),
            area: dom::field(&form, "area"),
            needs: dom::fields(&form, "needs"),
            lost,
        };
        let asked = begin_again();
        // A date that is being typed is none yet.
        if ask.date.is_empty() {
            return show(Shown::There);
        }
        let course = line::Course::default();
        COMING.set(course.clone());
        voice.failed.set(String::new());
        show(Shown::Coming);
        let slow = move || {
            if ASKED.get() == asked {
                show(Shown::Awaited);
            }
        };
        set_timeout(slow, SOON);
        spawn_local(async move {
            let times = if moves {
                line::follow(&course, Errand::LOOK_UP, LoadChangeTimes { ask: ask.clone() }).await
            } else {
                line::follow(&course, Errand::LOOK_UP, LoadAvailability { ask: ask.clone() }).await
            };
            if ASKED.get() == asked {
                ASKED.set(asked + 1);
                put(voice, &ask, moves, times);
            }
        });
    }

    fn put(voice: Voice, ask: &DayAsk, moves: bool, times: Result<Times, UiError>) {
        match times {
            Ok(times) => {
                let held_focus = dom::find(".times :focus").is_some();
                if let Some(place) = dom::find(".times") {
                    place.set_inner_html(&times.html);
                }
                show(Shown::There);
                name_choice();
                voice.news.set(times.news);
                remember(ask, moves);
                if !ask.lost.is_empty() {
                    dom::focus(dom::find("#refused"));
                } else if held_focus {
                    dom::focus(dom::find(".days [aria-current]"));
                }
            }
            Err(error) => {
                show(Shown::Nothing);
                voice.failed.set(error.to_string());
            }
        }
    }

    /// What is seen where the times are.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Shown {
        There,
        Coming,
        Awaited,
        Nothing,
    }

    fn show(shown: Shown) {
        let times = dom::find(".times");
        dom::busy(times.as_ref(), shown == Shown::Coming);
        dom::show(times.as_ref(), matches!(shown, Shown::There | Shown::Coming));
        dom::show(dom::find(".chooser .skeleton").as_ref(), shown == Shown::Awaited);
    }

    /// Keeps the address in step, so that it can be shared and come back to.
    fn remember(ask: &DayAsk, moves: bool) {
        let (Ok(query), Ok(history)) = (web_sys::UrlSearchParams::new(), window().history()) else { return };
        let pairs = [("date", &ask.date), ("party", &ask.party), ("area", &ask.area)];
        let needs = ask.needs.iter().map(|need| ("needs", need));
        for (name, value) in pairs.into_iter().chain(needs).filter(|(_, value)| !value.is_empty()) {
            query.append(name, value);
        }
        let page = if moves { "bookings" } else { "venues" };
        let address = format!("/{page}/{}?{}#book", ask.of, String::from(query.to_string()));
        // An address that cannot be set is one that cannot be shared; the choice itself stands.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }

    pub fn submit(voice: Voice, event: &SubmitEvent) {
        let Some(form) = dom::submitted(event) else { return };
        event.prevent_default();
        if !form.has("key") {
            return look(voice);
        }
        if SENDING.replace(true) {
            return;
        }
        let button = dom::button(event);
        let pressed = button.as_ref().map(|button| dom::said(button, "value")).unwrap_or_default();
        let start = if pressed.is_empty() { dom::field(&form, "start") } else { pressed };
        dom::busy(button.as_ref(), true);
        spawn_local(async move {
            match choose(&form, start.clone()).await {
                Ok(onward) => dom::go(&onward.href),
                Err(error) => {
                    SENDING.set(false);
                    dom::busy(button.as_ref(), false);
                    tray::say(tray::Tone::Error, &error.to_string());
                    // What the visitor saw is old news now.
                    bring(voice, start);
                }
            }
        });
    }

    /// Holds what was chosen, or moves to it.
    async fn choose(form: &FormData, start: String) -> Result<Onward, UiError> {
        let field = |name| dom::field(form, name);
        let (of, moves) = whose();
        let (party, area, key) = (field("party"), field("area"), field("key"));
        if moves {
            manage::in_turn(async {
                let ask = ChangeAsk { token: of, rev: manage::present_rev(form), start, party, area, notes: None, key };
                line::call(Errand::change(&ask.key), ChangeBooking { ask }).await
            })
            .await
        } else {
            let ask = HoldAsk { slug: of, start, party, area, needs: dom::fields(form, "needs"), key };
            line::call(Errand::hold(&ask.key), HoldTable { ask }).await
        }
    }
}

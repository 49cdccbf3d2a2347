//! Banners across the page: the server asks to wait, or the line is gone.

use leptos::prelude::*;

use super::shared::{Pause, pause};
use crate::components::art::{Icon, Sign};

/// The banners below the masthead.
#[island]
pub fn Notices() -> impl IntoView {
    let waiting = pause();
    let offline = RwSignal::new(false);
    Effect::new({
        let waiting = waiting.clone();
        move |_| watch(&waiting, offline)
    });
    let patient = move || waiting.get().map(|pause| view! { <Patient pause/> });
    view! {
        <div role="status" aria-live="polite">
            {move || offline.get().then(|| view! { <Offline/> })}
        </div>
        <div role="alert">{patient}</div>
    }
}

/// Counts the pause down, and listens for the line going and coming.
fn watch(waiting: &ArcRwSignal<Option<Pause>>, offline: RwSignal<bool>) {
    #[cfg(feature = "hydrate")]
    offline.set(!window().navigator().on_line());
    let lost = window_event_listener(leptos::ev::offline, move |_| offline.set(true));
    let found = window_event_listener(leptos::ev::online, move |_| offline.set(false));
    let waiting = waiting.clone();
    let tick = move || {
        if waiting.read_untracked().is_some() {
            waiting.update(|pause| *pause = pause.take().and_then(next));
        }
    };
    let ticking = set_interval_with_handle(tick, std::time::Duration::from_secs(1)).ok();
    on_cleanup(move || {
        lost.remove();
        found.remove();
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
}

/// The pause a second later, `None` when it is over.
fn next(pause: Pause) -> Option<Pause> {
    (pause.seconds > 1).then(|| Pause { seconds: pause.seconds - 1, ..pause })
}

#[component]
fn Patient(pause: Pause) -> impl IntoView {
    view! {
        <div class="banner">
            <div class="page">
                <Sign icon=Icon::Hourglass/>
                <p>{pause.why} " You can go on in " <b>{pause.seconds}</b> " seconds."</p>
            </div>
        </div>
    }
}

#[component]
fn Offline() -> impl IntoView {
    view! {
        <div class="banner offline">
            <div class="page">
                <Sign icon=Icon::Info/>
                <p>"You are offline. Times may be old; booking waits until you are back."</p>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends() {
        let pause = Pause { why: "", seconds: 2 };
        assert_eq!(next(pause).map(|pause| pause.seconds), Some(1));
        assert_eq!(next(Pause { why: "", seconds: 1 }), None);
    }
}

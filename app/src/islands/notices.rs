//! Banners across the page: the server asks to wait, or the line is gone.

use leptos::prelude::*;

use crate::components::art::{Icon, Sign};

/// The banners below the masthead, hidden until they are needed.
#[island]
pub fn Notices() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    awake::watch();
    view! {
        <div role="status">
            <div class="banner offline" id="offline" hidden>
                <div class="page">
                    <Sign icon=Icon::Info/>
                    <p>"You are offline. Times may be old; booking waits until you are back."</p>
                </div>
            </div>
        </div>
        // Read out once, when it comes: a timer is silent about each second.
        <div role="status">
            <div class="banner" id="pause" hidden>
                <div class="page">
                    <Sign icon=Icon::Hourglass/>
                    <p><span></span>" You can go on in "<b role="timer"></b>"."</p>
                </div>
            </div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
pub use awake::wait;

#[cfg(feature = "hydrate")]
mod awake {
    use std::cell::Cell;
    use std::time::Duration;

    use leptos::prelude::{set_timeout, window, window_event_listener_untyped};

    use super::super::dom;

    thread_local! {
        /// Seconds of the pause that are left.
        static LEFT: Cell<u32> = const { Cell::new(0) };
    }

    /// Listens for the line going and coming.
    pub fn watch() {
        let look = || dom::show(dom::find("#offline").as_ref(), !window().navigator().on_line());
        look();
        for event in ["offline", "online"] {
            // Islands live as long as their page.
            let _ = window_event_listener_untyped(event, move |_| look());
        }
    }

    /// Shows how long to wait, and why.
    pub fn wait(why: &str, seconds: u32) {
        dom::write(dom::find("#pause span").as_ref(), why);
        let is_counting = LEFT.replace(seconds) > 0;
        if !is_counting {
            count();
        }
    }

    fn count() {
        let left = LEFT.get();
        dom::show(dom::find("#pause").as_ref(), left > 0);
        dom::write(dom::find("#pause b").as_ref(), &crate::error::how_long(left));
        if left > 0 {
            let next = || {
                LEFT.set(LEFT.get().saturating_sub(1));
                count();
            };
            set_timeout(next, Duration::from_secs(1));
        }
    }
}

//! The heart of a restaurant: kept as a favourite, or let go.

use leptos::prelude::*;

/// The page that keeps favourites.
pub const FAVORITES: &str = "/account/favorites";

/// The form around the heart. It posts to the page of favourites, which comes back here; awake, it changes at once, and back again
/// where that fails.
#[island]
pub fn Heart(children: Children) -> impl IntoView {
    let beat = Beat::new();
    view! { <form method="post" action=FAVORITES on:submit=move |event| beat.press(&event)>{children()}</form> }
}

#[cfg(feature = "hydrate")]
use awake::Beat;

#[cfg(not(feature = "hydrate"))]
use asleep::Beat;

#[cfg(not(feature = "hydrate"))]
mod asleep {
    use leptos::ev::SubmitEvent;

    pub struct Beat;

    impl Beat {
        pub const fn new() -> Self {
            Self
        }

        #[expect(clippy::unused_self, reason = "awake, it knows what is on its way")]
        pub const fn press(&self, _event: &SubmitEvent) {}
    }
}

#[cfg(feature = "hydrate")]
mod awake {
    use std::cell::Cell;
    use std::rc::Rc;

    use leptos::ev::SubmitEvent;
    use leptos::prelude::{ArcAction, Effect, Get, GetUntracked};
    use web_sys::Element;

    use super::super::measure::Errand;
    use super::super::{dom, line, tray};
    use crate::api::{FavoriteAsk, KeepFavorite};

    /// How a heart stands.
    #[derive(Clone)]
    struct Stand {
        button: Element,
        slug: String,
        on: bool,
    }

    fn draw(button: &Element, on: bool) {
        dom::set(Some(button), "aria-pressed", Some(if on { "true" } else { "false" }));
    }

    /// What is on its way and what came of it, and what was wished for last.
    pub struct Beat {
        keeping: ArcAction<Stand, Stand>,
        wish: Rc<Cell<bool>>,
    }

    impl Beat {
        pub fn new() -> Self {
            let wish = Rc::new(Cell::new(false));
            let last = wish.clone();
            let keeping = ArcAction::new_unsync(move |wanted: &Stand| keep(wanted.clone(), last.clone()));
            let (wanted, stands) = (keeping.input(), keeping.value());
            // What is wanted while it is on its way, then what stands: so a heart that could not be changed changes back by itself.
            Effect::new(move |_| {
                if let Some(Stand { button, on, .. }) = wanted.get().or_else(|| stands.get()) {
                    draw(&button, on);
                }
            });
            Self { keeping, wish }
        }

        pub fn press(&self, event: &SubmitEvent) {
            event.prevent_default();
            let (Some(form), Some(button)) = (dom::submitted(event), dom::button(event)) else { return };
            let on = dom::said(&button, "aria-pressed") != "true";
            self.wish.set(on);
            // One after the other, or the last to arrive would not be the last that was pressed.
            if self.keeping.input().get_untracked().is_none() {
                self.keeping.dispatch_local(Stand { button, slug: dom::field(&form, "slug"), on });
            } else {
                draw(&button, on);
            }
        }
    }

    /// Has it kept or let go, once more where another wish came meanwhile, and says how it stands then.
    async fn keep(wanted: Stand, wish: Rc<Cell<bool>>) -> Stand {
        let mut stands = !wanted.on;
        while stands != wish.get() {
            let ask = FavoriteAsk { slug: wanted.slug.clone(), on: wish.get() };
            match line::call(Errand::FAVORITE, KeepFavorite { ask }).await {
                Ok(kept) => stands = kept.on,
                Err(error) => {
                    tray::say(tray::Tone::Error, &error.to_string());
                    break;
                }
            }
        }
        Stand { on: stands, ..wanted }
    }
}

//! The tray of short news.

use leptos::prelude::*;

use crate::components::art::{Icon, Sign};

/// What kind of news a toast has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "on the server there is no news"))]
pub enum Tone {
    /// Something is being done.
    Loading,
    /// It was done.
    Success,
    /// It failed.
    Error,
}

/// Short news.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    /// Tells it from others.
    number: u32,
    tone: Tone,
    text: String,
}

/// The tray in the corner. It is the last island of every page: when it wakes, all are awake, and the document says so.
#[island]
pub fn Tray() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::dom::set(document().document_element().as_ref(), "data-awake", Some(""));
    let toasts = toasts();
    let slips = move || toasts.get().into_iter().map(|toast| view! { <Slip toast/> }).collect_view();
    view! { <div class="toasts" role="status" aria-live="polite">{slips}</div> }
}

#[component]
fn Slip(toast: Toast) -> impl IntoView {
    let (class, icon) = match toast.tone {
        Tone::Loading => ("toast loading", None),
        Tone::Success => ("toast success", Some(Icon::Check)),
        Tone::Error => ("toast error", Some(Icon::Warning)),
    };
    let close = (toast.tone == Tone::Error)
        .then(|| view! { <button type="button" on:click=move |_| unsay(toast.number)>"Close"</button> });
    view! {
        <div class=class>
            {icon.map(|icon| view! { <Sign icon/> })}
            <p>{toast.text}</p>
            {close}
        </div>
    }
}

/// What lies in the tray. The islands of a page have no common parent, so it belongs to the page itself.
#[cfg(feature = "hydrate")]
fn toasts() -> ArcRwSignal<Vec<Toast>> {
    thread_local! {
        static TOASTS: ArcRwSignal<Vec<Toast>> = ArcRwSignal::new(Vec::new());
    }
    TOASTS.with(Clone::clone)
}

/// On the server a thread serves many visitors: nothing may be shared there.
#[cfg(not(feature = "hydrate"))]
fn toasts() -> ArcRwSignal<Vec<Toast>> {
    ArcRwSignal::new(Vec::new())
}

/// Says something in the tray; the number takes it back.
#[cfg(feature = "hydrate")]
pub fn say(tone: Tone, text: &str) -> u32 {
    let number = toasts().read_untracked().last().map_or(1, |last| last.number + 1);
    toasts().update(|toasts| toasts.push(Toast { number, tone, text: text.to_owned() }));
    if tone == Tone::Success {
        set_timeout(move || unsay(number), std::time::Duration::from_secs(6));
    }
    number
}

/// Takes news back.
pub fn unsay(number: u32) {
    toasts().update(|toasts| toasts.retain(|toast| toast.number != number));
}

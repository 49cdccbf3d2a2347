//! The tray of short news.

use leptos::prelude::*;

use super::shared::{Toast, Tone, toasts};
use crate::components::art::{Icon, Sign};

/// Says something in the tray; the number takes it back.
pub fn say(tone: Tone, text: &str) -> u32 {
    let tray = toasts();
    let number = tray.read_untracked().last().map_or(1, |last| last.number + 1);
    tray.update(|toasts| toasts.push(Toast { number, tone, text: text.to_owned() }));
    if tone == Tone::Success {
        set_timeout(move || unsay(number), std::time::Duration::from_secs(6));
    }
    number
}

/// Takes news back.
pub fn unsay(number: u32) {
    toasts().update(|toasts| toasts.retain(|toast| toast.number != number));
}

/// The tray in the corner.
#[island]
pub fn Tray() -> impl IntoView {
    let tray = toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || tray.get() key=|toast| toast.number let(toast)>
                <Slip toast/>
            </For>
        </div>
    }
}

#[component]
fn Slip(toast: Toast) -> impl IntoView {
    let (class, icon) = match toast.tone {
        Tone::Loading => ("toast loading", None),
        Tone::Success => ("toast success", Some(Icon::Check)),
        Tone::Error => ("toast error", Some(Icon::Warning)),
    };
    let number = toast.number;
    view! {
        <div class=class>
            {icon.map(|icon| view! { <Sign icon/> })}
            <p>{toast.text}</p>
            {(toast.tone == Tone::Error).then(|| view! { <button type="button" on:click=move |_| unsay(number)>"Close"</button> })}
        </div>
    }
}

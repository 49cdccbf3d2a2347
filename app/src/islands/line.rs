//! Talking to the server over a line that may drop: deadlines, second tries, and a pause when the server asks for one.

use crate::error::UiError;

/// How long to wait for an answer.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// For times and other quick look-ups.
    LookUp,
    /// For what books, changes or cancels.
    Booking,
}

impl Patience {
    #[cfg(feature = "hydrate")]
    const fn milliseconds(self) -> u32 {
        match self {
            Self::LookUp => 10_000,
            Self::Booking => 45_000,
        }
    }
}

/// Asks, and asks again when the line drops or the server stumbles, at most three more times. Only for requests that can be
/// repeated: look-ups, and writes that carry a key.
#[cfg(feature = "hydrate")]
pub fn ask<T: 'static, W>(patience: Patience, work: impl Fn() -> W + 'static) -> impl Future<Output = Result<T, UiError>> + Send
where
    W: Future<Output = Result<T, UiError>>,
{
    use gloo_timers::future::TimeoutFuture;
    send_wrapper::SendWrapper::new(async move {
        let mut tries = 0;
        loop {
            match within(patience, work()).await {
                Err(error) if error.may_pass() && tries < 3 => {
                    TimeoutFuture::new(pause_before(tries, &error)).await;
                    tries += 1;
                }
                outcome => {
                    if let Err(error) = &outcome {
                        tell_pause(error);
                    }
                    return outcome;
                }
            }
        }
    })
}

/// On the server a call is a call.
#[cfg(not(feature = "hydrate"))]
pub fn ask<T, W>(_patience: Patience, work: impl Fn() -> W) -> W
where
    W: Future<Output = Result<T, UiError>>,
{
    work()
}

#[cfg(feature = "hydrate")]
async fn within<T>(patience: Patience, work: impl Future<Output = Result<T, UiError>>) -> Result<T, UiError> {
    use std::task::Poll;
    // Dropping the work aborts its request.
    let mut work = std::pin::pin!(work);
    let mut clock = std::pin::pin!(gloo_timers::future::TimeoutFuture::new(patience.milliseconds()));
    std::future::poll_fn(|cx| match (work.as_mut().poll(cx), clock.as_mut().poll(cx)) {
        (Poll::Ready(outcome), _) => Poll::Ready(outcome),
        (Poll::Pending, Poll::Ready(())) => Poll::Ready(Err(UiError::TimedOut)),
        (Poll::Pending, Poll::Pending) => Poll::Pending,
    })
    .await
}

/// Milliseconds before the next try: doubling from 400, with full jitter, and never before the server said.
#[cfg(feature = "hydrate")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "random() is in 0..1 and the range small")]
fn pause_before(tries: u32, error: &UiError) -> u32 {
    let most = f64::from(400_u32 << tries);
    let jitter = (js_sys::Math::random() * most) as u32;
    jitter.max(error.retry_after().unwrap_or(0).min(5) * 1000)
}

/// Shows the banner when the server asked us to wait.
#[cfg(feature = "hydrate")]
fn tell_pause(error: &UiError) {
    use super::shared::{Pause, pause};
    use leptos::prelude::Set;
    let why = match error {
        UiError::Throttled { .. } => "That was a lot in a short time.",
        UiError::Unavailable { .. } => "We cannot reach our own book for the moment.",
        _ => return,
    };
    if let Some(seconds) = error.retry_after() {
        pause().set(Some(Pause { why, seconds }));
    }
}

/// Goes to another page.
pub fn go(path: &str) {
    #[cfg(feature = "hydrate")]
    if leptos::prelude::window().location().set_href(path).is_err() {
        super::tray::say(super::shared::Tone::Error, "This page could not be opened.");
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = path;
}

/// The value of a form's field, or nothing.
#[cfg(feature = "hydrate")]
pub fn field(form: &web_sys::FormData, name: &str) -> String {
    form.get(name).as_string().unwrap_or_default()
}

/// Every value of a form's field.
#[cfg(feature = "hydrate")]
pub fn fields(form: &web_sys::FormData, name: &str) -> Vec<String> {
    form.get_all(name).iter().filter_map(|value| value.as_string()).collect()
}

/// What stands in the form that was just submitted.
#[cfg(feature = "hydrate")]
pub fn submitted(event: &leptos::ev::SubmitEvent) -> Option<web_sys::FormData> {
    use wasm_bindgen::JsCast;
    let form = event.target()?.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    web_sys::FormData::new_with_form(&form).ok()
}

/// Runs when the visitor comes back to this page by the browser's own memory of it.
pub fn on_return(back: impl Fn() + 'static) {
    #[cfg(feature = "hydrate")]
    leptos::prelude::Effect::new({
        let back = std::rc::Rc::new(back);
        move |_| {
            let back = back.clone();
            let seen = leptos::prelude::window_event_listener_untyped("pageshow", move |event| {
                let kept = js_sys::Reflect::get(&event, &"persisted".into());
                if kept.is_ok_and(|kept| kept.is_truthy()) {
                    back();
                }
            });
            leptos::prelude::on_cleanup(move || seen.remove());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    drop(back);
}

/// Moves the focus to the element of this id once it is there.
#[cfg(feature = "hydrate")]
pub fn focus_soon(id: &'static str) {
    use wasm_bindgen::JsCast;
    let focus = move || {
        let element = leptos::prelude::document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // An element that cannot take the focus is read all the same.
            let _ = element.focus();
        }
    };
    leptos::prelude::set_timeout(focus, std::time::Duration::from_millis(50));
}

/// The value of the button that sent the form, or nothing.
#[cfg(feature = "hydrate")]
pub fn pressed(event: &leptos::ev::SubmitEvent) -> String {
    event.submitter().and_then(|button| button.get_attribute("value")).unwrap_or_default()
}

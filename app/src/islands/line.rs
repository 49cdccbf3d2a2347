//! Calling a server function over a line that may drop: deadlines, second tries, and a pause when the server asks for one.
//!
//! It stands in for the client that Leptos brings along, which has neither deadline nor second try and weighs 3 kB a function.

use leptos::prelude::window;
use leptos::serde_json;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use super::answer::Answer;
use super::notices;
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
    const fn milliseconds(self) -> u32 {
        match self {
            Self::LookUp => 10_000,
            Self::Booking => 45_000,
        }
    }
}

/// Calls a server function. Only for those that can be repeated: look-ups, and writes that carry a key.
pub async fn call<F>(patience: Patience, function: F) -> Result<F::Output, UiError>
where
    F: ServerFn<Error = UiError> + Serialize,
    F::Output: Answer,
{
    let arguments = serde_json::to_string(&function).map_err(|_| UiError::Garbled)?;
    let answer = ask(patience, F::PATH, &arguments).await?;
    js_sys::JSON::parse(&answer).ok().and_then(|json| F::Output::read(&json)).ok_or(UiError::Garbled)
}

/// Asks, and asks again when the line drops or the server stumbles, at most three more times.
async fn ask(patience: Patience, path: &str, arguments: &str) -> Result<String, UiError> {
    let mut tries = 0;
    loop {
        match post(patience, path, arguments).await {
            Err(error) if error.may_pass() && tries < 3 => {
                rest(pause_before(tries, &error)).await;
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
}

async fn post(patience: Patience, path: &str, arguments: &str) -> Result<String, UiError> {
    let response = send(patience, path, arguments).await.map_err(|error| lost(&error))?;
    let text = JsFuture::from(response.text().map_err(|error| lost(&error))?).await.map_err(|error| lost(&error))?;
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(text);
    }
    let said = js_sys::JSON::parse(&text).ok().and_then(|json| UiError::read(&json));
    Err(said.unwrap_or_else(|| by_status(&response)))
}

async fn send(patience: Patience, path: &str, arguments: &str) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(arguments));
    request.set_signal(Some(&AbortSignal::timeout_with_u32(patience.milliseconds())));
    JsFuture::from(window().fetch_with_str_and_init(path, &request)).await?.dyn_into()
}

/// What a request that got no answer means.
fn lost(error: &JsValue) -> UiError {
    let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    if name.as_deref() == Some("TimeoutError") { UiError::TimedOut } else { UiError::Unreachable }
}

/// What an answer means that is not in our words: it comes from something between us and the server.
fn by_status(response: &Response) -> UiError {
    let wait = response.headers().get("retry-after").ok().flatten().and_then(|wait| wait.parse().ok());
    let retry_after = wait.unwrap_or(5);
    match response.status() {
        429 => UiError::Throttled { retry_after },
        502..=504 => UiError::Unavailable { retry_after },
        500.. => UiError::Broken,
        _ => UiError::Garbled,
    }
}

/// Milliseconds before the next try: doubling from 400, with full jitter, and never before the server said.
#[expect(clippy::cast_possible_truncation, reason = "random() is in 0..1 and the range small")]
fn pause_before(tries: u32, error: &UiError) -> i32 {
    let most = f64::from(400_u32 << tries);
    let jitter = (js_sys::Math::random() * most) as i32;
    jitter.max(error.retry_after().map_or(0, |wait| wait.min(5).cast_signed() * 1000))
}

async fn rest(milliseconds: i32) {
    let waited = js_sys::Promise::new(&mut |wake, _| {
        // Without a timer there is nothing to wait for, and the promise is dropped.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&wake, milliseconds);
    });
    let _ = JsFuture::from(waited).await;
}

/// Shows the banner when the server asked us to wait.
fn tell_pause(error: &UiError) {
    let why = match error {
        UiError::Throttled { .. } => "That was a lot in a short time.",
        UiError::Unavailable { .. } => "We cannot reach our own book for the moment.",
        _ => return,
    };
    if let Some(seconds) = error.retry_after() {
        notices::wait(why, seconds);
    }
}

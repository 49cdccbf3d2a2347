//! Calling a server function over a line that may drop: deadlines, second tries, and a pause when the server asks for one.
//!
//! It stands in for the client that Leptos brings along, which has neither deadline nor second try and weighs 3 kB a function.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{set_timeout_with_handle, window};
use leptos::serde_json;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

use super::answer::Answer;
use super::measure::{Errand, Kind, rest};
use super::notices;
use crate::error::UiError;

/// Why a request is broken off that took too long.
const LATE: &str = "late";

/// A call that nobody may want any more before it is answered.
#[derive(Clone, Default)]
pub struct Course(Rc<Progress>);

#[derive(Default)]
struct Progress {
    is_given_up: Cell<bool>,
    on_its_way: RefCell<Option<AbortController>>,
}

impl Course {
    /// Breaks off what is on its way, and asks no more.
    pub fn give_up(&self) {
        self.0.is_given_up.set(true);
        if let Some(request) = self.0.on_its_way.take() {
            request.abort();
        }
    }
}

/// Calls a server function.
pub async fn call<F>(errand: Errand, function: F) -> Result<F::Output, UiError>
where
    F: ServerFn<Error = UiError> + Serialize,
    F::Output: Answer,
{
    follow(&Course::default(), errand, function).await
}

/// Calls a server function, as long as its course is not given up.
pub async fn follow<F>(course: &Course, errand: Errand, function: F) -> Result<F::Output, UiError>
where
    F: ServerFn<Error = UiError> + Serialize,
    F::Output: Answer,
{
    let arguments = serde_json::to_string(&function).map_err(|_| UiError::Garbled)?;
    let answer = ask(course, errand, F::PATH, &arguments).await?;
    js_sys::JSON::parse(&answer).ok().and_then(|json| F::Output::read(&json)).ok_or(UiError::Garbled)
}

/// Counts what the visitor asks for; says so and refuses when it is too much.
pub fn admit(kind: Kind) -> Result<(), UiError> {
    let Ok(Some(memory)) = window().session_storage() else { return Ok(()) };
    let full_at = memory.get_item(kind.name()).ok().flatten().and_then(|text| text.parse().ok()).unwrap_or(0);
    match kind.take(full_at, now()) {
        Ok(full_at) => {
            // A memory that is full counts nothing; the server does.
            let _ = memory.set_item(kind.name(), &full_at.to_string());
            Ok(())
        }
        Err(wait) => {
            let retry_after = u32::try_from(wait.div_ceil(1000)).unwrap_or(60);
            notices::wait(kind.too_much(), retry_after);
            Err(UiError::Throttled { retry_after })
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970 fit for as long as there are browsers"
)]
fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// Asks, and asks again when the line drops or the server stumbles.
async fn ask(course: &Course, errand: Errand, path: &str, arguments: &str) -> Result<String, UiError> {
    admit(errand.kind)?;
    let mut tried = 0;
    loop {
        let outcome = post(course, errand, path, arguments).await;
        match outcome {
            // Whoever gave it up does not look at the answer.
            Err(error) if course.0.is_given_up.get() => return Err(error),
            Err(error) if error.may_pass() && tried < errand.again => {
                pause(rest(tried, a_part_of_a_thousand(), error.retry_after())).await;
                tried += 1;
            }
            outcome => {
                if let Err(error) = &outcome {
                    tell_pause(errand.kind, error);
                }
                return outcome;
            }
        }
    }
}

async fn post(course: &Course, errand: Errand, path: &str, arguments: &str) -> Result<String, UiError> {
    if course.0.is_given_up.get() {
        return Err(UiError::Unreachable);
    }
    let request = AbortController::new().map_err(|error| lost(&error))?;
    course.0.on_its_way.replace(Some(request.clone()));
    let late = {
        let request = request.clone();
        move || request.abort_with_reason(&LATE.into())
    };
    let deadline = set_timeout_with_handle(late, Duration::from_millis(errand.deadline));
    let answer = send_and_read(&request, errand, path, arguments).await;
    if let Ok(deadline) = deadline {
        deadline.clear();
    }
    answer
}

async fn send_and_read(
    request: &AbortController,
    errand: Errand,
    path: &str,
    arguments: &str,
) -> Result<String, UiError> {
    let response = send(request, errand, path, arguments).await.map_err(|error| lost(&error))?;
    let text = JsFuture::from(response.text().map_err(|error| lost(&error))?).await.map_err(|error| lost(&error))?;
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(text);
    }
    let said = js_sys::JSON::parse(&text).ok().and_then(|json| UiError::read(&json));
    Err(said.unwrap_or_else(|| by_status(&response)))
}

async fn send(abort: &AbortController, errand: Errand, path: &str, arguments: &str) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(arguments));
    request.set_signal(Some(&abort.signal()));
    // web-sys has no setter for it. Browsers take 64 KiB so, and no form of ours is as long.
    js_sys::Reflect::set(&request, &"keepalive".into(), &errand.outlives_page.into())?;
    JsFuture::from(window().fetch_with_str_and_init(path, &request)).await?.dyn_into()
}

/// What a request that got no answer means.
fn lost(error: &JsValue) -> UiError {
    if error.as_string().as_deref() == Some(LATE) { UiError::TimedOut } else { UiError::Unreachable }
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

/// Dice for pauses, so that those who were cut off together do not come back together.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "random() is in 0..1")]
fn a_part_of_a_thousand() -> u32 {
    (js_sys::Math::random() * 1000.0) as u32
}

async fn pause(milliseconds: u32) {
    let waited = js_sys::Promise::new(&mut |wake, _| {
        // Without a timer there is nothing to wait for, and the promise is dropped.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&wake, milliseconds.cast_signed());
    });
    let _ = JsFuture::from(waited).await;
}

/// Shows the banner when the server asked us to wait.
fn tell_pause(kind: Kind, error: &UiError) {
    let why = match error {
        UiError::Throttled { .. } => kind.too_much(),
        UiError::Unavailable { .. } => "We cannot reach our reservation book for the moment.",
        _ => return,
    };
    if let Some(seconds) = error.retry_after() {
        notices::wait(why, seconds);
    }
}

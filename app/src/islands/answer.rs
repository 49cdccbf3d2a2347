//! What the server can answer, read out of its JSON and checked on the way.

use domain::field::{FieldError, FieldErrors};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::api::{Kept, Onward, Saved, Time, Times, Told};
use crate::error::UiError;

/// An answer, `None` when the JSON is something else.
pub trait Answer: Sized {
    /// Reads it.
    fn read(json: &JsValue) -> Option<Self>;
}

fn part(json: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(json, &name.into()).ok().filter(|part| !part.is_undefined())
}

fn text(json: &JsValue, name: &str) -> Option<String> {
    part(json, name)?.as_string()
}

#[expect(clippy::cast_possible_truncation, reason = "the server sends whole numbers of 32 bits")]
fn number(json: &JsValue, name: &str) -> Option<i32> {
    part(json, name)?.as_f64().map(|number| number as i32)
}

fn seconds(json: &JsValue, name: &str) -> Option<u32> {
    number(json, name)?.try_into().ok()
}

impl Answer for Onward {
    fn read(json: &JsValue) -> Option<Self> {
        Some(Self { href: text(json, "href")? })
    }
}

impl Answer for Times {
    fn read(json: &JsValue) -> Option<Self> {
        Some(Self { html: text(json, "html")?, news: text(json, "news")? })
    }
}

impl Answer for Time {
    fn read(json: &JsValue) -> Option<Self> {
        Some(Self {
            left: seconds(json, "left")?,
            whole: seconds(json, "whole")?,
            more: part(json, "more")?.as_bool()?,
        })
    }
}

impl Answer for Told {
    fn read(json: &JsValue) -> Option<Self> {
        Some(Self { rev: number(json, "rev")? })
    }
}

impl Answer for Kept {
    fn read(json: &JsValue) -> Option<Self> {
        Some(Self { on: part(json, "on")?.as_bool()? })
    }
}

impl Answer for Saved {
    fn read(json: &JsValue) -> Option<Self> {
        Some(Self { review: text(json, "review")?, rev: number(json, "rev")? })
    }
}

impl Answer for UiError {
    /// As serde writes it: a word, or one key with what belongs to it.
    fn read(json: &JsValue) -> Option<Self> {
        if let Some(word) = json.as_string() {
            return match word.as_str() {
                "NotFound" => Some(Self::NotFound),
                "Forbidden" => Some(Self::Forbidden),
                "Unauthenticated" => Some(Self::Unauthenticated),
                "KeyReused" => Some(Self::KeyReused),
                "Broken" => Some(Self::Broken),
                "TimedOut" => Some(Self::TimedOut),
                _ => None,
            };
        }
        if let Some(refused) = part(json, "Refused") {
            return Some(Self::Refused {
                code: text(&refused, "code")?,
                sentence: text(&refused, "sentence")?,
                instead: Vec::new(),
            });
        }
        if let Some(throttled) = part(json, "Throttled") {
            return Some(Self::Throttled { retry_after: seconds(&throttled, "retry_after")? });
        }
        if let Some(away) = part(json, "Unavailable") {
            return Some(Self::Unavailable { retry_after: seconds(&away, "retry_after")? });
        }
        let errors: Array = part(json, "Invalid")?.dyn_into().ok()?;
        let errors = errors
            .iter()
            .map(|error| Some(FieldError { pointer: text(&error, "pointer")?, detail: text(&error, "detail")? }));
        Some(Self::Invalid(FieldErrors(errors.collect::<Option<_>>()?)))
    }
}

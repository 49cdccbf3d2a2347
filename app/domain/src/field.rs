//! What is wrong with an input, in words its author understands.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One sentence that says which rule a value breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Complaint(Cow<'static, str>);

impl Complaint {
    /// A complaint in these words.
    pub fn new(words: impl Into<Cow<'static, str>>) -> Self {
        Self(words.into())
    }

    /// The sentence itself.
    #[must_use]
    pub fn words(self) -> Cow<'static, str> {
        self.0
    }
}

/// One field and what is wrong with it; `pointer` is a JSON pointer (RFC 6901) such as `/guest/email`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where in the input, as a JSON pointer.
    pub pointer: String,
    /// The sentence to show beside the field.
    pub detail: String,
}

/// Everything that is wrong with one input, never empty when it is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.summary())]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// One complaint about one field.
    #[must_use]
    pub fn one(pointer: &str, complaint: &Complaint) -> Self {
        let mut errors = Self::default();
        errors.add(pointer, complaint);
        errors
    }

    /// Adds a complaint about a field.
    pub fn add(&mut self, pointer: &str, complaint: &Complaint) {
        self.0.push(FieldError { pointer: pointer.to_owned(), detail: complaint.to_string() });
    }

    /// The first complaint about this field.
    #[must_use]
    pub fn about(&self, pointer: &str) -> Option<&str> {
        self.0.iter().find(|error| error.pointer == pointer).map(|error| error.detail.as_str())
    }

    fn summary(&self) -> String {
        match self.0.as_slice() {
            [] => "Nothing is wrong.".to_owned(),
            [one] => one.detail.clone(),
            [first, rest @ ..] => format!("{} And {} more.", first.detail, rest.len()),
        }
    }
}

#[cfg(feature = "native")]
impl From<validator::ValidationErrors> for FieldErrors {
    fn from(errors: validator::ValidationErrors) -> Self {
        let mut found = Self::default();
        collect("", &errors, &mut found);
        found.0.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        found
    }
}

#[cfg(feature = "native")]
fn collect(prefix: &str, errors: &validator::ValidationErrors, found: &mut FieldErrors) {
    use validator::ValidationErrorsKind::{Field, List, Struct};
    for (name, kind) in errors.errors() {
        let pointer = format!("{prefix}/{name}");
        match kind {
            Field(complaints) => {
                for complaint in complaints {
                    let words = complaint.message.clone().unwrap_or_else(|| complaint.code.clone());
                    found.add(&pointer, &Complaint::new(words));
                }
            }
            Struct(inner) => collect(&pointer, inner, found),
            List(items) => {
                for (index, inner) in items {
                    collect(&format!("{pointer}/{index}"), inner, found);
                }
            }
        }
    }
}

#[cfg(feature = "native")]
impl From<Complaint> for validator::ValidationError {
    fn from(complaint: Complaint) -> Self {
        Self::new("rule").with_message(complaint.words())
    }
}

//! What a guest says of themselves once and for all, and that they want to be forgotten, as it arrives.

use serde::Deserialize;
use validator::Validate;

use super::{at, optional, rule};
use crate::account::{self, Notification};
use crate::field::FieldErrors;
use crate::floor::{self, Need};
use crate::text::{Note, PersonName, Phone};

/// What changes of a profile: `PATCH /me`; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileForm {
    /// Their name, 1 to 80 characters.
    #[validate(custom(function = "rule::name"))]
    pub name: Option<String>,
    /// Their telephone number with country code; an empty text takes it away.
    #[validate(custom(function = "rule::phone"))]
    pub phone: Option<String>,
    /// What they need wherever they book.
    #[validate(custom(function = "rule::needs"))]
    pub needs: Option<Vec<String>>,
    /// What every venue should know, at most 500 characters.
    #[validate(custom(function = "rule::notes"))]
    pub notes: Option<String>,
    /// The letters they want besides those that confirm a booking: `changed`, `late`, `cancelled`.
    #[validate(custom(function = "rule::notifications"))]
    pub notifications: Option<Vec<String>>,
}

/// A change of a profile; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The name.
    pub name: Option<PersonName>,
    /// The telephone number, `Some(None)` for none.
    pub phone: Option<Option<Phone>>,
    /// The needs.
    pub needs: Option<Vec<Need>>,
    /// The notes.
    pub notes: Option<Note>,
    /// The letters.
    pub notifications: Option<Vec<Notification>>,
}

impl TryFrom<ProfileForm> for ProfileChange {
    type Error = FieldErrors;

    fn try_from(form: ProfileForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        let phone = |text: &str| optional(Some(text)).map(str::parse).transpose();
        Ok(Self {
            name: at("/name", form.name.as_deref().map(str::parse).transpose())?,
            phone: at("/phone", form.phone.as_deref().map(phone).transpose())?,
            needs: at("/needs", form.needs.as_deref().map(floor::needs).transpose())?,
            notes: at("/notes", form.notes.as_deref().map(str::parse).transpose())?,
            notifications: at("/notifications", form.notifications.as_deref().map(account::notifications).transpose())?,
        })
    }
}

/// Who wants to be forgotten: `DELETE /me`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseForm {
    /// The password of the account.
    #[validate(custom(function = "rule::known_password"))]
    #[schema(format = Password)]
    pub password: String,
}

impl EraseForm {
    /// Every rule of every field.
    ///
    /// # Errors
    /// Every field that breaks one.
    pub fn check(&self) -> Result<(), FieldErrors> {
        Ok(self.validate()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let form = ProfileForm {
            name: Some("x".repeat(10_000)),
            phone: Some("912".to_owned()),
            needs: Some(words(&["quiet", "a throne"])),
            notes: Some("x".repeat(501)),
            notifications: Some(words(&["everything"])),
        };
        let errors = ProfileChange::try_from(form).unwrap_err();
        let pointers: Vec<&str> = errors.0.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/needs", "/notes", "/notifications", "/phone"]);
    }

    #[test]
    fn what_is_left_out_stays_and_what_is_empty_goes() {
        assert_eq!(ProfileChange::try_from(ProfileForm::default()), Ok(ProfileChange::default()));
        let form = ProfileForm {
            phone: Some(" ".to_owned()),
            needs: Some(Vec::new()),
            notes: Some(String::new()),
            notifications: Some(Vec::new()),
            ..ProfileForm::default()
        };
        let change = ProfileChange::try_from(form).unwrap();
        assert_eq!((change.name, change.phone, change.needs), (None, Some(None), Some(Vec::new())));
        assert_eq!((change.notes, change.notifications), (Some("".parse().unwrap()), Some(Vec::new())));
        let nameless = ProfileForm { name: Some("\u{202e}\u{200b}".to_owned()), ..ProfileForm::default() };
        assert!(ProfileChange::try_from(nameless).unwrap_err().about("/name").is_some());
    }

    #[test]
    fn nothing_invisible_is_kept() {
        let form = ProfileForm {
            name: Some("In\u{200b}ês\u{202e} <b>Duarte</b>".to_owned()),
            notes: Some("No nuts\u{2066}, please\u{feff}.".to_owned()),
            ..ProfileForm::default()
        };
        let change = ProfileChange::try_from(form).unwrap();
        assert_eq!(change.name.unwrap().as_str(), "Inês Duarte");
        assert_eq!(change.notes.unwrap().as_str(), "No nuts, please.");
    }
}

//! Accounts, sessions and passwords, as they arrive. What holds a password neither prints nor goes out again.

use serde::Deserialize;
use validator::Validate;

use super::{at, rule};
use crate::account::Password;
use crate::field::FieldErrors;
use crate::text::{Email, PersonName};

/// Who wants an account: `POST /accounts`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterForm {
    /// Their name, 1 to 80 characters.
    #[validate(custom(function = "rule::name"))]
    pub name: String,
    /// Their email address.
    #[validate(custom(function = "rule::email"))]
    pub email: String,
    /// Their password, 8 to 128 characters.
    #[validate(custom(function = "rule::password"))]
    #[schema(format = Password)]
    pub password: String,
}

/// An account asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Their name.
    pub name: PersonName,
    /// Their email address, which they have yet to confirm.
    pub email: Email,
    /// Their password.
    pub password: Password,
}

impl TryFrom<RegisterForm> for Registration {
    type Error = FieldErrors;

    fn try_from(form: RegisterForm) -> Result<Self, FieldErrors> {
        let mut errors = form.validate().err().map(FieldErrors::from).unwrap_or_default();
        let (name, email, password) = (form.name.parse(), form.email.parse(), form.password.parse::<Password>());
        if let (Ok(name), Ok(email), Ok(password)) = (&name, &email, &password)
            && let Err(complaint) = password.suits(name, email)
        {
            errors.add("/password", &complaint);
        }
        if !errors.0.is_empty() {
            return Err(errors);
        }
        Ok(Self { name: at("/name", name)?, email: at("/email", email)?, password: at("/password", password)? })
    }
}

/// Who signs in: `POST /sessions`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// Their email address.
    #[validate(custom(function = "rule::email"))]
    pub email: String,
    /// Their password.
    #[validate(custom(function = "rule::known_password"))]
    #[schema(format = Password)]
    pub password: String,
    /// Whether a browser is to carry the tokens in its cookies; else the answer has them.
    #[serde(default)]
    pub cookies: bool,
}

/// A name and a word that may go together.
pub struct Credentials {
    /// The email address.
    pub email: Email,
    /// The password as it was typed.
    pub password: String,
}

impl TryFrom<SignInForm> for Credentials {
    type Error = FieldErrors;

    fn try_from(form: SignInForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self { email: at("/email", form.email.parse())?, password: form.password })
    }
}

/// Which session goes on: `POST /sessions/refresh`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshForm {
    /// The refresh token; left out by browsers, which have it in a cookie.
    #[validate(custom(function = "rule::link"))]
    #[serde(default)]
    #[schema(format = Password)]
    pub refresh_token: Option<String>,
}

/// Whose address is confirmed: `POST /accounts/confirm`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmForm {
    /// The token at the end of the emailed link.
    #[validate(custom(function = "rule::link"))]
    #[schema(format = Password)]
    pub token: String,
    /// The password of the account.
    #[validate(custom(function = "rule::known_password"))]
    #[schema(format = Password)]
    pub password: String,
}

impl ConfirmForm {
    /// Every rule of every field.
    ///
    /// # Errors
    /// Every field that breaks one.
    pub fn check(&self) -> Result<(), FieldErrors> {
        Ok(self.validate()?)
    }
}

/// A new password for the old one: `PUT /me/password`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    /// The present password.
    #[validate(custom(function = "rule::known_password"))]
    #[schema(format = Password)]
    pub current_password: String,
    /// The password from now on, 8 to 128 characters.
    #[validate(custom(function = "rule::password"))]
    #[schema(format = Password)]
    pub new_password: String,
}

/// A change of password asked for.
pub struct NewPassword {
    /// The present password as it was typed.
    pub current: String,
    /// The password from now on.
    pub new: Password,
}

impl TryFrom<PasswordForm> for NewPassword {
    type Error = FieldErrors;

    fn try_from(form: PasswordForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self { current: form.current_password, new: at("/new_password", form.new_password.parse())? })
    }
}

/// Where email goes from now on: `PUT /me/email`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailForm {
    /// The new email address.
    #[validate(custom(function = "rule::email"))]
    pub email: String,
    /// The present password.
    #[validate(custom(function = "rule::known_password"))]
    #[schema(format = Password)]
    pub current_password: String,
}

impl TryFrom<EmailForm> for Credentials {
    type Error = FieldErrors;

    fn try_from(form: EmailForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self { email: at("/email", form.email.parse())?, password: form.current_password })
    }
}

/// Who forgot their password: `POST /password-resets`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgottenForm {
    /// Their email address.
    #[validate(custom(function = "rule::email"))]
    pub email: String,
}

impl TryFrom<ForgottenForm> for Email {
    type Error = FieldErrors;

    fn try_from(form: ForgottenForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        at("/email", form.email.parse())
    }
}

/// The password after a reset: `POST /password-resets/{token}`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetForm {
    /// The password from now on, 8 to 128 characters.
    #[validate(custom(function = "rule::password"))]
    #[schema(format = Password)]
    pub password: String,
}

impl TryFrom<ResetForm> for Password {
    type Error = FieldErrors;

    fn try_from(form: ResetForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        at("/password", form.password.parse())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(name: &str, email: &str, password: &str) -> Vec<String> {
        let form = RegisterForm { name: name.to_owned(), email: email.to_owned(), password: password.to_owned() };
        let errors = Registration::try_from(form).map_or_else(|errors| errors.0, |_| Vec::new());
        errors.into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        assert_eq!(complaints("", "ana", "short"), ["/email", "/name", "/password"]);
        assert_eq!(complaints(&"x".repeat(10_000), "ana@example.com", "corridor lamp"), ["/name"]);
        assert_eq!(complaints("Ana Silva", "ana@example.com", "ana silva"), ["/password"]);
        assert_eq!(complaints("Ana Silva", "ana@example.com", "corridor lamp"), Vec::<String>::new());
    }
}

//! What letters about accounts say.

use std::borrow::Cow;

use domain::field::Complaint;
use domain::text::{Email, PersonName};
use minijinja::{Environment, context};
use serde::{Deserialize, Serialize};

/// Which letter about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Somebody gave this address as theirs.
    ConfirmAddress,
    /// Somebody asked for a new password.
    ResetPassword,
    /// The password was changed.
    PasswordChanged,
    /// The account has moved to another address.
    AddressChanged,
    /// Somebody gave an address that has an account.
    AlreadyRegistered,
    /// Somebody is to work at a venue.
    Appointed,
}

impl Notice {
    /// The word it is stored as.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "confirm_address",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::AddressChanged => "address_changed",
            Self::AlreadyRegistered => "already_registered",
            Self::Appointed => "appointed",
        }
    }

    const fn subject(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "Confirm your address for Trestle",
            Self::ResetPassword => "A new password for Trestle",
            Self::PasswordChanged => "Your password was changed",
            Self::AddressChanged => "Your email address was changed",
            Self::AlreadyRegistered => "You have an account with Trestle",
            Self::Appointed => "You have a role at a restaurant",
        }
    }

    fn opening(self, about: Option<&str>) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::ConfirmAddress => {
                "somebody, probably you, wants to use this address with Trestle. If it was you, confirm it here:"
            }
            Self::ResetPassword => "somebody, probably you, asked for a new password. If it was you, choose it here:",
            Self::PasswordChanged => "your password was changed. You are signed out everywhere else.",
            Self::AddressChanged => {
                "your account uses another email address from now on. We no longer write to this one."
            }
            Self::AlreadyRegistered => {
                "somebody, perhaps you, tried to use this address for an account. You have one already: sign in with your password, or ask for a new one."
            }
            Self::Appointed => {
                return format!("you are {} from now on.", about.unwrap_or("on the staff")).into();
            }
        })
    }

    const fn closing(self) -> &'static str {
        match self {
            Self::ConfirmAddress => {
                "The link is good for three days. If it was not you, do not follow it: without you, nobody can use this address."
            }
            Self::ResetPassword => {
                "The link is good for an hour, and once. If it was not you, there is nothing to do: your password stays as it is."
            }
            Self::PasswordChanged => "If it was not you, ask for a new password at once.",
            Self::AddressChanged => "If it was not you, please reply to this email at once.",
            Self::AlreadyRegistered => {
                "If it was not you, there is nothing to do: nobody has learnt that you have an account."
            }
            Self::Appointed => {
                "Sign in with this address; if you have no account yet, make one with it. If you do not know them, there is nothing to do."
            }
        }
    }

    const fn page(self) -> &'static str {
        match self {
            Self::ResetPassword => "account/reset",
            _ => "account/confirm",
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::ResetPassword => "Choose a new password",
            _ => "Confirm this address",
        }
    }
}

/// What one letter about an account is about.
pub struct NoticeLetter<'a> {
    /// Which letter.
    pub notice: Notice,
    /// The address it goes to.
    pub to: &'a Email,
    /// Who has confirmed that address. Strangers are not addressed by a name that somebody else typed.
    pub name: Option<PersonName>,
    /// The token its link carries.
    pub link: Option<String>,
    /// What else it names.
    pub about: Option<&'a str>,
    /// Names this letter among all.
    pub id: i64,
}

/// Subject, plain text and HTML.
pub(super) fn render(
    templates: &Environment<'_>,
    letter: &NoticeLetter<'_>,
    public_url: &str,
) -> Result<(&'static str, String, String), Complaint> {
    let notice = letter.notice;
    let facts = context! {
        name => letter.name.as_ref().map(PersonName::as_str),
        opening => notice.opening(letter.about),
        url => letter.link.as_ref().map(|token| format!("{public_url}/{}/{token}", notice.page())),
        button => notice.button(),
        closing => notice.closing(),
    };
    let part = |name| super::letter::part(templates, name, &facts);
    Ok((notice.subject(), part("notice.txt")?, part("notice.html")?))
}

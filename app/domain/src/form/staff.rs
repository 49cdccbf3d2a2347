//! Who works where, as it arrives.

use serde::Deserialize;
use validator::Validate;

use super::{at, rule};
use crate::field::FieldErrors;
use crate::policy::Role;
use crate::text::Email;

/// Who is to work at a venue: `POST /host/{slug}/staff`.
#[derive(Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffForm {
    /// Their email address.
    #[validate(custom(function = "rule::email"))]
    pub email: String,
    /// What they are to be there: `host`, `manager` or `owner`.
    #[validate(custom(function = "rule::role"))]
    #[schema(value_type = Role)]
    pub role: String,
}

/// Somebody to be given a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Who.
    pub email: Email,
    /// What they are to be.
    pub role: Role,
}

impl TryFrom<StaffForm> for Appointment {
    type Error = FieldErrors;

    fn try_from(form: StaffForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self { email: at("/email", form.email.parse())?, role: at("/role", form.role.parse())? })
    }
}

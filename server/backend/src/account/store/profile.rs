//! The SQL of what an account says of its owner.

use domain::account::Account;
use domain::form::ProfileChange;
use domain::id::AccountId;
use domain::text::{Note, PersonName, Phone};
use sqlx::PgConnection;

use crate::Result;
use crate::error::stored;

struct ProfileRow {
    name: String,
    email: String,
    phone: Option<String>,
    needs: Vec<String>,
    notes: String,
    letters: Vec<String>,
}

impl TryFrom<ProfileRow> for Account {
    type Error = crate::Error;

    fn try_from(row: ProfileRow) -> Result<Self> {
        Ok(Self {
            name: stored("name", &row.name)?,
            email: stored("address", &row.email)?,
            phone: row.phone.as_deref().map(|phone| stored("phone", phone)).transpose()?,
            needs: row.needs.iter().map(|need| stored("need", need)).collect::<Result<_>>()?,
            notes: stored("notes", &row.notes)?,
            notifications: row.letters.iter().map(|letter| stored("letter", letter)).collect::<Result<_>>()?,
        })
    }
}

/// What an account says of its owner, unless it is disabled.
pub async fn find_profile(db: &mut PgConnection, id: AccountId) -> Result<Option<Account>> {
    let row = sqlx::query_as!(
        ProfileRow,
        "select name, email, phone, needs, notes, letters from accounts where id = $1 and disabled_at is null",
        id.0
    );
    row.fetch_optional(db).await?.map(Account::try_from).transpose()
}

/// Changes what is given; done once more, it changes nothing.
pub async fn change_profile(db: &mut PgConnection, id: AccountId, change: &ProfileChange) -> sqlx::Result<()> {
    let words = |words: Option<Vec<&'static str>>| {
        words.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<String>>())
    };
    let needs = words(change.needs.as_ref().map(|needs| needs.iter().map(|need| need.word()).collect()));
    let letters = words(change.notifications.as_ref().map(|letters| letters.iter().map(|one| one.word()).collect()));
    sqlx::query!(
        "update accounts set name = coalesce($2, name), phone = case when $3 then $4 else phone end, needs = coalesce($5, needs),
           notes = coalesce($6, notes), letters = coalesce($7, letters)
         where id = $1 and disabled_at is null",
        id.0,
        change.name.as_ref().map(PersonName::as_str),
        change.phone.is_some(),
        change.phone.as_ref().and_then(Option::as_ref).map(Phone::as_str),
        needs.as_deref(),
        change.notes.as_ref().map(Note::as_str),
        letters.as_deref()
    )
    .execute(db)
    .await?;
    Ok(())
}

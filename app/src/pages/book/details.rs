//! The details as they stand before anything is typed.

use domain::account::Account;
use domain::floor::Need;
use domain::reservation::Occasion;
use leptos::prelude::*;

use crate::api::{BookAsk, Hold};
use crate::components::art::{Icon, Sign};
use crate::components::form::{Choices, RELEASE};
use crate::pages::choices;
use crate::show::NEEDS_OF_TABLES;
use crate::ssr;

/// The form before anything is typed.
pub(super) fn untouched(hold: &Hold) -> BookAsk {
    BookAsk {
        hold: hold.token.clone(),
        venue: hold.venue.clone(),
        start: hold.start.clone(),
        party: hold.party.to_string(),
        area: ssr::query().get("area"),
        needs: needs_in_address(),
        key: ssr::fresh_key(),
        ..BookAsk::default()
    }
}

/// The form filled in with what the account of whoever is signed in says of them.
pub(super) fn introduced(form: BookAsk, account: Option<Account>, needs: &[Need]) -> BookAsk {
    let Some(account) = account else { return form };
    let mut wished = form.needs.clone();
    wished.extend(needs.iter().map(|need| need.word().to_owned()).filter(|need| !form.needs.contains(need)));
    BookAsk {
        name: account.name.into(),
        email: account.email.into(),
        phone: account.phone.map(String::from).unwrap_or_default(),
        notes: account.notes.into(),
        needs: wished,
        ..form
    }
}

/// What a guest needs of the table, which is chosen already, and what they need of people.
pub(super) fn needs_of(account: &Account) -> (Vec<Need>, Vec<Need>) {
    account.needs.iter().partition(|need| NEEDS_OF_TABLES.contains(need))
}

/// What the guest always needs and this table was not chosen for.
#[component]
pub(super) fn Unmet(unmet: Vec<Need>) -> impl IntoView {
    let needs = crate::format::list(&unmet.iter().map(|need| need.label().to_owned()).collect::<Vec<_>>());
    (!unmet.is_empty()).then(|| {
        view! {
            <div class="notice careful">
                <Sign icon=Icon::Info/>
                <p>
                    "Your details say that you need "{needs}". This table was not chosen for it. "
                    <button class="text-button" type="submit" form=RELEASE>"Choose a table that has it"</button>
                </p>
            </div>
        }
    })
}

pub(super) fn needs_in_address() -> Vec<String> {
    ssr::query().get("needs").split(',').filter(|need| !need.is_empty()).map(str::to_owned).collect()
}

pub(super) fn choices_of(typed: &BookAsk) -> Choices {
    let (of_table, of_people): (Vec<Need>, Vec<Need>) =
        Need::ALL.iter().partition(|need| NEEDS_OF_TABLES.contains(need));
    let table: Vec<Need> =
        of_table.into_iter().filter(|need| typed.needs.iter().any(|word| word == need.word())).collect();
    Choices {
        needs: choices(&of_people, Need::word, Need::label),
        table: choices(&table, Need::word, Need::label),
        occasions: choices(Occasion::ALL, Occasion::word, Occasion::label),
    }
}

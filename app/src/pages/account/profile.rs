//! What a guest says of themselves once and for all.

use domain::account::{Account, Notification};
use domain::field::FieldErrors;
use domain::floor::Need;
use domain::form::{ProfileChange, ProfileForm};
use leptos::prelude::*;

use crate::components::art::{Icon, Sign};
use crate::components::form::{Line, Notes, Ticks, about};
use crate::pages::choices;
use crate::ssr::Fields;
use crate::ssr::forms::in_order;

/// The command of the form below, which says everything.
///
/// # Errors
/// Every field that is wrong, in the order of the form.
pub(super) fn change(form: &Fields) -> Result<ProfileChange, FieldErrors> {
    let form = ProfileForm {
        name: Some(form.get("name")),
        phone: Some(form.get("phone")),
        needs: Some(form.all("needs")),
        notes: Some(form.get("notes")),
        notifications: Some(form.all("notifications")),
    };
    form.try_into().map_err(|wrong| in_order(wrong, &["name", "phone", "needs", "notes", "notifications"]))
}

/// A profile as its form shows it.
#[derive(Clone)]
pub(super) struct Typed {
    name: String,
    phone: String,
    notes: String,
    needs: Vec<String>,
    notifications: Vec<String>,
}

impl Typed {
    /// As it was just typed.
    pub(super) fn of_form(form: &Fields) -> Self {
        Self {
            name: form.get("name"),
            phone: form.get("phone"),
            notes: form.get("notes"),
            needs: form.all("needs"),
            notifications: form.all("notifications"),
        }
    }

    /// As it is kept.
    pub(super) fn of_account(account: &Account) -> Self {
        Self {
            name: account.name.to_string(),
            phone: account.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
            notes: account.notes.to_string(),
            needs: account.needs.iter().map(|need| need.word().to_owned()).collect(),
            notifications: account.notifications.iter().map(|letter| letter.word().to_owned()).collect(),
        }
    }
}

/// The form that changes it.
#[component]
pub(super) fn Profile(typed: Typed, wrong: FieldErrors, is_open: bool) -> impl IntoView {
    let wrong = if is_open { wrong } else { FieldErrors::default() };
    let about = |id| about(&wrong, id);
    let (name, phone, notes) = (about("name"), about("phone"), about("notes"));
    let (needs, letters) = (about("needs"), about("notifications"));
    view! {
        <details open=is_open>
            <summary><Sign icon=Icon::Info/><b>"Your details"</b><small>"filled in wherever you book"</small></summary>
            <div class="inside">
                <form method="post" class="fields" novalidate>
                    <input type="hidden" name="do" value="profile"/>
                    <Line wrong=name id="name" label="Name" kind="text" autocomplete="name" required=true value=typed.name/>
                    <Line wrong=phone id="phone" label="Phone" aside="(if you like)" kind="tel" autocomplete="tel" value=typed.phone/>
                    <Ticks
                        wrong=needs
                        name="needs"
                        legend="What you need"
                        hint="Restaurants you book read it."
                        choices=choices(Need::ALL, Need::word, Need::label)
                        ticked=typed.needs
                    />
                    <Notes wrong=notes value=typed.notes label="What every restaurant should know"/>
                    <Ticks
                        wrong=letters
                        name="notifications"
                        legend="Write to me"
                        hint="We always write when a booking is confirmed, or when the restaurant changes it."
                        choices=choices(Notification::ALL, Notification::word, Notification::label)
                        ticked=typed.notifications
                    />
                    <div class="row"><button class="button" type="submit">"Save"</button></div>
                </form>
            </div>
        </details>
    }
}

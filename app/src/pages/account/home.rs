//! What somebody may do with their account.

use domain::account::{Account, Session};
use domain::field::FieldErrors;
use domain::form::{Credentials, EmailForm, PasswordForm};
use leptos::either::Either;
use leptos::prelude::*;

use super::diary::{Past, Side, Upcoming};
use super::profile::{self, Profile, Typed};
use super::{Good, KnownPassword, NewPassword, Onward, Posted, Sheet, SignOut, sign_in_for};
use crate::components::art::{Icon, Sign};
use crate::components::form::{Line, about};
use crate::error::UiError;
use crate::format;
use crate::pages::awaited;
use crate::ssr::forms::in_order;
use crate::ssr::{self, Fields};
use backend::{Backend, SignedIn};

/// The page of whoever is signed in; posts change the profile, the password or the address, and end sessions.
#[component]
pub fn AccountPage() -> impl IntoView {
    ssr::keep_private();
    awaited(async move {
        let Some((backend, caller, account)) = ssr::account().await? else {
            return Ok(Either::Left(view! { <Onward href=sign_in_for("/account")/> }));
        };
        let form = ssr::posted();
        let posted = match &form {
            None => Posted::Show(FieldErrors::default()),
            Some(form) => Posted::of(act(&backend, &caller, form).await)?,
        };
        let wrong = match posted {
            Posted::Done(href) => return Ok(Either::Left(view! { <Onward href/> })),
            Posted::Show(wrong) => wrong,
        };
        let upcoming = Side::load(&backend, &caller, "upcoming", "12").await?;
        let past = Side::load(&backend, &caller, "past", "6").await?;
        let sessions = backend.sessions(&caller).await?.items;
        Ok(Either::Right(view! { <Page account upcoming past sessions form=form.unwrap_or_default() wrong/> }))
    })
}

/// Does what was posted, and says where to go on.
async fn act(backend: &Backend, caller: &SignedIn, form: &Fields) -> Result<String, UiError> {
    let done = |what: &str| format!("/account?done={what}");
    let verb = form.get("do");
    match verb.as_str() {
        "sign_out" => {
            backend.end_session(caller, caller.session()).await?;
            ssr::take_tokens();
            Ok("/sign-in?done=out".to_owned())
        }
        "end" => {
            let session = form.get("session").parse().map_err(|_| UiError::NotFound)?;
            backend.end_session(caller, session).await?;
            Ok(done("ended"))
        }
        "profile" => {
            backend.change_profile(caller, &profile::change(form)?).await?;
            Ok(done("profile"))
        }
        "email" => {
            let form = EmailForm { email: form.get("email"), current_password: form.get("current_password") };
            let wanted: Credentials =
                form.try_into().map_err(|wrong| in_order(wrong, &["email", "current_password"]))?;
            backend.change_address(caller, &wanted).await?;
            Ok(done("mailed"))
        }
        _ => {
            change_password(backend, caller, form).await.map_err(at_its_own_field)?;
            Ok(done("password"))
        }
    }
}

async fn change_password(backend: &Backend, caller: &SignedIn, form: &Fields) -> Result<(), UiError> {
    let (current_password, new_password) = (form.get("present_password"), form.get("new_password"));
    Ok(backend.change_password(caller, &PasswordForm { current_password, new_password }.try_into()?).await?)
}

/// Both forms ask for the password, and each field of a page has its own name.
fn at_its_own_field(error: UiError) -> UiError {
    let UiError::Invalid(mut wrong) = error else { return error };
    for complaint in wrong.0.iter_mut().filter(|complaint| complaint.pointer == "/current_password") {
        "/present_password".clone_into(&mut complaint.pointer);
    }
    UiError::Invalid(wrong)
}

#[component]
fn Page(
    account: Account,
    upcoming: Side,
    past: Side,
    sessions: Vec<Session>,
    form: Fields,
    wrong: FieldErrors,
) -> impl IntoView {
    let news = match ssr::query().get("done").as_str() {
        "confirmed" => "Your address is confirmed, and you are signed in.",
        "ended" => "That session is over.",
        "mailed" => "We sent a link to the new address. Your account moves there once you follow it.",
        "password" => "Your password is changed. You are signed out everywhere else.",
        "profile" => "Your details are saved.",
        _ => "",
    };
    let title = format!("Hello, {}.", format::first_name(account.name.as_str()));
    let lead = format!("You sign in with {}.", account.email.as_str());
    let verb = form.get("do");
    let typed = if verb == "profile" { Typed::of_form(&form) } else { Typed::of_account(&account) };
    view! {
        <Sheet title lead wrong=wrong.clone()>
            <Good words=news/>
            <Upcoming side=upcoming/>
            <Past side=past/>
            <section class="actions" aria-label="Your account">
                <a href="/account/favorites"><Sign icon=Icon::Heart/><b>"Your favourites"</b><small>"and what is free there tonight"</small></a>
                <Profile typed wrong=wrong.clone() is_open=verb == "profile"/>
                <Address typed=form.get("email") wrong=wrong.clone() is_open=verb == "email"/>
                <Secret wrong is_open=verb == "password"/>
                <a href="/account/export.json" download>
                    <Sign icon=Icon::Seal/><b>"Take everything with you"</b><small>"all we hold about you, as a file"</small>
                </a>
                <a href="/account/erase"><Sign icon=Icon::Cross/><b>"Erase your account"</b><small>"we say what goes before we ask"</small></a>
            </section>
            <Sessions sessions/>
            <SignOut/>
        </Sheet>
    }
}

#[component]
fn Sessions(sessions: Vec<Session>) -> impl IntoView {
    let line = |session: Session| {
        let used = format::day_and_year(session.last_used_at.date_naive());
        let end = (!session.current).then(|| {
            let label = format!("Sign out there: {}, last used {used}", session.device);
            view! {
                <form method="post">
                    <input type="hidden" name="do" value="end"/>
                    <button class="text-button" type="submit" name="session" value=session.id.to_string() aria-label=label>"Sign out there"</button>
                </form>
            }
        });
        let when = if session.current { "this one".to_owned() } else { format!("last used {used}") };
        view! { <li><span><b>{session.device.clone()}</b><small>{when}</small></span>{end}</li> }
    };
    view! {
        <section class="stack">
            <h2>"Where you are signed in"</h2>
            <ul class="sessions">{sessions.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Address(typed: String, wrong: FieldErrors, is_open: bool) -> impl IntoView {
    let wrong = if is_open { wrong } else { FieldErrors::default() };
    view! {
        <details open=is_open>
            <summary><Sign icon=Icon::Pencil/><b>"Change email address"</b><small>"we send a link to the new one"</small></summary>
            <div class="inside">
                <form method="post" class="fields">
                    <input type="hidden" name="do" value="email"/>
                    <Line wrong=about(&wrong, "email") id="email" label="New email address" kind="email" autocomplete="email" required=true value=typed/>
                    <KnownPassword id="current_password" label="Your password" wrong/>
                    <div class="row"><button class="button" type="submit">"Send the link"</button></div>
                </form>
            </div>
        </details>
    }
}

#[component]
fn Secret(wrong: FieldErrors, is_open: bool) -> impl IntoView {
    let wrong = if is_open { wrong } else { FieldErrors::default() };
    view! {
        <details open=is_open>
            <summary><Sign icon=Icon::Key/><b>"Change password"</b><small>"ends every other session"</small></summary>
            <div class="inside">
                <form method="post" class="fields">
                    <input type="hidden" name="do" value="password"/>
                    <KnownPassword id="present_password" label="Your password now" wrong=wrong.clone()/>
                    <NewPassword id="new_password" label="New password" wrong/>
                    <div class="row"><button class="button" type="submit">"Change it"</button></div>
                </form>
            </div>
        </details>
    }
}

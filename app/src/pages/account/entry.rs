//! The ways in: signing in, making an account, and asking for a new password.

use domain::field::FieldErrors;
use domain::form::{ForgottenForm, RegisterForm, SignInForm};
use leptos::either::Either;
use leptos::prelude::*;

use super::{Good, KnownPassword, NewPassword, Onward, Posted, Sheet};
use crate::components::form::{Line, about};
use crate::error::UiError;
use crate::pages::awaited;
use crate::ssr::forms::in_order;
use crate::ssr::{self, Fields};

/// Where somebody goes on who has signed in.
fn onward(fields: &Fields) -> String {
    Some(fields.get("next")).filter(|path| ssr::may_go_to(path)).unwrap_or_else(|| "/account".to_owned())
}

/// The key that makes a double submit of a form one request; what is put right keeps it.
#[component]
fn Key(typed: Fields) -> impl IntoView {
    let key = Some(typed.get("key")).filter(|key| !key.is_empty()).unwrap_or_else(ssr::fresh_key);
    view! { <input type="hidden" name="key" value=key/> }
}

/// The address by which an account is known.
#[component]
fn Email(wrong: FieldErrors, value: String, #[prop(optional)] hint: &'static str) -> impl IntoView {
    let wrong = about(&wrong, "email");
    view! { <Line wrong id="email" label="Email" kind="email" autocomplete="username" required=true hint value/> }
}

/// Signs in, and goes on to where the visitor came from.
#[component]
pub fn SignInPage() -> impl IntoView {
    ssr::keep_private();
    awaited(async move {
        let form = ssr::posted();
        let next = onward(form.as_ref().unwrap_or(&ssr::query()));
        let posted = match &form {
            None if ssr::account().await?.is_some() => Posted::Done(next.clone()),
            None => Posted::Show(FieldErrors::default()),
            Some(form) => Posted::of(sign_in(form).await.map(|()| next.clone()))?,
        };
        Ok(match posted {
            Posted::Done(href) => Either::Left(view! { <Onward href/> }),
            Posted::Show(wrong) => {
                let email = form.map(|form| form.get("email")).unwrap_or_default();
                Either::Right(view! { <SignIn next email wrong done=ssr::query().get("done")/> })
            }
        })
    })
}

async fn sign_in(form: &Fields) -> Result<(), UiError> {
    let form = SignInForm { email: form.get("email"), password: form.get("password"), cookies: true };
    ssr::sign_in(&form.try_into()?).await
}

#[component]
fn SignIn(next: String, email: String, wrong: FieldErrors, done: String) -> impl IntoView {
    let news = match done.as_str() {
        "reset" => "Your new password is set. Sign in with it.",
        "out" => "You are signed out.",
        "erased" => "Your account is erased, and everything in it that named you.",
        _ => "",
    };
    let register = format!("/register{}", crate::show::query(&[("next", next.as_str())]));
    view! {
        <Sheet title="Welcome back." lead="Sign in with your email address and password." wrong=wrong.clone()>
            <Good words=news/>
            <form method="post" class="fields">
                <input type="hidden" name="next" value=next/>
                <Email wrong=wrong.clone() value=email/>
                <KnownPassword id="password" label="Password" wrong/>
                <button class="button wide" type="submit">"Sign in"</button>
            </form>
            <p class="row"><a href="/forgot">"I forgot my password"</a><a href=register>"I have no account yet"</a></p>
        </Sheet>
    }
}

/// Makes an account. Booking needs none.
#[component]
pub fn RegisterPage() -> impl IntoView {
    ssr::keep_private();
    awaited(async move {
        let form = ssr::posted();
        let posted = match &form {
            None => Posted::Show(FieldErrors::default()),
            Some(form) => Posted::of(register(form).await)?,
        };
        Ok(match posted {
            Posted::Done(href) => Either::Left(Either::Left(view! { <Onward href/> })),
            Posted::Show(_) if ssr::query().get("done") == "sent" => Either::Left(Either::Right(view! { <Sent/> })),
            Posted::Show(wrong) => Either::Right(view! { <Register typed=form.unwrap_or_default() wrong/> }),
        })
    })
}

async fn register(form: &Fields) -> Result<String, UiError> {
    let typed = RegisterForm { name: form.get("name"), email: form.get("email"), password: form.get("password") };
    let registration = typed.try_into().map_err(|wrong| in_order(wrong, &["name", "email", "password"]))?;
    // Something else typed into the same page is another request.
    let key = ssr::forms::key(&form.get("key"))?;
    match ssr::backend()?.register(&registration, key.as_ref()).await {
        Err(backend::Error::KeyReused) => ssr::backend()?.register(&registration, None).await?,
        done => done?,
    }
    Ok("/register?done=sent".to_owned())
}

#[component]
fn Register(typed: Fields, wrong: FieldErrors) -> impl IntoView {
    view! {
        <Sheet
            title="A table of your own."
            lead="Make an account with your email address. You can book without one, too."
            wrong=wrong.clone()
        >
            <form method="post" class="fields">
                <Key typed=typed.clone()/>
                <Line wrong=about(&wrong, "name") id="name" label="Name" kind="text" autocomplete="name" required=true value=typed.get("name")/>
                <Email wrong=wrong.clone() value=typed.get("email") hint="We send you a link to confirm it."/>
                <NewPassword id="password" label="Password" wrong/>
                <button class="button wide" type="submit">"Make my account"</button>
            </form>
            <p class="row"><a href="/sign-in">"I have an account"</a></p>
        </Sheet>
    }
}

#[component]
fn Sent() -> impl IntoView {
    view! {
        <Sheet
            title="Check your email."
            lead="We sent you a link. Follow it within three days, and your account is ready."
        >
            <p class="prose">
                "Nothing there? Look in your spam folder, or "<a href="/register">"try again"</a>
                ": the address may have a typo. If you already have an account, the email says so."
            </p>
        </Sheet>
    }
}

/// Asks for a link to a new password.
#[component]
pub fn ForgotPage() -> impl IntoView {
    ssr::keep_private();
    awaited(async move {
        let form = ssr::posted();
        let posted = match &form {
            None => Posted::Show(FieldErrors::default()),
            Some(form) => Posted::of(forget(form).await)?,
        };
        Ok(match posted {
            Posted::Done(href) => Either::Left(Either::Left(view! { <Onward href/> })),
            Posted::Show(_) if ssr::query().get("done") == "sent" => Either::Left(Either::Right(view! { <OnItsWay/> })),
            Posted::Show(wrong) => Either::Right(view! { <Forgot typed=form.unwrap_or_default() wrong/> }),
        })
    })
}

async fn forget(form: &Fields) -> Result<String, UiError> {
    let email = ForgottenForm { email: form.get("email") }.try_into()?;
    // Another address typed into the same page is another request.
    let key = ssr::forms::key(&form.get("key"))?;
    match ssr::backend()?.request_reset(&email, key.as_ref()).await {
        Err(backend::Error::KeyReused) => ssr::backend()?.request_reset(&email, None).await?,
        done => done?,
    }
    Ok("/forgot?done=sent".to_owned())
}

#[component]
fn Forgot(typed: Fields, wrong: FieldErrors) -> impl IntoView {
    view! {
        <Sheet title="A new password." lead="Enter your email address and we’ll send you a link." wrong=wrong.clone()>
            <form method="post" class="fields">
                <Key typed=typed.clone()/>
                <Email wrong value=typed.get("email")/>
                <button class="button wide" type="submit">"Send me a link"</button>
            </form>
            <p class="row"><a href="/sign-in">"I remember it"</a></p>
        </Sheet>
    }
}

#[component]
fn OnItsWay() -> impl IntoView {
    view! {
        <Sheet
            title="Check your email."
            lead="If this address has an account, a link is on its way. It is good for an hour, and once."
        >
            <p class="row"><a class="button quiet" href="/sign-in">"Back to signing in"</a></p>
        </Sheet>
    }
}

//! The pages of an account as a browser without JavaScript sees them.

use reqwest::Method;
use tests::{Actor, Answer, Form, Room, Setup, TestApp, Visitor, read};

/// The path of the link in somebody's newest letter.
async fn link(app: &TestApp, guest: &Actor, letters: usize) -> String {
    let letter = app.letters_to(guest, letters).await.remove(letters - 1);
    letter.link().strip_prefix(&app.url).unwrap().to_owned()
}

/// The fields that are to be put right, in the order they are said in.
#[track_caller]
fn fields(page: &Answer) -> Vec<String> {
    page.to_put_right().into_iter().map(|(field, _)| field).collect()
}

/// What the field of this tag is called.
fn name(input: &str) -> &str {
    input.split(" name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

async fn house() -> TestApp {
    TestApp::with(Room::of_two_tops(1)).await.0
}

#[tokio::test]
async fn plain_forms_make_an_account_and_everything_after() {
    let app = house().await;
    let ana = app.actor();
    let mut browser = Visitor::of(&ana);
    assert!(browser.open("/").await.is(200).text().contains("href=\"/sign-in\""));
    let mine = [("name", ana.name.as_str()), ("email", &ana.email), ("password", Actor::PASSWORD)];
    let sent = browser.send("/register", "name=\"name\"", &mine).await.onward();
    assert!(!sent.contains('@'));
    assert!(browser.open(&sent).await.is(200).text().contains("Check your email."));

    let confirm = link(&app, &ana, 1).await;
    let page = browser.open(&confirm).await.is(200);
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
    let wrong = browser.send(&confirm, "name=\"password\"", &[("password", "not the lamp")]).await.is(422);
    assert!(wrong.text().contains("This is not the password of this account.") && browser.jar.is_empty());
    let done = browser.send(&confirm, "name=\"password\"", &[("password", Actor::PASSWORD)]).await.onward();
    let page = browser.open(&done).await.is(200);
    assert!(page.text().contains(&format!("You sign in with {}.", ana.email)), "{}", page.text());
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(browser.open("/").await.is(200).text().contains("href=\"/account\""));

    // A second browser, and its end.
    let mut phone = Visitor::of(&ana);
    let known = [("email", ana.email.as_str()), ("password", Actor::PASSWORD)];
    assert_eq!(phone.send("/sign-in?next=%2Fbookings", "name=\"password\"", &known).await.onward(), "/bookings");
    let page = browser.open("/account").await.is(200);
    let id = page.text().split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let ended = browser.send("/account", "name=\"session\"", &[("session", &id)]).await.onward();
    assert!(browser.open(&ended).await.is(200).text().contains("That session is over."));
    assert_eq!(phone.open("/account").await.onward(), "/sign-in?next=%2Faccount");
    assert!(phone.jar.is_empty(), "a browser forgets a session that is over");

    let change = [("present_password", Actor::PASSWORD), ("new_password", "another lamp 8")];
    let changed = browser.send("/account", "name=\"new_password\"", &change).await.onward();
    assert!(browser.open(&changed).await.is(200).text().contains("Your password is changed."));
    let out = browser.send("/account", "value=\"sign_out\"", &[("do", "sign_out")]).await.onward();
    assert!(browser.jar.is_empty() && browser.open(&out).await.is(200).text().contains("You are signed out."));
    let _ = browser.send("/sign-in", "name=\"password\"", &known).await.is(422);
}

#[tokio::test]
async fn every_page_that_is_its_owners_alone_has_the_way_out() {
    let app = house().await;
    let ana = app.member().await;
    let pages = server::pages();
    for page in pages.iter().filter(|page| !page.contains('{')) {
        // Whoever is not signed in is asked to be.
        let is_hers = Visitor::of(&ana).open(page).await.header("location").starts_with("/sign-in");
        if is_hers {
            let mut browser = Visitor::signed_in(&ana).await;
            let out = browser.send(page, "value=\"sign_out\"", &[("do", "sign_out")]).await.onward();
            assert!(browser.jar.is_empty() && out == "/sign-in?done=out", "{page}: {out}");
        }
        assert_eq!(is_hers, page.starts_with("/account"), "{page}");
    }
}

#[tokio::test]
async fn passwords_are_hidden_and_programs_that_keep_them_can_fill_them_in() {
    let app = house().await;
    let mut browser = Visitor::signed_in(&app.member().await).await;
    let (known, new) = ("current-password", "new-password");
    for (page, fields) in [
        ("/sign-in", &[("password", known)] as &[_]),
        ("/register", &[("password", new)]),
        ("/account/confirm/x", &[("password", known)]),
        ("/account/reset/x", &[("password", new)]),
        ("/account", &[("current_password", known), ("present_password", known), ("new_password", new)]),
        ("/account/erase", &[("password", known)]),
    ] {
        let who = if page == "/sign-in" { &mut Visitor::of(&app.actor()) } else { &mut browser };
        let html = who.open(page).await.is(200).text();
        let inputs = html.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
        let passwords: Vec<&str> = inputs.filter(|input| name(input).contains("password")).collect();
        assert_eq!(passwords.len(), fields.len(), "{page}: {passwords:?}");
        for (input, (id, autocomplete)) in passwords.into_iter().zip(fields) {
            let says = |what: &str, value: &str| input.contains(&format!(" {what}=\"{value}\""));
            assert!(name(input) == *id && says("type", "password") && says("autocomplete", autocomplete), "{input}");
            assert!(!input.contains("onpaste") && !input.contains("maxlength"), "{page}: {input}");
        }
    }
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_on_plain_pages() {
    let app = house().await;
    let ana = app.member().await;
    let mut browser = Visitor::of(&ana);
    let sent = browser.send("/forgot", "name=\"email\"", &[("email", &ana.email)]).await.onward();
    assert!(browser.open(&sent).await.is(200).text().contains("If this address has an account"));
    let reset = link(&app, &ana, 2).await;
    let weak = browser.send(&reset, "name=\"password\"", &[("password", "password")]).await.is(422);
    assert!(read(&weak.text()).contains("one of the passwords that are tried first"), "{}", weak.text());
    let done = browser.send(&reset, "name=\"password\"", &[("password", "another lamp 8")]).await.onward();
    assert!(browser.open(&done).await.is(200).text().contains("Your new password is set."));
    let page = browser.open(&reset).await.is(200);
    let again = Form::with(&page, "name=\"password\"").fill("password", "a third lamp 9").send(&ana, &reset).await;
    assert!(again.is(404).text().contains("This link does not work."));
    let known = [("email", ana.email.as_str()), ("password", "another lamp 8")];
    assert_eq!(browser.send("/sign-in", "name=\"password\"", &known).await.onward(), "/account");
    // Who is in already is not asked again.
    assert_eq!(browser.open("/sign-in?next=%2Fbookings").await.onward(), "/bookings");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_has_one_letter_sent() {
    let app = house().await;
    let (ana, other) = (app.member().await, app.member().await);
    let mut browser = Visitor::of(&ana);
    let letters = async || app.truth().number("select count(*) from outbox").await;

    let before = letters().await;
    let page = browser.open("/forgot").await.is(200);
    for _ in 0..2 {
        let sent = browser.fill(&page, "/forgot", "name=\"email\"", &[("email", &ana.email)]).await;
        assert_eq!(sent.onward(), "/forgot?done=sent");
    }
    assert_eq!(letters().await, before + 1);
    // Another address on the same page is another wish, and a complaint keeps the page's key.
    let _ = browser.fill(&page, "/forgot", "name=\"email\"", &[("email", &other.email)]).await.is(303);
    assert_eq!(letters().await, before + 2);
    let wrong = browser.fill(&page, "/forgot", "name=\"email\"", &[("email", "ana")]).await.is(422);
    assert_eq!(Form::with(&wrong, "name=\"email\"").says("key"), Form::with(&page, "name=\"email\"").says("key"));

    let (new, newer) = (app.actor(), app.actor());
    let before = letters().await;
    let page = browser.open("/register").await.is(200);
    let mut register = async |guest: &Actor| {
        let mine = [("name", guest.name.as_str()), ("email", &guest.email), ("password", Actor::PASSWORD)];
        browser.fill(&page, "/register", "name=\"name\"", &mine).await
    };
    for _ in 0..2 {
        assert_eq!(register(&new).await.onward(), "/register?done=sent");
    }
    assert_eq!(letters().await, before + 1);
    assert_eq!(register(&newer).await.onward(), "/register?done=sent");
    assert_eq!(letters().await, before + 2);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_passwords_are_never_repeated() {
    let app = house().await;
    let ana = app.member().await;
    let mut browser = Visitor::of(&ana);
    let wrong = [("name", ""), ("email", "<ana>"), ("password", "s3cret")];
    let page = browser.send("/register", "name=\"name\"", &wrong).await.is(422);
    let text = page.text();
    assert_eq!(fields(&page), ["name", "email", "password"]);
    assert!(text.contains("value=\"&lt;ana&gt;\"") && !text.contains("s3cret"), "{text}");
    let known = [("email", ana.email.as_str()), ("password", "not the lamp")];
    let page = browser.send("/sign-in", "name=\"password\"", &known).await.is(422);
    assert!(page.text().contains("do not match") && !page.text().contains("not the lamp"));
    let nobody = [("email", "nobody@example.com"), ("password", "not the lamp")];
    let other = browser.send("/sign-in", "name=\"password\"", &nobody).await.is(422);
    let stripped = |page: &Answer, email: &str| {
        let text = page.text().replace(email, "");
        text.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned()
    };
    assert_eq!(stripped(&page, &ana.email), stripped(&other, "nobody@example.com"));
}

#[tokio::test]
async fn complaints_come_in_the_order_of_their_form() {
    let app = house().await;
    let ana = app.member().await;
    let mut browser = Visitor::signed_in(&ana).await;
    let long = "x".repeat(501);
    let profile =
        [("name", ""), ("phone", "12"), ("needs", "a throne"), ("notes", &long), ("notifications", "everything")];
    let page = browser.send("/account", "value=\"profile\"", &profile).await.is(422);
    assert_eq!(fields(&page), ["name", "phone", "needs", "notes", "notifications"]);
    let address = [("email", "ana@"), ("current_password", "")];
    let page = browser.send("/account", "name=\"current_password\"", &address).await.is(422);
    assert_eq!(fields(&page), ["email", "current_password"]);
}

#[tokio::test]
async fn a_browser_goes_on_with_its_session_when_the_access_token_has_run_out() {
    let (app, _) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.member().await;
    let mut browser = Visitor::of(&ana);
    let known = [("email", ana.email.as_str()), ("password", Actor::PASSWORD)];
    let _ = browser.send("/sign-in", "name=\"password\"", &known).await.onward();
    let before = browser.jar.header();
    app.clock.advance(chrono::TimeDelta::minutes(11));
    // Two tabs at once; one of them has lost its old token.
    let mut other = Visitor { actor: ana.clone(), jar: browser.jar.clone().later() };
    let (one, two) = tokio::join!(browser.open("/account"), other.open("/account"));
    let _ = (one.is(200), two.is(200));
    assert_ne!(browser.jar.header(), before);
    assert_eq!(browser.jar.header().split("refresh=").nth(1), other.jar.header().split("refresh=").nth(1));
    app.clock.advance(chrono::TimeDelta::minutes(11));
    // A form that was open all the while.
    let change = [("present_password", Actor::PASSWORD), ("new_password", "another lamp 8")];
    let page = browser.open("/account").await.is(200);
    app.clock.advance(chrono::TimeDelta::minutes(11));
    let form = change.iter().fold(Form::with(&page, "new_password"), |form, (name, value)| form.fill(name, value));
    let changed = form.send_with(&ana, "/account", &[("cookie", &browser.jar.header())]).await;
    assert_eq!(changed.onward(), "/account?done=password");
    // Programs renew by themselves.
    app.clock.advance(chrono::TimeDelta::minutes(11));
    let ask = ana.ask(Method::GET, "/api/v1/me").header("cookie", &browser.jar.header());
    let _ = ask.send().await.problem(401, "signed-out");
}

#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let app = house().await;
    let (ana, rui) = (app.member().await, app.member().await);
    let (mut browser, elsewhere, his) =
        (Visitor::signed_in(&ana).await, ana.sign_in().await.is(201), rui.sign_in().await.is(201));
    let theirs = rui.sessions(&his).await.is(200).word("/items/0/id");
    let before = app.truth().counts().await;
    for session in [&theirs, "0197f3c2-7b1e-7c00-8000-000000000001", "x"] {
        let _ = browser.send("/account", "value=\"end\"", &[("session", session)]).await.is(404);
    }
    assert_eq!(app.truth().counts().await, before);
    let _ = (rui.sessions(&his).await.is(200), ana.sessions(&elsewhere).await.is(200));
}

#[tokio::test]
async fn a_session_goes_on_only_with_a_request_that_is_let_in() {
    let app = house().await;
    let ana = app.member().await;
    // The same house with a stricter door, through which one request has gone.
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/../style/assets");
    let strict = Setup::new().on(&app.database).set("REDIS_URL", "").set("TRESTLE_LIMITS__API", "1 per minute");
    let strict = strict.set("LEPTOS_SITE_ROOT", site).start().await;
    let _ = strict.actor().get("/api/v1/venues/room").await.is(200);
    let renewed = async || app.truth().number("select count(*) from refresh_tokens where used_at is not null").await;
    let mut browser = Visitor::signed_in(&ana).await;
    browser.jar = browser.jar.later();
    let before = browser.jar.header();
    let mut kept_out = Visitor { actor: ana.going_to(&strict.url), jar: browser.jar.clone() };
    for path in ["/account", "/", "/venues/room", "/nowhere.js"] {
        let _ = kept_out.open(path).await.is(429);
    }
    // Nobody is kept from these, and nobody is asked who they are.
    for path in ["/livez", "/readyz", "/health", "/robots.txt", "/problems", "/api/docs", "/favicon.svg"] {
        assert_ne!(kept_out.open(path).await.status, 429, "{path}");
    }
    assert_eq!((renewed().await, kept_out.jar.header()), (0, before));
    let _ = browser.open("/account").await.is(200);
    assert_eq!(renewed().await, 1);
}

#[tokio::test]
async fn nobody_is_led_away_and_nobody_is_let_in() {
    let app = house().await;
    let ana = app.member().await;
    let mut browser = Visitor::of(&ana);
    let known = [("email", ana.email.as_str()), ("password", Actor::PASSWORD)];
    for away in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let path = format!("/sign-in?next={}", away.replace('/', "%2F").replace('\\', "%5C"));
        assert_eq!(Visitor::of(&ana).send(&path, "name=\"password\"", &known).await.onward(), "/account", "{away}");
    }
    assert_eq!(browser.open("/account").await.onward(), "/sign-in?next=%2Faccount");
    for cookie in ["trestle-access=x; trestle-refresh=y", "trestle-access=; trestle-refresh=", "trestle-refresh=a.b.c"]
    {
        let ask = ana.ask(Method::GET, "/account").header("accept", "text/html").header("cookie", cookie);
        assert_eq!(ask.send().await.onward(), "/sign-in?next=%2Faccount", "{cookie}");
    }
    // A form of another site.
    let form = [("email", ana.email.as_str()), ("password", Actor::PASSWORD)];
    let forged = ana.ask(Method::POST, "/sign-in").header("sec-fetch-site", "cross-site").form(&form);
    let _ = forged.send().await.is(403);
    for path in ["/account/confirm/x.y.z", "/account/reset/x.y.z"] {
        let fields = [("password", "another lamp 8")];
        let ask = ana.ask(Method::POST, path).header("accept", "text/html").form(&fields);
        assert!(ask.send().await.is(404).text().contains("This link does not work."), "{path}");
    }
}

#[tokio::test]
async fn pages_count_what_is_tried_as_programs_are_counted() {
    let secret = format!("{:064x}", rand::random::<u128>());
    let setup = Setup::new().set("TRESTLE_SECRET", &secret).set("TRESTLE_LIMITS__SIGN_IN", "2 per 15 minutes");
    let (app, _) = setup.set("REDIS_URL", "").open(Room::of_two_tops(1)).await;
    let nobody = app.actor();
    let form = [("email", nobody.email.as_str()), ("password", "not the lamp")];
    let page = || nobody.ask(Method::POST, "/sign-in").header("accept", "text/html").form(&form).send();
    let _ = page().await.is(422);
    let _ = nobody.sign_in().await.is(401);
    let refused = page().await.is(429);
    assert!(
        refused.text().contains("One at a time, please.") && !refused.header("retry-after").is_empty(),
        "{refused:?}"
    );
    let _ = nobody.sign_in().await.is(429);
}

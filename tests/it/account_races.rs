//! Requests about one account that come at one moment.

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Answer, Ask, Room, TestApp, Truth};

/// Somebody with an account.
struct Member {
    actor: Actor,
    session: Answer,
}

impl Member {
    async fn of(app: &TestApp) -> Self {
        let actor = app.member().await;
        let session = actor.sign_in().await.is(201);
        Self { actor, session }
    }

    fn change_password(&self) -> Ask {
        let wanted = json!({"current_password": Actor::PASSWORD, "new_password": "another lamp 8"});
        self.actor.as_signed_in(Method::PUT, "/api/v1/me/password", &self.session).json(&wanted)
    }

    fn move_to(&self, email: &str) -> Ask {
        let wanted = json!({"current_password": Actor::PASSWORD, "email": email});
        self.actor.as_signed_in(Method::PUT, "/api/v1/me/email", &self.session).json(&wanted)
    }

    fn erase(&self) -> Ask {
        self.actor.as_signed_in(Method::DELETE, "/api/v1/me", &self.session).json(&json!({"password": Actor::PASSWORD}))
    }

    /// A statement that makes whoever is about this account wait.
    fn lock(&self) -> String {
        format!("select from accounts where email = '{}' for update", self.actor.email)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_account_and_its_links_never_wait_crosswise() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;

    let ana = Member::of(&app).await;
    let _ = ana.actor.post("/api/v1/password-resets", &json!({"email": ana.actor.email})).await.is(202);
    let token = app.letters_to(&ana.actor, 2).await[1].token();
    let path = format!("/api/v1/password-resets/{token}");
    let reset = ana.actor.ask(Method::POST, &path).json(&json!({"password": "a third lamp 9"}));
    let [changed, reset] = app.database.line_up(&ana.lock(), [ana.change_password(), reset]).await;
    let _ = changed.is(204);
    // The new password took the link.
    let _ = reset.problem(404, "not-found");

    let rui = Member::of(&app).await;
    let there = app.actor();
    let _ = rui.move_to(&there.email).send().await.is(202);
    let token = app.letters_to(&there, 1).await[0].token();
    let confirm = rui.actor.ask(Method::POST, "/api/v1/accounts/confirm");
    let confirm = confirm.json(&json!({"token": token, "password": Actor::PASSWORD}));
    let [erased, confirmed] = app.database.line_up(&rui.lock(), [rui.erase(), confirm]).await;
    let _ = erased.is(204);
    let _ = confirmed.problem(404, "not-found");

    let eva = Member::of(&app).await;
    let _ = eva.move_to(&app.actor().email).send().await.is(202);
    let elsewhere = app.actor().email;
    let [erased, moved] = app.database.line_up(&eva.lock(), [eva.erase(), eva.move_to(&elsewhere)]).await;
    let _ = erased.is(204);
    let _ = moved.complains_about(&["/current_password"]);
    assert_eq!(app.truth().number("select count(*) from mailed_tokens where account_id in (select id from accounts where erased_at is not null)").await, 0);

    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn signing_in_from_everywhere_at_once_leaves_no_session_too_many() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = Member::of(&app).await;
    app.database
        .run(
            "insert into sessions (id, account_id, device, created_at, last_used_at)
             select gen_random_uuid(), id, 'A program', now() - interval '1 day', now() - interval '1 day' from accounts, generate_series(1, 49)",
        )
        .await;
    let credentials = json!({"email": ana.actor.email, "password": Actor::PASSWORD});
    let sign_in = || ana.actor.ask(Method::POST, "/api/v1/sessions").json(&credentials);
    for answer in app.database.line_up(&ana.lock(), std::array::from_fn::<_, 4, _>(|_| sign_in())).await {
        let _ = answer.is(201);
    }
    assert_eq!(app.truth().number("select count(*) from sessions where ended_at is null").await, 50);
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

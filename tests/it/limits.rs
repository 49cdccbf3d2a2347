//! How much a client may ask for: in Redis and without it, over one server and over two, as a program and as a person.

use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::{Actor, Answer, Ask, Proxy, Room, Setup, TestApp, Venue, Visitor, eventually, redis_url};

/// A client nobody has seen before, as a trusted proxy names it.
pub struct Client {
    guest: Actor,
    address: String,
}

impl Client {
    pub fn of(app: &TestApp) -> Self {
        let [a, b] = [(); 2].map(|()| rand::random::<u16>());
        Self { guest: app.actor(), address: format!("2001:db8:{a:x}:{b:x}::1") }
    }

    /// The same at another server.
    fn going_to(&self, app: &TestApp) -> Self {
        Self { guest: self.guest.going_to(&app.url), address: self.address.clone() }
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask {
        self.guest.ask(method, path).header("x-forwarded-for", &self.address)
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    /// One plain request.
    pub async fn look(&self, venue: &Venue) -> Answer {
        self.get(&format!("/api/v1/venues/{}", venue.slug)).await
    }

    /// Asks until refused, and says how often it went through.
    async fn run_out(&self, venue: &Venue) -> (usize, Answer) {
        for admitted in 0.. {
            let answer = self.look(venue).await;
            if answer.status != 200 {
                return (admitted, answer.problem(429, "too-many-requests"));
            }
        }
        unreachable!()
    }
}

/// A server behind a trusted proxy, which has time to wait for Redis on a busy machine.
pub fn limited(api: &str) -> Setup {
    Setup::new()
        .set("TRESTLE_TRUSTED_PROXIES", "127.0.0.0/8")
        .set("TRESTLE_LIMITS__PATIENCE_MILLISECONDS", "10000")
        .set("TRESTLE_LIMITS__API", api)
}

#[track_caller]
pub fn remaining(answer: &Answer) -> u64 {
    answer.header("ratelimit-remaining").parse().unwrap_or_else(|_| panic!("{answer:?}"))
}

/// Where Redis is by this wire.
pub fn redis_by(wire: &Proxy) -> String {
    let url = redis_url();
    let secret = url.rsplit_once('@').map_or("redis://".to_owned(), |(secret, _)| format!("{secret}@"));
    format!("{secret}{}", wire.addr())
}

/// Waits until both servers count together.
async fn share(one: &TestApp, two: &TestApp, venue: &Venue) {
    eventually("both count in Redis", async || {
        let client = Client::of(one);
        let before = remaining(&client.look(venue).await.is(200));
        (remaining(&client.going_to(two).look(venue).await.is(200)) < before).then_some(())
    })
    .await;
}

/// Two servers that count in Redis.
pub async fn twins(setup: Setup) -> (TestApp, TestApp, Venue) {
    let (one, venue) = setup.clone().open(Room::of_two_tops(1)).await;
    let two = setup.on(&one.database).start().await;
    share(&one, &two, &venue).await;
    (one, two, venue)
}

/// How many of a thousand requests at once go through, one half here, the other there.
async fn admitted_of_a_thousand(one: &TestApp, two: &TestApp, venue: &Venue) -> usize {
    let here = Client::of(one);
    let there = here.going_to(two);
    let answers =
        join_all((0..1000).map(|n| if n % 2 == 0 { &here } else { &there }).map(|client| client.look(venue))).await;
    let admitted = answers.iter().filter(|answer| answer.status == 200).count();
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        let _ = answer.problem(429, "too-many-requests");
    }
    admitted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_at_once_exactly_the_limit_goes_through() {
    let (one, two, venue) = twins(limited("100 per minute")).await;
    assert_eq!(admitted_of_a_thousand(&one, &one, &venue).await, 100);
    // Over two servers as over one.
    assert_eq!(admitted_of_a_thousand(&one, &two, &venue).await, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_at_once_exactly_the_limit_goes_through_without_redis() {
    let (app, venue) = limited("100 per minute").set("REDIS_URL", "").open(Room::of_two_tops(1)).await;
    assert_eq!(admitted_of_a_thousand(&app, &app, &venue).await, 100);
}

#[tokio::test]
async fn answers_say_how_much_is_left_and_refusals_when_to_come_back() {
    let (app, _two, venue) = twins(limited("3 per minute")).await;
    let client = Client::of(&app);
    let day = format!("/api/v1/venues/{}/availability?date={}&party=2", venue.slug, app.day(&venue, 7));
    let first = client.get(&day).await.is(200);
    assert_eq!(first.header("ratelimit-limit"), "3");
    assert_eq!(remaining(&first), 2);
    assert!((1..=62).contains(&first.header("ratelimit-reset").parse::<u32>().unwrap()), "{first:?}");
    let known = client.ask(Method::GET, &day).header("if-none-match", first.header("etag")).send().await.is(304);
    assert_eq!(remaining(&known), 1);
    assert_eq!(remaining(&client.look(&venue).await.is(200)), 0);
    let refused = client.look(&venue).await.problem(429, "too-many-requests");
    assert!((1..=62).contains(&refused.number("/retry_after")), "{refused:?}");
    assert_eq!(refused.header("ratelimit-reset"), refused.header("retry-after"));
    assert_eq!((refused.header("ratelimit-limit"), remaining(&refused)), ("3", 0));
    // Nobody is kept from these.
    for path in [
        "/livez",
        "/readyz",
        "/api/v1/health/liveness",
        "/api/v1/openapi.json",
        "/api/docs",
        "/problems",
        "/robots.txt",
    ] {
        assert_eq!(client.get(path).await.is(200).header("ratelimit-limit"), "", "{path}");
    }
    let _ = Client::of(&app).look(&venue).await.is(200);
}

#[tokio::test]
async fn what_is_off_is_not_counted() {
    let (app, venue) = limited("off").set("TRESTLE_LIMITS__SEARCH", "1 per minute").open(Room::of_two_tops(1)).await;
    let client = Client::of(&app);
    assert_eq!(client.look(&venue).await.is(200).header("ratelimit-limit"), "");
    assert_eq!(client.get("/api/v1/venues").await.is(200).header("ratelimit-limit"), "1");
}

#[tokio::test]
async fn every_window_must_have_room() {
    let (app, _two, venue) = twins(limited("3 per 2 seconds, 5 per minute")).await;
    let client = Client::of(&app);
    let (admitted, refused) = client.run_out(&venue).await;
    assert_eq!(admitted, 3);
    assert!(refused.number("/retry_after") <= 3, "{refused:?}");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (admitted, refused) = client.run_out(&venue).await;
    assert_eq!(admitted, 2);
    assert!(refused.number("/retry_after") > 20, "{refused:?}");
}

#[tokio::test]
async fn a_burst_goes_beyond_the_window() {
    let (app, _two, venue) = twins(limited("2 per minute, burst 3")).await;
    assert_eq!(Client::of(&app).run_out(&venue).await.0, 5);
}

#[tokio::test]
async fn what_writes_weighs_more_than_what_reads() {
    let (app, _two, venue) = twins(limited("5 per minute")).await;
    let client = Client::of(&app);
    let hold = || client.ask(Method::POST, &format!("/api/v1/venues/{}/holds", venue.slug)).json(&json!({}));
    assert_eq!(remaining(&hold().send().await.is(422)), 3);
    assert_eq!(remaining(&client.look(&venue).await.is(200)), 2);
    assert_eq!(remaining(&hold().send().await.is(422)), 0);
    let _ = client.look(&venue).await.is(429);
    // What changes little writes, too.
    let client = Client::of(&app);
    let favorite = client.ask(Method::PUT, &format!("/api/v1/me/favorites/{}", venue.slug));
    assert_eq!(remaining(&favorite.send().await.is(401)), 3);
    let island = client.ask(Method::POST, "/ui/load_places").json(&json!({}));
    assert_eq!(remaining(&island.send().await.is(200)), 2);
}

#[tokio::test]
async fn where_there_is_no_file_is_counted_and_files_are_not() {
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/../style/assets");
    let (app, _two, _) = twins(limited("3 per minute").set("LEPTOS_SITE_ROOT", site)).await;
    let client = Client::of(&app);
    for left in [2, 1] {
        assert_eq!(remaining(&client.get("/nowhere.js").await.is(404)), left);
    }
    let written = client.ask(Method::POST, "/nowhere").send().await;
    assert!(written.problem(429, "too-many-requests").word("/detail").contains("a lot at once"));
    let page = client.ask(Method::GET, "/nowhere").header("accept", "text/html").send().await.is(429);
    assert!(page.text().contains("One at a time, please."), "{page:?}");
    for _ in 0..5 {
        assert_eq!(client.get("/favicon.svg").await.is(200).header("ratelimit-limit"), "");
    }
}

/// Asks for something: the answer, and how often Redis was asked for it.
async fn scripts(wire: &Proxy, ask: Ask) -> (Answer, usize) {
    let before = wire.scripts();
    let answer = ask.send().await;
    (answer, wire.scripts() - before)
}

#[tokio::test]
async fn whatever_a_request_takes_redis_is_asked_once() {
    let wire = Proxy::to(&redis_url().parse().unwrap()).await;
    let (app, venue) = limited("100000 per minute").set("REDIS_URL", &redis_by(&wire)).open(Room::of_two_tops(1)).await;
    let owner = app.staff(&venue, "owner").await;
    let session = owner.sign_in().await.is(201);
    eventually("it counts in Redis", async || {
        let (_, asked) = scripts(&wire, owner.ask(Method::GET, "/api/v1/venues")).await;
        (asked > 0).then_some(())
    })
    .await;

    let moved = app.actor().email;
    let program = |method, path: &str, body| owner.as_signed_in(method, path, &session).json(&body);
    let known = json!({"email": owner.email, "password": Actor::PASSWORD});
    let staff = format!("/api/v1/host/{}/staff", venue.slug);
    for (ask, status) in [
        (program(Method::POST, "/api/v1/sessions", known), 201),
        (program(Method::POST, "/api/v1/accounts", app.actor().registration()), 202),
        (program(Method::POST, "/api/v1/password-resets", json!({"email": owner.email})), 202),
        (program(Method::PUT, "/api/v1/me/email", json!({"email": moved, "current_password": Actor::PASSWORD})), 202),
        (program(Method::POST, &staff, json!({"email": app.actor().email, "role": "host"})), 200),
        (program(Method::PATCH, "/api/v1/me", json!({"name": "Ana"})), 200),
        (owner.ask(Method::GET, "/nowhere"), 404),
    ] {
        let (answer, asked) = scripts(&wire, ask).await;
        assert_eq!(asked, 1, "{:?}", answer.is(status));
    }

    // Browsers whose access token has run out.
    let address = [("do", "email"), ("email", &moved), ("current_password", Actor::PASSWORD)];
    let password = [("do", "password"), ("present_password", "not the lamp"), ("new_password", "another lamp 8")];
    let known = [("email", owner.email.as_str()), ("password", Actor::PASSWORD)];
    let registration = [("name", "Ana"), ("email", &moved), ("password", Actor::PASSWORD)];
    let page = |ask: Ask| ask.header("accept", "text/html");
    let form = |path: &str, fields: &[(&str, &str)]| page(owner.ask(Method::POST, path).form(fields));
    let island = |path: &str, ask| owner.ask(Method::POST, path).json(&json!({"ask": ask}));
    for (ask, status) in [
        (page(owner.ask(Method::GET, "/")), 200),
        (page(owner.ask(Method::GET, "/account")), 200),
        (owner.ask(Method::GET, "/account/export.json"), 200),
        (island("/ui/load_search", json!({})), 200),
        (island("/ui/keep_favorite", json!({"slug": venue.slug, "on": true})), 200),
        (form("/account", &[("do", "profile"), ("name", "Ana")]), 303),
        (form("/account", &address), 303),
        (form("/account", &password), 422),
        (form("/sign-in", &known), 303),
        (form("/register", &registration), 303),
        (form("/forgot", &[("email", &moved)]), 303),
    ] {
        let late = Visitor::signed_in(&owner).await.jar.later();
        let (answer, asked) = scripts(&wire, ask.header("cookie", &late.header())).await;
        assert!(answer.headers.contains_key("set-cookie"), "{answer:?}");
        assert_eq!(asked, 1, "{:?}", answer.is(status));
    }
    let (_, asked) = scripts(&wire, owner.ask(Method::GET, "/livez")).await;
    assert_eq!(asked, 0);
}

/// Asks on and on: for how long it is refused.
async fn refused_for(client: &Client, venue: &Venue) -> Duration {
    let _ = client.run_out(venue).await;
    let began = Instant::now();
    while client.look(venue).await.status == 429 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

#[tokio::test]
async fn who_goes_on_asking_waits_longer_each_time_up_to_the_longest_and_is_forgiven() {
    let setup = limited("1 per second")
        .set("TRESTLE_LIMITS__PENALTY_SECONDS", "2")
        .set("TRESTLE_LIMITS__LONGEST_PENALTY_SECONDS", "3");
    let (app, venue) = setup.set("REDIS_URL", "").open(Room::of_two_tops(1)).await;
    let client = Client::of(&app);
    let about = |seconds: u64| Duration::from_secs(seconds)..Duration::from_millis(seconds * 1000 + 900);
    let mut waits = Vec::new();
    for _ in 0..4 {
        waits.push(refused_for(&client, &venue).await);
    }
    assert!(waits[0] < Duration::from_millis(1900), "{waits:?}");
    let near = |wait: Duration| wait + Duration::from_millis(30);
    assert!(about(2).contains(&near(waits[1])) && about(3).contains(&near(waits[2])), "{waits:?}");
    assert!(about(3).contains(&near(waits[3])), "{waits:?}");
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(refused_for(&client, &venue).await < Duration::from_millis(1900), "{waits:?}");
}

#[tokio::test]
async fn when_redis_goes_this_server_counts_on_by_itself() {
    let proxy = Proxy::to(&redis_url().parse().unwrap()).await;
    let setup = limited("10 per minute").set("TRESTLE_LIMITS__PATIENCE_MILLISECONDS", "500");
    let (one, venue) = setup.clone().set("REDIS_URL", &redis_by(&proxy)).open(Room::of_two_tops(1)).await;
    let two = setup.on(&one.database).start().await;
    share(&one, &two, &venue).await;

    // Killed in the middle: what was let through before still counts.
    let client = Client::of(&one);
    for _ in 0..6 {
        let _ = client.look(&venue).await.is(200);
    }
    proxy.cut();
    assert_eq!(client.run_out(&venue).await.0, 4);
    assert_eq!(Client::of(&one).run_out(&venue).await.0, 10);

    proxy.mend();
    share(&one, &two, &venue).await;
    // Dead silent: the first waits a little, the others do not.
    let client = Client::of(&one);
    for _ in 0..6 {
        let _ = client.look(&venue).await.is(200);
    }
    proxy.silence();
    let began = Instant::now();
    assert_eq!(client.run_out(&venue).await.0, 4);
    assert_eq!(Client::of(&one).run_out(&venue).await.0, 10);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());

    proxy.mend();
    share(&one, &two, &venue).await;
}

#[tokio::test]
async fn who_is_not_trusted_speaks_for_nobody() {
    // Counted apart from every other test of this machine by a secret of its own.
    let secret = format!("{:064x}", rand::random::<u128>());
    let setup = limited("3 per minute").set("TRESTLE_TRUSTED_PROXIES", "192.0.2.0/24").set("TRESTLE_SECRET", &secret);
    let (app, venue) = setup.set("REDIS_URL", "").open(Room::of_two_tops(1)).await;
    for _ in 0..3 {
        let _ = Client::of(&app).look(&venue).await.is(200);
    }
    let _ = Client::of(&app).look(&venue).await.is(429);
    let path = format!("/api/v1/venues/{}", venue.slug);
    let _ = app.actor().ask(Method::GET, &path).header("forwarded", "for=198.51.100.7").send().await.is(429);
}

#[tokio::test]
async fn a_trusted_proxy_says_who_asks() {
    let (app, _two, venue) = twins(limited("3 per minute")).await;
    let client = Client::of(&app);
    assert_eq!(client.run_out(&venue).await.0, 3);
    let path = format!("/api/v1/venues/{}", venue.slug);
    let network = client.address.trim_end_matches("::1").to_owned();
    let says = |words: &str| app.actor().ask(Method::GET, &path).header("x-forwarded-for", words).send();
    // Another address of the same customer, and another way to say the same.
    let _ = says(&format!("{network}:1:2:3:4")).await.is(429);
    let _ = says(&format!("198.51.100.1, {}, 127.0.0.9", client.address)).await.is(429);
    let standard = format!("for=\"[{}]:4711\";proto=https", client.address);
    let _ = app.actor().ask(Method::GET, &path).header("forwarded", &standard).send().await.is(429);
    // Somebody else.
    assert_eq!(remaining(&says(&Client::of(&app).address).await.is(200)), 2);
}

#[tokio::test]
async fn programs_islands_and_pages_share_a_window_and_each_is_told_in_its_own_way() {
    let (app, _two, venue) = twins(
        limited("1000 per minute")
            .set("TRESTLE_LIMITS__SEARCH", "3 per minute")
            .set("TRESTLE_LIMITS__BOOKING", "2 per minute"),
    )
    .await;
    let client = Client::of(&app);
    let island = || client.ask(Method::POST, "/ui/load_search").json(&json!({"ask": {}}));
    let page = |path: &str| client.ask(Method::GET, path).header("accept", "text/html");
    let _ = client.get("/api/v1/venues").await.is(200);
    assert_eq!(remaining(&page("/search").send().await.is(200)), 1);
    assert_eq!(remaining(&island().send().await), 0);
    let refused = client.get("/api/v1/venues").await.problem(429, "too-many-requests");
    assert!(refused.word("/detail").contains("searching"), "{refused:?}");
    let refused = island().send().await.is(429);
    assert!(refused.at("/Throttled/retry_after").as_u64().is_some_and(|seconds| seconds > 0), "{refused:?}");
    let refused = page("/search").send().await.is(429);
    assert!(refused.header("content-type").starts_with("text/html"), "{refused:?}");
    assert!(refused.text().contains("One at a time, please."), "{refused:?}");
    assert!(!refused.header("retry-after").is_empty() && remaining(&refused) == 0, "{refused:?}");
    // Whoever may not search for a while may still look and book.
    let _ = client.look(&venue).await.is(200);

    let form = || {
        client
            .ask(Method::POST, &format!("/venues/{}", venue.slug))
            .header("accept", "text/html")
            .form(&[("party", "2")])
    };
    let _ = client.ask(Method::POST, "/ui/hold_table").json(&json!({"ask": {}})).send().await.is(404);
    assert_ne!(form().send().await.status, 429);
    let refused = form().send().await.is(429);
    assert!(refused.text().contains("One at a time, please."), "{refused:?}");
    let refused = client
        .ask(Method::POST, "/api/v1/reservations")
        .json(&json!({}))
        .send()
        .await
        .problem(429, "too-many-requests");
    assert!(refused.word("/detail").contains("nothing was booked"), "{refused:?}");
    // A body that nobody read does not spoil the connection.
    let large = json!({"notes": "x".repeat(60_000)});
    for _ in 0..3 {
        let _ = client.ask(Method::POST, "/api/v1/reservations").json(&large).send().await.is(429);
    }
}

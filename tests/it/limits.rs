//! How much a client may ask for: in Redis and without it, over one server and over two, as a program and as a person.

use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::{Actor, Answer, Ask, Proxy, Room, Setup, TestApp, Venue, eventually, redis_url};

/// A client nobody has seen before, as a trusted proxy names it.
struct Client {
    guest: Actor,
    address: String,
}

impl Client {
    fn of(app: &TestApp) -> Self {
        let [a, b] = [(); 2].map(|()| rand::random::<u16>());
        Self { guest: app.actor(), address: format!("2001:db8:{a:x}:{b:x}::1") }
    }

    /// The same at another server.
    fn going_to(&self, app: &TestApp) -> Self {
        Self { guest: self.guest.going_to(&app.url), address: self.address.clone() }
    }

    fn ask(&self, method: Method, path: &str) -> Ask {
        self.guest.ask(method, path).header("x-forwarded-for", &self.address)
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    /// One plain request.
    async fn look(&self, venue: &Venue) -> Answer {
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
fn limited(api: &str) -> Setup {
    Setup::new()
        .set("TRESTLE_TRUSTED_PROXIES", "127.0.0.0/8")
        .set("TRESTLE_LIMITS__PATIENCE_MILLISECONDS", "10000")
        .set("TRESTLE_LIMITS__API", api)
}

#[track_caller]
fn remaining(answer: &Answer) -> u64 {
    answer.header("ratelimit-remaining").parse().unwrap_or_else(|_| panic!("{answer:?}"))
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
async fn twins(setup: Setup) -> (TestApp, TestApp, Venue) {
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
    let url = redis_url();
    let proxy = Proxy::to(&url.parse().unwrap()).await;
    let secret = url.rsplit_once('@').map_or("redis://".to_owned(), |(secret, _)| format!("{secret}@"));
    let setup = limited("10 per minute").set("TRESTLE_LIMITS__PATIENCE_MILLISECONDS", "500");
    let (one, venue) =
        setup.clone().set("REDIS_URL", &format!("{secret}{}", proxy.addr())).open(Room::of_two_tops(1)).await;
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

/// Servers that nobody else's counts reach, however often and whenever this runs.
fn alone(api: &str) -> Setup {
    limited(api).set("TRESTLE_SECRET", &format!("{:064x}", rand::random::<u128>()))
}

#[tokio::test]
async fn passwords_are_counted_by_client_and_by_the_address_they_aim_at() {
    let setup = alone("1000 per minute").set("TRESTLE_LIMITS__SIGN_IN", "5 per 15 minutes");
    let (app, _two, _) = twins(setup.set("TRESTLE_LIMITS__TARGET", "12 per 15 minutes")).await;
    // Registering aims at an address too.
    let (member, other) = (app.member().await, app.member().await);
    let say = |client: &Client, email: &str, password: &str| {
        client.ask(Method::POST, "/api/v1/sessions").json(&json!({"email": email, "password": password})).send()
    };
    let client = Client::of(&app);
    for _ in 0..5 {
        let _ = say(&client, &member.email, "not the lamp").await.problem(401, "sign-in-failed");
    }
    let refused = say(&client, &member.email, Actor::PASSWORD).await.problem(429, "too-many-requests");
    assert!(refused.word("/detail").contains("passwords") && remaining(&refused) == 0, "{refused:?}");
    assert!((1..=930).contains(&refused.header("retry-after").parse::<u32>().unwrap()), "{refused:?}");
    let _ = say(&client, &other.email, Actor::PASSWORD).await.is(429);
    // A flood from many addresses.
    for _ in 0..6 {
        let _ = say(&Client::of(&app), &member.email, "not the lamp").await.is(401);
    }
    for email in [member.email.clone(), member.email.to_uppercase()] {
        let refused = say(&Client::of(&app), &email, Actor::PASSWORD).await.problem(429, "too-many-requests");
        assert!(refused.word("/detail").contains("this email address"), "{refused:?}");
    }
    let forgotten = Client::of(&app);
    let _ = forgotten
        .ask(Method::POST, "/api/v1/password-resets")
        .json(&json!({"email": member.email}))
        .send()
        .await
        .is(429);
    let let_in = say(&Client::of(&app), &other.email, Actor::PASSWORD).await.is(201);
    assert_eq!(remaining(&let_in), 4);
}

#[tokio::test]
async fn few_accounts_are_made_from_one_place() {
    let (app, _two, _) = twins(alone("1000 per minute").set("TRESTLE_LIMITS__REGISTER", "2 per hour")).await;
    let client = Client::of(&app);
    let register =
        |client: &Client| client.ask(Method::POST, "/api/v1/accounts").json(&app.actor().registration()).send();
    for _ in 0..2 {
        let _ = register(&client).await.is(202);
    }
    let refused = register(&client).await.problem(429, "too-many-requests");
    assert!(refused.word("/detail").contains("accounts"), "{refused:?}");
    let _ = register(&Client::of(&app)).await.is(202);
    assert_eq!(app.truth().number("select count(*) from accounts").await, 3);
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_too() {
    let (app, _two, _) = twins(alone("5 per minute")).await;
    let client = Client::of(&app);
    let nonsense = || client.ask(Method::POST, "/api/v1/sessions").json(&json!({"email": 7})).send();
    for _ in 0..2 {
        let _ = nonsense().await.is(422);
    }
    let _ = nonsense().await.problem(429, "too-many-requests");
}

#[tokio::test]
async fn who_is_signed_in_is_counted_wherever_they_ask_from() {
    let (app, _two, venue) = twins(alone("4 per minute")).await;
    let member = app.member().await;
    let here = Client::of(&app);
    let body = json!({"email": member.email, "password": Actor::PASSWORD});
    let signed_in = here.ask(Method::POST, "/api/v1/sessions").json(&body).send().await.is(201);
    let bearer = format!("Bearer {}", signed_in.word("/access_token"));
    let list = |client: &Client| client.ask(Method::GET, "/api/v1/sessions").header("authorization", &bearer).send();
    for left in (0..4).rev() {
        assert_eq!(remaining(&list(&Client::of(&app)).await.is(200)), left);
    }
    let _ = list(&here).await.problem(429, "too-many-requests");
    // The place itself has room for others, and a token that is none is counted where it comes from.
    assert_eq!(remaining(&here.look(&venue).await.is(200)), 1);
    let forged = here.ask(Method::GET, "/api/v1/sessions").header("authorization", "Bearer x.y.z");
    assert_eq!(remaining(&forged.send().await.is(401)), 0);
}

//! Finding a venue.

use serde_json::Value;
use tests::{Answer, Room, Service, Setup, TestApp, Venue};

async fn town() -> (TestApp, [Venue; 4]) {
    Setup::at("2037-11-20T10:00:00Z")
        .open_all([
            Room::of_two_tops(2).called("azul", "Azul").cooking("portuguese", "Lisbon", 2).at(38.7223, -9.1393),
            Room::of_two_tops(1).called("brasa", "Brasa").cooking("grill", "Lisbon", 4).at(38.70, -9.40),
            Room::of_two_tops(1).called("cantinho", "Cantinho").cooking("portuguese", "Porto", 1).at(41.1579, -8.6291),
            Room::of_two_tops(1)
                .called("doca", "Doca")
                .cooking("seafood", "Porto", 3)
                .at(41.15, -8.61)
                .serving([Service::daily("Lunch", "12:00", "14:00", "16:00")]),
        ])
        .await
}

fn slugs(answer: &Answer) -> Vec<String> {
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn venues_are_found_by_word_city_cuisine_and_price() {
    let (app, _) = town().await;
    let guest = app.actor();
    for (query, found) in [
        ("", vec!["azul", "brasa", "cantinho", "doca"]),
        ("q=azul", vec!["azul"]),
        ("q=PORTUGUESE%20lisbon", vec!["azul"]),
        ("q=alfama", vec!["azul", "brasa", "cantinho", "doca"]),
        ("q=nowhere", vec![]),
        ("city=porto", vec!["cantinho", "doca"]),
        ("city=Porto&cuisine=seafood", vec!["doca"]),
        ("price=2", vec!["azul", "cantinho"]),
        ("sort=price", vec!["cantinho", "azul", "doca", "brasa"]),
        ("lat=41.15&lon=-8.61&sort=distance", vec!["doca", "cantinho", "azul", "brasa"]),
    ] {
        assert_eq!(slugs(&guest.get(&format!("/api/v1/venues?{query}")).await.is(200)), found, "{query}");
    }
}

#[tokio::test]
async fn the_pages_of_a_search_hold_every_venue_once() {
    let (app, _) = town().await;
    let guest = app.actor();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = guest.get(&format!("/api/v1/venues?limit=1&sort=name&cursor={cursor}")).await.is(200);
        seen.extend(slugs(&page));
        match page.at("/next_cursor") {
            Value::String(next) => cursor = next,
            _ => break,
        }
    }
    assert_eq!(seen, ["azul", "brasa", "cantinho", "doca"]);
}

#[tokio::test]
async fn with_date_and_party_each_venue_shows_times_that_can_be_booked() {
    let (app, [azul, ..]) = town().await;
    let guest = app.actor();
    let found = guest.get("/api/v1/venues?date=2037-11-21&time=20:00&party=2").await.is(200);
    let doca = found.json()["items"].as_array().unwrap().iter().find(|item| item["slug"] == "doca").unwrap().clone();
    assert_eq!(
        (&doca["starts"], &doca["reason"]),
        (&serde_json::json!([]), &serde_json::json!("past_last_seating")),
        "{doca}"
    );
    let times = found.at("/items/0/starts");
    let times: Vec<&str> = times.as_array().unwrap().iter().map(|start| start["local"].as_str().unwrap()).collect();
    assert_eq!(times, ["19:30", "19:45", "20:00", "20:15", "20:30"]);
    let start = found.word("/items/0/starts/2/start");
    let _ = guest.book(&azul, &start, 2).await.is(201);
    let _ = app.actor().book(&azul, &start, 2).await.is(201);
    let found = guest.get("/api/v1/venues?q=azul&date=2037-11-21&time=20:00&party=2").await.is(200);
    let times = found.at("/items/0/starts");
    let times: Vec<&str> = times.as_array().unwrap().iter().map(|start| start["local"].as_str().unwrap()).collect();
    assert_eq!(times, ["18:00", "18:15", "18:30", "21:30", "21:45"]);
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended_though_venues_sell_out_in_between() {
    let (app, venues) = town().await;
    let guest = app.actor();
    let path = "/api/v1/venues?date=2037-11-21&time=20:00&party=2&limit=1";
    let first = guest.get(path).await.is(200);
    assert_eq!(slugs(&first), ["azul"]);
    for start in ["18:00", "19:30", "21:00", "22:30"] {
        for _ in 0..2 {
            let _ = app.actor().book(&venues[0], &format!("2037-11-21T{start}:00Z"), 2).await.is(201);
        }
    }
    let (mut seen, mut cursor) = (Vec::new(), first.word("/next_cursor"));
    loop {
        let page = guest.get(&format!("{path}&cursor={cursor}")).await.is(200);
        seen.extend(slugs(&page));
        match page.at("/next_cursor") {
            Value::String(next) => cursor = next,
            _ => break,
        }
    }
    // The first has no free time any more, and so stands among those at the end, too.
    assert_eq!(seen, ["brasa", "cantinho", "azul", "doca"]);
    let _ = guest.get("/api/v1/venues?cursor=nobody").await.complains_about(&["/cursor"]);
}

#[tokio::test]
async fn a_venue_without_a_table_near_that_time_says_why() {
    let (app, _) = town().await;
    let guest = app.actor();
    let reasons =
        [("2037-11-21", "2", "past_last_seating"), ("2038-11-21", "2", "too_far"), ("2037-11-21", "7", "party_size")];
    for (date, party, reason) in reasons {
        let found = guest.get(&format!("/api/v1/venues?q=doca&date={date}&time=20:00&party={party}")).await.is(200);
        assert_eq!(found.at("/items/0/starts"), serde_json::json!([]), "{found:?}");
        assert_eq!(found.at("/items/0/reason"), reason, "{found:?}");
    }
}

#[tokio::test]
async fn a_search_that_breaks_rules_hears_of_each() {
    let (app, _) = town().await;
    let all_wrong = "cuisine=stones&price=5&lat=91&lon=x&date=21.11.2037&time=8pm&party=0&sort=luck&limit=0";
    let _ = app
        .actor()
        .get(&format!("/api/v1/venues?{all_wrong}"))
        .await
        .complains_about(&["/cuisine", "/price", "/lat", "/lon", "/date", "/time", "/party", "/sort", "/limit"]);
    let _ = app.actor().get("/api/v1/venues?date=2037-11-21").await.complains_about(&["/party"]);
    let _ = app.actor().get("/api/v1/venues?party=2").await.complains_about(&["/date"]);
    let _ = app.actor().get("/api/v1/venues?time=20:00").await.complains_about(&["/date", "/party"]);
    let _ = app.actor().get("/api/v1/venues?quest=azul").await.complains_about(&["/quest"]);
    let _ = app.actor().get("/api/v1/venues?q=a&q=b").await.complains_about(&["/q"]);
    let _ = app.actor().get(&format!("/api/v1/venues?q={}", "x".repeat(81))).await.complains_about(&["/q"]);
}

#[tokio::test]
async fn a_venue_tells_what_a_guest_reads_before_coming() {
    let (app, _) = Setup::at("2037-11-20T10:00:00Z")
        .open(
            Room::with([2, 4])
                .serving([Service::daily("Dinner", "19:00", "22:00", "00:30").on(0b011_0000)])
                .closed_on("2037-12-24".parse().unwrap(), "Closed for the holiday.")
                .on_terms(2880, "Please tell us two days ahead."),
        )
        .await;
    let venue = app.actor().get("/api/v1/venues/room").await.is(200);
    let mut profile = venue.tidy();
    profile["hours"] = profile["hours"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|day| day["services"] != serde_json::json!([]))
        .cloned()
        .collect();
    insta::assert_json_snapshot!(profile, @r#"
    {
      "accessibility": [
        "step_free_entrance"
      ],
      "areas": [
        {
          "id": "[id]",
          "kind": "indoor",
          "name": "Dining room"
        }
      ],
      "art_seed": 7,
      "city": "Lisbon",
      "country": "PT",
      "cuisines": [
        "portuguese"
      ],
      "currency": "EUR",
      "day_rollover": "04:00",
      "description": "Tables, chairs, and guests who all want the same one.",
      "email": null,
      "horizon_days": 90,
      "hours": [
        {
          "day": "Friday",
          "services": [
            {
              "ends": "00:30",
              "first_seating": "19:00",
              "last_seating": "22:00",
              "name": "Dinner",
              "seatings": []
            }
          ]
        },
        {
          "day": "Saturday",
          "services": [
            {
              "ends": "00:30",
              "first_seating": "19:00",
              "last_seating": "22:00",
              "name": "Dinner",
              "seatings": []
            }
          ]
        }
      ],
      "largest_instant_party": 20,
      "lat": 38.7223,
      "lon": -9.1393,
      "menu": [],
      "min_notice_minutes": 60,
      "name": "The Room",
      "neighbourhood": "Alfama",
      "phone": "+351210000000",
      "policies": [
        {
          "free_cancel_minutes": 2880,
          "min_party": 1,
          "service": null,
          "text": "Please tell us two days ahead."
        }
      ],
      "price": 2,
      "rating": null,
      "slug": "room",
      "special_days": [
        {
          "date": "2037-12-24",
          "hours": null,
          "note": "Closed for the holiday."
        }
      ],
      "street": "Rua Nova 1",
      "tagline": "A room to test in.",
      "timezone": "Europe/Lisbon",
      "website": null
    }
    "#);
    let _ = app.actor().get("/api/v1/venues/nowhere").await.problem(404, "not-found");
}

//! What the demo's guests say about their visits, and what venues answer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::reservation::Occasion;
use domain::review::{Mark, Stars};
use domain::text::{PersonName, Reply, ReviewText};
use domain::venue::Cuisine;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::draw::{Draw, id};
use super::guide::{Listing, read};
use crate::error::stored;
use crate::{Error, Result};

/// Every sentence there is.
///
/// # Errors
/// The file breaks rules.
pub fn phrases() -> Result<Phrases> {
    read(include_str!("reviews.toml"))
}

/// Sentences by what they are about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    dish: Verdicts,
    service: Verdicts,
    ambience: Verdicts,
    ending: Verdicts,
    occasion: BTreeMap<Occasion, Vec<String>>,
    answer: Answers,
    cuisine: BTreeMap<Cuisine, Vec<String>>,
}

/// Sentences by how good it was.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    good: Vec<String>,
    fair: Vec<String>,
    poor: Vec<String>,
}

/// What venues answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    good: Vec<String>,
    poor: Vec<String>,
}

impl Verdicts {
    fn of(&self, mark: Mark) -> &[String] {
        match mark.get() {
            4.. => &self.good,
            3 => &self.fair,
            _ => &self.poor,
        }
    }
}

/// A visit that is over.
struct Visit {
    id: Uuid,
    end: DateTime<Utc>,
    guest: PersonName,
    occasion: Option<Occasion>,
}

/// A venue and how good it is, in tenths of a star: food, service, ambience.
struct Table<'l> {
    listing: &'l Listing,
    phrases: &'l Phrases,
    level: [i64; 3],
}

/// Lets some of those write who have been at a venue and have not written yet; answers how many did.
///
/// Who writes and what hangs on the seed and the booking; only how much of it is written yet follows the clock.
pub async fn write(
    db: &mut PgConnection,
    venue: Uuid,
    listing: &Listing,
    phrases: &Phrases,
    (seed, now): (u64, DateTime<Utc>),
) -> Result<u64> {
    let visits = visits(db, venue).await?;
    let mut draw = Draw::of(seed, &[listing.slug.as_str(), "critics"]);
    let wanted = usize::try_from(draw.between(34, 48)).unwrap_or(0);
    let table = Table { listing, phrases, level: [draw.between(41, 49), draw.between(39, 48), draw.between(40, 49)] };
    let rows: Vec<Value> = visits
        .iter()
        .filter_map(|visit| {
            let mut draw = Draw::of(seed, &["review", &visit.id.to_string()]);
            let writes = draw.below(visits.len().max(wanted)) < wanted;
            let written_at = visit.end + draw.minutes(90, 6 * 24 * 60);
            (writes && written_at <= now).then(|| table.row(venue, visit, written_at, now, &mut draw))
        })
        .collect::<Result<_>>()?;
    let written = sqlx::query!(
        "insert into reviews (id, venue_id, reservation_id, food, service, ambience, overall, body, author, written_at, answer, answered_at)
         select id, venue_id, reservation_id, food, service, ambience, overall, body, author, written_at, answer, answered_at
         from jsonb_populate_recordset(null::reviews, $1) on conflict do nothing",
        Json(&rows) as _
    );
    Ok(written.execute(db).await?.rows_affected())
}

async fn visits(db: &mut PgConnection, venue: Uuid) -> Result<Vec<Visit>> {
    let rows = sqlx::query!(
        "select id, end_at, guest_name, occasion from reservations
         where venue_id = $1 and source = 'demo' and status = 'finished' order by id",
        venue
    );
    let visits = rows.fetch_all(db).await?.into_iter().map(|row| {
        Ok(Visit {
            id: row.id,
            end: row.end_at,
            guest: stored("name", &row.guest_name)?,
            occasion: row.occasion.as_deref().map(|word| stored("occasion", word)).transpose()?,
        })
    });
    visits.collect()
}

impl Table<'_> {
    fn row(
        &self,
        venue: Uuid,
        visit: &Visit,
        written_at: DateTime<Utc>,
        now: DateTime<Utc>,
        draw: &mut Draw,
    ) -> Result<Value> {
        let stars = self.stars(draw)?;
        let body = if draw.percent(16) { String::new() } else { self.words(visit, stars, draw) };
        let body: ReviewText = body.parse().map_err(|complaint| Error::Broken(format!("the demo: {complaint}")))?;
        let answered_at = written_at + draw.minutes(10 * 60, 4 * 24 * 60);
        let answer = self.answer(&body, stars.overall, draw)?.filter(|_| answered_at <= now);
        Ok(json!({
            "id": id(&["review", &visit.id.to_string()]), "venue_id": venue, "reservation_id": visit.id,
            "food": stars.food, "service": stars.service, "ambience": stars.ambience, "overall": stars.overall,
            "body": body, "author": visit.guest.brief(), "written_at": written_at,
            "answered_at": answer.as_ref().map(|_| answered_at), "answer": answer,
        }))
    }

    /// Mostly what the venue is worth, in the mood of the evening; once in a while everything goes wrong.
    fn stars(&self, draw: &mut Draw) -> Result<Stars> {
        let disaster = if draw.percent(4) { 18 } else { 0 };
        let mood = draw.between(-7, 5) + draw.between(-7, 5) - disaster;
        let tenths = self.level.map(|level| level + mood + draw.between(-6, 6));
        let overall = tenths.iter().sum::<i64>() / 3 + draw.between(-2, 3);
        let mark = |tenths: i64| {
            let mark = Mark::try_from((tenths + 5).div_euclid(10).clamp(1, 5));
            mark.map_err(|complaint| Error::Broken(format!("the demo: {complaint}")))
        };
        let [food, service, ambience] = tenths;
        Ok(Stars { food: mark(food)?, service: mark(service)?, ambience: mark(ambience)?, overall: mark(overall)? })
    }

    /// Two to five sentences, seldom one.
    fn words(&self, visit: &Visit, stars: Stars, draw: &mut Draw) -> String {
        let mut said: Vec<String> = Vec::new();
        let occasion = visit.occasion.and_then(|occasion| self.phrases.occasion.get(&occasion));
        if let Some(occasion) = occasion.filter(|_| stars.overall.get() >= 4 && draw.percent(55)) {
            said.push(draw.pick(occasion).clone());
        }
        let cuisine = self.listing.cuisines.first().and_then(|cuisine| self.phrases.cuisine.get(cuisine));
        if let Some(cuisine) = cuisine.filter(|_| stars.food.get() >= 4 && draw.percent(40)) {
            said.push(draw.pick(cuisine).clone());
        } else {
            said.push(draw.pick(self.phrases.dish.of(stars.food)).clone());
        }
        for (often, verdicts, mark) in
            [(52, &self.phrases.service, stars.service), (44, &self.phrases.ambience, stars.ambience)]
        {
            // What went wrong is seldom kept back.
            if mark.get() < 4 || draw.percent(often) {
                said.push(draw.pick(verdicts.of(mark)).clone());
            }
        }
        if draw.percent(38) || said.len() < 2 && draw.percent(70) {
            said.push(draw.pick(self.phrases.ending.of(stars.overall)).clone());
        }
        let text = said.join(if said.len() > 3 && draw.percent(30) { "\n\n" } else { " " });
        let area = decapital(&draw.pick(&self.listing.areas).name);
        let text = text.replace("{area}", &format!("the {area}")).replace("{Area}", &format!("The {area}"));
        text.replace("{dish}", &self.dish(draw))
    }

    /// A dish as people speak of it: what stands before the first comma, without its capital unless it is a name.
    fn dish(&self, draw: &mut Draw) -> String {
        let names: Vec<&str> =
            self.listing.menu.iter().flat_map(|part| &part.items).map(|dish| spoken(&dish.name)).collect();
        let telling: Vec<&str> = names.iter().copied().filter(|name| is_telling(name)).collect();
        let name = if telling.is_empty() { "house plate" } else { draw.pick(&telling) };
        if NAMES.iter().any(|place| name.starts_with(place)) { name.to_owned() } else { decapital(name) }
    }

    fn answer(&self, body: &ReviewText, overall: Mark, draw: &mut Draw) -> Result<Option<Reply>> {
        let (often, from) =
            if overall.get() <= 3 { (60, &self.phrases.answer.poor) } else { (20, &self.phrases.answer.good) };
        let words = (draw.percent(often) && !body.as_str().is_empty()).then(|| draw.pick(from));
        let reply = words.map(|words| words.parse()).transpose();
        reply.map_err(|complaint: domain::field::Complaint| Error::Broken(format!("the demo: {complaint}")))
    }
}

/// What dishes begin with that keeps its capital.
const NAMES: [&str; 12] = [
    "Adana",
    "Alleppey",
    "Bombay",
    "Colchester",
    "Goan",
    "Hoshi",
    "Irani",
    "Jersey",
    "Larkspur",
    "Malvani",
    "Mangalore",
    "Matsu",
];

fn spoken(dish: &str) -> &str {
    let dish = dish.split(',').next().unwrap_or(dish);
    dish.strip_prefix("The ").unwrap_or(dish)
}

/// Whether the name stands by itself in a sentence.
fn is_telling(name: &str) -> bool {
    let is_number = ["Three", "Two", "Fourteen", "Half", "Seven", "Nothing"].iter().any(|word| name.starts_with(word));
    name.chars().count() >= 6 && !is_number
}

fn decapital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::guide;

    #[test]
    fn every_sentence_is_clean_and_leaves_no_gap() {
        let phrases = phrases().unwrap();
        let cities = guide::cities().unwrap();
        let visit = |occasion| Visit {
            id: Uuid::from_u128(1),
            end: DateTime::UNIX_EPOCH,
            guest: "Inês Duarte".parse().unwrap(),
            occasion,
        };
        let mut said = std::collections::HashSet::new();
        for listing in cities.iter().flat_map(|city| &city.venues) {
            assert!(phrases.cuisine.contains_key(&listing.cuisines[0]), "{:?}", listing.cuisines[0]);
            let table = Table { listing, phrases: &phrases, level: [43, 42, 44] };
            for lot in 0..60_u32 {
                let mut draw = Draw::of(lot.into(), &[listing.slug.as_str()]);
                let stars = table.stars(&mut draw).unwrap();
                let words = table.words(&visit(Some(Occasion::Birthday)), stars, &mut draw);
                assert!(!words.contains(['{', '}']) && words.ends_with('.'), "{words}");
                assert_eq!(words.parse::<ReviewText>().map(String::from).as_deref(), Ok(words.as_str()));
                said.insert(words);
            }
        }
        // Nobody copies from a neighbour.
        assert!(said.len() * 100 > cities.iter().flat_map(|city| &city.venues).count() * 60 * 90, "{}", said.len());
    }

    #[test]
    fn every_occasion_and_cuisine_has_its_words() {
        let phrases = phrases().unwrap();
        assert!(Occasion::ALL.iter().all(|occasion| !phrases.occasion[occasion].is_empty()));
        assert!(Cuisine::ALL.iter().all(|cuisine| phrases.cuisine[cuisine].len() > 1));
        let answers = phrases.answer.good.iter().chain(&phrases.answer.poor);
        assert!(answers.into_iter().all(|words| words.parse::<Reply>().map(String::from).as_ref() == Ok(words)));
    }

    #[test]
    fn a_dish_is_called_what_people_call_it() {
        assert_eq!(spoken("The fish on the wall"), "fish on the wall");
        assert_eq!(spoken("Prawns, garlic, bay"), "Prawns");
        assert!(is_telling("Green soup") && !is_telling("Three") && !is_telling("Egg"));
        assert_eq!(decapital("Green soup"), "green soup");
    }
}

//! Who books: guests who do not exist, where they are engaged, and what they write.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::reservation::{Guest, Occasion};
use domain::text::{Email, Note, PersonName, Phone, Reference};

use super::draw::Draw;
use super::guide::{City, Names, Notes, People};
use crate::{Error, Result};

/// Guests of one city.
const CROWD: usize = 2400;

/// The same guest is not seen twice within so many hours.
const APART: TimeDelta = TimeDelta::hours(8);

/// Everybody who might come to the venues of a city.
pub struct Crowd(Vec<Guest>);

impl Crowd {
    /// The crowd of a city, each with a mail address that nobody in `taken` has.
    ///
    /// # Errors
    /// A name, an address or a number that the domain does not take.
    pub fn of(city: &City, people: &People, seed: u64, taken: &mut HashSet<String>) -> Result<Self> {
        let mut draw = Draw::of(seed, &["crowd", &city.name]);
        let everywhere: Vec<&Names> = people.names.values().collect();
        let at_home: Vec<&Names> = city.names.iter().filter_map(|home| people.names.get(home)).collect();
        let guest = |_| {
            let names = if draw.percent(72) { draw.pick(&at_home) } else { draw.pick(&everywhere) };
            let name = format!("{} {}", draw.pick(&names.given), draw.pick(&names.family));
            let host = draw.weighted(&[("example.com", 6), ("example.org", 2), ("example.net", 2)]);
            let phone = draw.percent(70).then(|| number(&city.mobiles, &mut draw));
            guest(&name, host, phone, taken).ok_or_else(|| Error::Broken(format!("the demo: a guest called {name}")))
        };
        (0..CROWD).map(guest).collect::<Result<_>>().map(Self)
    }
}

fn guest(name: &str, host: &str, phone: Option<String>, taken: &mut HashSet<String>) -> Option<Guest> {
    let local = ascii(name);
    let name: PersonName = name.parse().ok()?;
    let phone = phone.map(|number| number.parse::<Phone>()).transpose().ok()?;
    let address = |n: usize| if n < 2 { format!("{local}@{host}") } else { format!("{local}{n}@{host}") };
    let email = (1..=CROWD * 20).map(address).find(|address| !taken.contains(address))?;
    taken.insert(email.clone());
    Some(Guest { name, email: email.parse::<Email>().ok()?, phone })
}

/// A number of this shape.
fn number(shape: &str, draw: &mut Draw) -> String {
    shape
        .chars()
        .map(|c| if c == '#' { char::from(b'0' + u8::try_from(draw.below(10)).unwrap_or(0)) } else { c })
        .collect()
}

/// A name as people spell it in an address: `Inês d'Ávila` is `ines.davila`.
fn ascii(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        out.push_str(match c {
            'a'..='z' => {
                out.push(c);
                continue;
            }
            ' ' => ".",
            'á' | 'à' | 'ã' | 'â' | 'ä' | 'ạ' | 'ả' | 'ầ' | 'ặ' | 'ą' => "a",
            'å' => "aa",
            'æ' => "ae",
            'ç' => "c",
            'đ' => "d",
            'é' | 'è' | 'ê' | 'ễ' | 'ế' => "e",
            'í' | 'ì' | 'ï' => "i",
            'ł' => "l",
            'ñ' | 'ń' => "n",
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ồ' => "o",
            'ś' => "s",
            'ú' | 'ù' | 'ü' | 'ứ' => "u",
            'ż' | 'ź' => "z",
            _ => "",
        });
    }
    out
}

/// Where everybody is engaged, and which references are given out.
pub struct Diary {
    engaged: HashMap<String, Vec<DateTime<Utc>>>,
    references: HashSet<String>,
}

impl Diary {
    /// The diary with what stands in the database.
    pub fn new(engagements: impl IntoIterator<Item = (String, DateTime<Utc>)>, references: HashSet<String>) -> Self {
        let mut engaged: HashMap<String, Vec<DateTime<Utc>>> = HashMap::new();
        for (guest, at) in engagements {
            engaged.entry(guest).or_default().push(at);
        }
        Self { engaged, references }
    }

    /// Somebody of this crowd who is free at that time, and is not any more.
    pub fn engage<'c>(&mut self, crowd: &'c Crowd, at: DateTime<Utc>, draw: &mut Draw) -> Option<&'c Guest> {
        // A handful of tries is plenty: hardly anybody dines out twice in eight hours.
        let free = |guest: &&Guest| {
            self.engaged
                .get(guest.email.as_str())
                .is_none_or(|times| times.iter().all(|time| (*time - at).abs() >= APART))
        };
        let guest = (0..20).map(|_| draw.pick(&crowd.0)).find(free)?;
        self.engaged.entry(guest.email.to_string()).or_default().push(at);
        Some(guest)
    }

    /// A reference that is on no other booking.
    pub fn reference(&mut self, draw: &mut Draw) -> String {
        loop {
            let reference: String = (0..6).map(|_| char::from(*draw.pick(Reference::ALPHABET))).collect();
            if self.references.insert(reference.clone()) {
                return reference;
            }
        }
    }
}

/// What they celebrate and what they write, both seldom.
pub fn words(notes: &Notes, draw: &mut Draw) -> (Option<Occasion>, Option<Note>) {
    let occasion = draw.percent(13).then(|| {
        draw.weighted(&[
            (Occasion::Birthday, 45),
            (Occasion::Anniversary, 18),
            (Occasion::Date, 15),
            (Occasion::Business, 12),
            (Occasion::Celebration, 10),
        ])
    });
    let (often, from) = match occasion {
        Some(Occasion::Birthday) => (50, &notes.birthday),
        Some(Occasion::Anniversary) => (50, &notes.anniversary),
        Some(Occasion::Celebration) => (60, &notes.celebration),
        Some(Occasion::Business) => (40, &notes.business),
        Some(Occasion::Date) | None if draw.percent(45) => (11, &notes.diets),
        Some(Occasion::Date) | None => (9, &notes.plain),
    };
    (occasion, draw.percent(often).then(|| draw.pick(from).clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::guide;

    #[test]
    fn every_name_has_an_address() {
        let people = guide::people().unwrap();
        for name in people.names.values().flat_map(|names| names.given.iter().chain(&names.family)) {
            let letters = name.as_str().chars().filter(|c| c.is_alphabetic()).count();
            assert!(ascii(name.as_str()).chars().filter(char::is_ascii_lowercase).count() >= letters, "{name}");
        }
        assert_eq!(ascii("Inês d'Ávila"), "ines.davila");
    }

    #[test]
    fn nobody_is_in_two_places() {
        let (people, cities) = (guide::people().unwrap(), guide::cities().unwrap());
        let mut taken = HashSet::new();
        let crowds: Vec<Crowd> = cities.iter().map(|city| Crowd::of(city, &people, 1, &mut taken).unwrap()).collect();
        assert_eq!(taken.len(), cities.len() * CROWD);
        let mut diary = Diary::new([], HashSet::new());
        let mut draw = Draw::of(1, &[]);
        let seen: HashSet<_> = (0..1000)
            .filter_map(|_| diary.engage(&crowds[0], DateTime::UNIX_EPOCH, &mut draw))
            .map(|guest| &guest.email)
            .collect();
        assert_eq!(seen.len(), 1000);
    }
}

//! What letters say.

use domain::field::Complaint;
use minijinja::{Environment, context};

use super::Letter;

/// Which letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// The table is theirs.
    Booked,
    /// The venue was asked.
    Requested,
    /// Time, party or notes changed.
    Changed,
    /// It is cancelled.
    Cancelled,
    /// The venue knows that they are late.
    Late,
}

impl std::str::FromStr for Template {
    type Err = Complaint;

    fn from_str(word: &str) -> Result<Self, Complaint> {
        match word {
            "booked" => Ok(Self::Booked),
            "requested" => Ok(Self::Requested),
            "changed" => Ok(Self::Changed),
            "cancelled" => Ok(Self::Cancelled),
            "late" => Ok(Self::Late),
            _ => Err(Complaint::new("There is no such letter.")),
        }
    }
}

impl Template {
    const fn subject(self) -> &'static str {
        match self {
            Self::Booked => "Your table at",
            Self::Requested => "We have asked for your table at",
            Self::Changed => "Your changed table at",
            Self::Cancelled => "Cancelled: your table at",
            Self::Late => "They know you are late at",
        }
    }

    const fn opening(self) -> &'static str {
        match self {
            Self::Booked => "your table is booked. We look forward to seeing you.",
            Self::Requested => {
                "we have passed your request on. The venue will answer soon; until then the table is kept for you."
            }
            Self::Changed => "your booking has been changed. This is how it stands now:",
            Self::Cancelled => {
                "your booking is cancelled. The table is free for others now; we hope to see you another time."
            }
            Self::Late => "thank you for letting us know. The venue has been told.",
        }
    }
}

pub(super) fn templates() -> Environment<'static> {
    let mut templates = Environment::new();
    for (name, source) in [
        ("letter.txt", include_str!("templates/letter.txt")),
        ("letter.html", include_str!("templates/letter.html")),
        ("notice.txt", include_str!("templates/notice.txt")),
        ("notice.html", include_str!("templates/notice.html")),
    ] {
        templates.add_template(name, source).expect("our own templates parse, and a test renders them");
    }
    templates
}

/// Subject, plain text and HTML.
pub(super) fn render(
    templates: &Environment<'_>,
    letter: &Letter<'_>,
    url: &str,
) -> Result<(String, String, String), Complaint> {
    let reservation = letter.reservation;
    let facts = context! {
        opening => letter.template.opening(),
        over => letter.template == Template::Cancelled,
        name => reservation.guest.name.as_str(),
        venue => &reservation.venue_name,
        address => &letter.address,
        phone => &letter.phone,
        day => reservation.start.0.format("%A, %-d %B %Y").to_string(),
        time => &reservation.local,
        party => reservation.party.to_string(),
        area => &reservation.area,
        reference => reservation.reference.as_str(),
        notes => reservation.notes.as_str(),
        policy => &reservation.policy.text,
        url => url,
    };
    let part = |name| part(templates, name, &facts);
    let when = reservation.start.0.format("%-d %B").to_string();
    let subject = format!("{} {}, {when} at {}", letter.template.subject(), reservation.venue_name, reservation.local);
    Ok((subject, part("letter.txt")?, part("letter.html")?))
}

/// One part of a letter, filled in.
pub(super) fn part(templates: &Environment<'_>, name: &str, facts: &minijinja::Value) -> Result<String, Complaint> {
    let template = templates.get_template(name).and_then(|template| template.render(facts));
    template.map_err(|error| Complaint::new(format!("the letter cannot be written: {}", error.kind())))
}

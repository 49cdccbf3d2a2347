//! Words that people type: cleaned, bounded, and each with its own rule.

mod clean;

use serde::{Deserialize, Serialize};

use crate::field::Complaint;
pub use clean::clean;
use clean::is_invisible;

fn one_line(text: &str) -> String {
    clean(&text.replace(['\n', '\r'], " "))
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $rule:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = Complaint;

            fn from_str(text: &str) -> Result<Self, Complaint> {
                let rule: fn(&str) -> Result<String, Complaint> = $rule;
                rule(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Complaint;

            fn try_from(text: String) -> Result<Self, Complaint> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

texts! {
    /// A person's name as they write it, 1 to 80 characters.
    PersonName: person_name;
    /// An email address in lower case, at most 254 characters, of the shape RFC 5321 allows without quoting.
    Email: email;
    /// A telephone number in E.164: `+`, country code, at most 15 digits.
    Phone: phone;
    /// What a guest wants the venue to know, at most 500 characters, possibly empty.
    Note: note;
    /// What a guest says about a visit, at most 2000 characters, possibly empty.
    ReviewText: review_text;
    /// What a venue answers to a review, 1 to 1000 characters.
    Reply: reply;
    /// A venue's name in an address: `taberna-do-rio`.
    Slug: slug;
    /// What a guest says on the phone: six characters without look-alikes, such as `K7M4QX`.
    Reference: reference;
    /// A word or two to search for, at most 80 characters.
    Query: query;
}

fn person_name(text: &str) -> Result<String, Complaint> {
    let name = one_line(text);
    match name.chars().count() {
        0 => Err(Complaint::new("Please tell us your name.")),
        1..=80 if name.chars().any(char::is_alphabetic) => Ok(name),
        1..=80 => Err(Complaint::new("A name has at least one letter.")),
        _ => Err(Complaint::new("A name has at most 80 characters.")),
    }
}

impl PersonName {
    /// First name and initial, as strangers read it: `Inês D.` of `Inês Duarte`.
    ///
    /// Of a Chinese, Japanese or Korean name without spaces only the first letter, since the whole name would follow it.
    #[must_use]
    pub fn brief(&self) -> String {
        let mut words = self.0.split(' ');
        let first = words.next().unwrap_or_default();
        let initial = |word: &str| word.chars().find(|c| c.is_alphabetic())?.to_uppercase().next();
        match words.next_back().and_then(initial) {
            Some(initial) => format!("{first} {initial}."),
            None if first.chars().all(is_east_asian) => first.chars().take(1).chain(['.']).collect(),
            None => first.to_owned(),
        }
    }
}

const fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn email(text: &str) -> Result<String, Complaint> {
    let wrong = || Complaint::new("This does not look like an email address, such as ana@example.com.");
    // Addresses that are copied out of a message bring invisible company.
    let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Err(Complaint::new("Please give an email address, so that we can confirm."));
    }
    if text.len() > 254 {
        return Err(Complaint::new("An email address has at most 254 characters."));
    }
    let (local, host) = text.rsplit_once('@').ok_or_else(wrong)?;
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let local_fits = local.len() <= 64 && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let host_fits = host.contains('.') && host.split('.').all(label) && !host.ends_with(|c: char| c.is_ascii_digit());
    if local_fits && host_fits { Ok(text) } else { Err(wrong()) }
}

fn phone(text: &str) -> Result<String, Complaint> {
    // The zero in +44 (0)20 is for callers from within the country.
    let text = text.replace("(0)", "");
    let is_decoration = |c: char| c.is_whitespace() || "-./()".contains(c) || ('\u{2010}'..='\u{2015}').contains(&c);
    let kept: String = text.chars().filter(|c| !is_decoration(*c) && !is_invisible(*c)).collect();
    let digits = kept.strip_prefix('+').or_else(|| kept.strip_prefix("00"));
    match digits {
        None => Err(Complaint::new("Start the number with + and the country code, such as +351 912 345 678.")),
        Some(digits) if !digits.bytes().all(|b| b.is_ascii_digit()) => {
            Err(Complaint::new("A telephone number has only digits after the +."))
        }
        Some(digits) if !(7..=15).contains(&digits.len()) || digits.starts_with('0') => {
            Err(Complaint::new("A telephone number has 7 to 15 digits with its country code."))
        }
        Some(digits) => Ok(format!("+{digits}")),
    }
}

fn note(text: &str) -> Result<String, Complaint> {
    let note = clean(text);
    if note.chars().count() <= 500 { Ok(note) } else { Err(Complaint::new("A note has at most 500 characters.")) }
}

impl ReviewText {
    /// Characters at most.
    pub const MOST: usize = 2000;
}

fn review_text(text: &str) -> Result<String, Complaint> {
    let body = clean(text);
    if body.chars().count() <= ReviewText::MOST {
        Ok(body)
    } else {
        Err(Complaint::new("A review has at most 2000 characters."))
    }
}

fn reply(text: &str) -> Result<String, Complaint> {
    let body = clean(text);
    match body.chars().count() {
        0 => Err(Complaint::new("Please write an answer.")),
        1..=1000 => Ok(body),
        _ => Err(Complaint::new("An answer has at most 1000 characters.")),
    }
}

fn slug(text: &str) -> Result<String, Complaint> {
    let fits = (1..=80).contains(&text.len())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if fits { Ok(text.to_owned()) } else { Err(Complaint::new("There is no venue of this name.")) }
}

impl Reference {
    /// The characters of a reference: no 0, O, 1, I, L, U, so that it can be read out and heard.
    pub const ALPHABET: &'static [u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
}

fn reference(text: &str) -> Result<String, Complaint> {
    let text = text.trim().to_ascii_uppercase();
    let fits = text.len() == 6 && text.bytes().all(|b| Reference::ALPHABET.contains(&b));
    if fits { Ok(text) } else { Err(Complaint::new("A booking reference has six letters and digits, such as K7M4QX.")) }
}

fn query(text: &str) -> Result<String, Complaint> {
    let text = one_line(text);
    if text.chars().count() <= 80 { Ok(text) } else { Err(Complaint::new("Search with at most 80 characters.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_are_lower_case_and_shaped() {
        assert_eq!("Ana@Example.COM ".parse::<Email>().map(String::from), Ok("ana@example.com".to_owned()));
        for wrong in [
            "",
            "ana",
            "ana@",
            "@example.com",
            "ana@example",
            "a b@example.com",
            "ana@-x.com",
            "a..b@example.com",
            "ana@1.2.3.4",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn phones_become_e164() {
        assert_eq!("+351 912-345.678".parse::<Phone>().map(String::from), Ok("+351912345678".to_owned()));
        assert_eq!("0044 (20) 7946 0000".parse::<Phone>().map(String::from), Ok("+442079460000".to_owned()));
        for wrong in ["912345678", "+12", "+0123456789", "+35191234567890123", "+351 nine"] {
            assert!(wrong.parse::<Phone>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn strangers_read_a_first_name_and_an_initial() {
        let brief = |name: &str| name.parse::<PersonName>().map(|name| name.brief());
        for (name, shown) in [
            ("Inês Duarte", "Inês D."),
            ("Maria João da Silva", "Maria S."),
            ("Inês d'Ávila", "Inês D."),
            ("Ji-woo Ahn", "Ji-woo A."),
            ("Cher", "Cher"),
            ("山田太郎", "山."),
            ("Ana 7", "Ana"),
            ("Ana ßen", "Ana S."),
        ] {
            assert_eq!(brief(name).as_deref(), Ok(shown), "{name}");
        }
    }

    #[test]
    fn reviews_and_answers_are_cleaned_and_bounded() {
        let review = |text: &str| text.parse::<ReviewText>().map(String::from);
        assert_eq!(
            review("<b>Good</b>\u{202e} fish\u{200b}.\r\n\r\n\r\nAgain!").as_deref(),
            Ok("Good fish.\n\nAgain!")
        );
        assert_eq!(review("").as_deref(), Ok(""));
        // What is cleaned away does not count.
        assert!(review(&format!("{}\u{200b}  ", "é".repeat(2000))).is_ok());
        assert!(review(&"é".repeat(2001)).is_err());
        let reply = |text: &str| text.parse::<Reply>().map(String::from);
        assert_eq!(reply(" Thank you. ").as_deref(), Ok("Thank you."));
        assert!(reply(&"x".repeat(1000)).is_ok() && reply(&"x".repeat(1001)).is_err());
        assert!(reply("<p>\u{200b}</p>").is_err());
    }

    #[test]
    fn names_keep_their_letters() {
        assert_eq!("  Inês   d'Ávila ".parse::<PersonName>().map(String::from), Ok("Inês d'Ávila".to_owned()));
        assert!("\u{200b}".parse::<PersonName>().is_err());
        assert!("x".repeat(81).parse::<PersonName>().is_err());
    }
}

//! Vocabularies and values: what is written can be read, and what a constructor refuses serde refuses too.

use domain::availability::{Reason, StartState};
use domain::floor::{AreaKind, Channel, Need};
use domain::id::{AreaId, TableId};
use domain::party::PartySize;
use domain::reservation::{Occasion, Refusal, Status};
use domain::text::{Email, Note, PersonName, Phone, Query, Reference, Reply, ReviewText, Slug, clean};
use domain::time::LocalInstant;
use domain::venue::{Access, Cuisine};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{from_value, json, to_value};

/// The word of each value is its spelling everywhere, is unlike the others, and is a name as programs like them.
macro_rules! vocabulary {
    ($($test:ident: $name:ty;)+) => {$(
        #[test]
        fn $test() {
            for (index, value) in <$name>::ALL.iter().enumerate() {
                let word = value.word();
                assert_eq!(word.parse::<$name>().as_ref(), Ok(value));
                assert_eq!(to_value(value).unwrap(), json!(word));
                assert_eq!(&from_value::<$name>(json!(word)).unwrap(), value);
                assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !value.label().is_empty());
                assert!(<$name>::ALL[..index].iter().all(|other| other.word() != word && other != value));
                for wrong in [word.to_uppercase(), format!(" {word}"), format!("{word} "), value.label().to_owned() + "!", String::new()] {
                    assert!(wrong.parse::<$name>().is_err() && from_value::<$name>(json!(wrong)).is_err(), "{wrong}");
                }
            }
            assert!(from_value::<$name>(json!(0)).is_err() && from_value::<$name>(json!(null)).is_err());
        }
    )+};
}

vocabulary! {
    accessibility_reads_back: Access;
    area_kinds_read_back: AreaKind;
    channels_read_back: Channel;
    cuisines_read_back: Cuisine;
    needs_read_back: Need;
    occasions_read_back: Occasion;
    reasons_read_back: Reason;
    start_states_read_back: StartState;
    statuses_read_back: Status;
}

/// Serde and the constructor agree about a text, and what they make of it they leave alone.
fn agree<T>(text: &str) -> Result<(), TestCaseError>
where
    T: std::str::FromStr + std::fmt::Display + std::fmt::Debug + PartialEq + Serialize + DeserializeOwned,
{
    let parsed = text.parse::<T>().ok();
    let read = from_value::<T>(json!(text)).ok();
    prop_assert_eq!(&parsed, &read);
    if let Some(value) = parsed {
        let written = value.to_string();
        prop_assert_eq!(to_value(&value).unwrap(), json!(written));
        prop_assert_eq!(written.parse::<T>().ok(), Some(value), "{:?} is not stable", text);
    }
    Ok(())
}

fn all_agree(text: &str) -> Result<(), TestCaseError> {
    agree::<PersonName>(text)?;
    agree::<Email>(text)?;
    agree::<Phone>(text)?;
    agree::<Note>(text)?;
    agree::<ReviewText>(text)?;
    agree::<Reply>(text)?;
    agree::<Slug>(text)?;
    agree::<Reference>(text)?;
    agree::<Query>(text)
}

/// Characters that have broken parsers before: markup, breaks, invisible, wide, upside down, combining, outside the first plane.
const AWKWARD: &[char] = &[
    '<',
    '>',
    '/',
    '!',
    'a',
    'b',
    ' ',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u{7}',
    '\u{85}',
    '\u{a0}',
    '\u{ad}',
    '\u{200b}',
    '\u{200d}',
    '\u{200f}',
    '\u{202e}',
    '\u{2028}',
    '\u{2066}',
    '\u{3000}',
    '\u{3164}',
    '\u{feff}',
    '\u{fffd}',
    '\u{e0041}',
    '\u{1f468}',
    '\u{301}',
    'ß',
    'İ',
    'ﬀ',
    'ع',
    '0',
    '+',
    '@',
    '.',
    '-',
    '_',
    '"',
    '\'',
    '\\',
    '(',
    ')',
];

fn awkward() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => proptest::sample::select(AWKWARD).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
        1 => proptest::sample::select(vec!["<b>", "</script>", "<!--", "-->", "ana@example.com", "+351", "912345678", "Ana"]).prop_map(String::from),
    ];
    proptest::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn serde_and_the_constructors_agree_on_anything(text in awkward()) {
        all_agree(&text)?;
    }

    #[test]
    fn serde_and_the_constructors_agree_on_likely_values(
        name in "[A-Zß-ÿ][a-zß-ÿ'. -]{0,90}",
        email in "[A-Za-z0-9.+_-]{1,70}@[A-Za-z0-9-]{1,10}(\\.[A-Za-z0-9-]{1,65}){0,5}",
        phone in "(\\+|00|\\+00)?[ 0-9()./-]{0,22}",
        slug in "[a-z0-9-]{0,90}",
        reference in "[ 0-9A-Za-zß]{5,8}",
    ) {
        for text in [name, email, phone, slug, reference] {
            all_agree(&text)?;
        }
    }

    #[test]
    fn clean_text_has_no_markup_and_stays_as_it_is(text in awkward()) {
        let once = clean(&text);
        prop_assert_eq!(clean(&once), once.clone());
        prop_assert_eq!(once.trim(), &once);
        prop_assert!(!once.contains("  ") && !once.contains("\n\n\n") && !once.contains(" \n") && !once.contains("\n "));
        prop_assert!(once.chars().all(|c| c == '\n' || !c.is_control()));
        let mut opened = false;
        for pair in once.as_bytes().windows(2) {
            opened |= pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || b"/!?".contains(&pair[1]));
            prop_assert!(!(opened && pair[1] == b'>'), "{:?}", once);
        }
    }

    #[test]
    fn parties_are_read_and_written_as_numbers(people in any::<i64>()) {
        let party = PartySize::try_from(people).ok();
        prop_assert_eq!(from_value::<PartySize>(json!(people)).ok(), party);
        prop_assert_eq!(people.to_string().parse::<PartySize>().ok(), party);
        prop_assert_eq!(party.is_some(), (1..=50).contains(&people));
        prop_assert_eq!(party.map(|party| to_value(party).unwrap()), party.map(|_| json!(people)));
    }
}

#[test]
fn markup_does_not_grow_out_of_what_is_taken_away() {
    for (written, read) in [
        ("<<b>script>alert(1)<</b>/script>", "alert(1)"),
        ("<\u{200b}b>bold</\u{200b}b>", "bold"),
        ("<b <b>>x", "x"),
        ("<!-- a > b -->", "b -->"),
        ("<?php echo 1 ?>x", "x"),
        ("a <b", "a <b"),
        ("1 <2> 3", "1 <2> 3"),
        ("I <3 you > all", "I <3 you > all"),
        ("<é>", "<é>"),
        ("<", "<"),
        ("a<br>\n\n<br>\nb", "a\n\nb"),
    ] {
        assert_eq!(clean(written), read, "{written}");
    }
}

#[test]
fn cleaning_takes_time_in_proportion() {
    // Anything quadratic would take minutes over these.
    let long = 100_000;
    for piece in ["<a", "<", ">", "<a>", "a>", "<<a", "\n ", "<a ", " <b>\n"] {
        let _ = clean(&piece.repeat(long));
    }
    let nested = format!("{}{}", "<a".repeat(long), ">".repeat(long));
    assert_eq!(clean(&nested), "");
}

#[test]
fn a_name_can_be_seen() {
    for blank in [
        "",
        " ",
        "\u{3164}",
        "\u{115f}\u{1160}",
        "\u{ffa0}",
        "\u{2800}",
        "\u{200d}",
        "\u{202e}\u{202c}",
        "<b></b>",
        "...",
        "12",
    ] {
        assert!(blank.parse::<PersonName>().is_err(), "{blank:?}");
    }
    for name in ["Q", "李", "Zoë", "علي", "O'Neill-Ávila Jr.", "Mary\nAnn", "נועה", "Ng\u{169}g\u{129}", "🦊 Fox"]
    {
        assert!(name.parse::<PersonName>().is_ok(), "{name:?}");
    }
    assert!("x".repeat(80).parse::<PersonName>().is_ok());
    assert!("é".repeat(81).parse::<PersonName>().is_err());
    assert!("x".repeat(10_000).parse::<PersonName>().is_err());
}

#[test]
fn a_mail_address_is_one_that_mail_servers_take() {
    let longest = format!("{}@{}.{}.{}.com", "a".repeat(64), "b".repeat(63), "c".repeat(63), "d".repeat(57));
    assert_eq!(longest.len(), 254);
    for right in [
        "a@b.co",
        "first.last+tag@sub.example.museum",
        "o'neill@example.ie",
        "x@xn--bcher-kva.example",
        "1@2.com",
        &longest,
    ] {
        assert!(right.parse::<Email>().is_ok(), "{right}");
    }
    assert_eq!("\u{200b}Ana@Example.com\u{202c} ".parse::<Email>().map(String::from), Ok("ana@example.com".to_owned()));
    for wrong in [
        "josé@example.com",
        "ana@exämple.com",
        "ana@@example.com",
        "ana@example..com",
        ".ana@example.com",
        "ana.@example.com",
        "ana@.example.com",
        "ana@example.com.",
        "\"ana\"@example.com",
        "ana@[127.0.0.1]",
        "ana@example.com\nbcc: eve@example.com",
        "ana@example.com,eve@example.com",
        "ana @example.com",
        "<ana@example.com>",
        "ana@example.123",
        "İ@example.com",
        &longest.replace(".com", ".coma"),
    ] {
        assert!(wrong.parse::<Email>().is_err(), "{wrong}");
    }
}

#[test]
fn a_phone_number_may_be_written_as_people_write_it() {
    for (written, number) in [
        ("+351 912 345 678", "+351912345678"),
        ("+44 (0)20 7946 0000", "+442079460000"),
        ("\u{202a}+351 912\u{a0}345\u{a0}678\u{202c}", "+351912345678"),
        ("+49\u{2011}30\u{2013}1234567", "+49301234567"),
        ("00 1 (212) 555-0100", "+12125550100"),
        ("+1.212.555.0100", "+12125550100"),
        ("+123456789012345", "+123456789012345"),
    ] {
        assert_eq!(written.parse::<Phone>().map(String::from).ok().as_deref(), Some(number), "{written}");
    }
    for wrong in [
        "",
        "+",
        "00",
        "+1234567890123456",
        "+123456",
        "++351912345678",
        "+351 912 345 678 ext 9",
        "+٣٥١٩١٢٣٤٥٦٧٨",
        "+0351912345678",
        "+3519123\x004567",
    ] {
        assert!(wrong.parse::<Phone>().is_err(), "{wrong}");
    }
}

#[test]
fn a_reference_is_heard_in_any_case_but_only_in_its_own_letters() {
    assert_eq!(" k7m4qx ".parse::<Reference>().map(String::from), Ok("K7M4QX".to_owned()));
    for wrong in ["", "K7M4Q", "K7M4QXX", "K7M4Q0", "K7M4QO", "K7M4QI", "K7M4QL", "K7M4QU", "K7M4 X", "aaaaß", "ſſſſſſ"]
    {
        assert!(wrong.parse::<Reference>().is_err(), "{wrong}");
    }
    assert!(Reference::ALPHABET.is_sorted());
}

#[test]
fn ids_are_uuids_and_nothing_else() {
    let id = "0197f3c2-7b1e-7c00-8000-000000000001";
    assert_eq!(id.parse::<TableId>().unwrap().to_string(), id);
    assert_eq!(to_value(id.parse::<AreaId>().unwrap()).unwrap(), json!(id));
    for wrong in ["", "1", "0197f3c2-7b1e-7c00-8000-00000000000g", &id.repeat(2)] {
        assert!(wrong.parse::<AreaId>().is_err() && from_value::<AreaId>(json!(wrong)).is_err(), "{wrong}");
    }
}

#[test]
fn an_instant_keeps_the_offset_of_its_place() {
    let at: LocalInstant = from_value(json!("2026-11-01T01:30:00-04:00")).unwrap();
    assert_eq!((at.clock(), at.date().to_string()), ("01:30".to_owned(), "2026-11-01".to_owned()));
    assert_eq!(to_value(at).unwrap(), json!("2026-11-01T01:30:00-04:00"));
    assert_eq!(at.utc().to_rfc3339(), "2026-11-01T05:30:00+00:00");
}

#[test]
fn every_refusal_has_a_code_of_its_own_and_a_sentence() {
    let mut refusals: Vec<Refusal> = Reason::ALL.iter().copied().map(Refusal::Unavailable).collect();
    refusals.extend([Refusal::OverlappingBooking, Refusal::HoldExpired, Refusal::HoldMismatch, Refusal::HoldAtLimit]);
    refusals.extend([Refusal::Stale(3), Refusal::TooLate, Refusal::NotNow(Status::Seated)]);
    let mut codes: Vec<&str> = refusals.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), refusals.len());
    assert!(refusals.iter().all(|refusal| refusal.to_string().ends_with('.')));
}

/// Values that a page and a program share read back as they were written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Mixed {
    party: PartySize,
    start: LocalInstant,
    needs: Vec<Need>,
}

#[test]
fn values_read_back_inside_others() {
    let text = json!({"party": 2, "start": "2026-11-21T19:30:00+05:45", "needs": ["step_free"]});
    let mixed: Mixed = from_value(text.clone()).unwrap();
    assert_eq!(to_value(&mixed).unwrap(), text);
    assert!(from_value::<Mixed>(json!({"party": 0, "start": "2026-11-21T19:30:00Z", "needs": []})).is_err());
}

#[test]
fn the_document_lists_the_words_that_are_sent() {
    let schema = serde_json::to_value(<AreaKind as utoipa::PartialSchema>::schema()).unwrap();
    let words: Vec<&str> = AreaKind::ALL.iter().map(|kind| kind.word()).collect();
    assert_eq!(
        schema,
        serde_json::json!({"type": "string", "description": "Where in the house an area is.", "enum": words})
    );
    assert_eq!(serde_json::to_value(AreaKind::Outdoor).unwrap(), words[1]);
}

//! The second net: finds in words what looks personal, and says what it was instead.

use std::borrow::Cow;

/// Parts of addresses behind which a token or a key follows.
const KEYHOLES: [&str; 6] = ["book", "bookings", "holds", "confirm", "reset", "password-resets"];

/// The text with everything personal replaced by what it was: mail addresses, telephone numbers, tokens, and in addresses what comes
/// after `?` and behind a part that opens something.
pub(super) fn discreet(text: &str) -> Cow<'_, str> {
    if is_harmless(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = &rest[..word_length(rest).max(first.len_utf8())];
        let number = number(rest).filter(|_| !is_mail(word));
        if number.is_some() {
            out.push_str("[phone]");
        } else {
            tell(&mut out, word);
        }
        rest = &rest[number.unwrap_or(word.len())..];
    }
    Cow::Owned(out)
}

/// How long the word is that the text begins with, up to a telephone number within it: `tel:+351..`.
fn word_length(text: &str) -> usize {
    let word = &text[..text.find(is_between).unwrap_or(text.len())];
    if is_mail(word) {
        return word.len();
    }
    let begins = |at: usize| !word[..at].ends_with(char::is_alphanumeric) && number(&text[at..]).is_some();
    word.match_indices('+').map(|(at, _)| at).find(|at| *at > 0 && begins(*at)).unwrap_or(word.len())
}

/// Most of what is logged has nothing in it that this looks for.
fn is_harmless(text: &str) -> bool {
    text.len() < 43 && !text.bytes().any(|b| matches!(b, b'@' | b'+' | b'?' | b'/'))
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || "\"'`<>()[]{},;|".contains(c)
}

/// Writes a word down, or what it was.
fn tell(out: &mut String, word: &str) {
    if is_mail(word) {
        return out.push_str("[mail]");
    }
    let (path, query) = match word.split_once('?') {
        Some((path, query)) if !query.is_empty() => (path, "?[query]"),
        _ => (word, ""),
    };
    let mut opens = false;
    for (at, part) in path.split('/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        let is_hidden = !part.is_empty() && !part.starts_with('{') && (opens || is_token(part));
        out.push_str(if is_hidden { "[token]" } else { part });
        opens = at > 0 && KEYHOLES.contains(&part);
    }
    out.push_str(query);
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

/// Ids and hashes stay readable: they are shorter than any token of ours.
fn is_token(part: &str) -> bool {
    part.len() >= 43
        && part.bytes().any(|b| b.is_ascii_digit())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// How long the telephone number is that the text begins with: a plus and seven to fifteen digits, as people write them.
fn number(text: &str) -> Option<usize> {
    let after = text.strip_prefix('+')?;
    let (mut digits, mut end) = (0, 0);
    for (at, c) in after.char_indices() {
        match c {
            '0'..='9' => (digits, end) = (digits + 1, at + 1),
            ' ' | '-' | '.' | '(' | ')' => {}
            _ => break,
        }
        if digits > 15 {
            break;
        }
    }
    (digits >= 7).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_personal_is_said_to_be_so() {
        let said =
            "550 <ana.b+x@example.com>: no such user; call +351912345678 or +351-912-345-678, or +351 (912) 345 678.";
        assert_eq!(discreet(said), "550 <[mail]>: no such user; call [phone] or [phone], or [phone].");
        assert_eq!(discreet("postgres://trestle:swordfish@127.0.0.1:5432/x"), "[mail]");
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(discreet(&format!("the token {token} is old")), "the token [token] is old");
        assert_eq!(discreet("GET /bookings/short?new=1"), "GET /bookings/[token]?[query]");
        assert_eq!(
            discreet("https://trestle.example/account/reset/abc"),
            "https://trestle.example/account/reset/[token]"
        );
        assert_eq!(discreet("/search?q=Quirina+Zweistein"), "/search?[query]");
    }

    #[test]
    fn everything_else_stays() {
        let line = "2026-11-21T02:50:00.123456Z  WARN request{request_id=0123456789abcdef0123456789abcdef path=/api/v1/holds/{token}}: \
                    backend::outbox: later id=01939c1e-7b1a-7c3e-9d43-2f6a1b7c8d9e after +2 s, 50% of the_constraint_that_has_a_very_long_name_of_words\n";
        assert_eq!(discreet(line), line);
        assert_eq!(discreet("why?"), "why?");
    }

    proptest! {
        #[test]
        fn no_mail_address_number_or_token_gets_through(
            before in "[ a-zä(:]{0,12}[ (<]",
            mail in "[a-z0-9._%+-]{1,12}@[a-z0-9-]{1,10}\\.[a-z]{2,6}",
            number in "\\+[1-9][0-9]{2}[ .-]?[0-9]{3}[ -]?[0-9]{3}",
            token in "[A-Za-z0-9_-]{21,40}1\\.[A-Za-z0-9_-]{20,40}",
            key in "[A-Za-z0-9_.-]{1,40}",
            after in "[ >),;][ a-zä)]{0,12}",
        ) {
            for secret in [&mail, &number, &token] {
                let told = discreet(&format!("{before}{secret}{after}")).into_owned();
                prop_assert!(!told.contains(secret.as_str()), "{told}");
            }
            let told = discreet(&format!("{before}/bookings/{key}?x={key}{after}")).into_owned();
            let expected = format!("/bookings/[token]?[query]{after}");
            prop_assert!(told.ends_with(&expected), "{told}");
        }

        #[test]
        fn whatever_is_said_twice_is_said_alike(text in any::<String>()) {
            let once = discreet(&text).into_owned();
            prop_assert_eq!(discreet(&once).into_owned(), once);
        }
    }
}

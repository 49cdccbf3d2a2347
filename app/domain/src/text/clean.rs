//! Text without what nobody sees.

/// Text without markup, control, zero-width and direction-changing characters, white space folded.
///
/// Line breaks survive, at most two in a row. So do joiners where they belong: between emoji that are one together, and between letters
/// whose writing needs them. Anything from `<` and a letter, `/`, `!` or `?` to a following `>` is markup. Cleaning
/// twice changes nothing: what is left when markup is taken away is looked at again.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Where the tags begin that are not closed yet, the innermost last.
    let mut tags = Vec::new();
    let mut joiner = None;
    for next in text.chars() {
        if next == '>'
            && let Some(tag) = tags.pop()
        {
            out.truncate(tag);
            joiner = None;
            continue;
        }
        if out.ends_with('<') && (next.is_ascii_alphabetic() || "/!?".contains(next)) {
            tags.push(out.len() - 1);
        }
        push_clean(&mut out, &mut joiner, next);
    }
    out.truncate(out.trim_end().len());
    out
}

fn push_clean(out: &mut String, joiner: &mut Option<char>, next: char) {
    if next == '\n' {
        *joiner = None;
        out.truncate(out.trim_end_matches(' ').len());
        if !out.is_empty() && !out.ends_with("\n\n") {
            out.push('\n');
        }
    } else if next.is_whitespace() {
        *joiner = None;
        if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    } else if matches!(next, NON_JOINER | JOINER) {
        *joiner = Some(next);
    } else if !next.is_control() && !is_invisible(next) {
        let belongs = |joiner: &char| out.chars().next_back().is_some_and(|before| joins(before, *joiner, next));
        let joiner = joiner.take().filter(belongs);
        out.extend(joiner);
        out.push(next);
    }
}

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';

/// Whether a joiner belongs between these two (Unicode Standard Annex 31, section 2.3, and Technical Standard 51, section 2.3).
fn joins(before: char, joiner: char, next: char) -> bool {
    let of_one_emoji = joiner == JOINER && is_picture(next) && (is_picture(before) || before == '\u{fe0f}');
    of_one_emoji || (is_cursive(before) && is_cursive(next)) || (is_indic(before) && is_indic(next))
}

const fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Letters of Arabic, Persian, Urdu and Syriac.
fn is_cursive(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}') && c.is_alphabetic()
}

/// The scripts from Devanagari to Sinhala, letters and signs.
const fn is_indic(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{dff}')
}

/// Characters that change what is read without being seen (Unicode TR 36), or are seen as nothing: zero width, direction, fillers,
/// blank Braille, annotations, tags, byte order mark.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_invisible_characters_go() {
        assert_eq!(clean("a <b>bold</b>\u{202e} move\u{200b}\u{7}"), "a bold move");
        assert_eq!(clean("<script>alert(1)</script>"), "alert(1)");
        assert_eq!(clean("2 < 3 and 5 > 4"), "2 < 3 and 5 > 4");
        assert_eq!(clean(" one\n\n\n\ntwo  three "), "one\n\ntwo three");
    }

    #[test]
    fn joiners_stay_where_they_belong_and_nowhere_else() {
        for kept in [
            "👩\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}\u{200d}🔥",
            "👩🏽\u{200d}🍳 Ana",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "ශ්\u{200d}රී",
        ] {
            assert_eq!(clean(kept), kept);
        }
        for (written, read) in [
            ("An\u{200d}a", "Ana"),
            ("\u{200d}👩\u{200d}", "👩"),
            ("👩\u{200d} 👧", "👩 👧"),
            ("👩\u{200c}👧", "👩👧"),
            ("👩\u{200d}\u{200d}👧", "👩\u{200d}👧"),
            ("👩<b\u{200d}>👧", "👩👧"),
            ("م\u{200c}a", "مa"),
        ] {
            assert_eq!(clean(written), read, "{written:?}");
            assert_eq!(clean(read), read, "{read:?}");
        }
    }
}

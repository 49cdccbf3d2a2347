//! Mail as it lies in the folder, read by a parser that is not ours.

use std::path::Path;

use mailparse::{MailHeaderMap, ParsedMail, parse_mail};

use crate::calendar::Entry;

/// One letter.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The address it went to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What makes it one and the same for mail servers.
    pub message_id: String,
    /// Its plain text.
    pub text: String,
    /// Its HTML.
    pub html: String,
    /// The calendar entry that came with it, empty when none did.
    pub entry: Entry,
}

impl Letter {
    /// The link to what it is about.
    #[must_use]
    pub fn link(&self) -> String {
        let start = self.text.find("http").expect("the letter has a link");
        self.text[start..].split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// The token in that link.
    #[must_use]
    pub fn token(&self) -> String {
        self.link().rsplit('/').next().unwrap_or_default().to_owned()
    }
}

pub(crate) fn read_all(folder: &Path) -> Vec<Letter> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = files
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| read(&std::fs::read(path).expect("a letter can be read"))).collect()
}

fn read(bytes: &[u8]) -> Letter {
    let mail = parse_mail(bytes).expect("a letter is well-formed");
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
    let to = header("To");
    let address = to.rsplit_once('<').map_or(to.as_str(), |(_, rest)| rest.trim_end_matches('>')).to_owned();
    Letter {
        to: address,
        subject: header("Subject"),
        message_id: header("Message-ID"),
        text: part(&mail, "text/plain").expect("the letter has plain text"),
        html: part(&mail, "text/html").expect("the letter has HTML").replace("&#x2f;", "/"),
        entry: part(&mail, "text/calendar").map(|file| Entry::read(&file)).unwrap_or_default(),
    }
}

fn part(mail: &ParsedMail<'_>, kind: &str) -> Option<String> {
    let part = mail.parts().find(|part| part.ctype.mimetype == kind);
    part.map(|part| part.get_body().expect("the part can be decoded"))
}

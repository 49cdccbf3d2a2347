//! A calendar file as a calendar reads it (RFC 5545).

use std::collections::HashMap;

/// The one event of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry(HashMap<String, String>);

impl Entry {
    /// Reads a file: lines unfolded, parameters of properties left out, text unescaped.
    #[must_use]
    pub fn read(file: &str) -> Self {
        assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"), "{file}");
        assert!(file.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "a line is too long: {file}");
        let unfolded = file.replace("\r\n ", "").replace("\r\n\t", "");
        let properties = unfolded.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let name = name.split(';').next().unwrap_or_default();
            Some((
                name.to_owned(),
                value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\"),
            ))
        });
        Self(properties.collect())
    }

    /// A property, empty when there is none.
    #[must_use]
    pub fn property(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }
}

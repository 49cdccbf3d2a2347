//! Reads settings one by one and keeps every mistake, so that all are told at once.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;

use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Source};

/// The defaults, which are also the list of what there is.
const DEFAULTS: &str = include_str!("defaults.toml");

/// Settings without a default.
const OPTIONAL: [&str; 6] = ["database.url", "redis.url", "secret", "public_url", "trusted_proxies", "mail.smtp_url"];

/// Where settings come from: later ones win over earlier ones.
pub(super) struct Reader {
    values: Figment,
    mistakes: Vec<String>,
}

impl Reader {
    pub(super) fn new(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut reader = Self { values: Figment::from(Toml::string(DEFAULTS)), mistakes: Vec::new() };
        if let Some(path) = file {
            reader.add_file(path);
        }
        for (name, value) in environment {
            // A variable that is set to nothing is a variable not set.
            if let Some(key) = key_of(&name)
                && !value.trim().is_empty()
            {
                reader.values = reader.values.merge(Serialized::default(&key, value));
            }
        }
        reader
    }

    fn add_file(&mut self, path: &Path) {
        match std::fs::read_to_string(path).map_err(|error| error.to_string()).and_then(|text| parse(&text)) {
            Err(error) => self.mistakes.push(format!("{}: {error}", path.display())),
            Ok(settings) => {
                let known = known();
                let unknown = keys("", &settings).into_iter().filter(|key| !known.contains(key));
                self.mistakes
                    .extend(unknown.map(|key| format!("`{key}` in {}: there is no such setting.", path.display())));
                self.values = std::mem::take(&mut self.values).merge(Toml::file_exact(path));
            }
        }
    }

    /// The words of a setting, `None` when it is not set.
    fn words(&self, key: &str) -> Option<String> {
        let words = match self.values.find_value(key).ok()? {
            Value::String(_, text) => text,
            Value::Num(_, number) => number
                .to_i128()
                .map(|number| number.to_string())
                .or_else(|| number.to_f64().map(|number| number.to_string()))
                .unwrap_or_default(),
            Value::Bool(_, flag) => flag.to_string(),
            Value::Char(_, letter) => letter.to_string(),
            Value::Empty(..) | Value::Dict(..) | Value::Array(..) => String::new(),
        };
        Some(words.trim().to_owned()).filter(|words| !words.is_empty())
    }

    /// A setting that may be missing, checked by its rule.
    pub(super) fn maybe<T>(&mut self, key: &str, rule: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let words = self.words(key)?;
        rule(&words).map_err(|complaint| self.complain(key, &complaint)).ok()
    }

    /// A setting that must be there.
    pub(super) fn need<T>(&mut self, key: &str, what: &str, rule: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        if self.words(key).is_none() {
            self.complain(key, what);
        }
        self.maybe(key, rule)
    }

    /// Things with commas between them, none when not set.
    pub(super) fn list<T>(&mut self, key: &str, rule: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let all = |words: &str| words.split(',').map(|word| rule(word.trim())).collect();
        self.maybe(key, all).unwrap_or_default()
    }

    /// A whole number within bounds.
    pub(super) fn number<T>(&mut self, key: &str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        let complaint = format!("write a whole number from {} to {}.", bounds.start(), bounds.end());
        self.need(key, &complaint, |words| {
            words.parse().ok().filter(|number| bounds.contains(number)).ok_or(complaint.clone())
        })
    }

    /// A length of time in seconds.
    pub(super) fn seconds(&mut self, key: &str, bounds: RangeInclusive<u64>) -> Option<std::time::Duration> {
        self.number(key, bounds).map(std::time::Duration::from_secs)
    }

    pub(super) fn complain(&mut self, key: &str, complaint: &str) {
        let place = match self.values.find_metadata(key).and_then(|metadata| metadata.source.as_ref()) {
            Some(Source::File(path)) => format!("`{key}` in {}", path.display()),
            _ => variable_of(key),
        };
        self.mistakes.push(format!("{place}: {complaint}"));
    }

    pub(super) fn finish(self) -> Vec<String> {
        self.mistakes
    }
}

fn parse(text: &str) -> Result<Dict, String> {
    Figment::from(Toml::string(text)).extract().map_err(|error| error.to_string())
}

fn known() -> Vec<String> {
    let defaults = parse(DEFAULTS).expect("the defaults are written by us and tested");
    keys("", &defaults).into_iter().chain(OPTIONAL.map(str::to_owned)).collect()
}

fn keys(prefix: &str, dict: &Dict) -> Vec<String> {
    let nested = |(key, value): (&String, &Value)| match value {
        Value::Dict(_, inner) => keys(&format!("{prefix}{key}."), inner),
        _ => vec![format!("{prefix}{key}")],
    };
    dict.iter().flat_map(nested).collect()
}

/// The setting an environment variable stands for: `TRESTLE_HTTP__MAX_CONNECTIONS` is `http.max_connections`.
fn key_of(name: &str) -> Option<String> {
    let own = |rest: &str| rest.to_ascii_lowercase().replace("__", ".");
    match name {
        "DATABASE_URL" => Some("database.url".to_owned()),
        "REDIS_URL" => Some("redis.url".to_owned()),
        _ => name
            .strip_prefix("TRESTLE_")
            .map(own)
            .or_else(|| name.strip_prefix("LEPTOS_").map(|rest| format!("site.{}", rest.to_ascii_lowercase())))
            .filter(|key| known().contains(key)),
    }
}

/// The environment variable that stands for a setting.
fn variable_of(key: &str) -> String {
    match key {
        "database.url" => "DATABASE_URL".to_owned(),
        "redis.url" => "REDIS_URL".to_owned(),
        _ => match key.strip_prefix("site.") {
            Some(rest) => format!("LEPTOS_{}", rest.to_ascii_uppercase()),
            None => format!("TRESTLE_{}", key.to_ascii_uppercase().replace('.', "__")),
        },
    }
}

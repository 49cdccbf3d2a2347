//! What each setting must look like, in sentences; values that may be secret are never repeated.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use backend::{Allowance, NoAllowance};
use domain::text::Email;
use ipnet::IpNet;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::filter::Targets;

use super::{Environment, Format};

type Checked<T> = Result<T, String>;

pub(super) const ENVIRONMENT: &str = "say development or production.";
pub(super) const SECRET: &str = "give a secret of at least 32 characters; every server of this site needs the same.";
pub(super) const DATABASE_URL: &str =
    "say where PostgreSQL is, such as postgres://user:password@127.0.0.1:5432/trestle.";
pub(super) const MAILBOX: &str =
    "write an email address with or without a name, such as Trestle <bookings@example.org>.";
pub(super) const ALLOWANCE: &str = "say how much a client may ask for, such as 100 per minute, or off.";
pub(super) const FORMAT: &str = "say pretty or json.";
pub(super) const FLAG: &str = "say true or false.";

pub(super) fn addr(words: &str) -> Checked<SocketAddr> {
    let complaint = || format!("`{words}` is no address to listen on; write host:port, such as 127.0.0.1:3000.");
    words.to_socket_addrs().ok().and_then(|mut found| found.next()).ok_or_else(complaint)
}

pub(super) fn public_url(words: &str) -> Checked<String> {
    let complaint =
        || format!("`{words}` is no address of a site; write scheme and host, such as https://trestle.example.");
    let url: http::Uri = words.parse().map_err(|_| complaint())?;
    let bare = url.path().trim_end_matches('/').is_empty() && url.query().is_none();
    match (url.scheme_str(), url.authority()) {
        (Some(scheme @ ("http" | "https")), Some(authority)) if bare && !authority.as_str().contains('@') => {
            Ok(format!("{scheme}://{authority}"))
        }
        _ => Err(complaint()),
    }
}

/// Whether what is said to this site stays unread on its way: it comes by https, or from the same machine.
pub(super) fn is_safe_on_its_way(url: &str) -> bool {
    let Ok(url) = url.parse::<http::Uri>() else { return false };
    let host = url.host().unwrap_or_default();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    url.scheme_str() == Some("https")
        || host == "localhost"
        || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

pub(super) fn environment(words: &str) -> Checked<Environment> {
    match words {
        "development" => Ok(Environment::Development),
        "production" => Ok(Environment::Production),
        _ => Err(ENVIRONMENT.to_owned()),
    }
}

pub(super) fn secret(words: &str) -> Checked<SecretString> {
    if words.chars().count() >= 32 { Ok(words.into()) } else { Err(SECRET.to_owned()) }
}

pub(super) fn database_url(words: &str) -> Checked<SecretString> {
    let fits = (words.starts_with("postgres://") || words.starts_with("postgresql://"))
        && words.parse::<PgConnectOptions>().is_ok();
    if fits { Ok(words.into()) } else { Err(DATABASE_URL.to_owned()) }
}

pub(super) fn redis_url(words: &str) -> Checked<SecretString> {
    let fits = ["redis://", "rediss://", "redis+unix://", "unix://"].iter().any(|scheme| words.starts_with(scheme));
    if fits {
        Ok(words.into())
    } else {
        Err("say where Redis is, such as redis://127.0.0.1:6379, or leave it out.".to_owned())
    }
}

pub(super) fn smtp_url(words: &str) -> Checked<SecretString> {
    let fits = words.starts_with("smtp://") || words.starts_with("smtps://");
    if fits {
        Ok(words.into())
    } else {
        Err("say where the mail server is, such as smtp://user:password@mail.example.org:587.".to_owned())
    }
}

pub(super) fn mailbox(words: &str) -> Checked<String> {
    let address = match words.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => words,
    };
    address.parse::<Email>().map(|_| words.to_owned()).map_err(|_| MAILBOX.to_owned())
}

pub(super) fn format(words: &str) -> Checked<Format> {
    match words {
        "pretty" => Ok(Format::Pretty),
        "json" => Ok(Format::Json),
        _ => Err(FORMAT.to_owned()),
    }
}

pub(super) fn filter(words: &str) -> Checked<Targets> {
    words.parse().map_err(|_| format!("`{words}` says nothing; write directives such as info,backend=debug."))
}

pub(super) fn flag(words: &str) -> Checked<bool> {
    words.parse().map_err(|_| FLAG.to_owned())
}

pub(super) fn allowance(words: &str) -> Checked<Allowance> {
    words.parse().map_err(|complaint: NoAllowance| complaint.to_string())
}

pub(super) fn network(words: &str) -> Checked<IpNet> {
    let address = words.parse::<IpAddr>().map(IpNet::from);
    address.or_else(|_| words.parse()).map_err(|_| {
        format!("`{words}` is no address or network; write them with commas between, such as 10.0.0.0/8, ::1.")
    })
}

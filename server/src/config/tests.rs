use std::time::Duration;

use backend::Delivery;

use super::*;

const SECRET: &str = "a-secret-that-is-long-enough-for-this";
const DATABASE: &str = "postgres://trestle:swordfish@127.0.0.1:5432/trestle";

fn read(extra: &[(&str, &str)]) -> Result<Config, Mistakes> {
    let needed = [("DATABASE_URL", DATABASE), ("TRESTLE_SECRET", SECRET)];
    Config::read(&Sources::new(None, needed.iter().chain(extra).copied()))
}

fn mistakes(extra: &[(&str, &str)]) -> Vec<String> {
    read(extra).map(|_| ()).unwrap_err().0
}

#[test]
fn what_is_not_said_has_a_default() {
    let config = read(&[("TRESTLE_SECRETS", "not ours"), ("REDIS_URL", ""), ("PATH", "/bin")]).unwrap();
    assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.hold, Duration::from_mins(5));
    assert_eq!(config.database.max_connections, 16);
    assert_eq!((config.http.body_limit, config.http.connections_per_client), (65_536, 512));
    assert_eq!(config.log.format, Format::Pretty);
    assert!(config.redis_url.is_none());
    assert!(matches!(config.mail.delivery, Delivery::Directory(dir) if dir == Path::new(".run/mail")));
    assert_eq!(&*config.site.output_name, "trestle");
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_defaults() {
    let folder = std::env::temp_dir().join(format!("trestle-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("trestle.toml");
    std::fs::write(&file, "hold_minutes = 7\n[http]\nmax_connections = 10\nbody_limit_kb = 1\n").unwrap();
    let environment = [("DATABASE_URL", DATABASE), ("TRESTLE_SECRET", SECRET), ("TRESTLE_HTTP__MAX_CONNECTIONS", "20")];
    let config = Config::read(&Sources::new(Some(&file), environment)).unwrap();
    assert_eq!((config.http.max_connections, config.http.body_limit), (20, 1024));
    assert_eq!(config.hold, Duration::from_mins(7));

    std::fs::write(&file, "adress = 1\nhold_minutes = 99\n[http]\nmax_conections = 10\n").unwrap();
    let Mistakes(mut said) = Config::read(&Sources::new(Some(&file), environment)).unwrap_err();
    said.sort();
    let name = file.display();
    assert_eq!(
        said,
        [
            format!("`adress` in {name}: there is no such setting."),
            format!("`hold_minutes` in {name}: write a whole number from 1 to 15."),
            format!("`http.max_conections` in {name}: there is no such setting."),
        ]
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn all_mistakes_are_told_at_once() {
    let Mistakes(said) = Config::read(&Sources::new(
        None,
        [("TRESTLE_ADDR", "here"), ("TRESTLE_HOLD_MINUTES", "soon"), ("TRESTLE_LOG__FORMAT", "xml")],
    ))
    .unwrap_err();
    let about = |name: &str| said.iter().filter(|mistake| mistake.starts_with(name)).count();
    assert_eq!(said.len(), 5, "{said:#?}");
    for name in ["TRESTLE_ADDR:", "TRESTLE_HOLD_MINUTES:", "TRESTLE_LOG__FORMAT:", "TRESTLE_SECRET:", "DATABASE_URL:"] {
        assert_eq!(about(name), 1, "{name} in {said:#?}");
    }
}

#[test]
fn secrets_are_neither_printed_nor_repeated() {
    let config = read(&[
        ("REDIS_URL", "redis://:swordfish@127.0.0.1"),
        ("TRESTLE_MAIL__SMTP_URL", "smtp://u:swordfish@mail.example.org"),
    ])
    .unwrap();
    let printed = format!("{config:?}");
    assert!(!printed.contains(SECRET) && !printed.contains("swordfish"), "{printed}");
    let said =
        mistakes(&[("TRESTLE_SECRET", "swordfish"), ("DATABASE_URL", "mysql://swordfish"), ("REDIS_URL", "swordfish")])
            .join("\n");
    assert!(said.lines().count() == 3 && !said.contains("swordfish"), "{said}");
}

#[test]
fn a_secret_of_digits_keeps_its_zeros() {
    use secrecy::ExposeSecret;
    let digits = "0123456789".repeat(4);
    let config = Config::read(&Sources::new(None, [("DATABASE_URL", DATABASE), ("TRESTLE_SECRET", &digits)])).unwrap();
    assert_eq!(config.secret.expose_secret(), digits);
}

#[test]
fn production_knows_its_address() {
    assert_eq!(mistakes(&[("TRESTLE_ENVIRONMENT", "production")]).len(), 1);
    let config =
        read(&[("TRESTLE_ENVIRONMENT", "production"), ("TRESTLE_PUBLIC_URL", "https://trestle.example/")]).unwrap();
    assert_eq!(config.public_url.as_deref(), Some("https://trestle.example"));
    let production = |url| read(&[("TRESTLE_ENVIRONMENT", "production"), ("TRESTLE_PUBLIC_URL", url)]);
    for bare in ["http://trestle.example", "http://10.0.0.7:3000", "http://localhost.example", "http://[2001:db8::1]"] {
        let Mistakes(said) = production(bare).map(|_| ()).unwrap_err();
        assert!(said.len() == 1 && said[0].contains("write https://, or anybody on the way reads"), "{said:?}");
        assert!(read(&[("TRESTLE_PUBLIC_URL", bare)]).is_ok(), "{bare}");
    }
    for own in ["http://localhost:3000", "http://127.0.0.1:3000", "http://127.9.9.9", "http://[::1]:3000"] {
        assert!(production(own).is_ok(), "{own}");
    }
    for wrong in [
        "trestle.example",
        "ftp://trestle.example",
        "https://trestle.example/book",
        "https://a:b@trestle.example",
        "https://",
    ] {
        assert_eq!(mistakes(&[("TRESTLE_PUBLIC_URL", wrong)]).len(), 1, "{wrong}");
    }
}

#[test]
fn the_site_is_described_as_cargo_leptos_does() {
    let site = read(&[
        ("LEPTOS_OUTPUT_NAME", "x"),
        ("LEPTOS_SITE_ROOT", "/srv/site"),
        ("LEPTOS_HASH_FILES", "true"),
        ("LEPTOS_BIN_DIR", "."),
    ])
    .unwrap()
    .site;
    assert_eq!((&*site.output_name, &*site.site_root, site.hash_files), ("x", "/srv/site", true));
    assert!(read(&[("LEPTOS_WATCH", "true")]).unwrap().watched && !read(&[]).unwrap().watched);
}

#[test]
fn what_each_client_may_ask_for_has_a_default() {
    let limits = read(&[]).unwrap().limits;
    for (allowance, words) in [
        (limits.api, "100 per minute"),
        (limits.search, "30 per minute"),
        (limits.booking, "5 per minute"),
        (limits.change, "10 per minute"),
        (limits.sign_in, "5 per 15 minutes"),
        (limits.register, "5 per hour"),
        (limits.target, "20 per 15 minutes"),
        (limits.letters, "10 per hour"),
    ] {
        assert_eq!(allowance, words.parse().unwrap(), "{words}");
    }
    assert_eq!(limits.patience, Duration::from_millis(50));
    assert_eq!((limits.penalty, limits.longest_penalty), (Duration::from_secs(10), Duration::from_mins(10)));
}

#[test]
fn limits_and_trusted_proxies_are_read_and_every_mistake_is_told() {
    let config = read(&[("TRESTLE_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
    assert_eq!(config.trusted_proxies, ["10.0.0.0/8".parse::<IpNet>().unwrap(), "::1/128".parse().unwrap()]);
    assert!(read(&[]).unwrap().trusted_proxies.is_empty());
    let said = mistakes(&[
        ("TRESTLE_LIMITS__API", "lots"),
        ("TRESTLE_LIMITS__SEARCH", "0 per minute"),
        ("TRESTLE_LIMITS__PATIENCE_MILLISECONDS", "0"),
        ("TRESTLE_TRUSTED_PROXIES", "10.0.0.0/8, everyone"),
    ]);
    assert_eq!(said.len(), 4, "{said:#?}");
    assert!(said.iter().any(|mistake| mistake.starts_with("TRESTLE_TRUSTED_PROXIES: `everyone`")), "{said:#?}");
}

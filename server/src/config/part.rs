//! The parts of the settings that are made of other crates' types.

use std::path::PathBuf;
use std::time::Duration;

use backend::{Delivery, GateSettings, LimitSettings, MailSettings};
use leptos::config::LeptosOptions;

use super::reader::Reader;
use super::rule;

pub(super) fn gate(reader: &mut Reader) -> Option<GateSettings> {
    let at_once = reader.number("gate.at_once", 1..=100);
    let queue = reader.number("gate.queue", 0..=100_000);
    let patience = reader.seconds("gate.patience_seconds", 1..=120);
    Some(GateSettings { at_once: at_once?, queue: queue?, patience: patience? })
}

pub(super) fn limits(reader: &mut Reader) -> Option<LimitSettings> {
    let mut allowance = |key: &str| reader.need(key, rule::ALLOWANCE, rule::allowance);
    let (api, search) = (allowance("limits.api"), allowance("limits.search"));
    let (booking, change) = (allowance("limits.booking"), allowance("limits.change"));
    let (sign_in, register) = (allowance("limits.sign_in"), allowance("limits.register"));
    let (target, letters) = (allowance("limits.target"), allowance("limits.letters"));
    let patience = reader.number("limits.patience_milliseconds", 1..=10_000).map(Duration::from_millis);
    let penalty = reader.seconds("limits.penalty_seconds", 0..=3600);
    let longest_penalty = reader.seconds("limits.longest_penalty_seconds", 0..=86_400);
    Some(LimitSettings {
        api: api?,
        search: search?,
        booking: booking?,
        change: change?,
        sign_in: sign_in?,
        register: register?,
        target: target?,
        letters: letters?,
        patience: patience?,
        penalty: penalty?,
        longest_penalty: longest_penalty?,
    })
}

pub(super) fn mail(reader: &mut Reader) -> Option<MailSettings> {
    let from = reader.need("mail.from", rule::MAILBOX, rule::mailbox);
    let server = reader.maybe("mail.smtp_url", rule::smtp_url);
    let dir = reader.need("mail.dir", "say where mail is kept, such as .run/mail.", |dir| Ok(PathBuf::from(dir)));
    Some(MailSettings { from: from?, delivery: server.map(Delivery::Smtp).or_else(|| dir.map(Delivery::Directory))? })
}

pub(super) fn site(reader: &mut Reader) -> Option<LeptosOptions> {
    let text = |words: &str| Ok(words.to_owned());
    let output_name = reader.need("site.output_name", "say how the browser's files are called.", text);
    let root = reader.need("site.site_root", "say where the browser's files are.", text);
    let pkg_dir = reader.need("site.site_pkg_dir", "say in which folder of the site they are.", text);
    let hash_files = reader.need("site.hash_files", rule::FLAG, rule::flag);
    let reload_port = reader.number("site.reload_port", 1..=65_535);
    let options = LeptosOptions::builder().output_name(output_name?).site_root(root?).site_pkg_dir(pkg_dir?);
    Some(options.hash_files(hash_files?).reload_port(reload_port?).build())
}

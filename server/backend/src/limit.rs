//! How much a client may ask for in a while: sliding windows in Redis, or in this process where there is no Redis.

mod allowance;
mod local;
mod record;
mod shared;
mod window;

use std::net::IpAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

pub use self::allowance::{Allowance, NoAllowance};
use self::local::Local;
use self::record::Penalty;
use self::shared::Shared;
use crate::account::SignedIn;
use crate::{Backend, Result};

/// How many rules there are.
const RULES: usize = 8;

/// Names a rule and a client without saying who that is.
type Key = [u8; 16];

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everything that is asked of this server.
    Api,
    /// Searching.
    Search,
    /// Holding and booking.
    Booking,
    /// What is done to a booking, a hold, a review or the staff of a venue.
    Change,
    /// Saying a password.
    SignIn,
    /// Making accounts.
    Register,
    /// What everybody together may try on one mail address.
    Target,
    /// What everybody together may have written to one mail address that is not known to be theirs.
    Letters,
}

impl Rule {
    /// Every rule there is.
    const ALL: [Self; RULES] = [
        Self::Api,
        Self::Search,
        Self::Booking,
        Self::Change,
        Self::SignIn,
        Self::Register,
        Self::Target,
        Self::Letters,
    ];

    /// Its name in settings and keys.
    const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Search => "search",
            Self::Booking => "booking",
            Self::Change => "change",
            Self::SignIn => "sign_in",
            Self::Register => "register",
            Self::Target => "target",
            Self::Letters => "letters",
        }
    }
}

/// How much each client may ask for.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// Of everything.
    pub api: Allowance,
    /// Of searches.
    pub search: Allowance,
    /// Of holds and bookings.
    pub booking: Allowance,
    /// Of changes.
    pub change: Allowance,
    /// Of passwords said.
    pub sign_in: Allowance,
    /// Of accounts made.
    pub register: Allowance,
    /// Of what all clients together try on one mail address.
    pub target: Allowance,
    /// Of letters to one mail address, whoever has them sent.
    pub letters: Allowance,
    /// How long a request waits for Redis before this process counts alone.
    pub patience: Duration,
    /// What the second offence costs; each further one doubles it.
    pub penalty: Duration,
    /// What an offence costs at most.
    pub longest_penalty: Duration,
}

impl LimitSettings {
    const fn allowance(&self, rule: Rule) -> &Allowance {
        match rule {
            Rule::Api => &self.api,
            Rule::Search => &self.search,
            Rule::Booking => &self.booking,
            Rule::Change => &self.change,
            Rule::SignIn => &self.sign_in,
            Rule::Register => &self.register,
            Rule::Target => &self.target,
            Rule::Letters => &self.letters,
        }
    }
}

/// A request and one rule that it falls under.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'w> {
    /// The rule.
    pub rule: Rule,
    /// Who asks: an address, an account, or what is aimed at.
    pub who: &'w [u8],
    /// How much it weighs.
    pub cost: u32,
}

/// Who is counted: an account, or the address of somebody who is not signed in. No account is taken for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer([u8; 17]);

impl Payer {
    /// Whoever calls, by their account or else by their address.
    #[must_use]
    pub fn new(caller: Option<&SignedIn>, address: IpAddr) -> Self {
        let (kind, name) = match (caller, address) {
            (Some(caller), _) => (b'a', caller.account().0.into_bytes()),
            (None, IpAddr::V4(address)) => (b'4', address.to_ipv6_mapped().octets()),
            (None, IpAddr::V6(address)) => (b'6', address.octets()),
        };
        let mut bytes = [kind; 17];
        bytes[1..].copy_from_slice(&name);
        Self(bytes)
    }

    /// What it is counted by.
    #[must_use]
    pub const fn name(&self) -> &[u8] {
        &self.0
    }
}

/// A charge, ready to be counted.
struct Weight<'a> {
    rule: Rule,
    key: Key,
    allowance: &'a Allowance,
    /// The same as `window.lua` reads it.
    numbers: &'a str,
    cost: u64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The rule that keeps it out, if one does.
    pub refused: Option<Rule>,
    /// How much the tightest window admits.
    pub limit: u64,
    /// How much it has left.
    pub remaining: u64,
    /// Until it has more.
    pub wait: Duration,
}

impl Verdict {
    const fn admitted(limit: u64, remaining: u64, wait: u64) -> Self {
        Self { refused: None, limit, remaining, wait: Duration::from_millis(wait) }
    }

    const fn refused(rule: Rule, limit: u64, wait: u64) -> Self {
        Self { refused: Some(rule), limit, remaining: 0, wait: Duration::from_millis(wait) }
    }

    /// Whether it is kept out.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }
}

/// Counts who asks for how much.
pub struct Limiter {
    settings: LimitSettings,
    /// By rule: the allowance as `window.lua` reads it, and the beginning of the hash that makes a key.
    prepared: [(String, Sha256); RULES],
    local: Local,
    shared: Option<Shared>,
}

impl Limiter {
    pub fn new(settings: LimitSettings, secret: &SecretString, redis_url: Option<&SecretString>) -> Result<Self> {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let penalty = Penalty { first: millis(settings.penalty), longest: millis(settings.longest_penalty) };
        // The allowance is part of the key, or a new one would take the old one's slices for its own.
        let prepared = Rule::ALL.map(|rule| {
            let numbers = settings.allowance(rule).numbers();
            let words = [secret.expose_secret(), "limit", rule.name(), &numbers, ""].join("\n");
            (numbers, Sha256::new().chain_update(words))
        });
        let longest = Rule::ALL.iter().map(|rule| settings.allowance(*rule).span()).max().unwrap_or_default();
        let shared = redis_url.map(|url| Shared::new(url, settings.patience, penalty)).transpose()?;
        Ok(Self { local: Local::new(penalty, longest + penalty.longest), prepared, shared, settings })
    }

    /// Counts a request under all of its rules at once, or under none where one keeps it out.
    async fn weigh(&self, charges: &[Charge<'_>]) -> Option<Verdict> {
        let weights: Vec<Weight<'_>> = charges.iter().filter_map(|charge| self.weight(charge)).collect();
        if weights.is_empty() {
            return None;
        }
        // In a box: asking Redis takes four kilobytes.
        if let Some(shared) = &self.shared
            && let Some(verdict) = Box::pin(shared.weigh(&weights)).await
        {
            if !verdict.is_refused() {
                // So that this process knows what was let through when Redis goes.
                self.local.note(&weights, self.local.now());
            }
            return Some(verdict);
        }
        self.local.weigh(&weights, self.local.now())
    }

    fn weight(&self, charge: &Charge<'_>) -> Option<Weight<'_>> {
        let allowance = self.settings.allowance(charge.rule);
        if allowance.is_off() {
            return None;
        }
        let (numbers, hash) = &self.prepared[charge.rule as usize];
        let hash = hash.clone().chain_update(charge.who).finalize();
        let mut key = Key::default();
        key.copy_from_slice(&hash[..16]);
        Some(Weight { rule: charge.rule, key, allowance, numbers, cost: charge.cost.into() })
    }

    /// Keeps the line to Redis until told to stop.
    pub async fn keep_line(&self, stop: &CancellationToken) {
        if let Some(shared) = &self.shared {
            shared.keep_line(stop).await;
        }
    }
}

impl Backend {
    /// Counts a request and says whether it goes through; `None` when nothing limits it.
    ///
    /// At most one round trip to Redis, and none without it: a local window takes over while it is away.
    pub async fn charge(&self, charges: &[Charge<'_>]) -> Option<Verdict> {
        self.0.limiter.weigh(charges).await
    }
}

#[cfg(test)]
mod tests;

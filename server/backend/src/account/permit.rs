//! Who may do what: the table of `domain::policy`, asked at each request, so that a role that is taken away is gone at once.

use std::marker::PhantomData;

use domain::id::{AccountId, VenueId};
use domain::policy::{Act, Deed, Standing, Verdict};
use domain::text::Slug;

use super::{SignedIn, store};
use crate::audit::Actor;
use crate::{Backend, Error, Result, db};

/// The right of one person to one deed at one venue; only [`Backend::permit`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct Permit<D> {
    account: AccountId,
    standing: Standing,
    venue: VenueId,
    deed: PhantomData<D>,
}

impl<D: Deed> Permit<D> {
    /// Where it holds.
    #[must_use]
    pub const fn venue(&self) -> VenueId {
        self.venue
    }

    /// Whose it is, for the audit.
    pub(crate) const fn actor(&self) -> Actor {
        if self.standing.role.is_some() { Actor::Staff(self.account) } else { Actor::Admin(self.account) }
    }
}

/// The right of one person to one deed that is about no venue; only [`Backend::permit_of_house`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct HousePermit<D> {
    deed: PhantomData<D>,
}

impl Backend {
    /// Lets somebody do this at a venue, if the table says so.
    ///
    /// # Errors
    /// `Forbidden` for whoever belongs there and may not; `NotFound` for everybody else, as for a venue that does not exist.
    pub async fn permit<D: Deed>(&self, caller: &SignedIn, slug: &Slug) -> Result<Permit<D>> {
        let account = caller.account();
        // Whoever works there prepares a venue before guests find it, and looks after it when they no longer do.
        let Some(venue) = self.0.days.catalogue().await?.named(slug).map(|venue| venue.id) else {
            return Err(refuse(account, D::ACT, None, Verdict::Hidden));
        };
        let standing = self.standing(account, Some(venue)).await?;
        match D::ACT.judge(standing) {
            Verdict::Allowed => Ok(Permit { account, standing, venue, deed: PhantomData }),
            verdict => Err(refuse(account, D::ACT, Some(venue), verdict)),
        }
    }

    /// Lets somebody do this, if they run the platform and the table says so.
    ///
    /// # Errors
    /// `NotFound` for everybody else.
    pub async fn permit_of_house<D: Deed>(&self, caller: &SignedIn) -> Result<HousePermit<D>> {
        let account = caller.account();
        match D::ACT.judge(self.standing(account, None).await?) {
            Verdict::Allowed => Ok(HousePermit { deed: PhantomData }),
            verdict => Err(refuse(account, D::ACT, None, verdict)),
        }
    }

    async fn standing(&self, account: AccountId, venue: Option<VenueId>) -> Result<Standing> {
        db::read(async || store::standing(&mut *self.0.database.acquire().await?, account, venue).await).await
    }
}

/// Writes a refusal down and words it.
fn refuse(account: AccountId, act: Act, venue: Option<VenueId>, verdict: Verdict) -> Error {
    let (error, why) = match verdict {
        Verdict::Forbidden => (Error::Forbidden, "not for this role"),
        Verdict::Hidden | Verdict::Allowed => (Error::NotFound, "no role here"),
    };
    write_down(account, act.word(), venue, why);
    error
}

/// Writes down that somebody tried this with what is not theirs; they hear the same as of what does not exist.
pub(crate) fn not_theirs(account: AccountId, act: &'static str) -> Error {
    write_down(account, act, None, "not theirs");
    Error::NotFound
}

fn write_down(account: AccountId, act: &'static str, venue: Option<VenueId>, why: &'static str) {
    tracing::warn!(%account, act, venue = venue.map(tracing::field::display), why, "refused");
}

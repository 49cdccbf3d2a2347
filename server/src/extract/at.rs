//! Who may do what, as handlers ask for it.

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use backend::{Backend, HousePermit, Permit};
use domain::policy::Deed;
use http::request::Parts;

use super::Caller;
use crate::problem::{Kind, Problem};
use app::ssr::Cookies;

/// The right to do this at the venue that the path names.
#[derive(Debug)]
pub struct At<D>(pub Permit<D>);

impl<D, S> FromRequestParts<S> for At<D>
where
    D: Deed,
    Backend: FromRef<S>,
    Cookies: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Caller(caller) = Caller::from_request_parts(parts, state).await?;
        let nothing = || Problem::new(Kind::NotFound);
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| nothing())?;
        let (_, slug) = params.iter().find(|(name, _)| *name == "slug").ok_or_else(nothing)?;
        let slug = slug.parse().map_err(|_| nothing())?;
        Ok(Self(Backend::from_ref(state).permit(&caller, &slug).await?))
    }
}

/// The right to do this to the platform.
#[derive(Debug)]
pub struct OfHouse<D>(pub HousePermit<D>);

impl<D, S> FromRequestParts<S> for OfHouse<D>
where
    D: Deed,
    Backend: FromRef<S>,
    Cookies: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Caller(caller) = Caller::from_request_parts(parts, state).await?;
        Ok(Self(Backend::from_ref(state).permit_of_house(&caller).await?))
    }
}

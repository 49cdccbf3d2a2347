//! The REST interface, `/api/v1`.

mod accounts;
mod availability;
mod calendar;
mod favorites;
mod holds;
mod host;
mod me;
mod passwords;
mod reservations;
mod reviews;
mod sessions;
mod venues;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::health;
use crate::state::House;

/// Everything under `/api/v1`, each route with its entry in the document.
///
/// Each says its whole path: a router nested under a prefix would take it off every address again, at each request.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(venues::search))
        .routes(routes!(venues::show))
        .routes(routes!(availability::show))
        .routes(routes!(holds::create))
        .routes(routes!(holds::show, holds::release))
        .routes(routes!(holds::extend))
        .routes(routes!(reservations::create))
        .routes(routes!(reservations::show, reservations::change))
        .routes(routes!(reservations::cancel))
        .routes(routes!(reservations::late))
        .routes(routes!(reviews::create))
        .routes(routes!(reviews::show, reviews::change, reviews::delete))
        .routes(routes!(reviews::list))
        .routes(routes!(accounts::create))
        .routes(routes!(accounts::confirm))
        .routes(routes!(me::show, me::change, me::erase))
        .routes(routes!(me::reservations))
        .routes(routes!(me::export))
        .routes(routes!(favorites::list))
        .routes(routes!(favorites::keep, favorites::drop))
        .routes(routes!(accounts::change_email))
        .routes(routes!(passwords::change))
        .routes(routes!(passwords::request_reset))
        .routes(routes!(passwords::reset))
        .routes(routes!(sessions::list, sessions::create))
        .routes(routes!(sessions::refresh))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::end))
        .routes(routes!(host::day))
        .routes(routes!(host::entry))
        .routes(routes!(host::staff, host::appoint))
        .routes(routes!(host::dismiss))
        .routes(routes!(host::answer, host::unanswer))
        .routes(routes!(host::audit))
        .routes(routes!(me::work))
        .merge(calendar::entry())
        .merge(health::api())
}

//! Whether the process lives, and whether it can serve guests.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use backend::{Backend, Operations};
use domain::policy::SeeOperations;
use http::StatusCode;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::OfHouse;
use crate::openapi::{Authenticated, Lookup};
use crate::problem::Answer;
use crate::state::House;

/// Where load balancers and people look, outside the API.
pub(crate) fn routes() -> axum::Router<House> {
    use axum::routing::get;
    axum::Router::new().route("/livez", get(liveness)).route("/readyz", get(readiness)).route("/health", get(readiness))
}

/// The same within the API.
pub(crate) fn api() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(liveness)).routes(routes!(readiness)).routes(routes!(detailed))
}

/// How the server is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Report {
    status: Condition,
    /// Whether PostgreSQL answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<bool>,
    /// Whether Redis answers, where it is used; the server does without.
    #[serde(skip_serializing_if = "Option::is_none")]
    redis: Option<bool>,
}

/// A server's condition in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Condition {
    /// It runs.
    Alive,
    /// It takes requests.
    Ready,
    /// It takes requests, but something it can do without is away.
    Degraded,
    /// It takes no requests now.
    Unavailable,
    /// It is shutting down.
    Closing,
}

/// The process is alive
#[utoipa::path(get, path = "/api/v1/health/liveness", tag = "operations", responses((status = 200, body = Report)))]
async fn liveness() -> Json<Report> {
    Json(Report { status: Condition::Alive, database: None, redis: None })
}

/// The server can take requests
///
/// 503 during shutdown and without PostgreSQL. Without Redis it is only degraded.
#[utoipa::path(get, path = "/api/v1/health/readiness", tag = "operations",
    responses((status = 200, body = Report), (status = 503, description = "Not now.", body = Report)))]
async fn readiness(State(house): State<House>) -> Response {
    if house.door.is_closed() {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(Report { status: Condition::Closing, database: None, redis: None }),
        )
            .into_response();
    }
    let health = house.backend.health().await;
    let (code, status) = match (health.database, health.redis) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, Condition::Unavailable),
        (true, Some(false)) => (StatusCode::OK, Condition::Degraded),
        (true, None | Some(true)) => (StatusCode::OK, Condition::Ready),
    };
    (code, Json(Report { status, database: Some(health.database), redis: health.redis })).into_response()
}

/// How the parts of the server are
///
/// For whoever runs the platform; to everybody else there is nothing here.
#[utoipa::path(get, path = "/api/v1/health/detailed", tag = "operations", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Operations), Authenticated, Lookup))]
async fn detailed(State(backend): State<Backend>, OfHouse(permit): OfHouse<SeeOperations>) -> Answer<Json<Operations>> {
    Ok(Json(backend.operations(&permit).await?))
}

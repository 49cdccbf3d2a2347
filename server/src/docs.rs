//! Pages for people who write programs: the interface, and each kind of problem. Plain HTML, made once.

mod html;

use std::future::Ready;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use utoipa::openapi::OpenApi;

use self::html::{escape, page};
use crate::problem::{Kind, Problem};
use crate::state::House;

const STYLE: &str = include_str!("docs/docs.css");

/// The document, the page made from it, and the pages that problem types lead to.
pub(crate) fn routes(document: &OpenApi) -> Router<House> {
    let json = serde_json::to_string(document).expect("the document is plain values with string keys");
    let interface = html::interface(&serde_json::to_value(document).expect("it was just written"));
    Router::new()
        .route("/api/v1/openapi.json", get(always("application/json", json)))
        .route("/api/docs.css", get(always("text/css; charset=utf-8", STYLE)))
        .route("/api/docs", get(always(PAGE, interface)))
        .route("/problems", get(always(PAGE, all_problems())))
        .route("/problems/{kind}", get(one_problem))
}

const PAGE: &str = "text/html; charset=utf-8";

/// A handler that always says the same.
fn always(kind: &'static str, body: impl Into<Bytes>) -> impl Fn() -> Ready<Response> + Clone + Send + Sync + 'static {
    let body = body.into();
    move || std::future::ready(answer(kind, body.clone()))
}

fn answer(kind: &'static str, body: impl IntoResponse) -> Response {
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    ([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, policy)], body).into_response()
}

async fn one_problem(Path(slug): Path<String>) -> Response {
    match Kind::find(&slug) {
        Some(kind) => answer(PAGE, page(kind.title(), &describe(kind))),
        None => Problem::new(Kind::NotFound).into_response(),
    }
}

fn all_problems() -> String {
    page("Problems", &Kind::ALL.iter().copied().map(describe).collect::<String>())
}

fn describe(kind: Kind) -> String {
    let (slug, status) = (kind.slug(), kind.status());
    let (title, words) = (escape(kind.title()), escape(kind.words()));
    let code = status.as_u16();
    let reason = status.canonical_reason().unwrap_or_default();
    format!(
        "<section id=\"{slug}\"><h2>{title}</h2><p><code>/problems/{slug}</code> · {code} {reason}</p><p>{words}</p></section>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_operation_and_leads_to_every_schema() {
        let document = serde_json::to_value(crate::openapi::document()).unwrap();
        let page = html::interface(&document);
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(page.contains(path.as_str()), "{path}");
        }
        for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
        }
    }

    #[test]
    fn the_page_says_how_to_be_let_in_and_shows_code_as_code() {
        let page = html::interface(&serde_json::to_value(crate::openapi::document()).unwrap());
        let operation = |call: &str| page.split("<article>").find(|article| article.contains(call)).unwrap().to_owned();
        let signed_in = operation("<code>/api/v1/me</code></h3>");
        assert!(signed_in.contains("Needs <code>Authorization: Bearer</code> or the session cookie."), "{signed_in}");
        let booking = operation("<code class=\"post\">POST</code> <code>/api/v1/reservations</code>");
        assert!(booking.contains("Takes <code>Authorization: Bearer</code> or the session cookie."), "{booking}");
        let one = operation("<code class=\"get\">GET</code> <code>/api/v1/reservations/{id}</code>");
        assert!(one.contains("Needs <code>X-Manage-Token</code> or "), "{one}");
        assert!(page.contains("dates <code>YYYY-MM-DD</code>") && !page.contains('`'));
    }

    #[test]
    fn every_kind_of_problem_can_be_read_about() {
        let page = all_problems();
        assert!(Kind::ALL.iter().all(|kind| page.contains(&kind.address()) && Kind::find(kind.slug()) == Some(*kind)));
    }
}

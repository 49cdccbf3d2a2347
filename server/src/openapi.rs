//! The OpenAPI document, made from the handlers themselves.

use std::collections::BTreeMap;

use axum::Router;
use domain::field::FieldError;
use http::StatusCode;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::Response;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;

use crate::api;
use crate::problem::Document;
use crate::state::House;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Trestle",
        description = "Find a table, hold it, book it, change it, cancel it.\n\n\
            Instants are RFC 3339 with offset, dates `YYYY-MM-DD`, money in minor units. Fields that are not in this document are refused. \
            Every answer carries `X-Request-ID`; `X-Correlation-ID` is taken over from the request, and so is the trace of `traceparent`. \
            `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` say how many requests are left in the tightest window, and in \
            how many seconds there are more. \
            Errors are problem documents (RFC 9457) whose types can be read about at their addresses.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "venues", description = "Where to eat, and when there is a table."),
        (name = "holds", description = "A table kept for a few minutes while somebody decides."),
        (name = "reservations", description = "Bookings. The manage token that comes with a booking opens it, and nothing else; so does the session of whoever it belongs to."),
        (name = "reviews", description = "What guests say about a visit, and what venues answer."),
        (name = "accounts", description = "Who books. Nothing here tells whether an address has an account."),
        (name = "favorites", description = "The venues that somebody wants to find again."),
        (name = "sessions", description = "Where somebody is signed in. Programs carry an access token, which is good for ten minutes, and a refresh token, which is good once; browsers carry both in cookies that no script reads."),
        (name = "staff", description = "What the people who work at a venue see and do. Who has no role there is told that there is nothing."),
        (name = "operations", description = "For whoever runs this server.")
    ),
    components(schemas(Document, FieldError)),
    modifiers(&Security)
)]
struct Base;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut OpenApi) {
        let key = ApiKeyValue::with_description(
            "X-Manage-Token",
            "Comes with a booking and in its emails; opens this one booking.",
        );
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("manage_token", SecurityScheme::ApiKey(ApiKey::Header(key)));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description("__Host-trestle-access", "Set by signing in with `cookies`.");
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The whole document.
#[must_use]
pub fn document() -> OpenApi {
    parts().1
}

/// The routes and the document that describes them.
pub(crate) fn parts() -> (Router<House>, OpenApi) {
    let (routes, mut document) = OpenApiRouter::with_openapi(Base::openapi()).merge(api::routes()).split_for_parts();
    limited(&mut document);
    (routes, document)
}

/// Says of every operation but those for whoever runs this server that there can be too many of it.
fn limited(document: &mut OpenApi) {
    let words = "Too many requests in a while; `Retry-After` says when to come back.";
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
        for operation in operations.into_iter().flatten() {
            if operation.tags.iter().flatten().all(|tag| tag != "operations") {
                operation.responses.responses.extend([problem(StatusCode::TOO_MANY_REQUESTS, words)]);
            }
        }
    }
}

macro_rules! groups {
    ($($(#[$doc:meta])* $name:ident { $($status:ident: $words:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$(problem(StatusCode::$status, $words)),+].into()
            }
        }
    )+};
}

groups! {
    /// What can become of every look into the books.
    Lookup {
        NOT_FOUND: "There is nothing here, or it is not for you.",
        SERVICE_UNAVAILABLE: "Something this server depends on is away; `Retry-After` says when to come back.",
    }
    /// What can become of a question with parameters.
    Question {
        UNPROCESSABLE_ENTITY: "Each parameter that breaks a rule is named in `errors`.",
    }
    /// What can become of an attempt to write into the books.
    Claim {
        BAD_REQUEST: "The body is no JSON.",
        CONFLICT: "Rules or another guest were in the way, and nothing was changed; `reason` says why, `alternatives` what can be had instead.",
        PAYLOAD_TOO_LARGE: "The body is too large.",
        UNSUPPORTED_MEDIA_TYPE: "The body is not announced as JSON.",
        UNPROCESSABLE_ENTITY: "Each field that breaks a rule is named in `errors`.",
    }
    /// What can become of a body that is sent.
    Sent {
        BAD_REQUEST: "The body is no JSON.",
        PAYLOAD_TOO_LARGE: "The body is too large.",
        UNSUPPORTED_MEDIA_TYPE: "The body is not announced as JSON.",
        UNPROCESSABLE_ENTITY: "Each field that breaks a rule is named in `errors`.",
    }
    /// What can become of a request that rules may stand against.
    Ruled {
        CONFLICT: "The rules were in the way, and nothing was changed; `reason` says why.",
    }
    /// What can become of everything that needs the books or a password hash.
    Busy {
        SERVICE_UNAVAILABLE: "Something this server depends on is away or busy; `Retry-After` says when to come back.",
    }
    /// What can become of a request of somebody who is signed in.
    Authenticated {
        UNAUTHORIZED: "There is no token, or it has expired, or its session is over.",
    }
    /// What can become of a request of somebody who works here.
    Staffed {
        FORBIDDEN: "Not for somebody of this role.",
    }
    /// What can become of a request for one guest's booking.
    Managed {
        UNAUTHORIZED: "There is neither a manage token nor a session that is good.",
    }
}

fn problem(status: StatusCode, words: &str) -> (String, RefOr<Response>) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description(words).content("application/problem+json", content).build();
    (status.as_str().to_owned(), response.into())
}

/// The parameter of requests that can be repeated without harm.
pub(crate) struct Keyed;

impl IntoParams for Keyed {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words = "1 to 255 visible ASCII characters of your choice. The same request with the same key within 24 hours gets the same answer.";
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
        let key =
            ParameterBuilder::new().name("Idempotency-Key").parameter_in(ParameterIn::Header).required(Required::False);
        vec![key.description(Some(words)).schema(Some(text)).build()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_is_named() {
        let document = serde_json::to_value(document()).unwrap();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
        let operations: Vec<_> = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|path| path.as_object().unwrap().values())
            .collect();
        assert_eq!(operations.len(), 49);
        assert!(operations.iter().all(|operation| operation["summary"].is_string() && operation["tags"].is_array()));
        assert!(document["paths"]["/api/v1/reservations/{id}.ics"].is_object());
    }
}

//! Finds out who is behind a request, and counts it for them.

use app::ssr::SetCookies;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use backend::{Error, Payer, SignedIn, Verdict};
use http::header::{CACHE_CONTROL, Entry, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;

use super::limits::{self, Toll, Words};
use super::{Manners, client, is_program};
use crate::extract::token;

/// Who is behind a request.
#[derive(Default)]
pub(super) struct Visitor {
    caller: Option<SignedIn>,
    /// What their browser carries from now on, when it is something else.
    cookies: Option<SetCookies>,
}

impl Visitor {
    /// What was shown to somebody who is signed in is for them alone.
    pub fn leave(self, response: &mut Response) {
        let headers = response.headers_mut();
        if self.caller.is_some()
            && let Entry::Vacant(entry) = headers.entry(CACHE_CONTROL)
        {
            entry.insert(HeaderValue::from_static("private, no-cache"));
        }
        // Signing in or out has set others.
        if let Some(cookies) = self.cookies.filter(|_| !headers.contains_key(SET_COOKIE)) {
            app::ssr::set_cookies(headers, cookies);
        }
    }
}

impl Manners {
    /// Finds out who is behind a request and counts it for them, all at once; its handler is told of both. A browser whose access token
    /// has run out goes on with its session without noticing; programs renew by themselves.
    ///
    /// Going on takes work in the database, whosever the session is or is not: so their address pays for that first, and for the rest.
    pub(super) async fn meet(&self, request: &mut Request, toll: Toll) -> (Visitor, Option<Verdict>) {
        let address = client::counted_as(client::address(request, &self.trusted_proxies));
        let mut visitor = Visitor::default();
        let mut verdict = None;
        if toll != Toll::Free {
            visitor.caller = self.recognise(request.headers()).await;
            let renews = visitor.caller.is_none() && toll != Toll::File && !is_program(request);
            let refresh = self.cookies.refresh(request.headers()).filter(|_| renews).map(str::to_owned);
            let words = if toll.reads_body() { Box::pin(self.listen(request)).await } else { Words::default() };
            if let Some(price) = toll.price(&words) {
                verdict = limits::charge(
                    &self.backend,
                    &limits::Bill {
                        price,
                        words: &words,
                        caller: visitor.caller.as_ref(),
                        address,
                        renews: refresh.is_some(),
                    },
                )
                .await;
            }
            if let Some(refresh) = refresh.filter(|_| !verdict.as_ref().is_some_and(Verdict::is_refused)) {
                visitor = Box::pin(self.go_on(&refresh)).await;
            }
        }
        request.extensions_mut().insert(Payer::new(visitor.caller.as_ref(), address));
        if let Some(caller) = visitor.caller {
            request.extensions_mut().insert(caller);
        }
        (visitor, verdict)
    }

    /// Who is signed in.
    async fn recognise(&self, headers: &HeaderMap) -> Option<SignedIn> {
        self.backend.recognise(token(headers, self.cookies)?).await.ok()
    }

    /// Goes on with the session of this refresh token.
    async fn go_on(&self, refresh: &str) -> Visitor {
        match self.backend.refresh(refresh).await {
            Ok(tokens) => Visitor {
                caller: self.backend.recognise(&tokens.access).await.ok(),
                cookies: Some(self.cookies.give(&tokens)),
            },
            Err(Error::Unauthenticated) => Visitor { caller: None, cookies: Some(self.cookies.take()) },
            Err(_away) => Visitor::default(),
        }
    }

    /// What the body of a request says, which its handler will read again. One that does not come says nothing here, and its handler
    /// why.
    async fn listen(&self, request: &mut Request) -> Words {
        if self.is_announced_too_large(request.headers()) {
            return Words::default();
        }
        let body = std::mem::take(request.body_mut());
        match self.bound(body).collect().await {
            Ok(body) => {
                let body = body.to_bytes();
                let words = if is_program(request) { Words::of_json(&body) } else { Words::of_form(&body) };
                *request.body_mut() = Body::from(body);
                words
            }
            Err(error) => {
                let nothing = futures::stream::once(std::future::ready(Err::<Bytes, _>(error)));
                *request.body_mut() = Body::from_stream(nothing);
                Words::default()
            }
        }
    }
}

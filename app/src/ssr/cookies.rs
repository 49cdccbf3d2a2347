//! How browsers carry a session: in two cookies that no script and no other site's form can use.

use axum::response::AppendHeaders;
use backend::SessionTokens;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The cookies of one site.
///
/// With https they have the prefix `__Host-` (RFC 6265bis section 4.1.3.2), which keeps other hosts from setting them. Plain http is
/// for a developer's own machine; there browsers take neither the prefix nor `Secure`, and the names say so by lacking it.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    https: bool,
}

/// Adds them to the head of an answer.
pub fn set_cookies(headers: &mut HeaderMap, cookies: SetCookies) {
    for (name, value) in cookies.0 {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.append(name, value);
        }
    }
}

/// Two headers `Set-Cookie`.
pub type SetCookies = AppendHeaders<[(HeaderName, String); 2]>;

impl Cookies {
    /// Those of the site that is reached at this address.
    #[must_use]
    pub fn of(public_url: &str) -> Self {
        Self { https: public_url.starts_with("https://") }
    }

    const fn access_name(self) -> &'static str {
        if self.https { "__Host-trestle-access" } else { "trestle-access" }
    }

    const fn refresh_name(self) -> &'static str {
        if self.https { "__Host-trestle-refresh" } else { "trestle-refresh" }
    }

    /// The access token that a browser sent.
    #[must_use]
    pub fn access(self, headers: &HeaderMap) -> Option<&str> {
        find(headers, self.access_name())
    }

    /// The refresh token that a browser sent.
    #[must_use]
    pub fn refresh(self, headers: &HeaderMap) -> Option<&str> {
        find(headers, self.refresh_name())
    }

    /// Gives a browser its tokens.
    pub fn give(self, tokens: &SessionTokens) -> SetCookies {
        self.set((&tokens.access, tokens.access_lasts.as_secs()), (&tokens.refresh, tokens.refresh_lasts.as_secs()))
    }

    /// Takes a browser's tokens away.
    pub fn take(self) -> SetCookies {
        self.set(("", 0), ("", 0))
    }

    fn set(self, access: (&str, u64), refresh: (&str, u64)) -> SetCookies {
        let secure = if self.https { "; Secure" } else { "" };
        let cookie = |name: &str, (value, lasts): (&str, u64)| {
            (SET_COOKIE, format!("{name}={value}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Lax{secure}"))
        };
        AppendHeaders([cookie(self.access_name(), access), cookie(self.refresh_name(), refresh)])
    }
}

fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, value)| *known == name && !value.is_empty()).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_has_the_prefix_and_both_hide_from_scripts() {
        for (url, prefix, secure) in
            [("https://trestle.example", "__Host-", true), ("http://127.0.0.1:3000", "", false)]
        {
            for (_, cookie) in Cookies::of(url).take().0 {
                assert!(cookie.starts_with(&format!("{prefix}trestle-")), "{cookie}");
                assert!(cookie.contains("; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"), "{cookie}");
                assert!(!cookie.contains("Domain") && cookie.ends_with("; Secure") == secure, "{cookie}");
            }
        }
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=b; xtrestle-access=1; trestle-access=; trestle-access=two"));
        headers.append(COOKIE, HeaderValue::from_static("trestle-refresh=three"));
        let cookies = Cookies::of("http://127.0.0.1:3000");
        assert_eq!((cookies.access(&headers), cookies.refresh(&headers)), (Some("two"), Some("three")));
        assert_eq!(Cookies::of("https://trestle.example").access(&headers), None);
    }
}

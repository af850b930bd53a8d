//! Cookies and the tokens of forms.
//!
//! Names begin with `__Host-`: browsers take such a cookie from this host over TLS alone, so that no neighbour can set one. A form carries
//! the hash of a cookie of its reader, which other sites can neither read nor set.

use hyper::{
    HeaderMap,
    header::{COOKIE, HOST, HeaderName, HeaderValue, ORIGIN},
};
use readmark_app::Random;
use readmark_model::SecretHash;

use crate::clock;

/// The cookie of a session.
const SESSION: &str = "__Host-readmark-session";

/// The cookie of a form before there is a session.
const FORM: &str = "__Host-readmark-form";

/// What a browser sent.
#[derive(Default)]
pub(super) struct Cookies {
    /// The token of a session.
    pub(super) session: Option<String>,
    form: Option<String>,
}

impl Cookies {
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let mut cookies = Self::default();
        let values = headers.get_all(COOKIE).iter();
        let texts = values.filter_map(|value| value.to_str().ok());
        for (name, value) in texts
            .flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
        {
            match name {
                SESSION => cookies.session = Some(value.to_owned()),
                FORM => cookies.form = Some(value.to_owned()),
                _ => {}
            }
        }
        cookies
    }

    /// The hash of the session's token.
    pub(super) fn session_hash(&self) -> Option<SecretHash> {
        self.session.as_deref().map(SecretHash::of)
    }

    /// The token for a form of whoever is signed in.
    pub(super) fn session_form(&self) -> String {
        form_token(self.session.as_deref().unwrap_or_default())
    }

    /// The token for a form before signing in, and the cookie to set where the browser has none.
    pub(super) fn open_form(&self, random: &dyn Random) -> (String, Option<HeaderValue>) {
        match &self.form {
            Some(cookie) if cookie.len() == 32 => (form_token(cookie), None),
            _ => {
                let cookie = clock::hex(random, 32);
                let set = format!("{FORM}={cookie}; Path=/; Secure; HttpOnly; SameSite=Strict");
                (form_token(&cookie), HeaderValue::try_from(set).ok())
            }
        }
    }

    /// Whether a form was sent by a page that this browser got here.
    pub(super) fn sent(&self, token: &str, signed_in: bool) -> bool {
        let cookie = if signed_in { &self.session } else { &self.form };
        let matches = |cookie: &String| {
            // As hashes, whose comparison tells nothing about them.
            SecretHash::of(&form_token(cookie)).matches(&SecretHash::of(token))
        };
        cookie
            .as_ref()
            .filter(|cookie| !cookie.is_empty())
            .is_some_and(matches)
    }
}

/// Whether a request comes from a page of the host that it is sent to, as far as the browser says.
pub(super) fn from_here(headers: &HeaderMap, host: Option<&str>) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(HeaderValue::to_str);
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    match text(&ORIGIN) {
        None => true,
        Some(Ok(origin)) => {
            let own = host.or_else(|| headers.get(HOST).and_then(|value| value.to_str().ok()));
            // Pages come over TLS: whoever can answer without it is no part of the portal.
            own.is_some() && origin.strip_prefix("https://") == own
        }
        Some(Err(_)) => false,
    }
}

/// The header that begins a session in the browser.
pub(super) fn begin(token: &str, seconds: i64) -> Option<HeaderValue> {
    let set =
        format!("{SESSION}={token}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(set).ok()
}

/// The header that ends it.
pub(super) fn end() -> HeaderValue {
    HeaderValue::from_static(
        "__Host-readmark-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
    )
}

fn form_token(cookie: &str) -> String {
    SecretHash::of(&format!("a form for {cookie}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        pairs.collect()
    }

    #[test]
    fn cookies_are_found_among_others() {
        let cookies = Cookies::read(&headers(&[(
            "cookie",
            "a=b; __Host-readmark-session=s1;  readmark-session=x; __Host-readmark-form=f=2",
        )]));
        assert_eq!(cookies.session.as_deref(), Some("s1"));
        assert_eq!(cookies.form.as_deref(), Some("f=2"));
        assert!(Cookies::read(&headers(&[])).session.is_none());
    }

    #[test]
    fn a_form_is_taken_from_the_browser_that_got_it_alone() {
        let own = Cookies::read(&headers(&[(
            "cookie",
            "__Host-readmark-session=s1; __Host-readmark-form=0123456789abcdef0123456789abcdef",
        )]));
        let other = Cookies::read(&headers(&[("cookie", "__Host-readmark-session=s2")]));
        let nobody = Cookies::default();
        let empty = Cookies::read(&headers(&[("cookie", "__Host-readmark-session=")]));
        let token = own.session_form();
        assert!(own.sent(&token, true) && !own.sent(&token, false));
        assert!(!own.sent("", true) && !own.sent("s1", true));
        assert!(!other.sent(&token, true) && !nobody.sent(&token, true));
        assert!(!empty.sent(&empty.session_form(), true));
        let (open, set) = own.open_form(&crate::clock::OsRandom);
        assert!(set.is_none() && own.sent(&open, false) && !other.sent(&open, false));
        let (_, set) = other.open_form(&crate::clock::OsRandom);
        let set = set.unwrap();
        let set = set.to_str().unwrap();
        for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
            assert!(set.contains(part), "{set}");
        }
    }

    #[test]
    fn other_sites_are_told_by_what_the_browser_says() {
        let host = ("host", "chat.example:8443");
        for (given, expected) in [
            (vec![host], true),
            (vec![host, ("origin", "https://chat.example:8443")], true),
            (vec![host, ("origin", "https://chat.example")], false),
            (vec![host, ("origin", "https://evil.example")], false),
            (vec![host, ("origin", "null")], false),
            (vec![host, ("origin", "http://chat.example:8443")], false),
            (vec![host, ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("sec-fetch-site", "same-site")], false),
            (vec![host, ("sec-fetch-site", "cross-site")], false),
        ] {
            assert_eq!(from_here(&headers(&given), None), expected, "{given:?}");
        }
    }
}

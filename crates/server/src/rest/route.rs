//! Parses a path (sources: paths). Secrets are hashed here and go no further.

use std::{borrow::Cow, fmt};

use percent_encoding::percent_decode_str;
use readmark_api::{call::credentials::Credentials, contract::entry::Entry, methods};
use readmark_model::UserId;

/// The transport's own method.
const BATCH: &str = "batch";

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// XML, when the method ends in `.xml`.
    Xml,
}

/// What a path addresses.
#[derive(Debug, PartialEq, Eq)]
pub enum Route {
    /// A method call.
    Call(CallRoute),
    /// A call in the newer envelope, in which this server offers no method.
    Newer,
    /// Something else, or nothing.
    Other,
}

/// The part of a call that the path specifies.
#[derive(Debug, PartialEq, Eq)]
pub struct CallRoute {
    /// The credentials.
    pub authority: PathAuthority,
    /// The method.
    pub target: Target,
    /// The format of the answer.
    pub format: Format,
}

/// What a method name resolves to, case-insensitively.
#[derive(Clone, Copy)]
pub enum Target {
    /// An API method.
    Method(&'static Entry),
    /// `batch`, which the transport implements itself.
    Batch,
    /// Unknown.
    Unknown,
}

impl Target {
    /// Looks a name up.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match methods::find(name) {
            Some(entry) => Self::Method(entry),
            None if name.trim().eq_ignore_ascii_case(BATCH) => Self::Batch,
            None => Self::Unknown,
        }
    }

    /// Its documented name, for logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Method(entry) => entry.name,
            Self::Batch => BATCH,
            Self::Unknown => "unknown",
        }
    }

    /// Whether it uploads a file.
    #[must_use]
    pub const fn uploads(self) -> bool {
        matches!(self, Self::Method(entry) if entry.uploads)
    }
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Target {}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The credentials, as far as the path contains them.
#[derive(Debug, PartialEq, Eq)]
pub enum PathAuthority {
    /// A webhook.
    Webhook(Credentials),
    /// An access token, elsewhere in the request.
    Token,
    /// A malformed webhook path.
    Malformed,
}

impl Route {
    /// Parses a path, still percent-encoded. Repeated slashes count as one; a trailing slash is ignored.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let segments: Vec<Cow<'_, str>> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy())
            .collect();
        let segments: Vec<&str> = segments.iter().map(Cow::as_ref).collect();
        match segments.as_slice() {
            ["rest", "api", ..] => Self::Newer,
            ["rest", "oauth", ..] | ["rest", "download" | "download.json"] => Self::Other,
            ["rest", call @ ..] => Self::Call(CallRoute::parse(call)),
            _ => Self::Other,
        }
    }
}

impl CallRoute {
    fn parse(segments: &[&str]) -> Self {
        let (authority, method) = match segments {
            [] => (PathAuthority::Token, Cow::Borrowed("")),
            [method] => (PathAuthority::Token, Cow::Borrowed(*method)),
            [user, secret, method] => (webhook(user, secret), Cow::Borrowed(*method)),
            [user, secret, method @ ..] => (webhook(user, secret), Cow::Owned(method.join("/"))),
        };
        let (method, format) = without_suffix(&method);
        Self {
            authority,
            target: Target::named(method),
            format,
        }
    }
}

fn webhook(user: &str, secret: &str) -> PathAuthority {
    if user.is_empty() || !user.bytes().all(|byte| byte.is_ascii_digit()) {
        return PathAuthority::Malformed;
    }
    // No user has the number 0: a number out of range counts as unknown.
    let user = UserId(user.parse().unwrap_or(0));
    PathAuthority::Webhook(Credentials::webhook(user, secret))
}

fn without_suffix(method: &str) -> (&str, Format) {
    for (suffix, format) in [(".json", Format::Json), (".xml", Format::Xml)] {
        let at = method.len().saturating_sub(suffix.len());
        if let Some(end) = method.get(at..)
            && end.eq_ignore_ascii_case(suffix)
        {
            return (&method[..at], format);
        }
    }
    (method, Format::Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(path: &str) -> CallRoute {
        match Route::parse(path) {
            Route::Call(call) => call,
            other => panic!("{path} names {other:?}"),
        }
    }

    #[test]
    fn every_form_of_a_webhooks_path_is_the_same() {
        let expected = CallRoute {
            authority: PathAuthority::Webhook(Credentials::webhook(UserId(7), "k3y")),
            target: Target::named("im.chat.get"),
            format: Format::Json,
        };
        for path in [
            "/rest/7/k3y/im.chat.get",
            "/rest/7/k3y/im.chat.get/",
            "/rest/7/k3y/im.chat.get.json",
            "/rest/7/k3y/im.chat.get.JSON/",
            "//rest//7/k3y//im.chat.get//",
            "/rest/7/k3y/im%2Echat.get",
        ] {
            assert_eq!(call(path), expected, "{path}");
        }
        assert_eq!(call("/rest/7/k3y/im.chat.get.xml").format, Format::Xml);
    }

    #[test]
    fn one_segment_is_a_method_called_with_a_token() {
        for path in [
            "/rest/im.chat.get",
            "/rest//im.chat.get/",
            "/rest/im.chat.get.json",
        ] {
            let call = call(path);
            assert_eq!(call.authority, PathAuthority::Token, "{path}");
            assert_eq!(call.target, Target::named("im.chat.get"));
        }
        assert_eq!(call("/rest/").target, Target::Unknown);
    }

    #[test]
    fn a_webhook_without_a_method_names_the_empty_method_and_not_its_secret() {
        let call = call("/rest/7/k3y/");
        assert_eq!(call.target, Target::Unknown);
        assert_eq!(
            call.authority,
            PathAuthority::Webhook(Credentials::webhook(UserId(7), "k3y"))
        );
    }

    #[test]
    fn users_of_webhooks_are_decimal() {
        assert_eq!(
            call("/rest/me/k3y/profile").authority,
            PathAuthority::Malformed
        );
        assert_eq!(
            call("/rest/-7/k3y/profile").authority,
            PathAuthority::Malformed
        );
        let large = call("/rest/99999999999999999999/k3y/profile").authority;
        assert_eq!(
            large,
            PathAuthority::Webhook(Credentials::webhook(UserId(0), "k3y"))
        );
    }

    #[test]
    fn other_paths_name_other_things() {
        for path in ["/rest/api/7/k3y/im.chat.get", "/rest//api/im.chat.get"] {
            assert_eq!(Route::parse(path), Route::Newer, "{path}");
        }
        for path in [
            readmark_api::portal::file_link::PATH,
            "/rest/download/",
            "/file/abc",
            "/",
            "",
            "/file",
            "/file/a/b",
            "/REST/profile",
            "/oauth/token/",
            "/rest/oauth/token",
        ] {
            assert_eq!(Route::parse(path), Route::Other, "{path}");
        }
    }

    #[test]
    fn a_route_shows_no_secret() {
        let route = Route::parse("/rest/7/s3cr3t/profile");
        assert!(!format!("{route:?}").contains("s3cr3t"));
    }
}

//! Pages in HTML, and the headers that keep others from using them: no scripts, no frames, nothing from elsewhere.

use askama::Template;
use axum::{body::Body, response::Response};
use hyper::{
    StatusCode,
    header::{self, HeaderName, HeaderValue},
};
use url::Url;

/// The form to sign in.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub(super) portal: &'a str,
    pub(super) problem: &'a str,
    pub(super) form: &'a str,
    pub(super) next: &'a str,
    pub(super) email: &'a str,
}

/// The form of an invited person.
#[derive(Template)]
#[template(path = "invitation.html")]
pub(super) struct InvitationPage<'a> {
    pub(super) portal: &'a str,
    pub(super) name: &'a str,
    pub(super) email: &'a str,
    pub(super) least: usize,
    pub(super) problem: &'a str,
    pub(super) form: &'a str,
}

/// A session as its user sees it.
pub(super) struct SessionRow {
    pub(super) id: i64,
    pub(super) agent: String,
    pub(super) since: String,
    pub(super) current: bool,
}

/// Who is signed in, and where.
#[derive(Template)]
#[template(path = "account.html")]
pub(super) struct AccountPage<'a> {
    pub(super) portal: &'a str,
    pub(super) name: &'a str,
    pub(super) email: &'a str,
    pub(super) form: &'a str,
    pub(super) sessions: &'a [SessionRow],
}

/// The question whether an application may act for a user.
#[derive(Template)]
#[template(path = "consent.html")]
pub(super) struct ConsentPage<'a> {
    pub(super) portal: &'a str,
    pub(super) name: &'a str,
    pub(super) application: &'a str,
    pub(super) place: &'a str,
    pub(super) scopes: &'a [&'static str],
    pub(super) form: &'a str,
    pub(super) client_id: &'a str,
    pub(super) state: &'a str,
}

/// Something to say, with its code for those who look it up.
#[derive(Template)]
#[template(path = "message.html")]
pub(super) struct MessagePage<'a> {
    pub(super) heading: &'a str,
    pub(super) text: &'a str,
    pub(super) code: &'a str,
}

/// A page whose forms lead to this portal alone.
pub(super) fn page(status: StatusCode, template: &impl Template) -> Response {
    page_towards(status, template, None)
}

/// A page whose forms may lead to another origin in the end: browsers also check where the answer to a form redirects to.
pub(super) fn page_towards(
    status: StatusCode,
    template: &impl Template,
    origin: Option<&Url>,
) -> Response {
    let html = match template.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page cannot be made");
            return guarded(StatusCode::INTERNAL_SERVER_ERROR, Body::empty());
        }
    };
    let mut response = guarded(status, Body::from(html));
    let headers = response.headers_mut();
    let value = HeaderValue::from_static;
    headers.insert(header::CONTENT_TYPE, value("text/html; charset=utf-8"));
    if let Some(origin) = origin {
        let policy = policy(&origin.origin().ascii_serialization());
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}

/// A message without a code.
pub(super) fn message(status: StatusCode, heading: &str, text: &str) -> Response {
    let page_of = MessagePage {
        heading,
        text,
        code: "",
    };
    page(status, &page_of)
}

/// A redirect: 302 for what was asked for, 303 after a form.
pub(super) fn redirect(status: StatusCode, to: &str) -> Response {
    let mut response = guarded(status, Body::empty());
    if let Ok(to) = HeaderValue::try_from(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// The style of the pages.
pub(super) async fn style() -> Response {
    let mut response = guarded(
        StatusCode::OK,
        Body::from(include_str!("../../templates/pages.css")),
    );
    let value = HeaderValue::from_static;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, value("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, value("public, max-age=3600"));
    response
}

/// Adds a header.
pub(super) fn with(
    mut response: Response,
    name: HeaderName,
    value: Option<HeaderValue>,
) -> Response {
    if let Some(value) = value {
        response.headers_mut().append(name, value);
    }
    response
}

fn policy(origins: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {origins}; frame-ancestors 'none'; base-uri 'none'"
    )
}

fn guarded(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let value = HeaderValue::from_static;
    for (name, text) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Browsers would send no origin with forms without a referrer.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, value(text));
    }
    response
}

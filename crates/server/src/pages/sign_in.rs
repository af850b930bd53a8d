//! `/sign-in` and `/sign-out`.

use std::{sync::Arc, time::Instant};

use axum::{
    Extension,
    extract::{Request, State},
    response::Response,
};
use hyper::{
    HeaderMap, StatusCode,
    header::{HeaderValue, RETRY_AFTER, SET_COOKIE, USER_AGENT},
};
use readmark_app::sign_in::{self as app, Login, NewSession};
use readmark_model::Timestamp;
use readmark_store::StoreError;

use super::{
    Desk, Form, From, busy,
    cookie::{self, Cookies},
    failed,
    html::{SignInPage, page, redirect, with},
    read, write,
};
use crate::{parameters, portals::Served};

/// Where people are sent who were going nowhere else.
const HOME: &str = "/account";

/// The only other place where people are sent after signing in.
const AUTHORIZE: &str = "/oauth/authorize?";

/// The way to the form and back.
pub(super) fn way_to(next: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", next);
    format!("/sign-in?{}", query.finish())
}

/// Where to go after signing in: a place of this portal, whatever is asked for.
fn place(next: Option<String>) -> String {
    next.filter(|next| next.starts_with(AUTHORIZE))
        .unwrap_or_else(|| HOME.to_owned())
}

pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let params = match parameters::read(&desk.limits, &parts, body).await {
        Ok(params) => params,
        Err(reply) => return axum::response::IntoResponse::into_response(reply),
    };
    let next = place(parameters::text(&params, "next"));
    let cookies = Cookies::read(&parts.headers);
    form(&desk, &served, &cookies, (StatusCode::OK, ""), (&next, ""))
}

fn form(
    desk: &Desk,
    served: &Served,
    cookies: &Cookies,
    (status, problem): (StatusCode, &str),
    (next, email): (&str, &str),
) -> Response {
    let (form, set) = cookies.open_form(&*desk.random);
    let template = SignInPage {
        portal: &served.name,
        problem,
        form: &form,
        next,
        email,
    };
    with(page(status, &template), SET_COOKIE, set)
}

pub(super) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    Extension(From(network)): Extension<From>,
    request: Request,
) -> Response {
    let sent = match Form::read(&desk, request, false).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let (email, next) = (sent.text("email"), place(Some(sent.text("next"))));
    let now = Instant::now();
    let attempt = match desk.attempts.begin(&served.name, &email, network, now) {
        Ok(attempt) => attempt,
        Err(wait) => {
            let seconds = wait.as_secs() + 1;
            let problem = format!("Too many attempts. Try again in {seconds} seconds.");
            let shown = (StatusCode::TOO_MANY_REQUESTS, problem.as_str());
            let response = form(&desk, &served, &sent.cookies, shown, (&next, &email));
            let seconds = HeaderValue::try_from(seconds.to_string()).ok();
            return with(response, RETRY_AFTER, seconds);
        }
    };
    let asked = email.clone();
    let login = match read(&served, move |tx| app::find_login(tx, &asked)).await {
        Ok(login) => login,
        Err(response) => return response,
    };
    let hash = login.as_ref().map(|login| login.hash.clone());
    let Ok(right) = desk.hasher.verify(sent.raw("password"), hash).await else {
        return busy();
    };
    if let Some(login) = login.filter(|_| right) {
        match begin(&desk, &served, &sent.headers, login).await {
            Ok(Some(cookie)) => {
                desk.attempts.succeeded(&attempt);
                let response = redirect(StatusCode::SEE_OTHER, &next);
                return with(response, SET_COOKIE, Some(cookie));
            }
            Ok(None) => {}
            Err(response) => return response,
        }
    }
    let shown = (
        StatusCode::UNPROCESSABLE_ENTITY,
        "The email or the password is not right.",
    );
    form(&desk, &served, &sent.cookies, shown, (&next, &email))
}

/// Begins a session and answers its cookie.
pub(super) async fn begin(
    desk: &Desk,
    served: &Served,
    headers: &HeaderMap,
    login: Login,
) -> Result<Option<HeaderValue>, Response> {
    let agent = headers.get(USER_AGENT);
    let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned());
    let agent = agent.unwrap_or_default();
    let lifetime = i64::try_from(desk.session.as_millis()).unwrap_or(i64::MAX);
    let (now, random) = (desk.clock.now(), Arc::clone(&desk.random));
    let begun = write(served, move |tx| -> Result<_, StoreError> {
        let new = NewSession {
            agent: &agent,
            expires_at: Timestamp(now.get().saturating_add(lifetime)),
        };
        app::begin(tx, &*random, &login, &new, now)
    });
    match begun.await? {
        Ok(token) => Ok(token.and_then(|token| cookie::begin(&token, lifetime / 1000))),
        Err(error) => Err(failed(served, &error)),
    }
}

pub(super) async fn sign_out(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    request: Request,
) -> Response {
    let sent = match Form::read(&desk, request, true).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let found = match super::signed_in(&desk, &served, &sent.cookies).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    if let Some(found) = found {
        let (user, id) = (found.user.id, found.session.id);
        match write(&served, move |tx| app::end_session(tx, user, id)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return failed(&served, &error),
            Err(response) => return response,
        }
    }
    let response = redirect(StatusCode::SEE_OTHER, "/sign-in");
    with(response, SET_COOKIE, Some(cookie::end()))
}

/// The page for whoever has to sign in first.
pub(super) fn first(next: &str) -> Response {
    redirect(StatusCode::SEE_OTHER, &way_to(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signed_in_goes_to_a_place_of_the_portal() {
        let given = |next: &str| place(Some(next.to_owned()));
        assert_eq!(
            given("/oauth/authorize?client_id=1&state=//x"),
            "/oauth/authorize?client_id=1&state=//x"
        );
        for elsewhere in [
            "https://evil.example/",
            "//evil.example/oauth/authorize?",
            "/\\evil.example",
            "/oauth/authorize",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(given(elsewhere), HOME, "{elsewhere}");
        }
        assert_eq!(place(None), HOME);
        assert_eq!(
            way_to("/oauth/authorize?a=1&b=2"),
            "/sign-in?next=%2Foauth%2Fauthorize%3Fa%3D1%26b%3D2"
        );
    }
}

//! `/account`: who is signed in, and the sessions, which can be ended.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::Response,
};
use hyper::StatusCode;
use readmark_api::wire::format_atom;
use readmark_app::sign_in as app;

use super::{
    Desk, Form,
    cookie::Cookies,
    failed,
    html::{AccountPage, SessionRow, page, redirect},
    read, sign_in, signed_in, write,
};
use crate::portals::Served;

pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    request: Request,
) -> Response {
    let cookies = Cookies::read(request.headers());
    let found = match signed_in(&desk, &served, &cookies).await {
        Ok(Some(found)) => found,
        Ok(None) => return sign_in::first("/account"),
        Err(response) => return response,
    };
    let (user, now) = (found.user.id, desk.clock.now());
    let sessions = match read(&served, move |tx| app::list_sessions(tx, user, now)).await {
        Ok(sessions) => sessions,
        Err(response) => return response,
    };
    let zone = &served.portal.context.time_zone;
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| SessionRow {
            id: session.id,
            since: format_atom(session.created_at, zone),
            current: session.id == found.session.id,
            agent: if session.agent.is_empty() {
                "A browser".to_owned()
            } else {
                session.agent
            },
        })
        .collect();
    let template = AccountPage {
        portal: &served.name,
        name: &found.user.full_name(),
        email: &found.user.email,
        form: &cookies.session_form(),
        sessions: &rows,
    };
    page(StatusCode::OK, &template)
}

pub(super) async fn end_session(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    request: Request,
) -> Response {
    let sent = match Form::read(&desk, request, true).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let found = match signed_in(&desk, &served, &sent.cookies).await {
        Ok(Some(found)) => found,
        Ok(None) => return sign_in::first("/account"),
        Err(response) => return response,
    };
    let user = found.user.id;
    // Nobody has the number 0.
    let id = sent.text("session").parse().unwrap_or(0);
    match write(&served, move |tx| app::end_session(tx, user, id)).await {
        Ok(Ok(_)) => redirect(StatusCode::SEE_OTHER, "/account"),
        Ok(Err(error)) => failed(&served, &error),
        Err(response) => response,
    }
}

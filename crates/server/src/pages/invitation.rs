//! `/invitation/TOKEN`: an invited person sets a password.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, Request, State},
    response::Response,
};
use hyper::{StatusCode, header::SET_COOKIE};
use readmark_app::sign_in as app;
use readmark_model::{SecretHash, User};
use readmark_store::StoreError;

use super::{
    Desk, Form, busy,
    cookie::Cookies,
    failed,
    html::{self, InvitationPage, page, redirect, with},
    password::LENGTHS,
    read, sign_in, write,
};
use crate::portals::Served;

pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let cookies = Cookies::read(request.headers());
    match invited(&desk, &served, SecretHash::of(&token)).await {
        Ok(user) => form(&desk, &served, &cookies, &user, (StatusCode::OK, "")),
        Err(response) => response,
    }
}

/// The person whom an invitation is for.
async fn invited(desk: &Desk, served: &Served, token: SecretHash) -> Result<User, Response> {
    let now = desk.clock.now();
    let found = read(served, move |tx| app::find_invited(tx, &token, now)).await?;
    found.ok_or_else(over)
}

fn over() -> Response {
    html::message(
        StatusCode::NOT_FOUND,
        "This invitation is over",
        "It was used, has expired, or was replaced by another one. Ask for a new one.",
    )
}

fn form(
    desk: &Desk,
    served: &Served,
    cookies: &Cookies,
    user: &User,
    (status, problem): (StatusCode, &str),
) -> Response {
    let (form, set) = cookies.open_form(&*desk.random);
    let template = InvitationPage {
        portal: &served.name,
        name: &user.full_name(),
        email: &user.email,
        least: *LENGTHS.start(),
        problem,
        form: &form,
    };
    with(page(status, &template), SET_COOKIE, set)
}

pub(super) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let sent = match Form::read(&desk, request, false).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let token = SecretHash::of(&token);
    let user = match invited(&desk, &served, token).await {
        Ok(user) => user,
        Err(response) => return response,
    };
    let (password, again) = (sent.raw("password"), sent.raw("again"));
    let problem = if !LENGTHS.contains(&password.chars().count()) {
        "A password has 8 to 200 characters."
    } else if password != again {
        "The two passwords are not the same."
    } else {
        ""
    };
    if !problem.is_empty() {
        let shown = (StatusCode::UNPROCESSABLE_ENTITY, problem);
        return form(&desk, &served, &sent.cookies, &user, shown);
    }
    let random = Arc::clone(&desk.random);
    let hash = match desk.hasher.hash(password, random).await {
        Ok(Some(hash)) => hash,
        Ok(None) | Err(_) => return busy(),
    };
    let now = desk.clock.now();
    let accepted = write(&served, move |tx| -> Result<_, StoreError> {
        app::accept(tx, &token, &hash, now)
    });
    let login = match accepted.await {
        Ok(Ok(Some(login))) => login,
        Ok(Ok(None)) => return over(),
        Ok(Err(error)) => return failed(&served, &error),
        Err(response) => return response,
    };
    match sign_in::begin(&desk, &served, &sent.headers, login).await {
        Ok(cookie) => with(
            redirect(StatusCode::SEE_OTHER, "/account"),
            SET_COOKIE,
            cookie,
        ),
        Err(response) => response,
    }
}

//! `/oauth/authorize/`: whoever is signed in lets an application act, which gets a code by the browser (sources: OAuth).
//!
//! What goes wrong is told to the person on a page. The browser returns to the application at no other address than the one that it was
//! registered with.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::Response,
};
use hyper::StatusCode;
use readmark_app::{
    Cx, Refused,
    oauth::{self, Look, NotAuthorized},
    portal, sign_in as app,
};
use readmark_model::{Application, Caller, Scope, UserId, application::Barred};
use readmark_store::StoreError;
use url::Url;

use super::{
    Desk, Form,
    cookie::Cookies,
    failed,
    html::{ConsentPage, MessagePage, message, page, page_towards, redirect},
    read, sign_in, signed_in, write,
};
use crate::{parameters, portals::Served};

/// The longest `state` of an application, in bytes: it is written back into an address.
const MOST_STATE: usize = 4_000;

/// What an application asks for.
struct Question {
    client_id: String,
    state: Option<String>,
    redirect_uri: Option<String>,
}

pub(super) async fn ask(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let params = match parameters::read(&desk.limits, &parts, body).await {
        Ok(params) => params,
        Err(reply) => return axum::response::IntoResponse::into_response(reply),
    };
    let state = params.get("state").as_text();
    let question = Question {
        client_id: parameters::text(&params, "client_id").unwrap_or_default(),
        state: state.map(|state| state.into_owned()),
        redirect_uri: parameters::text(&params, "redirect_uri"),
    };
    let cookies = Cookies::read(&parts.headers);
    let person = match signed_in(&desk, &served, &cookies).await {
        Ok(Some(person)) => person,
        Ok(None) => {
            let query = parts.uri.query().unwrap_or_default();
            return sign_in::first(&format!("/oauth/authorize?{query}"));
        }
        Err(response) => return response,
    };
    let look = match look(&served, &question, person.user.id).await {
        Ok(look) => look,
        Err(response) => return response,
    };
    if look.granted {
        return authorize(&desk, &served, &question, person.user.id, StatusCode::FOUND).await;
    }
    consent(&served, &cookies, &question, &look.application, &person)
}

fn consent(
    served: &Served,
    cookies: &Cookies,
    question: &Question,
    application: &Application,
    person: &app::SignedIn,
) -> Response {
    let Ok(handler) = Url::parse(&application.handler_url) else {
        return refusal(NotAuthorized::Unknown);
    };
    let scopes: Vec<_> = application.scopes.iter().map(Scope::as_str).collect();
    let template = ConsentPage {
        portal: &served.name,
        name: &person.user.full_name(),
        application: &application.name,
        place: handler.host_str().unwrap_or_default(),
        scopes: &scopes,
        form: &cookies.session_form(),
        client_id: &question.client_id,
        state: question.state.as_deref().unwrap_or_default(),
    };
    page_towards(StatusCode::OK, &template, Some(&handler))
}

pub(super) async fn answer(
    State(desk): State<Arc<Desk>>,
    Extension(served): Extension<Arc<Served>>,
    request: Request,
) -> Response {
    let sent = match Form::read(&desk, request, true).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let person = match signed_in(&desk, &served, &sent.cookies).await {
        Ok(Some(person)) => person,
        Ok(None) => return sign_in::first("/account"),
        Err(response) => return response,
    };
    let state = sent.raw("state");
    let question = Question {
        client_id: sent.text("client_id"),
        state: Some(state).filter(|state| !state.is_empty()),
        redirect_uri: None,
    };
    if sent.text("answer") != "yes" {
        return message(
            StatusCode::OK,
            "Nothing was granted",
            "The application gets nothing. You can close this window.",
        );
    }
    if let Err(response) = look(&served, &question, person.user.id).await {
        return response;
    }
    authorize(
        &desk,
        &served,
        &question,
        person.user.id,
        StatusCode::SEE_OTHER,
    )
    .await
}

/// Whether the question can be put to a person.
async fn look(served: &Served, question: &Question, user: UserId) -> Result<Look, Response> {
    if question.client_id.is_empty() {
        return Err(refusal(NotAuthorized::Unknown));
    }
    let too_long = |state: &String| state.len() > MOST_STATE;
    if question.state.as_ref().is_some_and(too_long) {
        return Err(wrong(
            "invalid_request",
            "The application's \"state\" is too long.",
        ));
    }
    let client = question.client_id.clone();
    let found = read(served, move |tx| match oauth::look(tx, &client, user) {
        Ok(look) => Ok(Ok(look)),
        Err(Refused::Because(reason)) => Ok(Err(reason)),
        Err(Refused::Interrupted(interrupt)) => {
            tracing::error!(%interrupt, "an application cannot be looked up");
            Err(StoreError::Decode("an interrupt where nothing is written"))
        }
    });
    let look = found.await?.map_err(refusal)?;
    let given = question.redirect_uri.as_deref();
    if given.is_some_and(|given| given != look.application.handler_url) {
        return Err(wrong(
            "invalid_request",
            "The application asks to return to another address than it was registered with.",
        ));
    }
    Ok(look)
}

/// Sends the browser back to the application with a code.
async fn authorize(
    desk: &Desk,
    served: &Arc<Served>,
    question: &Question,
    user: UserId,
    status: StatusCode,
) -> Response {
    let (client, lifetimes, now) = (question.client_id.clone(), desk.lifetimes, desk.clock.now());
    let (random, rules) = (Arc::clone(&desk.random), served.portal.context.rules);
    let done = write(served, move |tx| {
        // Signing in is no credential of a call: nothing but a code is made.
        let caller = Caller::operator();
        let mut cx = Cx {
            tx,
            writable: true,
            caller: &caller,
            user,
            now,
            random: &*random,
            rules,
            events: Vec::new(),
        };
        let authorized = oauth::authorize(&mut cx, &client, user, &lifetimes)?;
        let member_id = portal::find(cx.tx)?.map_or_else(String::new, |row| row.member_id);
        Ok::<_, Refused<NotAuthorized>>((authorized, member_id))
    });
    let (authorized, member_id) = match done.await {
        Ok(Ok(done)) => done,
        Ok(Err(Refused::Because(reason))) => return refusal(reason),
        Ok(Err(Refused::Interrupted(interrupt))) => return failed(served, &interrupt),
        Err(response) => return response,
    };
    let base_url = &served.portal.context.base_url;
    let host = base_url
        .split_once("://")
        .map_or(base_url.as_str(), |(_, host)| host);
    let Ok(mut address) = Url::parse(&authorized.application.handler_url) else {
        return refusal(NotAuthorized::Unknown);
    };
    {
        let mut query = address.query_pairs_mut();
        query.append_pair("code", &authorized.code);
        if let Some(state) = &question.state {
            query.append_pair("state", state);
        }
        query
            .append_pair("domain", host)
            .append_pair("member_id", &member_id)
            .append_pair("scope", &authorized.application.scopes.to_string())
            .append_pair("server_domain", host);
    }
    redirect(status, address.as_str())
}

/// The page for a person who cannot authorise an application.
fn refusal(reason: NotAuthorized) -> Response {
    match reason {
        NotAuthorized::Unknown => wrong(
            "WRONG_APPLICATION_CLIENT",
            "Unable to get application data.",
        ),
        NotAuthorized::Barred(Barred::NotInstalled) => {
            wrong("ERROR_OAUTH", "The application is not installed.")
        }
        NotAuthorized::Barred(Barred::NotChosen) => wrong(
            "user_access_error",
            "You do not have access to the application.",
        ),
        NotAuthorized::User => wrong("authorization_error", "You cannot sign in any more."),
    }
}

fn wrong(code: &str, text: &str) -> Response {
    let template = MessagePage {
        heading: "The application cannot be authorised",
        text,
        code,
    };
    let status = match code {
        "user_access_error" | "ERROR_OAUTH" => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    page(status, &template)
}

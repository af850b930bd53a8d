//! The authorisation server: codes and refresh tokens for tokens, what is refused, and its other host names.

mod alias;
mod token;

use std::sync::{Arc, mpsc::sync_channel};

use readmark::{
    clock::{OsRandom, SystemClock},
    operator::{self, ForWhom, Ground, NewApplication, Operation, Outcome},
    portals::Served,
};
use readmark_app::{
    Cx, Refused, Rules,
    oauth::{self, Lifetimes, NotAuthorized},
};
use readmark_model::{Caller, UserId};

use crate::{
    client::{Client, Response},
    portal::TestServer,
};

/// A registered application.
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

pub(crate) fn first_portal(server: &TestServer) -> &Arc<Served> {
    server.running.portals().next().unwrap()
}

/// Has an operation carried out as the command line does.
pub(crate) fn operate(served: &Arc<Served>, operation: Operation) -> Outcome {
    let ground = Ground::served(&served.portal, &SystemClock).unwrap();
    operator::carry_out(&ground, operation).unwrap()
}

pub(crate) fn new_application() -> NewApplication {
    NewApplication {
        name: "Tides".to_owned(),
        handler: "https://tides.example/app?from=portal".to_owned(),
        install: String::new(),
        scopes: vec!["im,user".to_owned()],
        has_ui: true,
        audience: ForWhom::Everyone,
    }
}

pub(crate) fn register(served: &Arc<Served>, new: NewApplication) -> App {
    match operate(served, Operation::AddApplication(new)) {
        Outcome::Application {
            client_id, secret, ..
        } => App { client_id, secret },
        other => panic!("{other:?}"),
    }
}

/// A code of an application for a user.
pub(crate) fn code(served: &Arc<Served>, app: &App, user: i64) -> String {
    let client = app.client_id.clone();
    let (sender, receiver) = sync_channel(1);
    served.portal.store.write_then(
        move |tx| {
            let caller = Caller::operator();
            let mut cx = Cx {
                tx,
                writable: true,
                caller: &caller,
                user: UserId(user),
                now: readmark::clock::Clock::now(&SystemClock),
                random: &OsRandom,
                rules: Rules::default(),
                events: Vec::new(),
            };
            let lifetimes = Lifetimes {
                code: 30_000,
                access: 0,
                refresh: 0,
                grace: 0,
            };
            oauth::authorize(&mut cx, &client, UserId(user), &lifetimes)
        },
        move |done: Result<_, Refused<NotAuthorized>>| sender.send(done.unwrap().code).unwrap(),
    );
    receiver.recv().unwrap()
}

/// A request for tokens, as a query.
pub(crate) fn query(app: &App, offer: &str) -> String {
    let kind = match offer.split_once('=').unwrap().0 {
        "code" => "authorization_code",
        kind => kind,
    };
    format!(
        "grant_type={kind}&client_id={}&client_secret={}&{offer}",
        app.client_id, app.secret
    )
}

/// Sends a request to a host by its name.
pub(crate) fn ask(
    client: &mut Client,
    (host, verb, target): (&str, &str, &str),
    content_type: &str,
    body: &str,
) -> Response {
    let length = body.len();
    let head = format!(
        "{verb} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    let _ = client.send(head.as_bytes());
    let _ = client.send(body.as_bytes());
    client.response(verb == "HEAD").unwrap()
}

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

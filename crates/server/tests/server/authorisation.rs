//! Who is let in, and what the others hear.

use readmark_app::{
    users,
    webhook::{self, NewWebhook},
};
use readmark_model::{Scope, Scopes, SecretHash, Timestamp, UserId};
use readmark_store::StoreError;
use readmark_testkit::rows::user;
use serde_json::json;

use crate::{
    client::Response,
    portal::{NEVER, TestServer, nothing, start},
};

fn assert_denied(answer: &Response, code: &str) {
    assert_eq!(answer.error(), (401, code.to_owned()));
}

fn store(server: &TestServer) -> readmark_store::Store {
    server
        .running
        .portals()
        .next()
        .unwrap()
        .portal
        .store
        .clone()
}

#[test]
fn without_credentials_nothing_is_told_not_even_which_methods_exist() {
    let server = start();
    for target in [
        "/rest/profile",
        "/rest/no.such.method",
        "/rest/",
        "/rest/batch",
        "/rest/profile?auth=",
        "/rest/me/secret/profile",
    ] {
        assert_denied(&server.post(target, &nothing()), "NO_AUTH_FOUND");
    }
}

#[test]
fn a_wrong_webhook_is_denied_before_its_method_is_looked_up() {
    let server = start();
    let secret = server.secret(1);
    for target in [
        "/rest/1/wrong/profile".to_owned(),
        "/rest/1/wrong/no.such.method".to_owned(),
        "/rest/1/wrong/batch".to_owned(),
        format!("/rest/2/{secret}/profile"),
        format!("/rest/99999999999999999999/{secret}/profile"),
        format!("/rest/1/{}/profile", secret.to_uppercase()),
    ] {
        assert_denied(&server.post(&target, &nothing()), "INVALID_CREDENTIALS");
    }
}

#[test]
fn a_revoked_or_expired_webhook_is_as_good_as_a_wrong_one() {
    let server = start();
    let add = |secret: &'static str, expires_at| {
        let added = store(&server).write(move |tx| {
            let new = NewWebhook {
                user: UserId(1),
                scopes: Scopes::all(),
                title: secret,
                expires_at,
            };
            webhook::register(tx, &new, &SecretHash::of(secret), Timestamp(1))
        });
        let added = added.unwrap_or_else(|error: StoreError| panic!("{error}"));
        added.expect("a webhook");
    };
    add("expired", Some(Timestamp(2)));
    add("revoked", None);
    assert_eq!(server.get("/rest/1/revoked/profile").result()["ID"], "1");
    let revoked: Result<bool, StoreError> = store(&server).write(|tx| {
        let all = webhook::list(tx)?;
        let row = all.iter().find(|row| row.title == "revoked");
        webhook::revoke(tx, row.expect("the webhook").id, Timestamp(3))
    });
    assert!(revoked.unwrap());
    assert_denied(
        &server.get("/rest/1/revoked/profile"),
        "INVALID_CREDENTIALS",
    );
    assert_denied(
        &server.get("/rest/1/expired/profile"),
        "INVALID_CREDENTIALS",
    );
}

#[test]
fn tokens_that_are_unknown_or_expired_say_so() {
    let server = start();
    server.token("old", 1, Scopes::all(), Timestamp(2));
    assert_denied(&server.get("/rest/profile?auth=old"), "expired_token");
    assert_denied(&server.get("/rest/profile?auth=unknown"), "invalid_token");
    assert_denied(
        &server.get("/rest/no.such.method?auth=old"),
        "expired_token",
    );
}

#[test]
fn a_dismissed_user_is_denied_at_once() {
    let server = start();
    server.token("good", 5, Scopes::all(), NEVER);
    assert_eq!(server.get("/rest/profile?auth=good").result()["ID"], "5");
    let done: Result<(), StoreError> = store(&server).write(|tx| {
        let mut found = users::find(tx, UserId(5))?.ok_or(StoreError::Decode("nobody"))?;
        found.active = false;
        user::update(tx, &found)
    });
    done.unwrap();
    assert_denied(
        &server.get("/rest/profile?auth=good"),
        "authorization_error",
    );
    assert_denied(
        &server.call(5, "profile", &nothing()),
        "INVALID_CREDENTIALS",
    );
}

#[test]
fn a_method_needs_its_scope_and_an_unknown_one_is_not_found_first() {
    let server = start();
    server.token("small", 1, [Scope::UserBrief].into_iter().collect(), NEVER);
    assert_denied(
        &server.get("/rest/im.dialog.get?auth=small"),
        "insufficient_scope",
    );
    let unknown = server.get("/rest/im.no.such.method?auth=small");
    assert_eq!(unknown.error(), (404, "ERROR_METHOD_NOT_FOUND".to_owned()));
    assert_eq!(server.get("/rest/profile?auth=small").result()["ID"], "1");
    assert_eq!(server.call(1, "", &nothing()).error().0, 404);
}

#[test]
fn who_is_not_authorised_does_not_hear_of_malformed_parameters() {
    let server = start();
    let headers = [("Content-Type", "application/json")];
    let post = |target: &str| server.connect().request("POST", target, &headers, b"{");
    assert_denied(&post("/rest/1/wrong/profile"), "INVALID_CREDENTIALS");
    assert_denied(&post("/rest/profile?auth=unknown"), "invalid_token");
    let malformed = (400, "INVALID_REQUEST".to_owned());
    assert_eq!(post(&server.path(1, "profile")).error(), malformed);
    // The token may be in what cannot be read.
    assert_eq!(post("/rest/profile").error(), malformed);
}

#[test]
fn who_calls_is_noted_as_active_when_the_server_stops() {
    let server = start();
    server.call(2, "profile", &nothing()).result();
    let config = server.config.clone();
    let catalog = readmark::catalog::PortalCatalog::new(&config).unwrap();
    server.running.stop();
    let store = catalog.open_to_read("demo").unwrap();
    let users = store.read(|tx| users::list(tx)).unwrap();
    let active: Vec<_> = users
        .iter()
        .filter(|user| user.last_activity_at.is_some())
        .map(|user| user.id)
        .collect();
    assert_eq!(active, [UserId(2)]);
}

#[test]
fn a_token_does_not_reach_the_method_as_a_parameter() {
    let server = start();
    server.token("good", 1, Scopes::all(), NEVER);
    let answer = server.post(
        "/rest/im.dialog.get",
        &json!({ "AUTH": "good", "DIALOG_ID": "chat1" }),
    );
    assert_eq!(answer.result()["dialog_id"], "chat1");
}

//! Webhooks and access tokens: who gets one, what it is good for, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_app::{
    Refused,
    auth::{self, Denied},
    token::{self, NewToken},
    users::NoPerson,
    webhook::{self, NewWebhook, Standing},
};
use readmark_model::{Credential, Scope, Scopes, SecretHash, Timestamp, UserId};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, portal::START};

const BEN: UserId = UserId(2);
const NOBODY: UserId = UserId(99);
const LATER: Timestamp = Timestamp(START.get() + 3_600_000);

fn new_webhook(user: UserId) -> NewWebhook<'static> {
    NewWebhook {
        user,
        scopes: Scopes::from_iter([Scope::Im]),
        title: "Nightly report",
        expires_at: Some(LATER),
    }
}

fn new_token(user: UserId) -> NewToken<'static> {
    NewToken {
        client: " local.1 ",
        user,
        scopes: Scopes::from_iter([Scope::Im, Scope::Imbot]),
        expires_at: LATER,
    }
}

/// Dismisses Ben.
fn dismiss(portal: &TestPortal) {
    let changed = portal.run(UserId(1), |cx| {
        readmark_app::users::change::update(cx, BEN, None, |_, user| {
            user.active = false;
            Ok(())
        })
    });
    changed.unwrap();
}

fn standing(portal: &TestPortal, secret: &str, now: Timestamp) -> Standing {
    let hash = SecretHash::of(secret);
    let store = &portal.portal.store;
    store
        .read(move |tx| webhook::standing(tx, BEN, &hash, now))
        .unwrap()
}

fn try_token(portal: &TestPortal, token: &str, now: Timestamp) -> Result<Credential, Denied> {
    let hash = SecretHash::of(token);
    let store = &portal.portal.store;
    let caller = store.read(move |tx| auth::token(tx, &hash, now)).unwrap();
    caller.map(|caller| caller.credential)
}

#[test]
fn a_webhook_is_good_until_it_expires_or_is_revoked() {
    for_each_store(|portal| {
        let store = &portal.portal.store;
        let added = portal.run(UserId(1), |cx| webhook::add(cx, &new_webhook(BEN)));
        let secret = added.unwrap();
        assert_eq!(secret.len(), webhook::SECRET_LENGTH);
        let hash = SecretHash::of(&secret);
        let caller = store.read(move |tx| auth::webhook(tx, BEN, &hash, START));
        assert_eq!(
            caller.unwrap().unwrap().scopes,
            Scopes::from_iter([Scope::Im])
        );
        assert_eq!(standing(portal, "guessed", START), Standing::Unknown);
        assert_eq!(standing(portal, &secret, START), Standing::Valid);
        assert_eq!(standing(portal, &secret, LATER), Standing::Refused);

        let all = store.read(|tx| webhook::list(tx)).unwrap();
        let row = all.last().unwrap().clone();
        assert_eq!(
            (row.user, row.title.as_str(), row.expires_at, row.revoked_at),
            (BEN, "Nightly report", Some(LATER), None)
        );
        let revoke = |id| store.write(move |tx| webhook::revoke(tx, id, START));
        assert!(revoke(row.id).unwrap());
        assert!(!revoke(row.id).unwrap() && !revoke(row.id + 1).unwrap());
        assert_eq!(standing(portal, &secret, START), Standing::Refused);
    });
}

#[test]
fn only_people_who_are_not_dismissed_get_webhooks_and_none_that_is_over() {
    for_each_store(|portal| {
        let refusal = |new: NewWebhook<'static>| {
            let added = portal.run(UserId(1), move |cx| webhook::add(cx, &new));
            match added.unwrap_err() {
                Refused::Because(refusal) => refusal,
                Refused::Interrupted(fault) => panic!("{fault}"),
            }
        };
        let over = NewWebhook {
            expires_at: Some(START),
            ..new_webhook(BEN)
        };
        assert_eq!(refusal(over), webhook::Refusal::Expired);
        assert_eq!(
            refusal(new_webhook(NOBODY)),
            webhook::Refusal::User(NoPerson::Unknown)
        );
        dismiss(portal);
        assert_eq!(
            refusal(new_webhook(BEN)),
            webhook::Refusal::User(NoPerson::Dismissed)
        );
    });
}

#[test]
fn a_token_is_an_applications_and_ends_when_it_is_told_to() {
    for_each_store(|portal| {
        let issued = portal.run(UserId(1), |cx| token::issue(cx, &new_token(BEN)));
        let token = issued.unwrap();
        assert_eq!(token.len(), 64);
        let application = Credential::Application("local.1".to_owned());
        assert_eq!(try_token(portal, &token, START), Ok(application));
        assert_eq!(try_token(portal, "guessed", START), Err(Denied::Token));
        assert_eq!(try_token(portal, &token, LATER), Err(Denied::ExpiredToken));

        let hash = SecretHash::of(&token);
        let expire = || {
            let store = &portal.portal.store;
            store.write(move |tx| token::expire(tx, &hash, START))
        };
        assert!(expire().unwrap() && !expire().unwrap());
        assert_eq!(try_token(portal, &token, START), Err(Denied::ExpiredToken));
    });
}

#[test]
fn a_token_needs_an_application_a_user_and_a_time() {
    for_each_store(|portal| {
        let refusal = |new: NewToken<'static>| {
            let hash = SecretHash::of("a token");
            let store = &portal.portal.store;
            let registered = store.write(move |tx| token::register(tx, &new, &hash, START));
            let registered: Result<_, StoreError> = registered;
            registered.unwrap().unwrap_err()
        };
        let blank = NewToken {
            client: " ",
            ..new_token(BEN)
        };
        let over = NewToken {
            expires_at: START,
            ..new_token(BEN)
        };
        assert_eq!(refusal(blank), token::Refusal::NoClient);
        assert_eq!(refusal(over), token::Refusal::Expired);
        assert_eq!(refusal(new_token(NOBODY)), token::Refusal::User);
        dismiss(portal);
        assert_eq!(refusal(new_token(BEN)), token::Refusal::User);
        assert_eq!(try_token(portal, "a token", START), Err(Denied::Token));
    });
}

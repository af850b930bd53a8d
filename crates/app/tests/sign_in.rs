//! Signing in: passwords, sessions and invitations, and how each ends.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_app::{
    Refused,
    pruning::{self, Keep, Old},
    sign_in::{self, Login, NewSession},
    users::{NoPerson, change},
};
use readmark_model::{SecretHash, Timestamp, UserId};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, portal::START};

const ADA: UserId = UserId(1);
const BEN: UserId = UserId(2);

const fn at(seconds: i64) -> Timestamp {
    Timestamp(START.get() + seconds * 1_000)
}

fn set_password(portal: &TestPortal, user: UserId, hash: &'static str) -> Result<(), NoPerson> {
    let set = portal.run(ADA, move |cx| {
        sign_in::set_password(cx.tx, user, hash, START)
    });
    set.map_err(|refused| match refused {
        Refused::Because(reason) => reason,
        Refused::Interrupted(fault) => panic!("{fault}"),
    })
}

fn login(portal: &TestPortal, email: &'static str) -> Option<(UserId, String)> {
    let store = &portal.portal.store;
    let login = store
        .read(move |tx| sign_in::find_login(tx, email))
        .unwrap();
    login.map(|login| (login.user, login.hash))
}

fn begin(portal: &TestPortal, user: UserId, hash: &str, end: i64) -> Option<String> {
    let login = Login {
        user,
        hash: hash.to_owned(),
    };
    let random = portal.portal.context.random.clone();
    let begun: Result<_, StoreError> = portal.portal.store.write(move |tx| {
        let new = NewSession {
            agent: &"Browser/1 ".repeat(50),
            expires_at: at(end),
        };
        sign_in::begin(tx, &*random, &login, &new, START)
    });
    begun.unwrap()
}

fn who(portal: &TestPortal, token: &str, now: Timestamp) -> Option<UserId> {
    let hash = SecretHash::of(token);
    let store = &portal.portal.store;
    let found = store.read(move |tx| sign_in::find_session(tx, &hash, now));
    found.unwrap().map(|found| found.user.id)
}

fn set_active(portal: &TestPortal, user: UserId, active: bool) {
    let changed = portal.run(ADA, move |cx| {
        change::update(cx, user, None, |_, person| {
            person.active = active;
            Ok(())
        })
    });
    changed.unwrap();
}

#[test]
fn a_person_with_a_password_signs_in_until_the_session_ends() {
    for_each_store(|portal| {
        assert_eq!(login(portal, "ben@example.com"), None);
        set_password(portal, BEN, "hash 1").unwrap();
        let found = Some((BEN, "hash 1".to_owned()));
        assert_eq!(login(portal, " BEN@example.com "), found);
        assert_eq!(login(portal, ""), None);
        assert_eq!(begin(portal, BEN, "another hash", 100), None);
        let token = begin(portal, BEN, "hash 1", 100).unwrap();
        assert_eq!(token.len(), 64);
        assert_eq!(who(portal, &token, at(99)), Some(BEN));
        assert_eq!(who(portal, &token, at(100)), None);
        assert_eq!(who(portal, "guessed", at(1)), None);

        let store = &portal.portal.store;
        let list = || {
            store
                .read(|tx| sign_in::list_sessions(tx, BEN, at(1)))
                .unwrap()
        };
        let sessions = list();
        assert_eq!(sessions[0].agent.chars().count(), 200);
        let id = sessions[0].id;
        let end = |user| {
            store
                .write(move |tx| sign_in::end_session(tx, user, id))
                .unwrap()
        };
        assert!(!end(ADA), "it is not hers");
        assert!(end(BEN) && !end(BEN));
        assert_eq!(who(portal, &token, at(1)), None);
        assert!(list().is_empty());
    });
}

#[test]
fn sessions_end_with_the_password_and_with_the_user() {
    for_each_store(|portal| {
        set_password(portal, BEN, "hash 1").unwrap();
        let token = begin(portal, BEN, "hash 1", 100).unwrap();
        set_password(portal, BEN, "hash 2").unwrap();
        assert_eq!(who(portal, &token, at(1)), None);
        assert_eq!(begin(portal, BEN, "hash 1", 100), None);
        let token = begin(portal, BEN, "hash 2", 100).unwrap();
        set_active(portal, BEN, false);
        assert_eq!(who(portal, &token, at(1)), None);
        assert_eq!(login(portal, "ben@example.com"), None);
        assert_eq!(begin(portal, BEN, "hash 2", 100), None);
        assert_eq!(
            set_password(portal, BEN, "hash 3"),
            Err(NoPerson::Dismissed)
        );
        set_active(portal, BEN, true);
        assert_eq!(who(portal, &token, at(1)), None, "it does not come back");
        assert_eq!(
            login(portal, "ben@example.com"),
            Some((BEN, "hash 2".into()))
        );
        assert_eq!(
            set_password(portal, UserId(99), "x"),
            Err(NoPerson::Unknown)
        );

        let tokens: Vec<_> = (0..22)
            .map(|_| begin(portal, BEN, "hash 2", 100).unwrap())
            .collect();
        assert_eq!(who(portal, &tokens[1], at(1)), None, "there are too many");
        assert_eq!(who(portal, &tokens[2], at(1)), Some(BEN));
        let store = &portal.portal.store;
        let ended = store
            .write(move |tx| sign_in::end_sessions(tx, BEN))
            .unwrap();
        assert_eq!(ended, 20);
        begin(portal, BEN, "hash 2", 100).unwrap();
        let keep = Keep {
            events: 0,
            deliveries: 0,
        };
        let prune = |now| {
            store
                .write(move |tx| pruning::prune(tx, Old::Sessions, &keep, now, 10))
                .unwrap()
        };
        assert_eq!((prune(at(99)), prune(at(100))), (0, 1));
    });
}

#[test]
fn an_invitation_sets_a_password_once() {
    for_each_store(|portal| {
        let invite = || {
            portal
                .run(ADA, |cx| sign_in::invite(cx, BEN, at(100)))
                .unwrap()
        };
        let accept = |token: &str, now| {
            let hash = SecretHash::of(token);
            let store = &portal.portal.store;
            let accepted: Result<_, StoreError> =
                store.write(move |tx| sign_in::accept(tx, &hash, "hash 1", now));
            accepted.unwrap().map(|login| login.user)
        };
        let (first, second) = (invite(), invite());
        assert_eq!(accept(&first, at(1)), None, "another one came after it");
        assert_eq!(accept(&second, at(100)), None, "it is over");
        assert_eq!(login(portal, "ben@example.com"), None);
        assert_eq!(accept(&second, at(99)), Some(BEN));
        assert_eq!(accept(&second, at(99)), None, "it was used");
        assert_eq!(
            login(portal, "ben@example.com"),
            Some((BEN, "hash 1".into()))
        );

        let third = invite();
        set_active(portal, BEN, false);
        assert_eq!(accept(&third, at(1)), None);
        set_active(portal, BEN, true);
        assert_eq!(accept(&third, at(1)), None, "it does not come back");
        let fourth = invite();
        set_password(portal, BEN, "hash 2").unwrap();
        assert_eq!(accept(&fourth, at(1)), None);
    });
}

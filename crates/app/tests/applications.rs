//! Local applications: registering, changing, installing and removing them, and who may use one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_app::{
    Refused,
    application::{self, Draft, Refusal, Registered},
    auth::{self, Denied},
    token::{self, NewToken},
    users::NoPerson,
};
use readmark_model::{
    Application, ApplicationId, Scopes, SecretHash, Timestamp, UserId, application::Audience,
};
use readmark_testkit::{TestPortal, for_each_store, portal::START};

const PORTAL: &str = "https://portal.example";
const ADA: UserId = UserId(1);
const BEN: UserId = UserId(2);
const CHO: UserId = UserId(3);

fn draft() -> Draft {
    Draft {
        name: " Tides ".into(),
        handler_url: "https://tides.example/app".into(),
        install_url: String::new(),
        scopes: Scopes::parse("im,user").unwrap(),
        has_ui: true,
        audience: Audience::Everyone,
        users: Vec::new(),
    }
}

fn add(portal: &TestPortal, draft: Draft) -> Result<Registered, Refused<Refusal>> {
    portal.run(ADA, move |cx| application::add(cx, draft.clone(), PORTAL))
}

fn refusal<T: std::fmt::Debug>(done: Result<T, Refused<Refusal>>) -> Refusal {
    match done.unwrap_err() {
        Refused::Because(refusal) => refusal,
        Refused::Interrupted(fault) => panic!("{fault}"),
    }
}

fn found(portal: &TestPortal, id: ApplicationId) -> Application {
    let store = &portal.portal.store;
    store
        .read(move |tx| application::find(tx, id))
        .unwrap()
        .unwrap()
}

/// Issues a token by hand.
fn token(portal: &TestPortal, client: &str, user: UserId, scopes: &str) -> String {
    let (client, scopes) = (client.to_owned(), Scopes::parse(scopes).unwrap());
    let issued = portal.run(ADA, move |cx| {
        let new = NewToken {
            client: &client,
            user,
            scopes,
            expires_at: Timestamp(i64::MAX),
        };
        token::issue(cx, &new)
    });
    issued.unwrap()
}

fn try_token(portal: &TestPortal, token: &str) -> Result<String, Denied> {
    let hash = SecretHash::of(token);
    let store = &portal.portal.store;
    let caller = store.read(move |tx| auth::token(tx, &hash, START)).unwrap();
    caller.map(|caller| caller.scopes.to_string())
}

#[test]
fn an_application_is_registered_changed_and_removed() {
    for_each_store(|portal| {
        let one = add(portal, draft()).unwrap();
        let other = add(portal, draft()).unwrap();
        assert!(one.id != other.id && one.client_id != other.client_id);
        assert_ne!(one.secret, other.secret);
        assert_eq!(one.secret.len(), application::SECRET_LENGTH);
        let parts: Vec<_> = one.client_id.split('.').collect();
        assert_eq!(parts[0], "local");
        assert!(parts[1].len() == 14 && parts[1].bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(parts[2].len() == 8 && parts[2].bytes().all(|byte| byte.is_ascii_digit()));

        let row = found(portal, one.id);
        assert_eq!(row.name, "Tides");
        assert_eq!((row.version, row.installed_at.is_some()), (1, true));
        let id = one.id;
        let changed = portal.run(ADA, move |cx| {
            application::change(cx, id, PORTAL, |draft| {
                draft.name = "Ebb".into();
                draft.audience = Audience::Chosen;
                draft.users = vec![CHO, BEN, CHO];
            })
        });
        changed.unwrap();
        let row = found(portal, id);
        assert_eq!((row.name.as_str(), row.version), ("Ebb", 2));
        assert_eq!(row.handler_url, "https://tides.example/app");
        let store = &portal.portal.store;
        let chosen = || store.read(move |tx| application::chosen(tx, id)).unwrap();
        assert_eq!(chosen(), [BEN, CHO]);
        let everyone = portal.run(ADA, move |cx| {
            application::change(cx, id, PORTAL, |draft| draft.audience = Audience::Everyone)
        });
        everyone.unwrap();
        assert!(chosen().is_empty());

        let remove = || portal.run(ADA, move |cx| application::remove(cx, id));
        remove().unwrap();
        assert_eq!(refusal(remove()), Refusal::Unknown);
        let left = store.read(|tx| application::list(tx)).unwrap();
        assert_eq!(
            left.iter().map(|row| row.id).collect::<Vec<_>>(),
            [other.id]
        );
        let third = add(portal, draft()).unwrap();
        assert!(third.id > other.id, "no number is used again");
    });
}

#[test]
fn what_is_wrong_is_refused_and_changes_nothing() {
    for_each_store(|portal| {
        let one = add(portal, draft()).unwrap().id;
        let with = |change: &dyn Fn(&mut Draft)| {
            let mut wrong = draft();
            change(&mut wrong);
            wrong
        };
        let cases = [
            (with(&|draft| draft.name = "  ".into()), Refusal::Name),
            (with(&|draft| draft.name = "a".repeat(101)), Refusal::Name),
            (with(&|draft| draft.name = "a\u{7}b".into()), Refusal::Name),
            (
                with(&|draft| draft.handler_url = "javascript:alert(1)".into()),
                Refusal::Address(false),
            ),
            (
                with(&|draft| draft.handler_url = String::new()),
                Refusal::Address(false),
            ),
            (
                with(&|draft| draft.install_url = "tides.example".into()),
                Refusal::Address(true),
            ),
            (
                with(&|draft| draft.handler_url = "https://portal.example/oauth".into()),
                Refusal::OwnAddress(false),
            ),
            (
                with(&|draft| draft.install_url = "https://PORTAL.example:443/".into()),
                Refusal::OwnAddress(true),
            ),
            (
                with(&|draft| {
                    draft.audience = Audience::Chosen;
                    draft.users = vec![UserId(99)];
                }),
                Refusal::User(UserId(99), NoPerson::Unknown),
            ),
        ];
        for (wrong, expected) in cases {
            let before = found(portal, one);
            assert_eq!(refusal(add(portal, wrong.clone())), expected, "{wrong:?}");
            let changed = portal.run(ADA, move |cx| {
                application::change(cx, one, PORTAL, |draft| *draft = wrong.clone())
            });
            assert_eq!(refusal(changed), expected);
            assert_eq!(found(portal, one), before);
        }
        let all = portal
            .portal
            .store
            .read(|tx| application::list(tx))
            .unwrap();
        assert_eq!(all.len(), 1);
        let unknown = ApplicationId(99);
        let secret = portal.run(ADA, move |cx| application::replace_secret(cx, unknown));
        assert_eq!(refusal(secret), Refusal::Unknown);
        let finished = portal.run(ADA, move |cx| application::finish(cx, unknown));
        assert_eq!(refusal(finished), Refusal::Unknown);
    });
}

#[test]
fn until_an_installation_is_finished_ordinary_users_are_refused() {
    for_each_store(|portal| {
        let with_installer = Draft {
            install_url: "https://tides.example/install".into(),
            ..draft()
        };
        let one = add(portal, with_installer).unwrap();
        let [admin, person] = [ADA, BEN].map(|user| token(portal, &one.client_id, user, "im"));
        assert_eq!(try_token(portal, &person), Err(Denied::NotInstalled));
        assert_eq!(try_token(portal, &admin), Ok("im".into()));
        let id = one.id;
        let finish = || {
            portal
                .run(ADA, move |cx| application::finish(cx, id))
                .unwrap()
        };
        let finished = finish().installed_at;
        assert_eq!(finish().installed_at, finished);
        assert_eq!(try_token(portal, &person), Ok("im".into()));
        let begun = portal.run(ADA, move |cx| application::install(cx, id));
        assert_eq!(begun.unwrap().installed_at, None);
        assert_eq!(try_token(portal, &person), Err(Denied::NotInstalled));

        let without_pages = Draft {
            has_ui: false,
            install_url: "https://tides.example/install".into(),
            ..draft()
        };
        let two = add(portal, without_pages).unwrap().id;
        let begun = portal
            .run(ADA, move |cx| application::install(cx, two))
            .unwrap();
        assert!(begun.installed_at.is_some());
    });
}

#[test]
fn an_application_is_for_its_audience_and_its_tokens_for_its_scopes() {
    for_each_store(|portal| {
        let one = add(portal, draft()).unwrap();
        let id = one.id;
        let [admin, ben, cho] =
            [ADA, BEN, CHO].map(|user| token(portal, &one.client_id, user, "im,imbot"));
        let stranger = token(portal, "another.client", CHO, "im,imbot");
        for each in [&admin, &ben, &cho] {
            assert_eq!(
                try_token(portal, each),
                Ok("im".into()),
                "imbot is not its own"
            );
        }
        assert_eq!(try_token(portal, &stranger), Ok("im,imbot".into()));
        let set = |audience, users: Vec<UserId>| {
            let changed = portal.run(ADA, move |cx| {
                application::change(cx, id, PORTAL, |draft| {
                    draft.audience = audience;
                    draft.users.clone_from(&users);
                })
            });
            changed.unwrap();
        };
        set(Audience::Chosen, vec![BEN]);
        assert_eq!(try_token(portal, &ben), Ok("im".into()));
        assert_eq!(try_token(portal, &admin), Ok("im".into()));
        assert_eq!(try_token(portal, &cho), Err(Denied::NotForUser));
        set(Audience::Admins, vec![BEN]);
        assert_eq!(try_token(portal, &ben), Err(Denied::NotForUser));
        assert_eq!(try_token(portal, &admin), Ok("im".into()));
        set(Audience::Everyone, Vec::new());
        let narrowed = portal.run(ADA, move |cx| {
            application::change(cx, id, PORTAL, |draft| {
                draft.scopes = Scopes::parse("user").unwrap();
            })
        });
        narrowed.unwrap();
        assert_eq!(try_token(portal, &ben), Ok(String::new()));
    });
}

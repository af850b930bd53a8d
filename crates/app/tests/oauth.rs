//! Codes and tokens of OAuth 2.0: what each is good for, for how long, and what its second use does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_app::{
    Refused,
    application::{self, Draft, Registered},
    auth::{self, Denied},
    oauth::{self, Exchange, Lifetimes, NotAuthorized, Offer, Pair, Refusal},
    pruning::{self, Keep, Old},
    token,
};
use readmark_model::{
    Scopes, SecretHash, Timestamp, UserId,
    application::{Audience, Barred},
};
use readmark_testkit::{TestPortal, for_each_store, portal::START};

const PORTAL: &str = "https://portal.example";
const ADA: UserId = UserId(1);
const BEN: UserId = UserId(2);
const CHO: UserId = UserId(3);

const SECOND: i64 = 1_000;
const LIFETIMES: Lifetimes = Lifetimes {
    code: 30 * SECOND,
    access: 3_600 * SECOND,
    refresh: 1_000_000 * SECOND,
    grace: 60 * SECOND,
};

/// An application under test.
struct App<'a> {
    portal: &'a TestPortal,
    registered: Registered,
}

fn register<'a>(portal: &'a TestPortal, change: impl Fn(&mut Draft)) -> App<'a> {
    let mut draft = Draft {
        name: "Tides".into(),
        handler_url: "https://tides.example/app".into(),
        install_url: String::new(),
        scopes: Scopes::parse("im,imbot,user").unwrap(),
        has_ui: true,
        audience: Audience::Everyone,
        users: Vec::new(),
    };
    change(&mut draft);
    let registered = portal.run(ADA, move |cx| application::add(cx, draft.clone(), PORTAL));
    App {
        portal,
        registered: registered.unwrap(),
    }
}

const fn at(seconds: i64) -> Timestamp {
    Timestamp(START.get() + seconds * SECOND)
}

impl App<'_> {
    fn change(&self, change: impl Fn(&mut Draft) + Send + 'static) {
        let id = self.registered.id;
        let changed = self.portal.run(ADA, move |cx| {
            application::change(cx, id, PORTAL, |draft| change(draft))
        });
        changed.unwrap();
    }

    fn try_authorize(&self, user: UserId, now: Timestamp) -> Result<String, NotAuthorized> {
        let client = self.registered.client_id.clone();
        let authorized = self.portal.run(user, move |cx| {
            cx.now = now;
            oauth::authorize(cx, &client, user, &LIFETIMES)
        });
        authorized
            .map(|authorized| authorized.code)
            .map_err(|refused| match refused {
                Refused::Because(reason) => reason,
                Refused::Interrupted(fault) => panic!("{fault}"),
            })
    }

    fn code(&self, user: UserId) -> String {
        self.try_authorize(user, START).unwrap()
    }

    fn offer(&self, offer: Offer, scopes: Option<&str>, now: Timestamp) -> Result<Pair, Refusal> {
        let request = Exchange {
            client_id: self.registered.client_id.clone(),
            secret: SecretHash::of(&self.registered.secret),
            offer,
            scopes: scopes.map(|list| Scopes::parse(list).unwrap()),
        };
        self.exchange(request, now)
    }

    fn exchange(&self, request: Exchange, now: Timestamp) -> Result<Pair, Refusal> {
        let random = self.portal.portal.context.random.clone();
        let store = &self.portal.portal.store;
        store
            .write(move |tx| oauth::exchange(tx, &*random, &request, &LIFETIMES, now))
            .unwrap()
    }

    fn take(&self, code: &str, now: Timestamp) -> Result<Pair, Refusal> {
        self.offer(Offer::Code(SecretHash::of(code)), None, now)
    }

    fn refresh(&self, token: &str, now: Timestamp) -> Result<Pair, Refusal> {
        self.offer(Offer::Refresh(SecretHash::of(token)), None, now)
    }

    fn call(&self, token: &str, now: Timestamp) -> Result<(UserId, String), Denied> {
        let hash = SecretHash::of(token);
        let store = &self.portal.portal.store;
        let caller = store.read(move |tx| auth::token(tx, &hash, now)).unwrap();
        caller.map(|caller| (caller.user, caller.scopes.to_string()))
    }
}

fn dismiss(portal: &TestPortal, user: UserId) {
    let changed = portal.run(ADA, move |cx| {
        readmark_app::users::change::update(cx, user, None, |_, user| {
            user.active = false;
            Ok(())
        })
    });
    changed.unwrap();
}

#[test]
fn a_code_is_exchanged_for_tokens_that_call_as_its_user() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let pair = app.take(&app.code(BEN), at(29)).unwrap();
        assert_eq!(pair.user, BEN);
        assert_eq!(pair.expires_at, at(29 + 3_600));
        assert_eq!(pair.scopes.to_string(), "im,imbot,user");
        assert_ne!(pair.access, pair.refresh);
        let ben = (BEN, "im,imbot,user".to_owned());
        assert_eq!(app.call(&pair.access, at(29)), Ok(ben.clone()));
        assert_eq!(app.call(&pair.access, at(29 + 3_599)), Ok(ben));
        let over = app.call(&pair.access, at(29 + 3_600));
        assert_eq!(over, Err(Denied::ExpiredToken));
        assert_eq!(app.call(&pair.refresh, at(29)), Err(Denied::Token));
        assert!(!format!("{pair:?}").contains(&pair.access));
        assert!(!format!("{pair:?}").contains(&pair.refresh));
    });
}

#[test]
fn a_code_is_good_for_half_a_minute_and_for_its_own_application() {
    for_each_store(|portal| {
        let (app, other) = (register(portal, |_| {}), register(portal, |_| {}));
        let code = app.code(BEN);
        assert_eq!(app.take(&code, at(30)), Err(Refusal::Offer));
        assert_eq!(other.take(&code, at(1)), Err(Refusal::Offer));
        assert_eq!(app.take("guessed", at(1)), Err(Refusal::Offer));
        assert_eq!(app.refresh(&code, at(1)), Err(Refusal::Offer));
        // Whoever tried it in vain has not used it up.
        assert!(app.take(&code, at(1)).is_ok());
    });
}

#[test]
fn a_code_that_is_exchanged_again_ends_what_it_was_exchanged_for() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let code = app.code(BEN);
        let (pair, bystander) = (
            app.take(&code, at(1)).unwrap(),
            app.take(&app.code(BEN), at(1)).unwrap(),
        );
        let next = app.refresh(&pair.refresh, at(2)).unwrap();
        assert_eq!(app.take(&code, at(3)), Err(Refusal::UsedAgain(BEN)));
        for token in [&pair.access, &next.access] {
            assert_eq!(app.call(token, at(4)), Err(Denied::Token));
        }
        for token in [&pair.refresh, &next.refresh] {
            assert_eq!(app.refresh(token, at(4)), Err(Refusal::Offer));
        }
        assert!(app.call(&bystander.access, at(4)).is_ok());
        assert!(app.refresh(&bystander.refresh, at(4)).is_ok());
    });
}

#[test]
fn the_client_and_its_secret_come_first() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let code = app.code(BEN);
        let request = Exchange {
            client_id: app.registered.client_id.clone(),
            secret: SecretHash::of("guessed"),
            offer: Offer::Code(SecretHash::of(&code)),
            scopes: None,
        };
        assert_eq!(app.exchange(request.clone(), at(1)), Err(Refusal::Secret));
        let unknown = Exchange {
            client_id: "local.0".into(),
            ..request.clone()
        };
        assert_eq!(app.exchange(unknown, at(1)), Err(Refusal::UnknownClient));
        let id = app.registered.id;
        let replaced = portal.run(ADA, move |cx| application::replace_secret(cx, id));
        let replaced = replaced.unwrap();
        assert_eq!(app.take(&code, at(1)), Err(Refusal::Secret));
        let right = Exchange {
            secret: SecretHash::of(&replaced),
            ..request
        };
        assert!(app.exchange(right, at(1)).is_ok());
    });
}

#[test]
fn a_refresh_token_is_replaced_by_its_use_and_its_family_ends_by_its_late_reuse() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let first = app.take(&app.code(BEN), START).unwrap();
        let second = app.refresh(&first.refresh, at(10)).unwrap();
        assert_ne!(first.refresh, second.refresh);
        assert!(
            app.call(&first.access, at(11)).is_ok(),
            "it has its own hour"
        );
        // The answer may have been lost.
        let again = app.refresh(&first.refresh, at(70)).unwrap();
        assert!(app.refresh(&second.refresh, at(71)).is_ok());
        assert!(app.refresh(&again.refresh, at(71)).is_ok());
        let late = app.refresh(&first.refresh, at(71));
        assert_eq!(late, Err(Refusal::UsedAgain(BEN)));
        for token in [&second.refresh, &again.refresh, &first.refresh] {
            assert_eq!(app.refresh(token, at(72)), Err(Refusal::Offer));
        }
        for token in [&first.access, &second.access, &again.access] {
            assert_eq!(app.call(token, at(72)), Err(Denied::Token));
        }
    });
}

#[test]
fn within_its_grace_a_refresh_token_is_used_a_few_times_only() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let first = app.take(&app.code(BEN), START).unwrap();
        for second in 1..=5 {
            assert!(app.refresh(&first.refresh, at(second)).is_ok(), "{second}");
        }
        assert_eq!(app.refresh(&first.refresh, at(6)), Err(Refusal::Offer));
        assert!(app.call(&first.access, at(7)).is_ok(), "nothing has ended");
    });
}

#[test]
fn a_refresh_token_is_its_own_applications_and_expires() {
    for_each_store(|portal| {
        let (app, other) = (register(portal, |_| {}), register(portal, |_| {}));
        let pair = app.take(&app.code(BEN), START).unwrap();
        assert_eq!(other.refresh(&pair.refresh, at(1)), Err(Refusal::Offer));
        assert_eq!(app.refresh(&pair.access, at(1)), Err(Refusal::Offer));
        assert_eq!(app.take(&pair.refresh, at(1)), Err(Refusal::Offer));
        let over = app.refresh(&pair.refresh, at(1_000_000));
        assert_eq!(over, Err(Refusal::Offer));
        let last = app.refresh(&pair.refresh, at(999_999)).unwrap();
        assert!(app.refresh(&last.refresh, at(1_500_000)).is_ok());

        let hash = SecretHash::of(&last.refresh);
        let store = &portal.portal.store;
        let expire = || store.write(move |tx| token::expire(tx, &hash, at(1_600_000)));
        assert!(expire().unwrap() && !expire().unwrap());
        let expired = app.refresh(&last.refresh, at(1_600_000));
        assert_eq!(expired, Err(Refusal::Offer));
    });
}

#[test]
fn no_request_widens_what_was_granted() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let code = |code: String| Offer::Code(SecretHash::of(&code));
        let refresh = |token: &str| Offer::Refresh(SecretHash::of(token));
        let wide = app.offer(code(app.code(BEN)), Some("im,disk"), at(1));
        assert_eq!(wide, Err(Refusal::Scopes));
        let pair = app.offer(code(app.code(BEN)), Some("im,user"), at(1));
        let pair = pair.unwrap();
        assert_eq!(pair.scopes.to_string(), "im,user");
        let wider = app.offer(refresh(&pair.refresh), Some("im,imbot"), at(2));
        assert_eq!(wider, Err(Refusal::Scopes));
        let narrow = app
            .offer(refresh(&pair.refresh), Some("im"), at(2))
            .unwrap();
        assert_eq!(narrow.scopes.to_string(), "im");
        assert_eq!(app.call(&narrow.access, at(2)), Ok((BEN, "im".into())));
        // Only the access token was to be narrower.
        let next = app.refresh(&narrow.refresh, at(3)).unwrap();
        assert_eq!(next.scopes.to_string(), "im,user");

        app.change(|draft| draft.scopes = Scopes::parse("im,disk").unwrap());
        let next = app.refresh(&next.refresh, at(4)).unwrap();
        assert_eq!(next.scopes.to_string(), "im");
        let gone = app.offer(refresh(&next.refresh), Some("user"), at(5));
        assert_eq!(gone, Err(Refusal::Scopes));
        let new = app.offer(refresh(&next.refresh), Some("disk"), at(5));
        assert_eq!(new, Err(Refusal::Scopes));
    });
}

#[test]
fn only_users_of_an_application_authorise_it_and_only_while_they_are() {
    for_each_store(|portal| {
        let app = register(portal, |draft| {
            draft.audience = Audience::Chosen;
            draft.users = vec![BEN];
            draft.install_url = "https://tides.example/install".into();
        });
        let barred = |barred| Err(NotAuthorized::Barred(barred));
        assert_eq!(app.try_authorize(BEN, START), barred(Barred::NotInstalled));
        let admin = app.take(&app.code(ADA), at(1)).unwrap();
        let id = app.registered.id;
        portal
            .run(ADA, move |cx| application::finish(cx, id))
            .unwrap();
        assert_eq!(app.try_authorize(CHO, START), barred(Barred::NotChosen));
        let pair = app.take(&app.code(BEN), at(1)).unwrap();
        let (late, later) = (app.code(BEN), app.code(BEN));

        portal
            .run(ADA, move |cx| application::install(cx, id))
            .unwrap();
        let reinstalling = app.refresh(&pair.refresh, at(2));
        assert_eq!(reinstalling, Err(Refusal::NotInstalled));
        assert_eq!(app.take(&late, at(2)), Err(Refusal::NotInstalled));
        assert!(app.refresh(&admin.refresh, at(2)).is_ok());
        portal
            .run(ADA, move |cx| application::finish(cx, id))
            .unwrap();
        app.change(|draft| draft.users = vec![CHO]);
        assert_eq!(app.refresh(&pair.refresh, at(2)), Err(Refusal::Offer));
        assert_eq!(app.take(&late, at(2)), Err(Refusal::Offer));
        app.change(|draft| draft.users = vec![BEN]);
        let pair = app.refresh(&pair.refresh, at(2)).unwrap();

        dismiss(portal, BEN);
        assert_eq!(app.try_authorize(BEN, START), Err(NotAuthorized::User));
        assert_eq!(app.call(&pair.access, at(3)), Err(Denied::User));
        assert_eq!(app.refresh(&pair.refresh, at(3)), Err(Refusal::Offer));
        assert_eq!(app.take(&later, at(3)), Err(Refusal::Offer));
        portal
            .run(ADA, move |cx| application::remove(cx, id))
            .unwrap();
        assert_eq!(app.try_authorize(CHO, START), Err(NotAuthorized::Unknown));
        assert_eq!(
            app.refresh(&admin.refresh, at(3)),
            Err(Refusal::UnknownClient)
        );
    });
}

#[test]
fn what_an_application_can_make_the_portal_hold_is_bounded() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let codes: Vec<_> = (0..25)
            .map(|second| app.try_authorize(BEN, at(second)).unwrap())
            .collect();
        assert_eq!(app.take(&codes[4], at(25)), Err(Refusal::Offer));
        assert!(app.take(&codes[5], at(25)).is_ok());

        let first = app.take(&app.code(CHO), START).unwrap();
        let mut pair = first.clone();
        for second in 1..=60 {
            pair = app.refresh(&pair.refresh, at(second)).unwrap();
        }
        assert_eq!(app.call(&first.access, at(61)), Err(Denied::Token));
        assert_eq!(app.refresh(&first.refresh, at(61)), Err(Refusal::Offer));
        assert!(app.call(&pair.access, at(61)).is_ok());

        for second in 62..162 {
            let code = app.try_authorize(CHO, at(second)).unwrap();
            app.take(&code, at(second)).unwrap();
        }
        assert_eq!(app.call(&pair.access, at(162)), Err(Denied::Token));
        assert_eq!(app.refresh(&pair.refresh, at(162)), Err(Refusal::Offer));
    });
}

#[test]
fn what_has_expired_is_deleted_in_time() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let used = app.code(BEN);
        let pair = app.take(&used, START).unwrap();
        app.code(CHO);
        let keep = Keep {
            events: 0,
            deliveries: 0,
        };
        let prune = |old, now| {
            let store = &portal.portal.store;
            store
                .write(move |tx| pruning::prune(tx, old, &keep, now, 10))
                .unwrap()
        };
        let day = 24 * 3_600;
        assert_eq!(prune(Old::Codes, at(30 + day)), 0);
        assert_eq!(prune(Old::Codes, at(31 + day)), 2);
        assert_eq!(app.take(&used, at(31 + day)), Err(Refusal::Offer));
        app.refresh(&pair.refresh, at(100_000)).unwrap();
        let first = 1_000_001 + day;
        assert_eq!(prune(Old::RefreshTokens, at(first)), 1);
        assert_eq!(prune(Old::Grants, at(first)), 0);
        assert_eq!(prune(Old::RefreshTokens, at(first + 100_000)), 1);
        assert_eq!(prune(Old::Grants, at(first + 100_000)), 1);
    });
}

#[test]
fn a_code_and_a_refresh_token_are_exchanged_once_however_many_try_at_once() {
    for_each_store(|portal| {
        let app = register(portal, |_| {});
        let code = app.code(BEN);
        let results: Vec<_> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| app.take(&code, at(1))))
                .collect();
            tries.into_iter().map(|each| each.join().unwrap()).collect()
        });
        let good = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(good, 1, "{results:?}");
        assert!(results.contains(&Err(Refusal::UsedAgain(BEN))));

        let pair = app.take(&app.code(BEN), at(1)).unwrap();
        let results: Vec<_> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| app.refresh(&pair.refresh, at(2))))
                .collect();
            tries.into_iter().map(|each| each.join().unwrap()).collect()
        });
        let good = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(good, 5, "as often as its grace allows: {results:?}");
    });
}

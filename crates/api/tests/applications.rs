//! Applications through the API, on both stores: what their tokens are told, and `app.info`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_api::call::credentials::Credentials;
use readmark_app::{
    application::{self, Draft, Registered},
    token::{self, NewToken},
};
use readmark_model::{Scopes, Timestamp, UserId, application::Audience};
use readmark_testkit::{TestPortal, for_each_store, portal::START};
use serde_json::json;

const ADA: UserId = UserId(1);
const BEN: UserId = UserId(2);

fn draft() -> Draft {
    Draft {
        name: "Tides".into(),
        handler_url: "https://tides.example/app".into(),
        install_url: String::new(),
        scopes: Scopes::parse("im,imbot,user").unwrap(),
        has_ui: true,
        audience: Audience::Everyone,
        users: Vec::new(),
    }
}

fn add(portal: &TestPortal, draft: Draft) -> Registered {
    let base_url = portal.portal.context.base_url.clone();
    let added = portal.run(ADA, move |cx| {
        application::add(cx, draft.clone(), &base_url)
    });
    added.unwrap()
}

/// A token of an application for a user, good for a day.
fn token(portal: &TestPortal, client: &str, user: UserId, scopes: &str) -> Credentials {
    let (client, scopes) = (client.to_owned(), Scopes::parse(scopes).unwrap());
    let issued = portal.run(ADA, move |cx| {
        let new = NewToken {
            client: &client,
            user,
            scopes,
            expires_at: Timestamp(START.get() + 24 * 60 * 60 * 1000),
        };
        token::issue(cx, &new)
    });
    Credentials::token(&issued.unwrap())
}

#[test]
fn the_tokens_of_a_removed_application_say_so_and_its_bots_go() {
    for_each_store(|portal| {
        let one = add(portal, draft());
        let held = token(portal, &one.client_id, BEN, "im,imbot");
        for code in ["ebb", "flow"] {
            let registered = portal.call_with(
                held,
                "imbot.v2.Bot.register",
                &json!({ "fields": { "code": code, "properties": { "name": code } } }),
            );
            assert_eq!(registered.error, None);
        }
        let id = one.id;
        portal
            .run(ADA, move |cx| application::remove(cx, id))
            .unwrap();
        let called = portal.call_with(held, "profile", &json!({}));
        let error = called.error.unwrap();
        assert_eq!(
            (called.status, error.0.as_str()),
            (401, "APPLICATION_NOT_FOUND")
        );
        assert_eq!(portal.ok("ada", "imbot.bot.list", json!({})), json!([]));
    });
}

#[test]
fn the_methods_tell_why_an_application_is_refused() {
    for_each_store(|portal| {
        let one = add(
            portal,
            Draft {
                install_url: "https://tides.example/install".into(),
                audience: Audience::Admins,
                ..draft()
            },
        );
        let held = token(portal, &one.client_id, BEN, "im");
        let refused = || {
            let called = portal.call_with(held, "profile", &json!({}));
            (called.status, called.error.unwrap().0)
        };
        assert_eq!(refused(), (401, "ERROR_OAUTH".into()));
        let id = one.id;
        portal
            .run(ADA, move |cx| application::finish(cx, id))
            .unwrap();
        assert_eq!(refused(), (403, "user_access_error".into()));
    });
}

#[test]
fn a_method_needs_a_scope_that_the_application_still_has() {
    for_each_store(|portal| {
        let one = add(portal, draft());
        let held = token(portal, &one.client_id, BEN, "im");
        let call = || portal.call_with(held, "im.counters.get", &json!({})).status;
        assert_eq!(call(), 200);
        let id = one.id;
        let narrowed = portal.run(ADA, move |cx| {
            application::change(cx, id, "https://portal.example", |draft| {
                draft.scopes = Scopes::parse("user").unwrap();
            })
        });
        narrowed.unwrap();
        assert_eq!(call(), 401);
    });
}

#[test]
fn app_info_describes_the_application_of_a_token_for_both_servers() {
    for_each_store(|portal| {
        let with_installer = Draft {
            install_url: "https://tides.example/install".into(),
            ..draft()
        };
        let one = add(portal, with_installer);
        let held = token(portal, &one.client_id, ADA, "im,user");
        let info = || portal.call_with(held, "app.info", &json!({})).result;
        let expected = |installed: bool, version: i64| {
            json!({
                "ID": one.id.get(),
                "CODE": one.client_id,
                "VERSION": version,
                "STATUS": "L",
                "INSTALLED": installed,
                "PAYMENT_EXPIRED": "N",
                "DAYS": null,
                "LANGUAGE_ID": "en",
                "LICENSE": "en_selfhosted",
                "LICENSE_TYPE": "selfhosted",
                "LICENSE_FAMILY": "selfhosted",
                "client_id": one.client_id,
                "scope": "im,user",
                "expires": "2026-01-16T09:00:00+00:00",
                "install": {
                    "installed": installed,
                    "version": version.to_string(),
                    "status": "L",
                    "scope": "im,imbot,user",
                    "domain": "portal.example",
                    "uri": "https://portal.example/rest/",
                    "client_endpoint": "https://portal.example/rest/",
                    "member_id": "0123456789abcdef0123456789abcdef",
                    "member_type": "selfhosted",
                },
                "user_id": 1,
            })
        };
        assert_eq!(info(), expected(false, 1));
        let id = one.id;
        portal
            .run(ADA, move |cx| application::finish(cx, id))
            .unwrap();
        let renamed = portal.run(ADA, move |cx| {
            application::change(cx, id, "https://portal.example", |draft| {
                draft.name = "Ebb".into()
            })
        });
        renamed.unwrap();
        assert_eq!(info(), expected(true, 2));
    });
}

#[test]
fn app_info_of_a_token_without_a_registered_application_describes_what_it_may() {
    for_each_store(|portal| {
        let held = token(portal, "local.made.by.hand", BEN, "im");
        let info = portal.call_with(held, "app.info", &json!({})).result;
        for (name, value) in [
            ("ID", json!(0)),
            ("CODE", json!("local.made.by.hand")),
            ("INSTALLED", json!(true)),
            ("scope", json!("im")),
            ("user_id", json!(2)),
        ] {
            assert_eq!(info[name], value, "{name}");
        }
        assert_eq!(info["install"]["scope"], "im");
    });
}

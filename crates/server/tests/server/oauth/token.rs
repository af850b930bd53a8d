//! `/oauth/token/` at the portal's own host.

use std::time::Duration;

use readmark::{config::Span, operator::Operation};
use serde_json::json;

use super::{App, FORM, ask, code, first_portal, new_application, operate, query, register};
use crate::portal::{nothing, start, start_with};

#[test]
fn tokens_come_by_get_and_by_post_with_everything_that_clients_expect() {
    let server = start();
    let served = first_portal(&server);
    let app = register(served, new_application());
    let base_url = &served.portal.context.base_url;
    let host = base_url.strip_prefix("https://").unwrap();

    let offer = format!("code={}", code(served, &app, 2));
    let answer = server.get(&format!("/oauth/token/?{}", query(&app, &offer)));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    let first = answer.json();
    let text = |name: &str| first[name].as_str().unwrap().to_owned();
    let endpoint = format!("{base_url}/rest/");
    for (name, value) in [
        ("client_endpoint", endpoint.as_str()),
        ("server_endpoint", &endpoint),
        ("domain", host),
        ("scope", "im,user"),
        ("status", "L"),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!(
        (&first["expires_in"], &first["user_id"]),
        (&json!(3600), &json!(2))
    );
    assert_eq!(text("member_id").len(), 32);
    let now = first["expires"].as_i64().unwrap() - 3600;
    let clock = readmark::clock::Clock::now(&readmark::clock::SystemClock);
    assert!((now - clock.get() / 1000).abs() < 20);

    // As clients glue addresses together.
    let token = text("access_token");
    let called = server.post("/rest//profile", &json!({ "auth": token }));
    assert_eq!(called.result()["ID"], "2");

    let offer = format!("refresh_token={}", text("refresh_token"));
    let second = ask(
        &mut server.connect(),
        ("localhost", "POST", "//oauth/token/"),
        FORM,
        &query(&app, &offer),
    );
    assert_eq!(second.status, 200, "{}", second.text());
    let second = second.json();
    let names = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(names(&first), names(&second));
    for name in ["access_token", "refresh_token"] {
        assert_ne!(first[name], second[name]);
    }
    let third = ask(
        &mut server.connect(),
        ("localhost", "POST", "/rest//oauth/token?bx24_request_id=1"),
        "application/json",
        &json!({
            "grant_type": "refresh_token", "client_id": app.client_id, "client_secret": app.secret,
            "refresh_token": second["refresh_token"],
        })
        .to_string(),
    );
    assert_eq!(third.status, 200, "{}", third.text());
    let token = third.json()["access_token"].as_str().unwrap().to_owned();
    let info = server
        .post("/rest/app.info/", &json!({ "auth": token }))
        .result();
    assert_eq!(info["client_id"], app.client_id.as_str());
    assert_eq!(
        (&info["user_id"], &info["install"]["installed"]),
        (&json!(2), &json!(true))
    );
}

#[test]
fn every_error_has_its_status() {
    let server = start();
    let served = first_portal(&server);
    let app = register(served, new_application());
    let with_installer = register(
        served,
        readmark::operator::NewApplication {
            install: "https://tides.example/install".to_owned(),
            ..new_application()
        },
    );
    let good = format!("code={}", code(served, &app, 2));
    let mut used = code(served, &app, 2);
    let taken = server.get(&format!(
        "/oauth/token?{}",
        query(&app, &format!("code={used}"))
    ));
    assert_eq!(taken.status, 200);
    used = format!("code={used}");
    let ask = |query: &str| server.get(&format!("/oauth/token?{query}")).error();
    let wrong = App {
        client_id: app.client_id.clone(),
        secret: "gu3ss3d".to_owned(),
    };
    let unknown = App {
        client_id: "local.0.0".to_owned(),
        secret: app.secret.clone(),
    };
    let cases = [
        (String::new(), 400, "invalid_request"),
        (
            "grant_type=password&client_id=a&client_secret=b".into(),
            400,
            "invalid_request",
        ),
        (
            format!(
                "grant_type=authorization_code&client_id={}&client_secret={}",
                app.client_id, app.secret
            ),
            400,
            "invalid_request",
        ),
        (
            format!(
                "grant_type=refresh_token&client_id={}&refresh_token=a",
                app.client_id
            ),
            400,
            "invalid_request",
        ),
        (
            format!(
                "grant_type=refresh_token&client_secret={}&refresh_token=a",
                app.secret
            ),
            400,
            "invalid_request",
        ),
        (
            format!("{}&code[]=a", query(&app, "code=")),
            400,
            "invalid_request",
        ),
        (query(&unknown, &good), 200, "wrong_client"),
        (query(&wrong, &good), 400, "invalid_client"),
        (query(&app, "code=guessed"), 400, "invalid_grant"),
        (query(&app, "refresh_token=guessed"), 400, "invalid_grant"),
        (query(&app, &used), 400, "invalid_grant"),
        (query(&with_installer, &good), 400, "invalid_grant"),
        (
            format!("{}&scope=im,disk", query(&app, &good)),
            403,
            "insufficient_scope",
        ),
        (
            format!("{}&scope=crm", query(&app, &good)),
            403,
            "invalid_scope",
        ),
    ];
    for (query, status, code) in cases {
        assert_eq!(ask(&query), (status, code.to_owned()), "{query}");
    }
    let missing = server.get(&format!(
        "/oauth/token?grant_type=refresh_token&client_id={}&client_secret=a",
        app.client_id
    ));
    assert_eq!(
        missing.json()["error_description"],
        "No \"refresh_token\" parameter found"
    );
    // Nothing of that has used the code up.
    let taken = server.get(&format!("/oauth/token?{}&scope=im", query(&app, &good)));
    assert_eq!(taken.json()["scope"], "im", "{}", taken.text());

    let id = with_installer.client_id.clone();
    let offer = format!("code={}", code(served, &with_installer, 1));
    let admin = server.get(&format!("/oauth/token?{}", query(&with_installer, &offer)));
    assert_eq!(admin.status, 200, "an administrator installs it");
    operate(
        served,
        Operation::FinishInstall {
            application: id.clone(),
        },
    );
    let offer = format!("code={}", code(served, &with_installer, 2));
    operate(served, Operation::Install { application: id });
    let early = ask(&query(&with_installer, &offer));
    assert_eq!(early, (400, "invalid_client".to_owned()));
}

#[test]
fn only_get_and_post_issue_tokens_and_nothing_is_read_without_end() {
    let server = start();
    let served = first_portal(&server);
    let app = register(served, new_application());
    let offer = format!("code={}", code(served, &app, 2));
    let target = format!("/oauth/token/?{}", query(&app, &offer));
    for verb in ["HEAD", "PUT", "DELETE"] {
        let answer = server.connect().request(verb, &target, &[], b"");
        assert_eq!(answer.status, 405, "{verb}");
    }
    let long = format!("{}&x={}", query(&app, &offer), "a".repeat(70_000));
    let at = ("localhost", "POST", "/oauth/token/");
    let refused = ask(&mut server.connect(), at, FORM, &long);
    assert_eq!(refused.error(), (413, "INVALID_REQUEST".to_owned()));
    let refused = ask(&mut server.connect(), at, "application/json", "{");
    assert_eq!(refused.error(), (400, "INVALID_REQUEST".to_owned()));
    let preflight = server
        .connect()
        .request("OPTIONS", "/oauth/token/", &[], b"");
    assert_eq!(preflight.status, 204);
    assert_eq!(
        server.get(&target).status,
        200,
        "none of them used the code up"
    );
}

#[test]
fn an_access_token_ends_after_its_lifetime_or_when_it_is_told_to_and_is_renewed() {
    let server = start_with(|config| config.oauth_access_lifetime = Span(Duration::from_secs(2)));
    let served = first_portal(&server);
    let app = register(served, new_application());
    let offer = format!("code={}", code(served, &app, 2));
    let first = server
        .get(&format!("/oauth/token/?{}", query(&app, &offer)))
        .json();
    assert_eq!(first["expires_in"], 2);
    let call = |token: &serde_json::Value| server.post("/rest/profile", &json!({ "auth": token }));
    assert_eq!(call(&first["access_token"]).status, 200);
    std::thread::sleep(Duration::from_millis(2_100));
    let expired = (401, "expired_token".to_owned());
    assert_eq!(call(&first["access_token"]).error(), expired);
    let refresh = |token: &serde_json::Value| {
        let offer = format!("refresh_token={}", token.as_str().unwrap());
        server.get(&format!("/oauth/token/?{}", query(&app, &offer)))
    };
    let second = refresh(&first["refresh_token"]).json();
    assert_eq!(call(&second["access_token"]).status, 200);
    for name in ["access_token", "refresh_token"] {
        let token = second[name].as_str().unwrap().to_owned();
        operate(served, Operation::ExpireToken { token });
    }
    assert_eq!(call(&second["access_token"]).error(), expired);
    let ended = refresh(&second["refresh_token"]);
    assert_eq!(ended.error(), (400, "invalid_grant".to_owned()));
    assert_eq!(server.call(2, "profile", &nothing()).status, 200);
}

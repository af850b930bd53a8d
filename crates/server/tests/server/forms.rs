//! Every form of address and body, and what surrounds a result.

use readmark_model::Scopes;
use serde_json::json;

use crate::portal::{NEVER, TestServer, nothing, start};

fn assert_is_profile_of(server: &TestServer, target: &str, user: &str) {
    let answer = server.post(target, &nothing());
    assert_eq!(answer.result()["ID"], user, "{target}");
}

#[test]
fn a_webhook_is_called_in_every_form_of_its_address() {
    let server = start();
    let secret = server.secret(2);
    for method in [
        "profile",
        "PROFILE",
        "profile/",
        "profile.json",
        "profile.JSON/",
        "/profile/",
        "prof%69le",
        "profile?bx24_request_id=1f&bx24_sdk_ver=2.1.0&bx24_sdk_type=b24-js-sdk",
        "profile/?bx24_request_id=1f",
    ] {
        assert_is_profile_of(&server, &format!("/rest/2/{secret}/{method}"), "2");
    }
    assert_is_profile_of(&server, &format!("//rest//2///{secret}/profile"), "2");
}

#[test]
fn a_token_is_taken_from_body_query_and_header_in_this_order() {
    let server = start();
    for user in 1..=3 {
        server.token(&format!("token{user}"), user, Scopes::all(), NEVER);
    }
    let bearer = [
        ("Authorization", "bearer token3"),
        ("Content-Type", "application/json"),
    ];
    let mut client = server.connect();
    let mut call = |target: &str, body: &[u8]| {
        client.request("POST", target, &bearer, body).result()["ID"].clone()
    };
    assert_eq!(
        call("/rest/profile?auth=token2", br#"{"auth":"token1"}"#),
        "1"
    );
    assert_eq!(call("/rest/profile?auth=token2", b"{}"), "2");
    assert_eq!(call("/rest//profile.json", b"[]"), "3");
    // The webhook in the path comes before any token.
    assert_eq!(
        call(
            &server.path(4, "profile?auth=token2"),
            br#"{"auth":"token1"}"#
        ),
        "4"
    );
}

#[test]
fn parameters_come_in_every_encoding() {
    let server = start();
    let target = server.path(1, "im.dialog.get");
    let dialog = |answer: crate::client::Response| answer.result()["dialog_id"].clone();
    assert_eq!(
        dialog(server.get(&format!("{target}?DIALOG_ID=chat1"))),
        "chat1"
    );
    let multipart =
        "--b\r\nContent-Disposition: form-data; name=\"DIALOG_ID\"\r\n\r\nchat1\r\n--b--\r\n";
    for (content_type, body) in [
        ("application/json", r#"{"DIALOG_ID":"chat1"}"#),
        (
            "application/json; charset=utf-8",
            r#"{"dialogId":"chat1","bx":null}"#,
        ),
        ("application/x-www-form-urlencoded", "DIALOG_ID=chat1"),
        ("multipart/form-data; boundary=b", multipart),
        ("text/plain", r#"{"DIALOG_ID":"chat1"}"#),
        ("", "DIALOG_ID=chat1&x[]="),
    ] {
        let headers = [("Content-Type", content_type)];
        let answer = server
            .connect()
            .request("POST", &target, &headers, body.as_bytes());
        assert_eq!(dialog(answer), "chat1", "{content_type}");
    }
    let answer = server.post(
        &format!("{target}?DIALOG_ID=chat2"),
        &json!({ "dialog_id": "chat1" }),
    );
    assert_eq!(dialog(answer), "chat1");
}

#[test]
fn a_success_has_all_eight_times_and_only_lists_have_a_total() {
    let server = start();
    let answer = server.call(1, "profile", &nothing());
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    let answer = answer.json();
    let members = |value: &serde_json::Value| -> Vec<String> {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    assert_eq!(members(&answer), ["result", "time"]);
    let time = &answer["time"];
    let names = [
        "start",
        "finish",
        "duration",
        "processing",
        "date_start",
        "date_finish",
        "operating_reset_at",
        "operating",
    ];
    assert_eq!(members(time), names);
    let number = |name: &str| time[name].as_f64().expect("a number");
    assert!(number("finish") > number("start") && number("duration") >= number("processing"));
    assert!((number("finish") - number("start") - number("duration")).abs() < 1e-5);
    assert!(number("operating") > 0.0 && time["operating_reset_at"].is_i64());
    assert!(
        time["date_start"]
            .as_str()
            .expect("a date")
            .ends_with("+00:00")
    );

    let list = server.call(1, "user.get", &nothing()).json();
    assert_eq!(members(&list), ["result", "total", "time"]);
    assert_eq!(list["total"], 6);
}

#[test]
fn the_time_of_a_method_adds_up_for_each_webhook_by_itself() {
    let server = start();
    let operating = |user: usize, method: &str| {
        let answer = server.call(user, method, &nothing()).json();
        answer["time"]["operating"].as_f64().expect("a number")
    };
    let first = operating(1, "profile");
    let second = operating(1, "profile");
    assert!(second > first, "{second} after {first}");
    // Failures of the method count as well; other methods and other webhooks do not.
    server.call(1, "im.dialog.get", &nothing()).error();
    let third = operating(1, "profile");
    assert!(third > second);
    let time = server.call(2, "profile", &nothing()).json()["time"].clone();
    assert!(
        time["operating"].as_f64() <= time["duration"].as_f64(),
        "{time}"
    );
}

#[test]
fn answers_are_written_as_xml_when_the_address_asks_for_it() {
    let server = start();
    let answer = server.call(1, "profile.xml", &nothing());
    assert_eq!(
        answer.header("content-type"),
        Some("text/xml; charset=utf-8")
    );
    let text = answer.text();
    assert!(
        text.contains("<response><result><ID>1</ID><ADMIN>1</ADMIN>"),
        "{text}"
    );
    let error = server.call(1, "no.such.method.xml", &nothing());
    assert_eq!(error.status, 404);
    assert!(
        error
            .text()
            .contains("<error>ERROR_METHOD_NOT_FOUND</error>")
    );
}

#[test]
fn the_newer_envelope_offers_no_method() {
    let server = start();
    for target in [
        "/rest/api/1/secret/im.dialog.get",
        "/rest//api/im.dialog.get?x=1",
    ] {
        let answer = server.post(target, &nothing());
        assert_eq!(answer.status, 404);
        let error = &answer.json()["error"];
        assert_eq!(
            error["code"],
            "BITRIX_REST_V3_EXCEPTION_METHODNOTFOUNDEXCEPTION"
        );
        assert!(error["message"].is_string());
    }
}

#[test]
fn browsers_of_any_origin_may_call() {
    let server = start();
    let target = server.path(1, "profile");
    let preflight = server.connect().request(
        "OPTIONS",
        &target,
        &[("Origin", "https://app.example")],
        b"",
    );
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        preflight.header("access-control-allow-methods"),
        Some("GET, POST, OPTIONS")
    );
    let allowed = preflight
        .header("access-control-allow-headers")
        .expect("a list");
    for name in [
        "Content-Type",
        "X-Request-ID",
        "Authorization",
        "Accept",
        "Idempotency-Key",
    ] {
        assert!(allowed.contains(name), "{name}");
    }
    for target in [
        target.as_str(),
        "/rest/profile",
        "/nowhere",
        "/rest/api/profile",
    ] {
        assert_eq!(
            server.get(target).header("access-control-allow-origin"),
            Some("*"),
            "{target}"
        );
    }
}

#[test]
fn only_get_and_post_call_methods() {
    let server = start();
    let target = server.path(1, "im.dialog.read?DIALOG_ID=chat1");
    let unread = || {
        server
            .call(1, "im.dialog.get", &json!({ "DIALOG_ID": "chat1" }))
            .result()["counter"]
            .clone()
    };
    let before = unread();
    assert_ne!(before, 0);
    let head = server.connect().request("HEAD", &target, &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    for verb in ["PUT", "DELETE", "PATCH", "BREW"] {
        let answer = server.connect().request(verb, &target, &[], b"");
        assert_eq!(
            answer.error(),
            (405, "INVALID_REQUEST".to_owned()),
            "{verb}"
        );
        assert!(answer.header("allow").expect("a list").contains("POST"));
    }
    assert_eq!(unread(), before);
    assert_eq!(server.get(&target).result()["counter"], 0);
}

#[test]
fn what_is_nowhere_is_not_found() {
    let server = start();
    for target in ["/", "/index.html", "/oauth", "/rest/oauth"] {
        assert_eq!(
            server.get(target).error(),
            (404, "NOT_FOUND".to_owned()),
            "{target}"
        );
    }
}

#[test]
fn a_long_query_is_read() {
    let server = start();
    let target = server.path(1, &format!("profile?filler={}", "x".repeat(60_000)));
    assert_eq!(server.get(&target).result()["ID"], "1");
}

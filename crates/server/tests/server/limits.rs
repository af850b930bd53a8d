//! Limits: plain HTTP, size, nesting, connections, rate, time of methods.

use std::time::Duration;

use readmark::config::Span;
use serde_json::{Value, json};

use crate::{
    client::Client,
    portal::{nothing, post_on, start, start_with},
};

#[test]
fn plain_http_is_refused_on_the_same_port_and_changes_nothing() {
    let server = start();
    let target = server.path(1, "im.dialog.read?DIALOG_ID=chat1");
    let answer = Client::plain(server.address()).request("GET", &target, &[], b"");
    assert_eq!(answer.error(), (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(answer.json()["error_description"], "Https required");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let dialog = server
        .call(1, "im.dialog.get", &json!({ "DIALOG_ID": "chat1" }))
        .result();
    assert_ne!(dialog["counter"], 0);
}

#[test]
fn plain_http_is_served_beside_tls_where_it_is_allowed() {
    let server = start_with(|config| config.allow_http = true);
    let mut client = Client::plain(server.address());
    assert_eq!(
        post_on(&mut client, &server.path(2, "profile"), &nothing()).result()["ID"],
        "2"
    );
    assert_eq!(server.call(2, "profile", &nothing()).result()["ID"], "2");
}

#[test]
fn a_body_that_is_too_large_is_refused_before_or_while_it_comes() {
    let server = start_with(|config| config.max_body = 1000);
    let target = server.path(1, "profile");
    let headers = [("Content-Type", "application/json")];
    let body = |length: usize| json!({ "x": "y".repeat(length - 8) }).to_string();
    let fits = server
        .connect()
        .request("POST", &target, &headers, body(1000).as_bytes());
    assert_eq!(fits.result()["ID"], "1");
    let answer = server
        .connect()
        .request("POST", &target, &headers, body(1001).as_bytes());
    assert_eq!(answer.error(), (413, "INVALID_REQUEST".to_owned()));
    assert_eq!(answer.header("connection"), Some("close"));

    // Without an announced length.
    let mut client = server.connect();
    let head =
        format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send(head.as_bytes()).unwrap();
    client
        .send(format!("44c\r\n{}\r\n0\r\n\r\n", "z".repeat(1100)).as_bytes())
        .unwrap();
    assert_eq!(client.response(false).unwrap().error().0, 413);
}

#[test]
fn nesting_and_the_number_of_parameters_are_bounded() {
    let server = start_with(|config| {
        config.max_depth = 4;
        config.max_parameters = 20;
    });
    let mut deep = json!(1);
    for _ in 0..4 {
        deep = json!({ "a": deep });
    }
    assert_eq!(server.call(1, "profile", &deep).result()["ID"], "1");
    let answer = server.call(1, "profile", &json!({ "a": deep }));
    assert_eq!(answer.error(), (400, "INVALID_REQUEST".to_owned()));
    let many: String = (0..21).map(|at| format!("p{at}=1&")).collect();
    let answer = server.get(&server.path(1, &format!("profile?{many}")));
    assert_eq!(answer.error(), (400, "INVALID_REQUEST".to_owned()));
}

#[test]
fn connections_above_the_limit_hear_that_there_are_too_many() {
    let server = start_with(|config| config.max_connections = 2);
    let target = server.path(1, "profile");
    let mut first = server.connect();
    let mut second = server.connect();
    for client in [&mut first, &mut second] {
        assert_eq!(post_on(client, &target, &nothing()).status, 200);
    }
    let mut third = server.connect();
    let answer = post_on(&mut third, &target, &nothing());
    assert_eq!(answer.error(), (503, "OVERLOAD_LIMIT".to_owned()));
    assert_eq!(answer.header("connection"), Some("close"));
    drop(first);
    let served = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        post_on(&mut server.connect(), &target, &nothing()).status == 200
    });
    assert!(served);
}

#[test]
fn the_limit_on_requests_is_off_until_it_is_set() {
    let server = start_with(|config| {
        config.rate_limit = 0.001;
        config.rate_burst = 3.0;
    });
    let mut client = server.connect();
    let target = server.path(1, "batch");
    let mut statuses = Vec::new();
    for _ in 0..4 {
        // However many commands, a batch is one request.
        let answer = post_on(
            &mut client,
            &target,
            &json!({ "cmd": vec!["user.admin"; 5] }),
        );
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [200, 200, 200, 503]);
    // It comes before authorisation. The body was not read, so the connection may have been closed.
    let answer = post_on(&mut server.connect(), "/rest/1/wrong/profile", &nothing());
    assert_eq!(answer.error(), (503, "QUERY_LIMIT_EXCEEDED".to_owned()));
}

#[test]
fn a_method_that_has_used_up_its_time_is_blocked_for_that_webhook_alone() {
    let server = start_with(|config| config.operating_limit = Span(Duration::from_nanos(1)));
    assert_eq!(server.call(1, "profile", &nothing()).result()["ID"], "1");
    let blocked = server.call(1, "profile", &nothing());
    assert_eq!(blocked.error(), (429, "OPERATION_TIME_LIMIT".to_owned()));
    assert_eq!(server.call(1, "user.admin", &nothing()).result(), true);
    assert_eq!(server.call(2, "profile", &nothing()).result()["ID"], "2");
    // The commands of a batch are checked one by one.
    let batch = server
        .call(
            1,
            "batch",
            &json!({ "cmd": ["profile", "im.revision.get", "im.revision.get"] }),
        )
        .result();
    let codes: Vec<_> = batch["result_error"]
        .as_object()
        .unwrap()
        .values()
        .map(|error| &error["error"])
        .collect();
    assert_eq!(codes, [&Value::from("OPERATION_TIME_LIMIT"); 2]);
}

//! Clients that leave no room to others: many connections, many requests, answers that nobody waits for.

use std::{thread, time::Duration};

use readmark::config::{ProxyHeader, Span};
use serde_json::{Value, json};

use crate::{
    client::{Client, Response},
    portal::{TestServer, hold_writes, nothing, post_on, start, start_with},
};

/// Longer than a connection must be quiet to make room.
const QUIET: Duration = Duration::from_millis(700);

#[test]
fn an_address_without_credentials_has_its_share_of_the_connections() {
    let server = start_with(|config| config.max_connections_per_address = 2);
    let target = server.path(1, "profile");
    // Neither a handshake nor a request.
    let mut silent: Vec<Client> = (0..2).map(|_| Client::plain(server.address())).collect();
    thread::sleep(QUIET);
    let mut user = server.connect();
    assert_eq!(post_on(&mut user, &target, &nothing()).status, 200);
    assert!(silent[0].is_closed(), "the quietest makes room");
    // Whoever is known counts no longer: each of these finds room for the first call.
    let mut colleagues: Vec<Client> = Vec::new();
    for person in [2, 3, 5] {
        let mut colleague = server.connect();
        let target = server.path(person, "profile");
        assert_eq!(post_on(&mut colleague, &target, &nothing()).status, 200);
        colleagues.push(colleague);
    }
    for (client, person) in colleagues.iter_mut().zip([2, 3, 5]) {
        let answer = post_on(client, &server.path(person, "profile"), &nothing());
        assert_eq!(answer.status, 200, "nobody was closed for another");
    }
    assert_eq!(post_on(&mut user, &target, &nothing()).status, 200);
}

#[test]
fn the_quietest_connection_makes_room_when_the_server_is_full() {
    let server = start_with(|config| config.max_connections = 2);
    let target = server.path(1, "profile");
    let (mut first, mut second) = (server.connect(), server.connect());
    assert_eq!(post_on(&mut first, &target, &nothing()).status, 200);
    assert_eq!(post_on(&mut second, &target, &nothing()).status, 200);
    thread::sleep(QUIET);
    assert_eq!(post_on(&mut second, &target, &nothing()).status, 200);
    assert_eq!(server.call(2, "profile", &nothing()).status, 200);
    assert!(first.is_closed());
    assert_eq!(post_on(&mut second, &target, &nothing()).status, 200);
}

#[test]
fn a_user_has_a_share_of_the_connections() {
    let server = start_with(|config| config.max_connections_per_user = 2);
    let target = server.path(1, "profile");
    let mut clients: Vec<Client> = (0..3).map(|_| server.connect()).collect();
    for client in &mut clients[..2] {
        assert_eq!(post_on(client, &target, &nothing()).status, 200);
    }
    thread::sleep(QUIET);
    assert_eq!(post_on(&mut clients[1], &target, &nothing()).status, 200);
    assert_eq!(post_on(&mut clients[2], &target, &nothing()).status, 200);
    assert!(clients[0].is_closed());
    assert_eq!(post_on(&mut clients[1], &target, &nothing()).status, 200);
}

#[test]
fn a_connection_without_credentials_has_less_patience() {
    let server = start_with(|config| {
        config.anonymous_timeout = Span(Duration::from_millis(400));
        config.idle_timeout = Span(Duration::from_secs(60));
    });
    let (mut user, mut stranger) = (server.connect(), server.connect());
    let target = server.path(1, "profile");
    assert_eq!(post_on(&mut user, &target, &nothing()).status, 200);
    let refused = post_on(&mut stranger, "/rest/1/wrong/profile", &nothing());
    assert_eq!(refused.status, 401);
    assert!(stranger.is_closed());
    thread::sleep(QUIET);
    assert_eq!(post_on(&mut user, &target, &nothing()).status, 200);
}

#[test]
fn requests_in_progress_of_one_user_are_bounded_and_others_go_on() {
    let server = start_with(|config| {
        config.max_requests_per_user = 2;
        config.max_requests_per_address = 5;
    });
    let read = server.path(1, "im.dialog.read?DIALOG_ID=chat1");
    // From now on the credentials are known.
    assert_eq!(server.call(1, "profile", &nothing()).status, 200);
    let release = hold_writes(&server);
    let mut waiting: Vec<Client> = (0..2).map(|_| server.connect()).collect();
    for client in &mut waiting {
        client
            .send(format!("GET {read} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())
            .unwrap();
    }
    thread::sleep(Duration::from_millis(300));
    let refused = server.call(1, "profile", &nothing());
    assert_eq!(refused.error(), (503, "OVERLOAD_LIMIT".to_owned()));
    assert_eq!(server.call(2, "profile", &nothing()).status, 200);
    // A wrong secret uses up nothing of the user's.
    let stranger = server.post("/rest/2/wrong/profile", &nothing());
    assert_eq!(stranger.status, 401);
    drop(release);
    for client in &mut waiting {
        assert_eq!(client.response(false).unwrap().status, 200);
    }
    assert_eq!(server.call(1, "profile", &nothing()).status, 200);
}

#[test]
fn a_batch_that_nobody_waits_for_stops_at_its_next_command() {
    let server = start();
    let sent = |server: &TestServer| {
        let dialog = server.call(
            1,
            "im.dialog.messages.get",
            &json!({ "DIALOG_ID": "chat1" }),
        );
        let messages = dialog.result()["messages"].as_array().unwrap().clone();
        let ours = |message: &&Value| message["text"] == "to nobody";
        messages.iter().filter(ours).count()
    };
    let release = hold_writes(&server);
    let commands = vec!["im.message.add?DIALOG_ID=chat1&MESSAGE=to%20nobody"; 20];
    let body = json!({ "cmd": commands }).to_string();
    let mut client = server.connect();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        server.path(1, "batch"),
        body.len()
    );
    client.send(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    // The first command waits to be carried out.
    drop(client);
    thread::sleep(Duration::from_millis(300));
    drop(release);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(sent(&server), 0);

    let mut client = server.connect();
    client.send(head.as_bytes()).unwrap();
    assert_eq!(client.response(false).unwrap().status, 200);
    assert_eq!(sent(&server), 20);
}

/// Calls as a client whose address is handed on by a proxy.
fn through_proxy(server: &TestServer, header: &str, value: &str) -> Response {
    let headers = [(header, value)];
    let target = server.path(1, "profile");
    server.connect().request("GET", &target, &headers, b"")
}

#[test]
fn the_address_of_a_client_is_taken_from_configured_proxies_only() {
    let limit = |config: &mut readmark::config::Config| {
        config.rate_limit = 0.001;
        config.rate_burst = 1.0;
    };
    let server = start_with(|config| {
        limit(config);
        config.trusted_proxies = "127.0.0.1, 10.0.0.0/8".to_owned();
    });
    let status = |value| through_proxy(&server, "X-Forwarded-For", value).status;
    assert_eq!(status("192.0.2.1"), 200);
    assert_eq!(status("192.0.2.1"), 503);
    assert_eq!(status("192.0.2.1, 192.0.2.2"), 200);
    assert_eq!(status("203.0.113.9, 192.0.2.2"), 503);

    let server = start_with(|config| {
        limit(config);
        config.trusted_proxies = "127.0.0.1".to_owned();
        config.proxy_header = ProxyHeader::Forwarded;
    });
    assert_eq!(
        through_proxy(&server, "Forwarded", "for=192.0.2.1").status,
        200
    );
    assert_eq!(
        through_proxy(&server, "Forwarded", "for=192.0.2.1").status,
        503
    );
    assert_eq!(
        through_proxy(&server, "Forwarded", "for=192.0.2.2").status,
        200
    );

    let server = start_with(limit);
    let status = |value| through_proxy(&server, "X-Forwarded-For", value).status;
    assert_eq!(status("192.0.2.1"), 200);
    assert_eq!(status("192.0.2.2"), 503, "nobody is trusted");
}

#[test]
fn a_proxy_may_speak_the_proxy_protocol() {
    let server = start_with(|config| {
        config.rate_limit = 0.001;
        config.rate_burst = 1.0;
        config.allow_http = true;
        config.trusted_proxies = "127.0.0.1".to_owned();
        config.proxy_protocol = true;
    });
    let target = server.path(1, "profile");
    let status = |address: &str| {
        let mut client = Client::plain(server.address());
        let header = format!("PROXY TCP4 {address} 192.0.2.200 4711 443\r\n");
        client.send(header.as_bytes()).unwrap();
        // The client cannot say another address by itself.
        let headers = [("X-Forwarded-For", "203.0.113.5")];
        client.request("GET", &target, &headers, b"").status
    };
    assert_eq!(status("192.0.2.1"), 200);
    assert_eq!(status("192.0.2.1"), 503);
    assert_eq!(status("192.0.2.2"), 200);
    let mut without = Client::plain(server.address());
    let answer = without.try_request("GET", &target, &[], b"");
    assert!(answer.is_err(), "{answer:?}");
}

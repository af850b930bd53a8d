//! Clients that send slowly, or nothing.

use std::time::{Duration, Instant};

use readmark::config::{Config, Span};

use crate::{
    client::Client,
    portal::{nothing, post_on, start_with},
};

const SHORT: Span = Span(Duration::from_millis(300));
const LONG: Span = Span(Duration::from_secs(60));

fn timeouts(header: Span, body: Span, idle: Span) -> impl FnOnce(&mut Config) {
    move |config| {
        config.header_timeout = header;
        config.body_timeout = body;
        config.idle_timeout = idle;
    }
}

fn assert_closed_soon(client: &mut Client) {
    let start = Instant::now();
    assert!(client.is_closed());
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_head_that_does_not_come_to_its_end_closes_the_connection() {
    let server = start_with(timeouts(SHORT, LONG, LONG));
    let mut client = server.connect();
    client
        .send(b"POST /rest/profile HTTP/1.1\r\nHost: lo")
        .unwrap();
    assert_closed_soon(&mut client);

    // Also on a connection that was good before.
    let mut client = server.connect();
    assert_eq!(
        post_on(&mut client, &server.path(1, "profile"), &nothing()).status,
        200
    );
    client.send(b"POST /").unwrap();
    assert_closed_soon(&mut client);
}

#[test]
fn a_connection_on_which_nothing_comes_is_closed() {
    let server = start_with(timeouts(SHORT, LONG, LONG));
    // Neither a handshake nor a request.
    assert_closed_soon(&mut Client::plain(server.address()));
}

#[test]
fn a_body_that_does_not_come_is_answered_and_the_connection_closed() {
    let server = start_with(timeouts(LONG, SHORT, LONG));
    let mut client = server.connect();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{{",
        server.path(1, "profile")
    );
    client.send(head.as_bytes()).unwrap();
    let answer = client.response(false).unwrap();
    assert_eq!(answer.error(), (408, "INVALID_REQUEST".to_owned()));
    assert_eq!(answer.header("connection"), Some("close"));
    assert_closed_soon(&mut client);
}

#[test]
fn an_idle_connection_is_kept_for_its_time_and_then_closed() {
    let server = start_with(timeouts(SHORT, LONG, Span(Duration::from_millis(1500))));
    let mut client = server.connect();
    let target = server.path(1, "profile");
    assert_eq!(post_on(&mut client, &target, &nothing()).status, 200);
    // Longer than a head may take: waiting for a request is another thing.
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(post_on(&mut client, &target, &nothing()).status, 200);
    assert_closed_soon(&mut client);
}

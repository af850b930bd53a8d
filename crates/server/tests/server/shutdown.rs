//! Stopping: nothing that was acknowledged is lost, what was accepted is answered, the rest is refused.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use readmark::{catalog::PortalCatalog, config::Span};
use readmark_model::MessageId;
use readmark_store::StoreError;
use readmark_testkit::rows::message;
use serde_json::json;

use crate::{
    client::Client,
    portal::{hold_writes, nothing, post_on, start, start_with},
};

#[test]
fn an_accepted_call_is_answered_while_new_ones_are_refused() {
    let server = start();
    let (address, authority) = (server.address(), server.authority());
    let (read, profile) = (server.path(1, "im.dialog.read"), server.path(1, "profile"));
    let mut waiting = server.connect();
    assert_eq!(post_on(&mut waiting, &profile, &nothing()).status, 200);
    let release = hold_writes(&server);
    let accepted = thread::spawn(move || {
        let mut client = Client::tls(address, "localhost", &authority);
        post_on(&mut client, &read, &json!({ "DIALOG_ID": "chat1" }))
    });
    thread::sleep(Duration::from_millis(300));
    let stopping = thread::spawn(move || server.running.stop());
    thread::sleep(Duration::from_millis(100));

    let refused = post_on(&mut waiting, &profile, &nothing());
    assert_eq!(refused.error(), (503, "OVERLOAD_LIMIT".to_owned()));
    assert_eq!(refused.header("connection"), Some("close"));
    assert!(std::net::TcpStream::connect(address).is_err());
    assert!(!accepted.is_finished() && !stopping.is_finished());

    drop(release);
    assert_eq!(accepted.join().unwrap().result()["counter"], 0);
    stopping.join().unwrap();
}

#[test]
fn a_call_that_takes_too_long_does_not_hold_up_the_end_of_its_connection() {
    let server = start_with(|config| config.shutdown_timeout = Span(Duration::from_millis(500)));
    let read = server.path(1, "im.dialog.read?DIALOG_ID=chat1");
    let mut client = server.connect();
    let release = hold_writes(&server);
    client
        .send(format!("GET {read} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())
        .unwrap();
    thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    let stopping = thread::spawn(move || server.running.stop());
    assert!(client.is_closed());
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
    drop(release);
    stopping.join().unwrap();
}

#[test]
fn no_acknowledged_message_is_lost_by_stopping_under_load() {
    const SENDERS: usize = 4;
    let server = start();
    let (address, authority) = (server.address(), server.authority());
    let catalog = PortalCatalog::new(&server.config).unwrap();
    let ready = Barrier::new(SENDERS + 1);
    let targets = [1, 2, 3, 5].map(|user| server.path(user, "im.message.add"));
    let mut acknowledged = Vec::new();
    thread::scope(|scope| {
        let senders: Vec<_> = targets
            .iter()
            .map(|target| {
                let (authority, ready) = (&authority, &ready);
                scope.spawn(move || {
                    let mut client = Client::tls(address, "localhost", authority);
                    let body = json!({ "DIALOG_ID": "chat1", "MESSAGE": "still here" }).to_string();
                    let mut sent = Vec::new();
                    let headers = [("Content-Type", "application/json")];
                    while let Ok(answer) =
                        client.try_request("POST", target, &headers, body.as_bytes())
                    {
                        if answer.status != 200 {
                            assert_eq!(answer.error(), (503, "OVERLOAD_LIMIT".to_owned()));
                            break;
                        }
                        sent.push(answer.result().as_i64().unwrap());
                        if sent.len() == 5 {
                            ready.wait();
                        }
                    }
                    sent
                })
            })
            .collect();
        ready.wait();
        server.running.stop();
        for sender in senders {
            acknowledged.extend(sender.join().unwrap());
        }
    });
    assert!(acknowledged.len() >= SENDERS * 5);
    let store = catalog.open("demo").unwrap();
    let found = store.read(move |tx| {
        let mut found = 0;
        for id in &acknowledged {
            found += usize::from(message::find(tx, MessageId(*id))?.is_some());
        }
        Ok::<_, StoreError>((found, acknowledged.len()))
    });
    let (found, all) = found.unwrap();
    assert_eq!(found, all);
}

//! TLS and HTTP/2, and several portals on one server.

use std::{fs, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::{Request, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use readmark::{Running, catalog::PortalCatalog, config::Config, demo};
use readmark_app::portal;
use readmark_model::{PortalInfo, Timestamp};
use readmark_store::StoreError;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;

use crate::{
    client::{Client, trust},
    portal::{nothing, post_on, start},
};

#[test]
fn the_local_certificate_is_good_for_the_names_of_this_machine() {
    let server = start();
    for name in ["localhost", "127.0.0.1", "::1"] {
        let mut client = Client::tls(server.address(), name, &server.authority());
        assert_eq!(
            post_on(&mut client, &server.path(1, "profile"), &nothing()).status,
            200,
            "{name}"
        );
    }
    let mut client = Client::tls(server.address(), "elsewhere.example", &server.authority());
    assert!(client.try_request("GET", "/", &[], b"").is_err());
}

#[test]
fn the_authority_stays_the_same_over_restarts() {
    let server = start();
    let before = fs::read(server.authority()).unwrap();
    let secret = server.secret(1);
    server.running.stop();
    let seeded = demo::seed(&server.config).unwrap();
    let running = Running::start(&server.config, None).unwrap();
    assert_eq!(fs::read(running.authority().unwrap()).unwrap(), before);
    let told = demo::Demo::new("https://localhost", running.authority(), seeded).to_json();
    assert!(told.contains(&secret), "the webhooks change");
}

#[test]
fn own_certificates_are_used_instead() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["chat.acme.example".to_owned()]).unwrap();
    let (chain, key) = (dir.path().join("chain.pem"), dir.path().join("key.pem"));
    fs::write(&chain, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let config = Config {
        data: dir.path().join("data"),
        listen: "127.0.0.1:0".to_owned(),
        tls_certificate: Some(chain.clone()),
        tls_key: Some(key),
        ..Config::default()
    };
    demo::seed(&config).unwrap();
    let running = Running::start(&config, None).unwrap();
    assert_eq!(running.authority(), None);
    let mut client = Client::tls(running.address(), "chat.acme.example", &chain);
    assert_eq!(
        client.request("GET", "/rest/profile", &[], b"").error().0,
        401
    );
}

#[test]
fn http_2_is_spoken_and_its_streams_share_a_connection() {
    let server = start();
    let mut trust = trust(&server.authority());
    trust.alpn_protocols = vec![b"h2".to_vec()];
    let address = server.address();
    let uri = |user: usize| format!("https://localhost{}", server.path(user, "profile"));
    let uris = [uri(1), uri(2), uri(3)];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let stream = TcpStream::connect(address).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(trust));
        let name = ServerName::try_from("localhost").unwrap();
        let stream = connector.connect(name, stream).await.unwrap();
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        tokio::spawn(connection);
        let calls = uris.map(|uri| {
            let mut sender = sender.clone();
            tokio::spawn(async move {
                let request = Request::get(uri).body(Empty::<Bytes>::new()).unwrap();
                let response = sender.send_request(request).await.unwrap();
                assert_eq!(response.version(), Version::HTTP_2);
                let body = response.into_body().collect().await.unwrap().to_bytes();
                let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
                body["result"]["ID"].clone()
            })
        });
        for (at, call) in calls.into_iter().enumerate() {
            assert_eq!(call.await.unwrap(), (at + 1).to_string());
        }
    });
}

#[test]
fn a_portal_is_chosen_by_its_host() {
    let server = start();
    let config = server.config.clone();
    let (secret, authority) = (server.secret(1), server.authority());
    server.running.stop();
    let store = PortalCatalog::new(&config).unwrap().make("acme").unwrap();
    let row = PortalInfo {
        name: "acme".to_owned(),
        host: "chat.acme.example".to_owned(),
        member_id: "0".repeat(32),
        time_zone: "Europe/Lisbon".to_owned(),
        created_at: Timestamp(1),
    };
    let made: Result<bool, StoreError> = store.write(move |tx| portal::create(tx, &row));
    assert!(made.unwrap());
    drop(store);
    let running = Running::start(&config, None).unwrap();
    let mut client = Client::tls(running.address(), "chat.acme.example", &authority);
    let target = format!("/rest/1/{secret}/profile");
    let mut status = |host: &str| {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        client.send(request.as_bytes()).unwrap();
        client.response(false).unwrap().status
    };
    assert_eq!(status("localhost:8443"), 200);
    assert_eq!(status("LOCALHOST"), 200);
    assert_eq!(status("chat.acme.example"), 401);
    assert_eq!(status("127.0.0.1:8443"), 404);
}

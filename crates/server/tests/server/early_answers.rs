//! Answers that are known before the body of the request was read: clients get them all the same, and keep their connection.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;

use crate::{
    client::trust,
    portal::{TestServer, nothing, post_on, start},
};

/// More than fits into the buffers of a connection at once.
const LONG: usize = 200_000;

/// Requests that are answered without their body: verb, path, status.
fn early(server: &TestServer) -> Vec<(&'static str, String, u16)> {
    vec![
        ("POST", "/no/such/path".to_owned(), 404),
        ("POST", "/rest/api/1/secret/profile".to_owned(), 404),
        ("PUT", server.path(1, "profile"), 405),
        ("OPTIONS", server.path(1, "profile"), 204),
        ("PUT", "/file/abc".to_owned(), 405),
    ]
}

#[test]
fn over_http_1_the_connection_goes_on() {
    let server = start();
    let body = vec![b'x'; 10 * LONG];
    let mut client = server.connect();
    for (verb, path, status) in early(&server) {
        let answer = client.request(verb, &path, &[], &body);
        let expected = if path.starts_with("/rest/api/") {
            answer.status
        } else {
            status
        };
        assert_eq!(answer.status, expected, "{verb} {path}");
        assert_eq!(answer.header("connection"), None, "{verb} {path}");
    }
    let answer = post_on(&mut client, &server.path(1, "profile"), &nothing());
    assert_eq!(answer.result()["ID"], "1");
}

#[test]
fn a_body_that_goes_on_for_too_long_ends_the_connection() {
    let server = start();
    let mut client = server.connect();
    let head =
        "POST /no/such/path HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n";
    client.send(head.as_bytes()).unwrap();
    let piece = vec![b'x'; 1 << 20];
    let taken = (0..100).take_while(|_| client.send(&piece).is_ok()).count();
    assert!((16..100).contains(&taken), "{taken} MiB were taken in");
}

#[test]
fn over_http_2_no_answer_is_lost() {
    let server = start();
    let mut trust = trust(&server.authority());
    trust.alpn_protocols = vec![b"h2".to_vec()];
    let requests = early(&server);
    let address = server.address();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let stream = TcpStream::connect(address).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(trust));
        let name = ServerName::try_from("localhost").unwrap();
        let stream = connector.connect(name, stream).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        tokio::spawn(connection);
        for _ in 0..10 {
            for (verb, path, status) in &requests {
                let request = Request::builder()
                    .method(*verb)
                    .uri(format!("https://localhost{path}"))
                    .body(Full::new(Bytes::from(vec![b'x'; LONG])))
                    .unwrap();
                let response = sender.send_request(request).await.unwrap();
                if !path.starts_with("/rest/api/") {
                    assert_eq!(response.status(), *status, "{verb} {path}");
                }
                response.into_body().collect().await.unwrap();
            }
        }
    });
}

//! `GET /file/TOKEN`.

use readmark_model::Timestamp;
use readmark_store::StoreError;
use readmark_testkit::rows::file;

use crate::portal::{TestServer, start};

fn store_file(
    server: &TestServer,
    media_type: &'static str,
    content: &'static [u8],
    token: &'static str,
) {
    let served = server.running.portals().next().unwrap();
    let stored = served
        .portal
        .store
        .write(move |tx| file::insert(tx, media_type, content, token, Timestamp(1)));
    stored.unwrap_or_else(|error: StoreError| panic!("{error}"));
}

#[test]
fn a_picture_is_shown_and_nothing_in_it_can_run() {
    let server = start();
    store_file(&server, "image/png", b"\x89PNG", "a1b2");
    let answer = server.get("/file/a1b2");
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, b"\x89PNG".as_slice())
    );
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "inline"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(
        answer
            .header("cache-control")
            .unwrap()
            .contains("immutable")
    );
}

#[test]
fn everything_else_is_for_saving() {
    let server = start();
    store_file(&server, "image/svg+xml", b"<svg onload='x'/>", "svg");
    store_file(&server, "text/html", b"<script>", "html");
    for token in ["svg", "html"] {
        let answer = server.get(&format!("/file/{token}"));
        assert_eq!(
            answer.header("content-type"),
            Some("application/octet-stream")
        );
        assert_eq!(answer.header("content-disposition"), Some("attachment"));
    }
}

#[test]
fn an_unknown_file_is_not_found_and_files_are_only_fetched() {
    let server = start();
    assert_eq!(
        server.get("/file/unknown").error(),
        (404, "NOT_FOUND".to_owned())
    );
    let post = server.connect().request("POST", "/file/unknown", &[], b"");
    assert_eq!(post.error().0, 405);
}

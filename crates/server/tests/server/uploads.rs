//! Files of messages over real connections: uploads that are longer than other requests, and streamed downloads.

use std::{fs, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::{
    client::Response,
    portal::{TestServer, start, start_with},
};

/// Bytes that are like no others.
fn bytes(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let byte = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(byte).collect()
}

fn params(name: &str, content: &[u8]) -> Value {
    json!({ "dialogId": "2", "fields": { "name": name, "content": BASE64.encode(content) } })
}

fn upload(server: &TestServer, name: &str, content: &[u8]) -> Value {
    let answer = server.call(1, "im.v2.File.upload", &params(name, content));
    answer.result()["file"].clone()
}

/// The target of a link, without scheme and host.
fn target(link: &Value) -> String {
    let link = link.as_str().expect("a link");
    let (_, rest) = link.split_once("://").expect("a scheme");
    let at = rest.find('/').expect("a path");
    rest[at..].to_owned()
}

fn get(server: &TestServer, verb: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    server.connect().request(verb, target, headers, b"")
}

/// The answer to a request of which only the head is sent.
fn announce(server: &TestServer, target: &str, length: usize) -> Response {
    let mut client = server.connect();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    client.send(head.as_bytes()).expect("a head is sent");
    client.response(false).expect("an answer")
}

/// The files in the folder of contents.
fn stored(server: &TestServer) -> Vec<PathBuf> {
    let portals = server.config.data.join("portals");
    let portal = fs::read_dir(portals).unwrap().next().unwrap().unwrap();
    let Ok(shards) = fs::read_dir(portal.path().join("files")) else {
        return Vec::new();
    };
    shards
        .flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect()
}

#[test]
fn what_was_uploaded_is_downloaded_whole_and_in_parts() {
    let server = start();
    // Longer than one part of a stream.
    let content = bytes(300_000);
    let file = upload(&server, "tide table.bin", &content);
    let target = target(&file["urlDownload"]);

    let whole = get(&server, "GET", &target, &[]);
    assert_eq!(whole.status, 200);
    assert!(whole.body == content);
    for (name, value) in [
        ("content-length", "300000"),
        ("content-type", "application/octet-stream"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, no-store"),
        (
            "content-disposition",
            "attachment; filename=\"tide table.bin\"; filename*=UTF-8''tide%20table.bin",
        ),
    ] {
        assert_eq!(whole.header(name), Some(value), "{name}");
    }

    let part = get(&server, "GET", &target, &[("Range", "bytes=1000-250000")]);
    assert_eq!(part.status, 206);
    assert_eq!(
        part.header("content-range"),
        Some("bytes 1000-250000/300000")
    );
    assert!(part.body == content[1_000..=250_000]);
    let tag = whole.header("etag").expect("a tag");
    let headers = [("Range", "bytes=-5"), ("If-Range", tag)];
    let end = get(&server, "GET", &target, &headers);
    assert_eq!(
        (end.status, end.body.as_slice()),
        (206, &content[299_995..])
    );
    let behind = get(&server, "GET", &target, &[("Range", "bytes=300000-")]);
    assert_eq!(behind.status, 416);
    assert_eq!(behind.header("content-range"), Some("bytes */300000"));

    let head = get(&server, "HEAD", &target, &[]);
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-length"), Some("300000"));

    // One connection for both: nothing is left over in between.
    let mut client = server.connect();
    for _ in 0..2 {
        assert!(client.request("GET", &target, &[], b"").body == content);
    }
}

#[test]
fn nothing_that_was_uploaded_runs_in_a_browser() {
    let server = start();
    for (name, content, kind, shown) in [
        ("a.png", PNG, "image/png", "inline"),
        (
            "a.html",
            b"<script>alert(1)</script>",
            "application/octet-stream",
            "attachment",
        ),
        (
            "a.svg",
            b"<svg onload='alert(1)'/>",
            "application/octet-stream",
            "attachment",
        ),
        ("a.jpg", b"<html>", "application/octet-stream", "attachment"),
        (
            "a.pdf",
            b"%PDF-1.7",
            "application/octet-stream",
            "attachment",
        ),
    ] {
        let file = upload(&server, name, content);
        let show = get(&server, "GET", &target(&file["urlShow"]), &[]);
        assert_eq!(show.header("content-type"), Some(kind), "{name}");
        let disposition = |answer: &Response| {
            let value = answer.header("content-disposition").unwrap();
            value.split(';').next().unwrap().to_owned()
        };
        assert_eq!(disposition(&show), shown, "{name}");
        let save = get(&server, "GET", &target(&file["urlDownload"]), &[]);
        assert_eq!(disposition(&save), "attachment", "{name}");
        for answer in [show, save] {
            let policy = answer.header("content-security-policy");
            assert_eq!(policy, Some("sandbox; default-src 'none'"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
    }
}

#[test]
fn a_wrong_link_leads_nowhere() {
    let server = start();
    let file = upload(&server, "a.txt", b"high water");
    let good = target(&file["urlDownload"]);
    let (head, token) = good.split_once("%7C").unwrap();
    for other in [
        "/rest/download.json".to_owned(),
        "/rest/download.json?token=".to_owned(),
        "/rest/download.json?token=im%7Cabc".to_owned(),
        format!("{head}%7C{}", &token[1..]),
        format!("{head}%7Cx{token}"),
    ] {
        assert_eq!(
            get(&server, "GET", &other, &[]).error(),
            (404, "NOT_FOUND".to_owned())
        );
    }
    let post = server.connect().request("POST", &good, &[], b"");
    assert_eq!(post.error().0, 405);
    // The content is lost: no half of it is sent.
    for path in stored(&server) {
        fs::remove_file(path).unwrap();
    }
    assert_eq!(get(&server, "GET", &good, &[]).error().0, 500);
}

#[test]
fn uploads_may_be_longer_than_other_requests() {
    let server = start_with(|config| {
        config.max_body = 100_000;
        config.max_file = 1_000_000;
        config.upload_memory = 8 << 20;
    });
    let content = bytes(1_000_000);
    let file = upload(&server, "long.bin", &content);
    assert!(get(&server, "GET", &target(&file["urlDownload"]), &[]).body == content);

    let longer = server.call(
        1,
        "im.v2.File.upload",
        &params("longer.bin", &bytes(1_000_001)),
    );
    assert_eq!(longer.error(), (400, "FILE_TOO_LARGE".to_owned()));
    // Refused by the announced length alone: nothing of these bodies is ever sent.
    let upload = server.path(1, "im.v2.File.upload");
    assert_eq!(announce(&server, &upload, 3_000_000).error().0, 413);
    let message = server.path(1, "im.message.add");
    assert_eq!(announce(&server, &message, 100_001).error().0, 413);
    // And who is not authorised by that of a body that others may send.
    let refused = announce(&server, "/rest/1/wrong/im.v2.File.upload", 1_000_000);
    assert_eq!(refused.error(), (401, "INVALID_CREDENTIALS".to_owned()));
    assert_eq!(stored(&server).len(), 1);
}

#[test]
fn many_uploads_at_once_wait_for_their_memory() {
    let server = start_with(|config| {
        config.max_body = 50_000;
        config.max_file = 400_000;
        // For one at a time.
        config.upload_memory = 4 << 20;
    });
    std::thread::scope(|scope| {
        for number in 0..6 {
            let server = &server;
            scope.spawn(move || {
                let content = bytes(400_000 - number);
                let file = upload(server, "one of many.bin", &content);
                let target = target(&file["urlDownload"]);
                assert!(get(server, "GET", &target, &[]).body == content);
            });
        }
    });
    assert_eq!(stored(&server).len(), 6);
}

/// The result of a call whose parameters are parts of a multipart form.
fn send_form(server: &TestServer, method: &str, parts: &[(&str, &[u8])]) -> Value {
    let mut body = Vec::new();
    for (head, value) in parts {
        body.extend(format!("--cut\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
        body.extend(*value);
        body.extend(b"\r\n");
    }
    body.extend(b"--cut--\r\n");
    let headers = [("Content-Type", "multipart/form-data; boundary=cut")];
    let path = server.path(1, method);
    let answer = server.connect().request("POST", &path, &headers, &body);
    answer.result()
}

/// The header of a PNG file, which is all that is read of one.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x06\0\0\0\x04";

#[test]
fn a_picture_comes_in_a_multipart_form_as_it_is() {
    let server = start();
    let chat = json!({ "TITLE": "Harbour", "USERS": [2] });
    let chat = server.call(1, "im.chat.add", &chat).result().to_string();
    let avatar = ("name=\"AVATAR\"; filename=\"a.png\"", PNG);
    let parts = [("name=\"CHAT_ID\"", chat.as_bytes()), avatar];
    assert_eq!(send_form(&server, "im.chat.updateAvatar", &parts), true);
    let seen = json!({ "DIALOG_ID": format!("chat{chat}") });
    let seen = server.call(2, "im.dialog.get", &seen).result();
    assert!(get(&server, "GET", &target(&seen["avatar"]), &[]).body == PNG);

    // Alone, or as the second of a list, as in Base64.
    for name in ["PERSONAL_PHOTO", "PERSONAL_PHOTO[1]"] {
        let head = format!("name=\"{name}\"; filename=\"b.png\"");
        let parts = [
            ("name=\"ID\"", b"1".as_slice()),
            ("name=\"PERSONAL_PHOTO[0]\"", b"b.png"),
            (head.as_str(), PNG),
        ];
        assert_eq!(send_form(&server, "user.update", &parts), true, "{name}");
        let person = server.call(2, "user.get", &json!({ "ID": 1 })).result();
        let photo = &person[0]["PERSONAL_PHOTO"];
        assert!(get(&server, "GET", &target(photo), &[]).body == PNG);
        let none = json!({ "ID": 1, "PERSONAL_PHOTO": "" });
        assert_eq!(server.call(1, "user.update", &none).result(), true);
    }
}

#[test]
fn a_file_comes_in_a_batch_as_it_is() {
    let server = start();
    let parts = [
        ("name=\"cmd[up][method]\"", b"im.v2.File.upload".as_slice()),
        ("name=\"cmd[up][params][dialogId]\"", b"2"),
        (
            "name=\"cmd[up][params][fields][content]\"; filename=\"tides.txt\"",
            b"high water",
        ),
    ];
    let answer = send_form(&server, "batch", &parts);
    let file = &answer["result"]["up"]["file"];
    assert_eq!(file["name"], "tides.txt", "{answer}");
    assert!(get(&server, "GET", &target(&file["urlDownload"]), &[]).body == b"high water");
}

#[test]
fn a_file_comes_in_a_multipart_form_as_it_is() {
    let server = start();
    let content = bytes(50_000);
    let parts = [
        ("name=\"dialogId\"", b"2".as_slice()),
        ("name=\"fields[message]\"", "für Montag".as_bytes()),
        ("name=\"fields[content]\"; filename=\"tides.bin\"", &content),
    ];
    let file = send_form(&server, "im.v2.File.upload", &parts)["file"].clone();
    assert_eq!(file["name"], "tides.bin");
    assert!(get(&server, "GET", &target(&file["urlDownload"]), &[]).body == content);
    let page = server.call(2, "im.dialog.messages.get", &json!({ "DIALOG_ID": "1" }));
    let page = page.result();
    assert_eq!(page["messages"][0]["text"], "für Montag");
    assert_eq!(page["files"][0]["id"], file["id"]);
}

#[test]
fn who_is_removed_loses_the_link() {
    let server = start();
    let chat = json!({ "TITLE": "Harbour", "USERS": [2] });
    let chat = server.call(1, "im.chat.add", &chat).result();
    let fields = json!({ "name": "a.txt", "content": BASE64.encode(b"high water") });
    let params = json!({ "dialogId": format!("chat{chat}"), "fields": fields });
    server.call(1, "im.v2.File.upload", &params).result();
    let page = json!({ "DIALOG_ID": format!("chat{chat}") });
    let page = server.call(2, "im.dialog.messages.get", &page).result();
    let target = target(&page["files"][0]["urlDownload"]);
    assert_eq!(get(&server, "GET", &target, &[]).body, b"high water");
    let remove = json!({ "CHAT_ID": chat, "USER_ID": 2 });
    server.call(1, "im.chat.user.delete", &remove).result();
    assert_eq!(get(&server, "GET", &target, &[]).error().0, 404);
}

#[test]
fn links_work_after_a_restart_and_files_may_be_kept_elsewhere() {
    use readmark::Running;

    let elsewhere = tempfile::tempdir().expect("a folder");
    let files = elsewhere.path().join("files");
    let mut server = start_with(|config| config.files = files.display().to_string());
    let file = upload(&server, "a.txt", b"high water");
    let target = target(&file["urlDownload"]);
    assert!(stored(&server).is_empty());
    let portals: Vec<_> = fs::read_dir(&files).unwrap().collect();
    assert_eq!(portals.len(), 1);

    let config = server.config.clone();
    // The first one must have stopped before another serves the same folder.
    server.running.stop();
    server.running = Running::start(&config, None).expect("a server");
    assert_eq!(get(&server, "GET", &target, &[]).body, b"high water");
}

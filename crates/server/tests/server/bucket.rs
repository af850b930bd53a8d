//! Files in a bucket: against a small service that keeps what it is sent, as S3 does.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::portal::{TestServer, start_with};

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A service with one bucket.
struct Service {
    endpoint: String,
    objects: Objects,
}

impl Service {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let objects = Objects::default();
        let shared = Arc::clone(&objects);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let objects = Arc::clone(&shared);
                thread::spawn(move || while serve(&stream, &objects).is_some() {});
            }
        });
        Self { endpoint, objects }
    }
}

/// Answers one request; `None` when there are no more.
fn serve(stream: &TcpStream, objects: &Objects) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut request = lines.first()?.split(' ');
    let (verb, target) = (request.next()?, request.next()?.to_owned());
    let header = |name: &str| {
        lines.iter().find_map(|line| {
            let (other, value) = line.split_once(':')?;
            other
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let length = header("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let signed = header("authorization").is_some_and(|value| value.contains("AKHARBOUR/"));
    let mut objects = objects.lock().expect("nobody panics");
    let dates = "Last-Modified: Thu, 15 Jan 2026 09:00:00 GMT\r\nETag: \"tag\"\r\n";
    let (status, more, body) = match (verb, objects.get(&target)) {
        _ if !signed => ("403 Forbidden", String::new(), Vec::new()),
        ("PUT", _) => {
            objects.insert(target, body);
            ("200 OK", dates.to_owned(), Vec::new())
        }
        ("GET", Some(object)) => match header("range") {
            Some(range) => {
                let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
                let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
                let all = object.len();
                let more = format!("{dates}Content-Range: bytes {first}-{last}/{all}\r\n");
                ("206 Partial Content", more, object[first..=last].to_vec())
            }
            None => ("200 OK", dates.to_owned(), object.clone()),
        },
        _ => ("404 Not Found", String::new(), Vec::new()),
    };
    drop(objects);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{more}\r\n",
        body.len()
    );
    let mut stream = stream;
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()
}

fn server(service: &Service, key: &str) -> TestServer {
    start_with(|config| {
        config.files = "s3://harbour-files/readmark".to_owned();
        config.files_s3_endpoint = service.endpoint.clone();
        config.files_s3_region = "north-1".to_owned();
        config.files_s3_key_id = key.to_owned();
        config.files_s3_secret = "secret".to_owned();
    })
}

fn params(content: &[u8]) -> Value {
    let fields = json!({ "name": "tides.bin", "content": BASE64.encode(content) });
    json!({ "dialogId": "2", "fields": fields })
}

#[test]
fn files_are_kept_in_the_bucket_that_the_settings_name() {
    let service = Service::start();
    let server = server(&service, "AKHARBOUR");
    let content: Vec<u8> = (0..100_000_u32).map(|at| (at % 249) as u8).collect();
    let answer = server.call(1, "im.v2.File.upload", &params(&content));
    let file = answer.result()["file"].clone();
    {
        let objects = service.objects.lock().unwrap();
        let (name, stored) = objects.first_key_value().expect("an object");
        assert!(name.starts_with("/harbour-files/readmark/demo/"), "{name}");
        assert_eq!((objects.len(), stored), (1, &content));
    }
    let link = file["urlDownload"].as_str().expect("a link");
    let target = &link[link.find("/rest/").expect("a path")..];
    assert!(server.get(target).body == content);
    let headers = [("Range", "bytes=7-70000")];
    let part = server.connect().request("GET", target, &headers, b"");
    assert_eq!(part.status, 206);
    assert!(part.body == content[7..=70_000]);
}

#[test]
fn a_bucket_that_refuses_the_key_fails_uploads_and_nothing_else() {
    let service = Service::start();
    let server = server(&service, "AKOTHER");
    let failed = server.call(1, "im.v2.File.upload", &params(b"high water"));
    assert_eq!(failed.error(), (400, "UPLOAD_FAILED".to_owned()));
    let message = json!({ "DIALOG_ID": "2", "MESSAGE": "high water" });
    server.call(1, "im.message.add", &message).result();
    assert!(service.objects.lock().unwrap().is_empty());
}

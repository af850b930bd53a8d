//! Files in a bucket: against a small service that keeps what it is sent, as S3 does.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use readmark_testkit::bucket::{KEY_ID, Service};
use serde_json::{Value, json};

use readmark::{Running, config::Config, demo};

use crate::portal::{TestServer, config_in, start_with};

fn server(service: &Service, key: &str) -> TestServer {
    start_with(|config| use_bucket(config, service, key))
}

fn use_bucket(config: &mut Config, service: &Service, key: &str) {
    config.files = "s3://harbour-files/readmark".to_owned();
    config.files_s3_endpoint = service.endpoint().to_owned();
    config.files_s3_region = "north-1".to_owned();
    config.files_s3_key_id = key.to_owned();
    config.files_s3_secret = "secret".to_owned();
}

fn params(content: &[u8]) -> Value {
    let fields = json!({ "name": "tides.bin", "content": BASE64.encode(content) });
    json!({ "dialogId": "2", "fields": fields })
}

#[test]
fn files_are_kept_in_the_bucket_that_the_settings_name() {
    let service = Service::start();
    let server = server(&service, KEY_ID);
    let content: Vec<u8> = (0..100_000_u32).map(|at| (at % 249) as u8).collect();
    let answer = server.call(1, "im.v2.File.upload", &params(&content));
    let file = answer.result()["file"].clone();
    {
        let objects = service.objects();
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
fn a_bucket_that_refuses_the_key_is_found_at_the_start() {
    let service = Service::start();
    let data = tempfile::tempdir().unwrap();
    let mut config = config_in(data.path());
    use_bucket(&mut config, &service, KEY_ID);
    demo::seed(&config).unwrap();
    use_bucket(&mut config, &service, "AKOTHER");
    let refused = Running::start(&config, None).map(drop).unwrap_err();
    let told = format!("{refused:#}");
    assert!(told.contains("refuses to store files"), "{told}");
    assert!(service.objects().is_empty());
}

#[test]
fn a_bucket_that_is_away_fails_uploads_and_nothing_else() {
    let service = Service::start();
    let server = server(&service, KEY_ID);
    service.refuse();
    let failed = server.call(1, "im.v2.File.upload", &params(b"high water"));
    assert_eq!(failed.error(), (400, "UPLOAD_FAILED".to_owned()));
    let message = json!({ "DIALOG_ID": "2", "MESSAGE": "high water" });
    server.call(1, "im.message.add", &message).result();
    assert!(service.objects().is_empty());
}

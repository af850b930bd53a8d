//! No secret reaches the log, at its most verbose, or any file but those made for secrets.

use std::{fs, io::Read, path::Path, process::Stdio};

use serde_json::json;

use crate::command_line::{Served, program};

#[test]
fn secrets_of_paths_and_parameters_are_logged_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let log = dir.path().join("log");
    let mut command = program(&data);
    command
        .args([
            "--set",
            "log=trace,h2=trace,hyper=trace,rustls=trace",
            "--set",
            "max_body=2000",
        ])
        .stderr(Stdio::from(fs::File::create(&log).unwrap()));
    let served = Served::start(&mut command);
    let token = program(&data)
        .args(["token", "add", "--client-id", "local.1", "--user", "1"])
        .output()
        .unwrap();
    let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
    let app = program(&data)
        .args(["app", "add", "--name", "Tides"])
        .args(["--handler", "https://tides.example/"])
        .output()
        .unwrap();
    let app = String::from_utf8(app.stdout).unwrap();
    let told = |name: &str| {
        let line = app.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let (client, secret) = (told("client_id"), told("client_secret"));
    let webhook = served.told["webhook"].as_str().unwrap().to_owned();
    let good = webhook
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let guessed = "gu3ss3ds3cr3t";

    let json_type = ("Content-Type", "application/json");
    let bearer = format!("Bearer {token}");
    let cookie = format!("__Host-readmark-session={guessed}; __Host-readmark-form={guessed}");
    for target in [
        format!("/rest/1/{good}/profile"),
        format!("/rest/1/{good}/no.such.method"),
        format!("/rest/1/{good}"),
        format!("/rest/1/{good}/a/b/c"),
        format!("/rest/1/{guessed}/profile"),
        format!("/rest/x/{guessed}/profile"),
        format!("/rest/{guessed}"),
        format!("/rest/{guessed}/"),
        format!("/rest/api/1/{good}/profile"),
        format!("/rest/profile?auth={token}"),
        format!("/rest/profile?auth={guessed}"),
        format!("/rest/1/{good}/batch?cmd[0]=im.message.add%3FDIALOG_ID=chat1%26MESSAGE={guessed}"),
        format!("/{guessed}/{good}"),
        format!("/invitation/{guessed}"),
        format!("/sign-in?email=ada%40example.com&password={guessed}"),
        format!("/oauth/authorize/?client_id={client}&state={guessed}"),
        format!(
            "/oauth/token/?grant_type=refresh_token&client_id={client}&client_secret={secret}&refresh_token={guessed}"
        ),
        format!(
            "/oauth/token/?grant_type=authorization_code&client_id={client}&client_secret={guessed}&code={guessed}"
        ),
        format!("/file/{guessed}"),
        format!("/rest/1/{guessed}/%FF%00"),
    ] {
        for verb in ["GET", "POST", "HEAD", "DELETE"] {
            for body in ["{", "{}", &"x".repeat(3000)] {
                let headers = [
                    json_type,
                    ("Authorization", bearer.as_str()),
                    ("Cookie", cookie.as_str()),
                ];
                let _ = served
                    .connect()
                    .try_request(verb, &target, &headers, body.as_bytes());
            }
        }
    }
    // Bytes that are no HTTP, and HTTP without TLS.
    let port: u16 = served.told["url"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let mut plain = crate::client::Client::plain(([127, 0, 0, 1], port).into());
    let _ = plain.try_request("GET", &format!("/rest/1/{good}/profile"), &[], b"");
    let _ = served
        .connect()
        .send(format!("GET /rest/1/{good}\u{1} nonsense\r\n\r\n").as_bytes());
    let sent = served.call(
        1,
        "im.message.add",
        &json!({ "DIALOG_ID": "chat1", "MESSAGE": "hello" }),
    );
    sent.result();
    served.stop();

    let mut said = String::new();
    fs::File::open(&log)
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(
        said.contains("a call") && said.contains("DEBUG"),
        "the log is not verbose: {said}"
    );
    for secret in [good.as_str(), &token, &secret, guessed] {
        assert!(!said.contains(secret), "a secret is in the log: {said}");
    }
    for secret in [good.as_bytes(), token.as_bytes(), secret.as_bytes()] {
        assert_not_in_files(&data.join("portals"), secret);
    }
}

fn assert_not_in_files(folder: &Path, secret: &[u8]) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_not_in_files(&path, secret);
        } else {
            let content = fs::read(&path).unwrap();
            let found = content.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "a secret is in {}", path.display());
        }
    }
}

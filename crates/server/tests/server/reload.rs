//! A running server reads its settings and its certificate again.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    client::Client,
    command_line::{Served, program},
    portal::{nothing, post_on, start},
};

#[test]
fn limits_change_while_connections_stay() {
    let server = start();
    let mut client = server.connect();
    let target = server.path(1, "profile");
    assert_eq!(post_on(&mut client, &target, &nothing()).status, 200);
    let mut config = server.config.clone();
    config.rate_limit = 0.001;
    config.rate_burst = 1.0;
    server.running.reload(&config);
    assert_eq!(post_on(&mut client, &target, &nothing()).status, 200);
    let refused = post_on(&mut client, &target, &nothing());
    assert_eq!(refused.error(), (503, "QUERY_LIMIT_EXCEEDED".to_owned()));
    server.running.reload(&server.config);
    assert_eq!(post_on(&mut client, &target, &nothing()).status, 200);
}

#[test]
fn a_hangup_signal_ends_nothing_and_changes_settings_and_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let (chain, key) = (dir.path().join("own.pem"), dir.path().join("own-key.pem"));
    let issue = || {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        fs::write(&chain, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    };
    issue();
    let settings = dir.path().join("readmark.toml");
    let own = format!(
        "tls_certificate = {:?}\ntls_key = {:?}\n",
        chain.display().to_string(),
        key.display().to_string()
    );
    fs::write(&settings, &own).unwrap();
    let mut command = program(&dir.path().join("data"));
    command.arg("--config").arg(&settings).stderr(Stdio::null());
    let mut served = Served::start(&mut command);
    let url: url::Url = served.told["url"].as_str().unwrap().parse().unwrap();
    let address = format!("127.0.0.1:{}", url.port().unwrap())
        .parse()
        .unwrap();
    let webhook: url::Url = served.told["users"][0]["webhook"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let target = format!("{}profile", webhook.path());
    let mut client = Client::tls(address, "localhost", &chain);
    assert_eq!(post_on(&mut client, &target, &nothing()).status, 200);

    issue();
    fs::write(
        &settings,
        format!("{own}rate_limit = 0.001\nrate_burst = 1.0\n"),
    )
    .unwrap();
    let hangup = Command::new("kill")
        .args(["-HUP", &served.process.id().to_string()])
        .status();
    assert!(hangup.unwrap().success());
    let start = Instant::now();
    while post_on(&mut client, &target, &nothing()).status == 200 {
        assert!(start.elapsed() < Duration::from_secs(10), "nothing changed");
    }
    // Only the new certificate is trusted here.
    let mut new = Client::tls(address, "localhost", &chain);
    assert_eq!(post_on(&mut new, &target, &nothing()).status, 503);
    assert!(served.process.try_wait().unwrap().is_none());
    served.process.kill().unwrap();
    served.process.wait().unwrap();
}

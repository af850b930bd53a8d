//! Where events are sent, and where not.

use super::*;

#[test]
fn private_addresses_are_refused_by_number_and_by_name() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_private_addresses = false;
    });
    let handler = Handler::start();
    let urls = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.0.0.1"]
        .map(|host| handler.url_of(host));
    for (number, url) in urls.iter().enumerate() {
        let bot = register(&server, &format!("private_{number}"), url);
        put(&server.running, bot, EVENT, &["1"]);
    }
    for url in &urls {
        let tried = until(|| {
            attempts(&server.running)
                .into_iter()
                .find(|tried| tried.url == *url)
        });
        assert_eq!(tried.status, 0);
        assert!(
            tried.error.contains("is a private address"),
            "{url}: {}",
            tried.error
        );
    }
    assert!(handler.received().is_empty());
}

#[test]
fn an_address_with_a_password_is_refused() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(
        &server,
        "password",
        &handler.url().replace("127", "ada:secret@127"),
    );
    put(&server.running, bot, EVENT, &["1"]);
    let tried = until(|| attempts(&server.running).pop());
    assert!(
        tried.error.contains("a user or a password"),
        "{}",
        tried.error
    );
    assert!(handler.received().is_empty());
}

#[test]
fn a_bot_that_is_taken_away_gets_nothing_but_the_news_of_it() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "taken_away", &handler.url());
    handler.reacts(Reaction::Status(503));
    put(&server.running, bot, EVENT, &["1", "2"]);
    put(&server.running, bot, "ONIMBOTV2DELETE", &[""]);
    handler.wait_for(1);
    let token = "token of taken_away";
    let gone = server.call(
        1,
        "imbot.v2.Bot.unregister",
        &json!({ "botId": bot, "botToken": token }),
    );
    assert_eq!(gone.result()["result"], true);
    let before = handler.received().len();
    handler.reacts(Reaction::Status(200));
    let received = handler.wait_until(|received| {
        received
            .last()
            .is_some_and(|last| last.form["event"] == "ONIMBOTV2DELETE")
    });
    // One attempt may have been on its way.
    assert!(
        received[before..].iter().all(|one| one.text() != "2"),
        "{received:#?}"
    );
    until(|| waiting(&server.running, false).is_empty().then_some(()));
}

#[test]
fn what_waits_goes_to_the_new_address_of_a_bot() {
    let (server, old, new) = (server(), Handler::start(), Handler::start());
    let bot = register(&server, "moved", &old.url());
    old.reacts(Reaction::Status(503));
    put(&server.running, bot, EVENT, &["1", "2"]);
    old.wait_for(1);
    let token = "token of moved";
    let change = |fields: Value| {
        let params = json!({ "botId": bot, "botToken": token, "fields": fields });
        server.call(1, "imbot.v2.Bot.update", &params).result()
    };
    change(json!({ "webhookUrl": new.url() }));
    put(&server.running, bot, EVENT, &["3"]);
    let received = new.wait_for(3);
    assert_eq!(texts(&received), ["1", "2", "3"]);
    let ids: Vec<_> = received
        .iter()
        .map(|one| &one.form["event_handler_id"])
        .collect();
    assert!(ids[0] == ids[2] && ids[1] == ids[2], "{ids:?}");
    // A bot that asks for its events is sent nothing any more.
    new.reacts(Reaction::Status(503));
    put(&server.running, bot, EVENT, &["4", "5"]);
    new.wait_for(4);
    change(json!({ "eventMode": "fetch" }));
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    assert!(new.received().iter().all(|one| one.text() != "5"));
}

#[test]
fn handlers_over_tls_need_a_certificate_that_is_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let file = dir.path().join("handlers.pem");
    std::fs::write(&file, certificate.pem()).unwrap();
    let tls = || {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Handler::start_over(Some(Arc::new(config)))
    };
    let handler = tls();
    let url = handler.url_of("localhost");
    let server = server();
    let bot = register(&server, "not_trusted", &url);
    put(&server.running, bot, EVENT, &["1"]);
    let tried = until(|| attempts(&server.running).pop());
    assert!(tried.error.contains("certificate"), "{}", tried.error);
    assert!(handler.received().is_empty());
    server.running.stop();

    let mut config = server.config.clone();
    config.delivery_ca = Some(file);
    let trusting = Running::start(&config, None).unwrap();
    assert_eq!(texts(&handler.wait_for(1)), ["1"]);
    trusting.stop();

    config.delivery_ca = Some(dir.path().join("missing.pem"));
    let error = Running::start(&config, None).err().unwrap();
    assert!(format!("{error:#}").contains("missing.pem"), "{error:#}");
}

//! Order, tokens, restarts, and servers of a portal one after the other.

use super::*;

#[test]
fn events_arrive_in_order_as_forms() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "in_order", &handler.url());
    let numbers: Vec<_> = (1..=60).map(|number| number.to_string()).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    put(&server.running, bot, EVENT, &numbers);
    let received = handler.wait_for(60);
    assert_eq!(texts(&received), numbers);
    let first = &received[0];
    let head = first.head.to_ascii_lowercase();
    assert!(
        head.starts_with("post /events?key=1 http/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{head}"
    );
    let form = &first.form;
    assert_eq!(form["event"], EVENT);
    assert_eq!(form["data"]["bot"]["id"], bot.to_string());
    assert_eq!(form["auth"]["user_id"], "2");
    assert_eq!(
        form["auth"]["domain"],
        form["data"]["bot"]["auth"]["domain"]
    );
    assert_eq!(
        form["auth"]["application_token"].as_str().unwrap().len(),
        32
    );
    assert_eq!(form["auth"]["member_id"].as_str().unwrap().len(), 32);
    assert!(form["auth"].get("access_token").is_none(), "{form}");
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    let tried = attempts(&server.running);
    assert_eq!(tried.len(), 60);
    assert!(tried.iter().all(|attempt| {
        (attempt.status, attempt.attempt, attempt.error.as_str()) == (200, 1, "")
    }));
}

#[test]
fn an_application_gets_tokens_that_are_good() {
    let (server, handler) = (server(), Handler::start());
    let scopes = Scopes::parse("imbot,user_basic").unwrap();
    server.token("granted", 1, scopes, NEVER);
    let params =
        json!({ "fields": fields("of_an_application", &handler.url()), "auth": "granted" });
    let registered = server.post("/rest/imbot.v2.Bot.register", &params).result();
    let bot = registered["bot"]["id"].as_i64().unwrap();
    put(&server.running, bot, EVENT, &["hello"]);
    let form = &handler.wait_for(1)[0].form;
    for (auth, user) in [(&form["auth"], 2), (&form["data"]["bot"]["auth"], bot)] {
        assert_eq!(auth["user_id"], user.to_string());
        assert_eq!(auth["scope"], "imbot,user_basic");
        assert_eq!(auth["expires_in"], "3600");
        let token = auth["access_token"].as_str().unwrap();
        let profile = server.post("/rest/user.current", &json!({ "auth": token }));
        assert_eq!(profile.result()["ID"], user.to_string());
        let refused = server.post("/rest/im.counters.get", &json!({ "auth": token }));
        assert_eq!(refused.error().1, "insufficient_scope");
    }
    let answer = json!({
        "auth": form["data"]["bot"]["auth"]["access_token"],
        "botId": bot,
        "dialogId": "2",
        "fields": { "message": "hello yourself" },
    });
    let sent = server
        .post("/rest/imbot.v2.Chat.Message.send", &answer)
        .result();
    assert!(sent["id"].as_i64().is_some(), "{sent}");
}

#[test]
fn a_handler_that_is_down_over_a_restart_gets_everything_in_order() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "down", &handler.url());
    handler.reacts(Reaction::Close);
    put(&server.running, bot, EVENT, &["1", "2"]);
    handler.wait_for(3);
    server.running.stop();
    let again = Running::start(&server.config, None).unwrap();
    put(&again, bot, EVENT, &["3", "4"]);
    let before = handler.received().len();
    handler.wait_for(before + 2);
    handler.reacts(Reaction::Status(503));
    let before = handler.received().len();
    let received = handler.wait_for(before + 2);
    assert!(
        texts(&received).iter().all(|text| *text == "1"),
        "{received:#?}"
    );
    handler.reacts(Reaction::Status(204));
    let received = handler.wait_until(|received| received.iter().any(|one| one.text() == "4"));
    let mut order = texts(&received);
    order.dedup();
    assert_eq!(order, ["1", "2", "3", "4"]);
    // Repetitions have the number of what they repeat.
    let first = received.iter().filter(|one| one.text() == "1");
    assert!(
        first
            .into_iter()
            .all(|one| one.event_id() == received[0].event_id())
    );
    until(|| waiting(&again, false).is_empty().then_some(()));
    again.stop();
}

#[test]
fn an_attempt_that_is_cut_off_by_the_end_of_the_server_is_made_again() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "cut_off", &handler.url());
    handler.reacts(Reaction::Hang);
    put(&server.running, bot, EVENT, &["1", "2"]);
    handler.wait_for(1);
    server.running.stop();
    handler.reacts(Reaction::Status(200));
    let again = Running::start(&server.config, None).unwrap();
    let received = handler.wait_for(3);
    assert_eq!(texts(&received), ["1", "1", "2"]);
    assert_eq!(received[0].event_id(), received[1].event_id());
    again.stop();
}

#[test]
fn a_handler_that_never_answers_delays_no_other() {
    let (server, handler) = (server(), Handler::start());
    let stuck: Vec<_> = (0..6).map(|_| Handler::start()).collect();
    for (number, one) in stuck.iter().enumerate() {
        one.reacts(Reaction::Hang);
        let bot = register(&server, &format!("stuck_{number}"), &one.url());
        put(&server.running, bot, EVENT, &["1", "2"]);
        one.wait_for(1);
    }
    let bot = register(&server, "free", &handler.url());
    let numbers = ["1", "2", "3", "4", "5"];
    put(&server.running, bot, EVENT, &numbers);
    assert_eq!(texts(&handler.wait_for(5)), numbers);
    assert!(stuck.iter().all(|one| one.received().len() == 1));
}

#[test]
fn the_next_server_of_a_portal_goes_on_where_the_last_one_stopped() {
    let postgres = PostgresServer::start().expect("PostgreSQL");
    let server = start_with(|config| {
        quick(config);
        config.database_url = postgres.url();
        config.database_connections = 4;
    });
    let data = tempfile::tempdir().unwrap();
    let mut second = server.config.clone();
    second.data = data.path().join("data");
    let handlers: Vec<_> = (0..4).map(|_| Handler::start()).collect();
    let bots: Vec<_> = handlers
        .iter()
        .enumerate()
        .map(|(number, handler)| register(&server, &format!("shared_{number}"), &handler.url()))
        .collect();
    let numbers: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    let texts_of = |range: std::ops::Range<usize>| -> Vec<&str> {
        numbers[range].iter().map(String::as_str).collect()
    };
    for bot in &bots {
        put(&server.running, *bot, EVENT, &texts_of(0..20));
    }
    for handler in &handlers {
        handler.wait_for(20);
    }
    // What one server leaves behind the next one finds, wherever its data folder is.
    handlers[0].reacts(Reaction::Status(503));
    put(&server.running, bots[0], EVENT, &["left behind"]);
    handlers[0].wait_for(21);
    server.running.stop();
    let second = Running::start(&second, None).unwrap();
    for bot in &bots {
        put(&second, *bot, EVENT, &texts_of(20..40));
    }
    handlers[0].reacts(Reaction::Status(200));
    for handler in &handlers {
        let received =
            handler.wait_until(|received| received.last().is_some_and(|last| last.text() == "39"));
        let mut order = texts(&received);
        order.retain(|text| *text != "left behind");
        assert_eq!(order, numbers);
        assert!(handler.doubled().is_empty());
    }
    let received = handlers[0].received();
    let order = texts(&received);
    assert_eq!(
        (
            order[20],
            order.iter().rposition(|text| *text == "left behind")
        ),
        ("left behind", Some(order.len() - 21))
    );
    second.stop();
}

//! Handlers that fail, and what is done about it.

use super::*;

#[test]
fn a_handler_that_takes_too_long_is_tried_again() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_timeout = Span(Duration::from_millis(300));
    });
    let handler = Handler::start();
    let bot = register(&server, "slow", &handler.url());
    handler.reacts(Reaction::Hang);
    put(&server.running, bot, EVENT, &["1"]);
    handler.wait_for(2);
    let tried = until(|| attempts(&server.running).pop());
    assert_eq!((tried.status, tried.attempt), (0, 1));
    assert!(
        tried.error.starts_with("no answer within"),
        "{}",
        tried.error
    );
    // The body of an answer counts for nothing.
    handler.reacts(Reaction::Endless);
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    assert_eq!(attempts(&server.running)[0].status, 200);
}

#[test]
fn redirects_are_not_followed() {
    let (server, handler, other) = (server(), Handler::start(), Handler::start());
    let bot = register(&server, "redirected", &handler.url());
    handler.reacts(Reaction::Redirect(other.url()));
    put(&server.running, bot, EVENT, &["1"]);
    handler.wait_for(2);
    let tried = until(|| attempts(&server.running).pop());
    assert_eq!(
        (tried.status, tried.error.as_str()),
        (302, "redirects are not followed")
    );
    handler.reacts(Reaction::Status(200));
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    assert!(other.received().is_empty());
}

#[test]
fn with_one_attempt_the_lane_goes_on_after_a_failure() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_mode = DeliveryMode::Once;
    });
    let handler = Handler::start();
    let bot = register(&server, "once", &handler.url());
    handler.reacts(Reaction::Status(500));
    put(&server.running, bot, EVENT, &["1", "2"]);
    until(|| (waiting(&server.running, true).len() == 2).then_some(()));
    handler.reacts(Reaction::Status(200));
    put(&server.running, bot, EVENT, &["3"]);
    assert_eq!(texts(&handler.wait_for(3)), ["1", "2", "3"]);
    assert_eq!(
        attempts(&server.running)
            .iter()
            .filter(|tried| tried.status == 500)
            .count(),
        2
    );
}

#[test]
fn what_is_too_old_is_given_up_together_once_the_handler_has_failed_for_long() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_give_up = Span(Duration::from_millis(1_500));
    });
    let handler = Handler::start();
    let bot = register(&server, "too_old", &handler.url());
    handler.reacts(Reaction::Status(500));
    put(&server.running, bot, EVENT, &["1", "2", "3", "4", "5"]);
    let dead = until(|| Some(waiting(&server.running, true)).filter(|dead| dead.len() == 5));
    assert!(dead[0].attempts > 1, "{dead:#?}");
    assert!(dead[1..].iter().all(|dead| dead.attempts <= 1), "{dead:#?}");
    handler.reacts(Reaction::Status(200));
    put(&server.running, bot, EVENT, &["6"]);
    handler.wait_until(|received| received.last().is_some_and(|last| last.text() == "6"));
}

/// Runs the program for the portal of a server.
fn run(data: &Path, arguments: &[&str]) -> Output {
    program(data)
        .arg("delivery")
        .args(arguments)
        .output()
        .expect("the program")
}

fn printed(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_was_given_up_is_listed_explained_and_sent_again() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_give_up = Span::seconds(0);
    });
    let (handler, data) = (Handler::start(), &server.config.data);
    let bot = register(&server, "given_up", &handler.url());
    let other = register(&server, "other", &handler.url());
    handler.reacts(Reaction::Status(410));
    put(&server.running, bot, EVENT, &["1", "2"]);
    put(&server.running, other, EVENT, &["3"]);
    let dead = until(|| Some(waiting(&server.running, true)).filter(|dead| dead.len() == 3));

    assert_eq!(printed(&run(data, &["list"])).lines().count(), 1);
    let listed = printed(&run(data, &["list", "--dead"]));
    assert_eq!(listed.lines().count(), 4, "{listed}");
    assert!(
        listed.contains("given up") && listed.contains(&handler.url()),
        "{listed}"
    );
    let listed = printed(&run(data, &["list", "--dead", "--bot", &other.to_string()]));
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let first = dead[0].id.to_string();
    let log = printed(&run(data, &["log", &first]));
    assert!(
        log.contains("410 Gone") && log.lines().count() == 2,
        "{log}"
    );
    let log = printed(&run(data, &["log", "--bot", &bot.to_string()]));
    assert_eq!(log.lines().count(), 3, "{log}");
    for refused in [["log", "123456"], ["replay", "123456"]] {
        let output = run(data, &refused);
        assert_eq!(output.status.code(), Some(1), "{refused:?}");
    }

    handler.reacts(Reaction::Status(200));
    assert_eq!(
        printed(&run(data, &["replay", &first])).trim(),
        "1 events will be sent again"
    );
    let received = handler.wait_for(4);
    assert_eq!(received[3].event_id(), first);
    let all = printed(&run(
        data,
        &["replay", "--all", "--bot", &other.to_string()],
    ));
    assert_eq!(all.trim(), "1 events will be sent again");
    assert_eq!(handler.wait_for(5)[4].text(), "3");
    assert_eq!(
        printed(&run(data, &["replay", "--all"])).trim(),
        "1 events will be sent again"
    );
    assert_eq!(handler.wait_for(6)[5].text(), "2");
    until(|| waiting(&server.running, true).is_empty().then_some(()));
}

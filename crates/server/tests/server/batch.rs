//! `batch`, as request and answer.

use serde_json::{Value, json};

use crate::portal::{TestServer, nothing, start};

/// Runs a batch as user 1; the five maps, where times are told by their keys alone.
fn run(server: &TestServer, params: &Value) -> Value {
    let answer = server.call(1, "batch", params);
    let json = answer.json();
    assert!(
        json.get("total").is_none() && json["time"]["operating"] == 0.0,
        "{json}"
    );
    let mut result = answer.result();
    let keys: Vec<_> = result.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "result",
            "result_error",
            "result_total",
            "result_next",
            "result_time"
        ]
    );
    let times = match &result["result_time"] {
        Value::Object(times) => times.clone(),
        Value::Array(times) => times
            .iter()
            .enumerate()
            .map(|(at, time)| (at.to_string(), time.clone()))
            .collect(),
        other => panic!("{other}"),
    };
    for time in times.values() {
        assert_eq!(time.as_object().unwrap().len(), 8, "{time}");
    }
    result["result_time"] = times.keys().cloned().collect::<Vec<_>>().into();
    result
}

fn not_found() -> Value {
    json!({ "error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!" })
}

const REVISION: &str = "im.revision.get";

fn revision(server: &TestServer) -> Value {
    server.call(1, REVISION, &nothing()).result()
}

#[test]
fn no_commands_are_five_empty_lists() {
    let server = start();
    let empty = json!({ "result": [], "result_error": [], "result_total": [], "result_next": [], "result_time": [] });
    for params in [
        json!({}),
        json!({ "cmd": {} }),
        json!({ "cmd": [] }),
        json!({ "cmd": null, "halt": 1 }),
    ] {
        assert_eq!(run(&server, &params), empty, "{params}");
    }
}

#[test]
fn keys_stand_in_the_order_of_the_commands() {
    let server = start();
    let revision = revision(&server);
    let cmd = json!({ "zeta": "user.admin", "alpha": REVISION, "10": "user.get?FILTER[ID]=2&select[]=ID", "9": "no.such" });
    let expected = json!({
        "result": { "zeta": true, "alpha": revision, "10": [{ "ID": "2" }] },
        "result_error": { "9": not_found() },
        "result_total": { "10": 1 },
        "result_next": [],
        "result_time": ["zeta", "alpha", "10", "9"],
    });
    let answer = run(&server, &json!({ "cmd": cmd }));
    assert_eq!(answer.to_string(), expected.to_string());
}

#[test]
fn lists_are_answered_as_lists_as_long_as_no_entry_is_missing() {
    let server = start();
    let answer = run(&server, &json!({ "cmd": ["user.admin", "user.admin?"] }));
    assert_eq!(answer["result"], json!([true, true]));
    let answer = run(
        &server,
        &json!({ "cmd": ["no.such", "user.admin", "user.get&", "user.get"] }),
    );
    assert_eq!(answer["result"]["1"], true);
    assert_eq!(answer["result_error"]["0"], not_found());
    assert_eq!(answer["result_error"]["2"], not_found());
    assert_eq!(answer["result_total"], json!({ "3": 6 }));
    let answer = run(
        &server,
        &json!({ "cmd": { "0": "user.admin", "1": "user.admin" } }),
    );
    assert_eq!(answer["result"], json!([true, true]));
    let answer = run(
        &server,
        &json!({ "cmd": { "1": "user.admin", "2": "user.admin" } }),
    );
    assert_eq!(answer["result"], json!({ "1": true, "2": true }));
}

#[test]
fn halt_stops_at_the_first_failure_and_nothing_else_does() {
    let server = start();
    let cmd = json!({ "a": "user.admin", "b": "im.dialog.unread?DIALOG_ID=1", "c": "user.admin" });
    for halt in [json!(1), json!(true), json!("1"), json!("Y"), json!("true")] {
        let answer = run(&server, &json!({ "cmd": cmd, "halt": halt }));
        assert_eq!(answer["result"], json!({ "a": true }), "{halt}");
        assert_eq!(answer["result_error"]["b"]["error"], "MESSAGE_ID_ERROR");
        assert_eq!(answer["result_time"], json!(["a", "b"]));
    }
    for halt in [
        json!(0),
        json!(false),
        json!("0"),
        json!("False"),
        json!(null),
    ] {
        let answer = run(&server, &json!({ "cmd": cmd, "halt": halt }));
        assert_eq!(answer["result"], json!({ "a": true, "c": true }), "{halt}");
    }
}

#[test]
fn references_bring_in_earlier_results() {
    let server = start();
    let cmd = json!({
        "all": "user.get?order[ID]=ASC",
        "one": "user.get?FILTER[ID]=$result[all][2][ID]&select[]=ID",
        "encoded": "user.get?FILTER%5BID%5D=%24result%5Ball%5D%5B3%5D%5BID%5D&select%5B%5D=ID",
        "dialog": "im.dialog.get?DIALOG_ID=chat$result[number]",
        "missing": "user.get?FILTER[ID]=$result[all][49][ID]&select[]=ID",
        "later": "im.dialog.get?DIALOG_ID=$result[nothing]",
    });
    let answer = run(&server, &json!({ "cmd": cmd }));
    assert_eq!(answer["result"]["one"], json!([{ "ID": "3" }]));
    assert_eq!(answer["result"]["encoded"], json!([{ "ID": "4" }]));
    // What does not resolve stays as it is, and fails nothing but its own command.
    assert!(answer["result"]["missing"].is_array(), "{answer}");
    assert_eq!(answer["result_error"]["later"]["error"], "DIALOG_ID_EMPTY");
    assert_eq!(answer["result_error"]["dialog"]["error"], "DIALOG_ID_EMPTY");

    let cmd = json!({ "send": "im.message.add?DIALOG_ID=chat1&MESSAGE=one+%26+two", "read": "im.dialog.read?DIALOG_ID=chat1&MESSAGE_ID=$result[send]" });
    let answer = run(&server, &json!({ "cmd": cmd }));
    assert_eq!(answer["result"]["read"]["lastId"], answer["result"]["send"]);
}

#[test]
fn fifty_commands_run_and_each_further_one_is_refused() {
    let server = start();
    let answer = run(&server, &json!({ "cmd": vec!["user.admin"; 53] }));
    assert_eq!(answer["result"], json!(vec![true; 50]));
    let errors = answer["result_error"].as_object().unwrap();
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["50", "51", "52"]);
    for error in errors.values() {
        let expected = json!({ "error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded" });
        assert_eq!(error, &expected);
    }
    assert_eq!(answer["result_time"].as_array().unwrap().len(), 50);
}

#[test]
fn a_batch_in_a_batch_is_refused_in_every_spelling() {
    let server = start();
    let cmd = json!({ "a": "batch?cmd[x]=user.admin", "b": "BATCH", "c": "batch.json", "d": "user.admin" });
    let answer = run(&server, &json!({ "cmd": cmd }));
    for key in ["a", "b", "c"] {
        assert_eq!(
            answer["result_error"][key]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED",
            "{key}"
        );
    }
    assert_eq!(answer["result"], json!({ "d": true }));
}

#[test]
fn commands_come_as_objects_and_forms_too() {
    let server = start();
    let cmd = json!({ "a": { "method": "user.get", "params": { "FILTER": { "ID": 2 }, "select": ["ID"] } }, "b": ["user.admin", {}], "c": 7 });
    let answer = run(&server, &json!({ "cmd": cmd }));
    assert_eq!(answer["result"], json!({ "a": [{ "ID": "2" }], "b": true }));
    assert_eq!(answer["result_error"]["c"]["error"], "INVALID_REQUEST");

    let target = server.path(1, "batch.json?halt=0&cmd%5Bme%5D=user.get%3FFILTER%255BID%255D%3D3%26select%255B%255D%3DID&cmd[two]=user.admin");
    let answer = server.get(&target).result();
    assert_eq!(
        answer["result"],
        json!({ "me": [{ "ID": "3" }], "two": true })
    );
}

#[test]
fn the_caller_of_the_batch_calls_whatever_a_command_says() {
    let server = start();
    let answer = run(
        &server,
        &json!({ "cmd": { "me": "profile?auth=other" }, "auth": "another" }),
    );
    assert_eq!(answer["result"]["me"]["ID"], "1");
}

#[test]
fn a_batch_that_cannot_be_read_is_refused_as_a_whole() {
    let server = start();
    let answer = server.call(1, "batch", &json!({ "cmd": "profile" }));
    assert_eq!(answer.error(), (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(
        server
            .post("/rest/batch", &json!({ "cmd": ["profile"] }))
            .error()
            .0,
        401
    );
}

#[test]
fn every_command_counts_for_the_time_of_its_own_method() {
    let server = start();
    let answer = server
        .call(
            1,
            "batch",
            &json!({ "cmd": ["profile", "profile", "user.admin"] }),
        )
        .result();
    let time = |at: usize, name: &str| answer["result_time"][at][name].as_f64().unwrap();
    let operating = |at: usize| time(at, "operating");
    assert!(operating(1) > operating(0), "{answer}");
    // The first call of a method has used nothing but its own time.
    for first in [0, 2] {
        let used = operating(first);
        assert!(used > 0.0 && used <= time(first, "processing"), "{answer}");
    }
}

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn parse(params: Value) -> Result<Batch, WireError> {
    Batch::parse(
        &Params::new(params.as_object().cloned().unwrap()),
        &Limits::DEFAULT,
    )
}

fn commands_of(cmd: Value) -> Vec<(String, Command)> {
    parse(json!({ "cmd": cmd })).unwrap().commands
}

/// The only command's method and parameters.
fn only(command: Value) -> (String, Value) {
    match commands_of(json!({ "c": command })).remove(0).1 {
        Command::Call { method, params, .. } => (method, Value::Object(params)),
        other => panic!("{other:?}"),
    }
}

fn keys(commands: &[(String, Command)]) -> Vec<&str> {
    commands.iter().map(|(key, _)| key.as_str()).collect()
}

#[test]
fn a_map_keeps_its_keys_and_their_order() {
    let commands = commands_of(json!({ "req_1": "profile", "a": "scope", "0": "server.time" }));
    assert_eq!(keys(&commands), ["req_1", "a", "0"]);
}

#[test]
fn a_list_has_its_indices_as_keys() {
    assert_eq!(keys(&commands_of(json!(["profile", "scope"]))), ["0", "1"]);
}

#[test]
fn commands_from_a_form_or_a_query_are_the_same() {
    let query = "halt=1&cmd[b]=user.get%3FID%3D5%26select%255B0%255D%3DID&cmd[a]=profile";
    let params = Params::new(php::decode(query.as_bytes(), &Limits::DEFAULT).unwrap());
    let batch = Batch::parse(&params, &Limits::DEFAULT).unwrap();
    assert!(batch.halt);
    assert_eq!(keys(&batch.commands), ["b", "a"]);
    let Command::Call { method, params, .. } = &batch.commands[0].1 else {
        panic!("a call is expected")
    };
    assert_eq!(method, "user.get");
    assert_eq!(json!(params), json!({ "ID": "5", "select": ["ID"] }));
}

#[test]
fn cmd_may_be_json_in_a_text() {
    assert_eq!(
        keys(&commands_of(json!(r#"{"z":"profile","a":"scope"}"#))),
        ["z", "a"]
    );
}

#[test]
fn no_commands_are_written_in_many_ways() {
    for params in [
        json!({}),
        json!({ "cmd": null }),
        json!({ "cmd": "" }),
        json!({ "cmd": [] }),
        json!({ "cmd": {} }),
        json!({ "cmd": [""] }),
    ] {
        assert_eq!(parse(params.clone()).unwrap().commands, [], "{params}");
    }
    for cmd in [json!("profile"), json!(7), json!(true)] {
        assert!(
            matches!(parse(json!({ "cmd": cmd })), Err(WireError::Malformed(_))),
            "{cmd}"
        );
    }
}

#[test]
fn halt_is_off_unless_it_is_true() {
    for halt in [json!(true), json!(1), json!("1"), json!("Y"), json!("true")] {
        assert!(parse(json!({ "halt": halt })).unwrap().halt, "{halt}");
    }
    for halt in [
        json!(false),
        json!(0),
        json!("0"),
        json!(null),
        json!(""),
        json!("N"),
    ] {
        assert!(!parse(json!({ "halt": halt })).unwrap().halt, "{halt}");
    }
    assert!(!parse(json!({})).unwrap().halt);
}

#[test]
fn a_query_may_be_empty_or_missing() {
    for command in [
        "profile",
        "profile?",
        " profile.json ",
        "profile.JSON?",
        "profile?&",
    ] {
        assert_eq!(
            only(json!(command)),
            ("profile".to_owned(), json!({})),
            "{command}"
        );
    }
    assert_eq!(only(json!("")), (String::new(), json!({})));
    assert_eq!(only(json!("é.json")), ("é".to_owned(), json!({})));
}

#[test]
fn queries_are_decoded_once_and_references_are_left() {
    assert_eq!(
        only(json!(
            "im.message.add?MESSAGE=a%3Fb%2526&DIALOG_ID=$result[c][0]&X=%24result%5Bc%5D"
        )),
        (
            "im.message.add".to_owned(),
            json!({ "MESSAGE": "a?b%26", "DIALOG_ID": "$result[c][0]", "X": "$result[c]" })
        )
    );
}

#[test]
fn commands_may_be_objects_or_pairs() {
    let expected = ("user.get".to_owned(), json!({ "ID": 5 }));
    assert_eq!(
        only(json!({ "method": "user.get", "params": { "ID": 5 } })),
        expected
    );
    assert_eq!(only(json!(["user.get", { "ID": 5 }])), expected);
    let from_text = ("user.get".to_owned(), json!({ "ID": "5" }));
    assert_eq!(
        only(json!({ "METHOD": "user.get.json", "PARAMS": "ID=5" })),
        from_text
    );
    let none = ("user.get".to_owned(), json!({}));
    for command in [
        json!({ "method": "user.get" }),
        json!({ "method": "user.get", "params": [] }),
        json!({ "method": "user.get", "params": null }),
        json!(["user.get"]),
    ] {
        assert_eq!(only(command.clone()), none, "{command}");
    }
    assert_eq!(
        only(json!(["m", ["x"]])),
        ("m".to_owned(), json!({ "0": "x" }))
    );
}

#[test]
fn a_wrong_command_does_not_spoil_the_others() {
    let deep = format!("m?a{}=1", "[b]".repeat(40));
    let commands =
        commands_of(json!([7, null, {}, [], [1], { "method": "m", "params": 3 }, deep, "profile"]));
    let malformed: Vec<_> = commands
        .iter()
        .map(|(_, command)| matches!(command, Command::Malformed(_)))
        .collect();
    assert_eq!(malformed, [true, true, true, true, true, true, true, false]);
    assert_eq!(commands[6].1, Command::Malformed(WireError::TooDeep(32)));
}

#[test]
fn the_51st_command_is_over_length() {
    let commands = commands_of(json!(vec!["profile"; 52]));
    assert_eq!(commands.len(), 52);
    assert!(matches!(commands[49].1, Command::Call { .. }));
    assert_eq!(commands[50], ("50".to_owned(), Command::OverLength));
    assert_eq!(commands[51], ("51".to_owned(), Command::OverLength));
}

#[test]
fn there_is_an_end_to_commands_that_are_over_length() {
    assert_eq!(
        parse(json!({ "cmd": vec!["m"; 10_001] })),
        Err(WireError::TooManyParameters(10_000))
    );
}

#[test]
fn debug_shows_no_values() {
    let batch = parse(json!({ "cmd": { "a": "imbot.v2.Bot.list?botToken=very-secret" } })).unwrap();
    let shown = format!("{batch:?}");
    assert!(
        shown.contains("botToken") && !shown.contains("very-secret"),
        "{shown}"
    );
}

fn shaped(keys: &[&str]) -> String {
    shape(
        keys.iter()
            .map(|key| ((*key).to_owned(), json!(key)))
            .collect(),
    )
    .to_string()
}

#[test]
fn answers_are_lists_only_with_all_indices_in_order() {
    assert_eq!(shaped(&[]), "[]");
    assert_eq!(shaped(&["0", "1"]), r#"["0","1"]"#);
    assert_eq!(shaped(&["2"]), r#"{"2":"2"}"#);
    assert_eq!(shaped(&["1", "0"]), r#"{"1":"1","0":"0"}"#);
    assert_eq!(shaped(&["1", "2", "3"]), r#"{"1":"1","2":"2","3":"3"}"#);
    assert_eq!(shaped(&["0", "2"]), r#"{"0":"0","2":"2"}"#);
    assert_eq!(shaped(&["0", "01"]), r#"{"0":"0","01":"01"}"#);
    assert_eq!(
        shaped(&["req_1", "req_0"]),
        r#"{"req_1":"req_1","req_0":"req_0"}"#
    );
}

proptest! {
    #[test]
    fn any_texts_are_commands(texts in prop::collection::vec(".*", 0..4)) {
        let batch = parse(json!({ "cmd": texts })).unwrap();
        let empty = texts.len() == 1 && texts[0].is_empty();
        prop_assert_eq!(batch.commands.len(), if empty { 0 } else { texts.len() });
    }
}

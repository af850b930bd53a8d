use proptest::prelude::*;
use readmark_model::UserId;
use serde_json::json;

use super::*;

fn keyboard(given: Option<&Value>, bot: Option<UserId>) -> Result<Change, ContentError> {
    sent(&Buttons::keyboard(given)?, bot)
}

fn menu(given: Option<&Value>, bot: Option<UserId>) -> Result<Change, ContentError> {
    sent(&Buttons::menu(given)?, bot)
}

fn sent(buttons: &Buttons, bot: Option<UserId>) -> Result<Change, ContentError> {
    match bot {
        Some(bot) => buttons.sent_by(bot),
        None => Ok(buttons.sent_by_user()),
    }
}

fn set(change: Result<Change, ContentError>) -> Value {
    match change {
        Ok(Change::Set(document)) => serde_json::from_str(document.as_str()).unwrap(),
        other => panic!("nothing is set: {other:?}"),
    }
}

#[test]
fn what_is_not_given_changes_nothing() {
    for given in [None, Some(&Value::Null)] {
        assert_eq!(attach(given), Ok(Change::Keep));
        assert_eq!(keyboard(given, None), Ok(Change::Keep));
        assert_eq!(menu(given, None), Ok(Change::Keep));
    }
}

#[test]
fn no_and_empty_remove() {
    for given in [
        json!("N"),
        json!("n"),
        json!(""),
        json!(" "),
        json!(false),
        json!("false"),
        json!(0),
        json!([]),
        json!({}),
        json!([""]),
        json!("[]"),
        json!("{}"),
        json!("null"),
        json!("\"N\""),
    ] {
        assert_eq!(attach(Some(&given)), Ok(Change::Remove), "{given}");
        assert_eq!(keyboard(Some(&given), None), Ok(Change::Remove), "{given}");
        assert_eq!(menu(Some(&given), None), Ok(Change::Remove), "{given}");
    }
    assert_eq!(attach(Some(&json!({"BLOCKS": []}))), Ok(Change::Remove));
    assert_eq!(
        keyboard(Some(&json!({"BUTTONS": ""})), None),
        Ok(Change::Remove)
    );
    assert_eq!(menu(Some(&json!({"ITEMS": {}})), None), Ok(Change::Remove));
}

#[test]
fn a_json_string_is_the_same_as_its_content() {
    let blocks = json!([{"MESSAGE": "Release 2 \u{1f680}"}]);
    let buttons = json!({"BUTTONS": [{"TEXT": "Go", "LINK": "/go"}]});
    let in_string = |value: &Value| Value::String(value.to_string());
    assert_eq!(attach(Some(&in_string(&blocks))), attach(Some(&blocks)));
    assert_eq!(
        keyboard(Some(&in_string(&buttons)), None),
        keyboard(Some(&buttons), None)
    );
}

#[test]
fn the_short_form_is_the_same_as_the_full_one() {
    let list = json!([{"TEXT": "Go", "LINK": "/go"}]);
    let short = set(keyboard(Some(&list), None));
    assert_eq!(set(keyboard(Some(&json!({"BUTTONS": list})), None)), short);
    let short = set(menu(Some(&list), None));
    assert_eq!(set(menu(Some(&json!({"items": list})), None)), short);
}

#[test]
fn what_is_no_object_is_refused_with_the_error_of_its_parameter() {
    for given in [
        json!("hello"),
        json!("{broken"),
        json!(5),
        json!(true),
        json!("Y"),
        json!([[]]),
        json!(["text"]),
        json!({"OTHER": []}),
        json!("\"[]\""),
    ] {
        assert_eq!(attach(Some(&given)), Err(ContentError::Attach), "{given}");
        assert_eq!(
            keyboard(Some(&given), None),
            Err(ContentError::Keyboard),
            "{given}"
        );
        assert_eq!(menu(Some(&given), None), Err(ContentError::Menu), "{given}");
    }
}

#[test]
fn one_wrong_part_refuses_the_whole() {
    let given = json!([{"MESSAGE": "fine"}, {"LINK": {"LINK": "javascript:x"}}]);
    assert_eq!(attach(Some(&given)), Err(ContentError::Attach));
}

#[test]
fn size_is_counted_in_characters_of_the_stored_json() {
    let around = set(attach(Some(&json!([{"MESSAGE": "x"}]))))
        .to_string()
        .chars()
        .count()
        - 1;
    let longest = "щ".repeat(MAX_CHARS - around);
    let stored = set(attach(Some(&json!([{"MESSAGE": longest}]))));
    assert_eq!(stored.to_string().chars().count(), MAX_CHARS);
    assert_eq!(set(attach(Some(&stored))), stored);
    let longer = json!([{"MESSAGE": longest + "щ"}]);
    assert_eq!(attach(Some(&longer)), Err(ContentError::AttachOversize));
}

#[test]
fn what_would_be_dropped_counts_too() {
    let button = json!({"TEXT": "Go", "LINK": "/go", "COMMENT": "x".repeat(MAX_CHARS)});
    let given = json!([button]);
    assert_eq!(
        keyboard(Some(&given), None),
        Err(ContentError::KeyboardOversize)
    );
    assert_eq!(menu(Some(&given), None), Err(ContentError::MenuOversize));
}

#[test]
fn endless_nesting_is_refused() {
    let mut given = json!([]);
    for _ in 0..100 {
        given = json!([given]);
    }
    let dropped = json!([{"TEXT": "Go", "LINK": "/go", "COMMENT": given}]);
    assert_eq!(keyboard(Some(&dropped), None), Err(ContentError::Keyboard));
    let text = Value::String("[".repeat(100_000));
    assert_eq!(attach(Some(&text)), Err(ContentError::Attach));
}

/// Names and values that make an object more likely to be nearly right.
fn any_json() -> impl Strategy<Value = Value> {
    let words = "TEXT|LINK|COMMAND|NEWLINE|ROW|ALL|Y|N|/a|https://a\\.b|javascript:a|chat5|#fff|5|-1||base|primary";
    let names = "TEXT|LINK|COMMAND|TYPE|DISPLAY|MESSAGE|GRID|DELIMITER|USER|IMAGE|FILE|NAME|VALUE|BLOCKS|BUTTONS|ITEMS\
                 |text|bot_id|WIDTH|SIZE|HTML|ID|COLOR|0|1|[a-z]{0,3}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((names, inner.clone()), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            inner.prop_map(|value| Value::String(value.to_string())),
        ]
    })
}

/// Text of every kind, and now and then something else.
fn any_text() -> impl Strategy<Value = Value> {
    let text =
        "[a-z<>&\"'/\\\\:\0 ]{0,12}|/[a-z]{1,3}|https?://[a-z/]{1,5}|javascript:a|-?[0-9]{1,3}";
    prop_oneof![9 => text.prop_map(Value::from), 1 => any_json()]
}

/// A valid block, button and item, but for some of its values.
fn nearly_valid() -> impl Strategy<Value = Value> {
    (any_text(), any_text(), any_text()).prop_map(|(a, b, c)| {
        json!({
            "BLOCKS": [{"GRID": [{"DISPLAY": "ROW", "NAME": "n", "VALUE": a}]}, {"LINK": {"LINK": c, "HTML": b}}],
            "BUTTONS": [{"TEXT": a, "LINK": c, "WIDTH": b}, {"TEXT": "t", "COMMAND": c}],
            "ITEMS": [{"TEXT": a, "ACTION": "PUT", "ACTION_VALUE": c, "DISABLED": b}],
            "ID": a, "BOT_ID": b, "DESCRIPTION": c,
        })
    })
}

/// No string under a name that clients follow leads anywhere but to the web or the portal.
fn links_are_safe(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(links_are_safe),
        Value::Object(map) => map
            .iter()
            .all(|(name, value)| match (name.as_str(), value) {
                ("LINK" | "PREVIEW" | "AVATAR", Value::String(link)) => {
                    link.starts_with('/') || link.to_lowercase().starts_with("http")
                }
                _ => links_are_safe(value),
            }),
        _ => true,
    }
}

proptest! {
    #[test]
    fn any_json_is_refused_or_has_one_stable_canonical_form(
        given in prop_oneof![any_json(), nearly_valid()], bot in proptest::option::of(1_i64..9),
    ) {
        let bot = bot.map(UserId);
        let read = |value: &Value, name: &str| match name {
            "ATTACH" => attach(Some(value)),
            "KEYBOARD" => keyboard(Some(value), bot),
            _ => menu(Some(value), bot),
        };
        for name in ["ATTACH", "KEYBOARD", "MENU"] {
            if let Ok(Change::Set(document)) = read(&given, name) {
                prop_assert!(document.as_str().chars().count() <= MAX_CHARS);
                let stored: Value = serde_json::from_str(document.as_str()).unwrap();
                prop_assert!(stored.as_array().is_some_and(|items| !items.is_empty()));
                prop_assert!(links_are_safe(&stored), "{stored}");
                prop_assert_eq!(read(&stored, name), Ok(Change::Set(document)));
            }
        }
    }
}

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn int(value: Value) -> IntField {
    Field::from(&value).as_int()
}

fn ids(value: Value) -> Option<Vec<i64>> {
    let list = Field::from(&value).as_id_list()?;
    assert_eq!(list.malformed, 0, "{value}");
    Some(list.ids)
}

#[test]
fn missing_null_and_empty_text_are_absent() {
    assert!(Field::new(None).is_absent());
    assert!(Field::from(&json!(null)).is_absent());
    assert!(Field::from(&json!("")).is_absent());
    for given in [
        json!(0),
        json!(false),
        json!([]),
        json!({}),
        json!(" "),
        json!("0"),
    ] {
        assert!(!Field::from(&given).is_absent(), "{given}");
    }
}

#[test]
fn text_is_what_php_prints() {
    let text = |value: &Value| Field::from(value).as_text().map(Cow::into_owned);
    assert_eq!(text(&json!("chat9")).as_deref(), Some("chat9"));
    assert_eq!(text(&json!("")).as_deref(), Some(""));
    assert_eq!(text(&json!(12)).as_deref(), Some("12"));
    assert_eq!(text(&json!(true)).as_deref(), Some("1"));
    assert_eq!(text(&json!(false)).as_deref(), Some(""));
    assert_eq!(text(&json!(null)), None);
    assert_eq!(text(&json!(["a"])), None);
    assert_eq!(Field::new(None).as_text(), None);
}

#[test]
fn a_text_is_borrowed() {
    let value = json!("no copy");
    assert!(matches!(
        Field::from(&value).as_text(),
        Some(Cow::Borrowed(_))
    ));
}

#[test]
fn integers_come_as_numbers_and_as_texts() {
    for (value, expected) in [
        (json!(7), 7),
        (json!(-7), -7),
        (json!(7.0), 7),
        (json!("7"), 7),
        (json!(" 7\n"), 7),
        (json!("+7"), 7),
        (json!("-7"), -7),
        (json!("007"), 7),
        (json!("7.00"), 7),
        (json!(i64::MIN), i64::MIN),
        (json!("9223372036854775807"), i64::MAX),
        (json!(-9_223_372_036_854_775_808.0), i64::MIN),
    ] {
        assert_eq!(int(value.clone()), IntField::Valid(expected), "{value}");
    }
}

#[test]
fn what_is_no_whole_number_is_malformed() {
    for value in [
        json!(7.5),
        json!("7.5"),
        json!("7."),
        json!(".0"),
        json!("1e3"),
        json!("0x10"),
        json!("7 8"),
        json!("- 7"),
        json!("seven"),
        json!(" "),
        json!("+"),
        json!("9223372036854775808"),
        json!(u64::MAX),
        json!(9_223_372_036_854_775_808.0),
        json!(1e300),
        json!(true),
        json!(false),
        json!([7]),
        json!({}),
    ] {
        assert_eq!(int(value.clone()), IntField::Malformed, "{value}");
    }
}

#[test]
fn integers_may_be_absent() {
    assert_eq!(Field::new(None).as_int(), IntField::Absent);
    assert_eq!(int(json!(null)), IntField::Absent);
    assert_eq!(int(json!("")), IntField::Absent);
}

#[test]
fn booleans_come_in_every_spelling() {
    for value in [
        json!(true),
        json!("Y"),
        json!("y"),
        json!(1),
        json!("1"),
        json!("true"),
        json!("True"),
    ] {
        assert_eq!(Field::from(&value).as_bool(), Some(true), "{value}");
    }
    for value in [
        json!(false),
        json!("N"),
        json!("n"),
        json!(0),
        json!("0"),
        json!("false"),
        json!("False"),
        json!(""),
    ] {
        assert_eq!(Field::from(&value).as_bool(), Some(false), "{value}");
    }
    for value in [json!(null), json!(2), json!("yes"), json!([]), json!({})] {
        assert_eq!(Field::from(&value).as_bool(), None, "{value}");
    }
    assert_eq!(Field::new(None).as_bool(), None);
}

#[test]
fn id_lists_are_lists_maps_or_single_scalars() {
    assert_eq!(ids(json!([3, "5"])), Some(vec![3, 5]));
    assert_eq!(ids(json!({ "1": 3, "0": "5" })), Some(vec![3, 5]));
    assert_eq!(ids(json!(3)), Some(vec![3]));
    assert_eq!(ids(json!("3")), Some(vec![3]));
}

#[test]
fn empty_id_lists_are_not_absent_ones() {
    assert_eq!(ids(json!([])), Some(vec![]));
    assert_eq!(ids(json!([""])), Some(vec![]));
    assert_eq!(ids(json!({})), Some(vec![]));
    assert_eq!(ids(json!(["", null, 4])), Some(vec![4]));
    assert_eq!(ids(json!("[]")), Some(vec![]));
    assert_eq!(ids(json!("")), None);
    assert_eq!(ids(json!(null)), None);
    assert_eq!(Field::new(None).as_id_list(), None);
}

#[test]
fn texts_with_commas_or_of_json_are_lists() {
    assert_eq!(ids(json!("3, 5,,8")), Some(vec![3, 5, 8]));
    assert_eq!(ids(json!(" [3,\"5\"]")), Some(vec![3, 5]));
    assert_eq!(ids(json!("{\"0\":\"3\"}")), Some(vec![3]));
    let malformed = |text: &str| {
        let text = json!(text);
        Field::from(&text).as_id_list().unwrap().malformed
    };
    assert_eq!(malformed("[3"), 1);
    assert_eq!(malformed("$result[a]"), 1);
    assert_eq!(malformed("3;5"), 1);
}

#[test]
fn a_number_alone_is_not_written_as_a_list() {
    for list in [json!([3]), json!({"0": 3}), json!("3,5"), json!("[3]")] {
        assert!(Field::from(&list).is_list(), "{list}");
    }
    for alone in [json!(3), json!("3"), json!(""), json!(null), json!("[3")] {
        assert!(!Field::from(&alone).is_list(), "{alone}");
    }
}

#[test]
fn wrong_ids_are_counted_and_the_others_kept() {
    let value = json!([1, "x", [2], true, { "ID": 3 }, "4"]);
    let list = Field::from(&value).as_id_list().unwrap();
    assert_eq!(
        list,
        IdList {
            ids: vec![1, 4],
            malformed: 4
        }
    );
}

#[test]
fn lists_keep_their_items_as_they_came() {
    let value = json!(["a", "", null, { "b": 1 }]);
    let items: Vec<_> = Field::from(&value)
        .as_list()
        .unwrap()
        .into_iter()
        .filter_map(Field::raw)
        .collect();
    assert_eq!(
        items,
        [&json!("a"), &json!(""), &json!(null), &json!({ "b": 1 })]
    );
    assert_eq!(Field::from(&json!([""])).as_list(), Some(vec![]));
    assert_eq!(Field::from(&json!(false)).as_list().unwrap().len(), 1);
    assert_eq!(Field::from(&json!("")).as_list(), None);
}

#[test]
fn an_empty_list_is_an_empty_map() {
    for value in [json!({}), json!([]), json!([""])] {
        let members = Field::from(&value).as_map().unwrap();
        assert!(members.is_empty(), "{value}");
        assert!(members.named("0").is_absent());
        assert_eq!(members.iter().count(), 0);
    }
    for value in [json!(null), json!(""), json!("text"), json!([1]), json!(1)] {
        assert_eq!(Field::from(&value).as_map(), None, "{value}");
    }
}

#[test]
fn members_are_found_in_any_case_and_without_underscores() {
    let value = json!({ "NAME": "first", "lastId": 4, "name": "second" });
    let members = Field::from(&value).as_map().unwrap();
    assert_eq!(members.any_case("Name").raw(), Some(&json!("second")));
    assert_eq!(members.any_case("LASTID").raw(), Some(&json!(4)));
    assert_eq!(members.named("last_id").raw(), Some(&json!(4)));
    assert_eq!(members.named("NAME").raw(), Some(&json!("second")));
    assert_eq!(members.named("nAME").raw(), Some(&json!("second")));
    assert_eq!(members.named("_name").raw(), None);
    assert_eq!(members.named("lastid").raw(), Some(&json!(4)));
    assert_eq!(members.any_case("last_id").raw(), None);
    assert_eq!(
        members.iter().map(|(key, _)| key).collect::<Vec<_>>(),
        ["NAME", "lastId", "name"]
    );
}

#[test]
fn lists_and_maps_may_come_as_texts_that_hold_json() {
    let read = |value: &Value| match Field::from(value).as_json_or_text() {
        JsonOrText::Absent => "absent".to_owned(),
        JsonOrText::Json(json) => format!("json {json}"),
        JsonOrText::Text(text) => format!("text {text}"),
    };
    assert_eq!(read(&json!([{ "LINK": "x" }])), r#"json [{"LINK":"x"}]"#);
    assert_eq!(
        read(&json!(r#" [{"LINK":"x"}] "#)),
        r#"json [{"LINK":"x"}]"#
    );
    assert_eq!(read(&json!(r#"{"b":1,"a":2}"#)), r#"json {"b":1,"a":2}"#);
    assert_eq!(read(&json!("N")), "text N");
    assert_eq!(read(&json!("[b]bold[/b]")), "text [b]bold[/b]");
    assert_eq!(read(&json!(5)), "text 5");
    assert_eq!(read(&json!("")), "absent");
    assert_eq!(read(&json!(null)), "absent");
    let deep = "[".repeat(40) + &"]".repeat(40);
    assert_eq!(read(&json!(deep)), format!("text {deep}"));
}

proptest! {
    #[test]
    fn an_integer_is_the_same_in_every_spelling(number in any::<i32>()) {
        let number = i64::from(number);
        for value in [json!(number), json!(number as f64), json!(number.to_string()), json!(format!("\t{number} "))] {
            prop_assert_eq!(int(value), IntField::Valid(number));
        }
    }

    #[test]
    fn any_text_can_be_asked_for_everything(text in ".*") {
        let value = json!(text);
        let field = Field::from(&value);
        let list = field.as_id_list();
        prop_assert_eq!(list.is_none(), field.is_absent());
        prop_assert_eq!(field.as_int() == IntField::Absent, field.is_absent());
        prop_assert_eq!(field.as_map(), None);
        let read = field.as_text();
        prop_assert_eq!(read.as_deref(), Some(text.as_str()));
        prop_assert_eq!(field.as_json_or_text() == JsonOrText::Absent, field.is_absent());
    }
}

use std::fmt::Write;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(input: &str) -> Value {
    Value::Object(decode(input.as_bytes(), &Limits::DEFAULT).unwrap())
}

#[test]
fn brackets_nest() {
    assert_eq!(read("a[b][c]=v"), json!({ "a": { "b": { "c": "v" } } }));
    assert_eq!(
        read("a[b]=1&a[c]=2&d=3"),
        json!({ "a": { "b": "1", "c": "2" }, "d": "3" })
    );
}

#[test]
fn empty_brackets_append() {
    assert_eq!(read("a[]=x&a[]=y"), json!({ "a": ["x", "y"] }));
    assert_eq!(
        read("a[][b]=1&a[][b]=2"),
        json!({ "a": [{ "b": "1" }, { "b": "2" }] })
    );
    assert_eq!(
        read("a[5]=x&a[]=y&a[-9]=z&a[]=w"),
        json!({ "a": { "5": "x", "6": "y", "-9": "z", "7": "w" } })
    );
    assert_eq!(read("a[b]=x&a[]=y"), json!({ "a": { "b": "x", "0": "y" } }));
}

#[test]
fn nothing_comes_after_the_greatest_number() {
    let greatest = i64::MAX;
    let form = format!("a[{greatest}]=x&a[]=y");
    assert_eq!(read(&form)["a"][greatest.to_string()], "x");
    let beyond = "a[9223372036854775808]=x&a[]=y";
    assert_eq!(
        read(beyond),
        json!({ "a": { "9223372036854775808": "x", "0": "y" } })
    );
}

#[test]
fn consecutive_numbers_are_a_list() {
    assert_eq!(read("a[0]=x&a[1]=y"), json!({ "a": ["x", "y"] }));
    assert_eq!(
        read("a[0]=x&a[2]=y"),
        json!({ "a": { "0": "x", "2": "y" } })
    );
    assert_eq!(
        read("a[1]=x&a[0]=y").to_string(),
        r#"{"a":{"1":"x","0":"y"}}"#
    );
    assert_eq!(read("a[00]=x"), json!({ "a": { "00": "x" } }));
    assert_eq!(
        read("0=123&1[TEXT]=t"),
        json!({ "0": "123", "1": { "TEXT": "t" } })
    );
}

#[test]
fn names_and_values_are_percent_decoded() {
    assert_eq!(
        read("FILTER%5B%3E%3DID%5D=5"),
        json!({ "FILTER": { ">=ID": "5" } })
    );
    assert_eq!(
        read("FILTER[%3E%3DID]=5"),
        json!({ "FILTER": { ">=ID": "5" } })
    );
    assert_eq!(
        read("t=x+y%20z%2B%26%3D%C3%BC&a+b=1"),
        json!({ "t": "x y z+&=ü", "a b": "1" })
    );
    assert_eq!(read("ключ=знач"), json!({ "ключ": "знач" }));
}

#[test]
fn wrong_percent_sequences_stay_as_they_are() {
    assert_eq!(
        read("a=100%&b=%zz&c=%4&d=%%41"),
        json!({ "a": "100%", "b": "%zz", "c": "%4", "d": "%A" })
    );
}

#[test]
fn wrong_utf8_is_replaced() {
    assert_eq!(read("a=%ff!"), json!({ "a": "\u{fffd}!" }));
    let raw = decode(b"a=\xff!", &Limits::DEFAULT).unwrap();
    assert_eq!(raw["a"], "\u{fffd}!");
}

#[test]
fn a_name_alone_has_an_empty_value_and_a_value_alone_is_dropped() {
    assert_eq!(
        read("a&b=&=c&&[x]=1&d=e=f"),
        json!({ "a": "", "b": "", "[x]": "1", "d": "e=f" })
    );
    assert_eq!(read(""), json!({}));
}

#[test]
fn of_equal_names_the_later_value_wins_in_the_earlier_place() {
    assert_eq!(read("a=1&b=2&a=3").to_string(), r#"{"a":"3","b":"2"}"#);
    assert_eq!(
        read("a[x]=1&a[y]=2&a[x]=3").to_string(),
        r#"{"a":{"x":"3","y":"2"}}"#
    );
}

#[test]
fn plain_and_bracketed_values_of_one_name_replace_each_other() {
    assert_eq!(read("a=1&a[b]=2"), json!({ "a": { "b": "2" } }));
    assert_eq!(read("a[b]=2&a=1"), json!({ "a": "1" }));
    assert_eq!(
        read("a[b]=1&a[b][c]=2"),
        json!({ "a": { "b": { "c": "2" } } })
    );
}

#[test]
fn brackets_that_are_not_closed_belong_to_the_name() {
    assert_eq!(read("a[b=1"), json!({ "a[b": "1" }));
    assert_eq!(read("a]b=1"), json!({ "a]b": "1" }));
    assert_eq!(read("a[b]c[d]=1"), json!({ "a": { "b": "1" } }));
    assert_eq!(read("a[b][c=1"), json!({ "a": { "b": "1" } }));
    assert_eq!(read("a[b[c]=1"), json!({ "a": { "b[c": "1" } }));
}

#[test]
fn the_order_of_keys_is_kept() {
    assert_eq!(
        read("z=1&m[b]=2&a=3&m[a]=4").to_string(),
        r#"{"z":"1","m":{"b":"2","a":"4"},"a":"3"}"#
    );
}

#[test]
fn what_each_sdk_sends_in_batch_is_read() {
    // The Python SDK: brackets as they are, names and values quoted.
    assert_eq!(
        read("filter[%3CID]=113&USERS[0]=1&e[]=&n=&t=x+y&flag=True"),
        json!({ "filter": { "<ID": "113" }, "USERS": ["1"], "e": [""], "n": "", "t": "x y", "flag": "True" })
    );
    // The JavaScript SDK: everything encoded.
    assert_eq!(
        read("filter%5B%3EID%5D=1&arr%5B0%5D=a&n=&b=true&t=x%20y%26z%3D%C3%BC"),
        json!({ "filter": { ">ID": "1" }, "arr": ["a"], "n": "", "b": "true", "t": "x y&z=ü" })
    );
    // The PHP SDK: `http_build_query`.
    assert_eq!(
        read("UF_DEPARTMENT%5B0%5D=1&NAME=Ann+Lee&ACTIVE=1&HIDDEN=0"),
        json!({ "UF_DEPARTMENT": ["1"], "NAME": "Ann Lee", "ACTIVE": "1", "HIDDEN": "0" })
    );
    // fast_bitrix24: a trailing ampersand.
    assert_eq!(
        read("filter[%3EID]=0&order[ID]=ASC&start=50&"),
        json!({ "filter": { ">ID": "0" }, "order": { "ID": "ASC" }, "start": "50" })
    );
}

#[test]
fn pairs_and_depth_are_bounded() {
    let limits = Limits {
        depth: 3,
        pairs: 4,
        ..Limits::DEFAULT
    };
    assert!(decode(b"a=1&b=2&&c=3&d=4&", &limits).is_ok());
    assert_eq!(
        decode(b"a=1&a=2&a=3&a=4&a=5", &limits),
        Err(WireError::TooManyParameters(4))
    );
    assert!(decode(b"a[b][c]=1", &limits).is_ok());
    assert_eq!(decode(b"a[b][c][d]=1", &limits), Err(WireError::TooDeep(3)));
    let deep = format!("a{}=1", "[]".repeat(100_000));
    assert_eq!(
        decode(deep.as_bytes(), &Limits::DEFAULT),
        Err(WireError::TooDeep(32))
    );
}

/// Writes a value as `http_build_query` does, with every special character encoded.
fn encode(name: &str, value: &Value, form: &mut String) {
    let inner: Vec<(String, &Value)> = match value {
        Value::String(text) => {
            let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
            let _ = write!(form, "{}={}&", encoded(name), encoded(text));
            return;
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at.to_string(), item))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, item)| (key.clone(), item))
            .collect(),
        _ => panic!("forms know texts only"),
    };
    for (key, item) in inner {
        encode(&format!("{name}[{key}]"), item, form);
    }
}

/// What a form can express: texts, lists and maps that are not empty, keys without brackets.
fn sayable() -> impl Strategy<Value = Value> {
    let text = ".{0,6}".prop_map(Value::String);
    text.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Value::Array),
            prop::collection::vec(("[^\\[\\]]{0,4}x", inner), 1..5)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_again(members in prop::collection::vec(("[^\\[\\]]{1,6}", sayable()), 0..5)) {
        let map: Map<String, Value> = members.into_iter().collect();
        let mut form = String::new();
        for (name, value) in &map {
            encode(name, value, &mut form);
        }
        let read = decode(form.as_bytes(), &Limits::DEFAULT).unwrap();
        prop_assert_eq!(Value::Object(read).to_string(), Value::Object(map).to_string());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        let _ = decode(&bytes, &Limits::DEFAULT);
    }

    #[test]
    fn any_brackets_are_read_or_refused(form in "[ab01\\[\\]=&+%]{0,40}") {
        let _ = decode(form.as_bytes(), &Limits::DEFAULT);
    }
}

//! Forms as PHP's `http_build_query` writes them (sources: handlers).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Characters written as `%XX`, blanks aside: all but letters, digits and `-_.`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Appends `name=value` pairs to `out`, one for each scalar. Lists have their indexes as names, empty lists and maps are omitted,
/// `true` is 1, `false` is 0, and null is an empty text, as the vendor's page says.
///
/// ```
/// let mut out = String::new();
/// readmark_api::events::delivery::form::write(&mut out, "data", &serde_json::json!({ "a": ["x y", true], "b": {} }));
/// assert_eq!(out, "data%5Ba%5D%5B0%5D=x+y&data%5Ba%5D%5B1%5D=1");
/// ```
pub fn write(out: &mut String, name: &str, value: &Value) {
    let mut encoded = String::new();
    push(&mut encoded, name);
    write_under(out, &mut encoded, value);
}

fn write_under(out: &mut String, name: &mut String, value: &Value) {
    let scalar = match value {
        Value::Object(members) => {
            for (key, value) in members {
                write_member(out, name, key, value);
            }
            return;
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                write_member(out, name, &index.to_string(), value);
            }
            return;
        }
        Value::Null => "",
        Value::Bool(true) => "1",
        Value::Bool(false) => "0",
        Value::Number(number) => &number.to_string(),
        Value::String(text) => text,
    };
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(name);
    out.push('=');
    push(out, scalar);
}

fn write_member(out: &mut String, name: &mut String, key: &str, value: &Value) {
    let length = name.len();
    name.push_str("%5B");
    push(name, key);
    name.push_str("%5D");
    write_under(out, name, value);
    name.truncate(length);
}

fn push(out: &mut String, text: &str) {
    for (index, part) in text.split(' ').enumerate() {
        if index > 0 {
            out.push('+');
        }
        out.extend(utf8_percent_encode(part, ENCODED));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(value: &Value) -> String {
        let mut out = String::new();
        write(&mut out, "d", value);
        out
    }

    #[test]
    fn scalars_are_texts() {
        for (value, text) in [
            (json!(null), "d="),
            (json!(true), "d=1"),
            (json!(false), "d=0"),
            (json!(-7), "d=-7"),
            (json!(1.5), "d=1.5"),
            (json!(""), "d="),
            (json!("a b+c"), "d=a+b%2Bc"),
            (json!("-_.~"), "d=-_.%7E"),
            (json!("ü&=[]\n"), "d=%C3%BC%26%3D%5B%5D%0A"),
        ] {
            assert_eq!(form(&value), text);
        }
    }

    #[test]
    fn what_is_empty_leaves_no_trace() {
        assert_eq!(
            form(&json!({ "a": [], "b": {}, "c": { "d": [] }, "e": 1 })),
            "d%5Be%5D=1"
        );
        assert_eq!(form(&json!([])), "");
    }

    #[test]
    fn names_are_written_as_texts_are() {
        assert_eq!(
            form(&json!({ "a b": { "[x]": "y" }, "": 1 })),
            "d%5Ba+b%5D%5B%5Bx%5D%5D=y&d%5B%5D=1"
        );
    }

    #[test]
    fn what_is_written_is_read_back_as_texts() {
        let value = json!({ "d": { "list": [{ "a": "1" }, { "a": "ü €" }], "map": { "7": "x", "9": "" } } });
        let mut out = String::new();
        write(&mut out, "d", &value["d"]);
        let read = crate::wire::php::decode(out.as_bytes(), &crate::wire::Limits::DEFAULT).unwrap();
        assert_eq!(Value::Object(read), value);
    }
}

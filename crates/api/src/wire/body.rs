//! A request's parameters, from its query string and its body (sources: bodies).

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{Files, Limits, Params, WireError, json, multipart, php};

/// Reads the parameters of one request.
///
/// `query` is what follows the `?` in the URL, still encoded. Body parameters override query parameters of the same name. The body is
/// read by its `content_type`:
///
/// | type | read as |
/// |---|---|
/// | `application/json` | a map, or a list whose items become the parameters "0", "1"…; `null` is no parameters |
/// | `application/x-www-form-urlencoded` | a form, by the rules of PHP ([`php`]) |
/// | `multipart/form-data` | the same, where a file becomes `{"name": …, "type": …}`, and its content is kept as it is ([`Files`]) |
/// | none or another | JSON if it begins with `{` or `[` and is JSON, else a form |
///
/// A blank body has no parameters, whatever its type.
///
/// # Errors
/// [`WireError::Malformed`] for a body that does not match its type, [`WireError::TooDeep`], [`WireError::TooManyParameters`].
pub fn decode_request(
    query: &str,
    content_type: Option<&str>,
    body: &Bytes,
    limits: &Limits,
) -> Result<Params, WireError> {
    let query = php::decode(query.as_bytes(), limits)?;
    let (body, files) = decode_body(content_type.unwrap_or_default(), body, limits)?;
    Ok(Params::from_layers([query, body]).with_files(files))
}

fn decode_body(
    content_type: &str,
    body: &Bytes,
    limits: &Limits,
) -> Result<(Map<String, Value>, Files), WireError> {
    let Some(first) = body.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Ok((Map::new(), Files::default()));
    };
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let is = |other: &str| media_type.eq_ignore_ascii_case(other);
    if is("multipart/form-data") {
        return multipart::decode(content_type, body, limits);
    }
    let map = if is("application/json") {
        decode_json(body, limits)
    } else if is("application/x-www-form-urlencoded") {
        php::decode(body, limits)
    } else if matches!(first, b'{' | b'[') {
        match decode_json(body, limits) {
            Err(WireError::Malformed(_)) => php::decode(body, limits),
            read => read,
        }
    } else {
        php::decode(body, limits)
    };
    Ok((map?, Files::default()))
}

fn decode_json(body: &[u8], limits: &Limits) -> Result<Map<String, Value>, WireError> {
    let map = match json::parse(body, limits.depth)? {
        Value::Object(map) => map,
        Value::Array(items) => positional(items),
        Value::Null => Map::new(),
        _ => {
            return Err(WireError::malformed(
                "parameters are a JSON object or array",
            ));
        }
    };
    if map.len() > limits.pairs {
        return Err(WireError::TooManyParameters(limits.pairs));
    }
    Ok(map)
}

/// The items of a list under the names "0", "1"…
pub(super) fn positional(items: Vec<Value>) -> Map<String, Value> {
    let numbered = items.into_iter().enumerate();
    numbered.map(|(at, item)| (at.to_string(), item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const JSON: Option<&str> = Some("application/json");
    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

    fn read(query: &str, content_type: Option<&str>, body: &str) -> Result<Value, WireError> {
        let body = Bytes::copy_from_slice(body.as_bytes());
        let params = decode_request(query, content_type, &body, &Limits::DEFAULT)?;
        let entries = params
            .iter()
            .map(|(name, field)| (name.to_owned(), field.raw().unwrap().clone()));
        Ok(Value::Object(entries.collect()))
    }

    #[test]
    fn json_bodies_are_maps_or_lists() {
        for content_type in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/json;charset=UTF-8",
        ] {
            let body = r#"{"DIALOG_ID":"chat3","LIMIT":20}"#;
            assert_eq!(
                read("", Some(content_type), body).unwrap(),
                json!({ "DIALOG_ID": "chat3", "LIMIT": 20 })
            );
        }
        assert_eq!(
            read("", JSON, r#"[5,{"A":1}]"#).unwrap(),
            json!({ "0": 5, "1": { "A": 1 } })
        );
    }

    #[test]
    fn no_parameters_are_written_in_many_ways() {
        for body in ["", " \r\n", "{}", "[]", "null"] {
            assert_eq!(read("", JSON, body).unwrap(), json!({}), "{body:?}");
        }
        for body in ["", "&", "\n"] {
            assert_eq!(read("", FORM, body).unwrap(), json!({}), "{body:?}");
        }
        assert_eq!(
            read("", Some("multipart/form-data"), "").unwrap(),
            json!({})
        );
        assert_eq!(read("", None, "").unwrap(), json!({}));
    }

    #[test]
    fn malformed_json_is_an_error() {
        for body in [
            "{",
            "7",
            "\"text\"",
            "true",
            "{\"A\":1}}",
            "DIALOG_ID=chat3",
        ] {
            assert!(
                matches!(read("", JSON, body), Err(WireError::Malformed(_))),
                "{body:?}"
            );
        }
    }

    #[test]
    fn a_body_without_a_type_is_sniffed() {
        for content_type in [
            None,
            Some(""),
            Some("text/plain;charset=UTF-8"),
            Some("application/octet-stream"),
        ] {
            assert_eq!(
                read("", content_type, " {\"A\":1}").unwrap(),
                json!({ "A": 1 })
            );
            assert_eq!(read("", content_type, "[8]").unwrap(), json!({ "0": 8 }));
            assert_eq!(
                read("", content_type, "A=1&B[]=2").unwrap(),
                json!({ "A": "1", "B": ["2"] })
            );
            assert_eq!(
                read("", content_type, "[x=1").unwrap(),
                json!({ "[x": "1" })
            );
        }
    }

    #[test]
    fn a_form_is_a_form_even_if_it_looks_like_json() {
        assert_eq!(read("", FORM, "{A=1").unwrap(), json!({ "{A": "1" }));
    }

    #[test]
    fn the_body_wins_over_the_query_whatever_the_spelling() {
        let read = read("DIALOG_ID=chat1&LIMIT=5", JSON, r#"{"dialogId":"chat2"}"#).unwrap();
        assert_eq!(read, json!({ "LIMIT": "5", "dialogId": "chat2" }));
    }

    #[test]
    fn what_the_sdks_put_into_the_query_is_no_parameter() {
        let query = "bx24_request_id=0c1d&bx24_sdk_ver=2.1.0&bx24_sdk_type=b24-js-sdk";
        assert_eq!(read(query, JSON, "{}").unwrap(), json!({}));
    }

    #[test]
    fn the_order_of_keys_is_kept_at_every_level() {
        let body = r#"{"z":{"y":1,"b":2,"m":{"2":0,"1":0}},"a":1}"#;
        assert_eq!(read("", JSON, body).unwrap().to_string(), body);
    }

    #[test]
    fn depth_is_bounded_in_every_encoding() {
        let nested = |levels: usize| "{\"a\":".repeat(levels) + "1" + &"}".repeat(levels);
        assert!(read("", JSON, &nested(32)).is_ok());
        assert_eq!(read("", JSON, &nested(33)), Err(WireError::TooDeep(32)));
        assert_eq!(read("", None, &nested(33)), Err(WireError::TooDeep(32)));
        let brackets = |levels: usize| format!("a{}=1", "[a]".repeat(levels - 1));
        assert!(read("", FORM, &brackets(32)).is_ok());
        assert_eq!(read("", FORM, &brackets(33)), Err(WireError::TooDeep(32)));
        assert_eq!(read(&brackets(33), JSON, "{}"), Err(WireError::TooDeep(32)));
    }

    #[test]
    fn the_number_of_parameters_is_bounded_in_every_encoding() {
        let numbers: Vec<String> = (0..10_001).map(|at| at.to_string()).collect();
        let list = |count: usize| format!("[{}]", numbers[..count].join(","));
        assert!(read("", JSON, &list(10_000)).is_ok());
        for content_type in [JSON, None] {
            assert_eq!(
                read("", content_type, &list(10_001)),
                Err(WireError::TooManyParameters(10_000))
            );
        }
        let form = numbers.join("&");
        assert_eq!(
            read("", FORM, &form),
            Err(WireError::TooManyParameters(10_000))
        );
        assert_eq!(
            read(&form, JSON, "{}"),
            Err(WireError::TooManyParameters(10_000))
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(
            query in ".*",
            content_type in prop::option::of(prop::sample::select(vec![
                "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "x",
            ])),
            body in any::<Vec<u8>>(),
        ) {
            let _ = decode_request(&query, content_type, &body.into(), &Limits::DEFAULT);
        }

        #[test]
        fn a_json_body_is_read_as_it_was_written(names in prop::collection::btree_set("[a-z]{1,8}", 0..6), text in ".*") {
            let names = names.into_iter().filter(|name| name != "auth");
            let map: Map<_, _> = names.map(|name| (name, json!([{ "t": text }]))).collect();
            let value = Value::Object(map);
            prop_assert_eq!(read("", JSON, &value.to_string()).unwrap(), value);
        }
    }
}

//! JSON of bounded depth.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::WireError;

/// Parses one JSON value with lists and maps nested at most `depth` levels. Above 127 levels it is malformed.
///
/// `serde_json::Value` is not deserialised directly: with the crate's feature `raw_value` some keys get a special meaning, and JSON
/// within a string would be parsed, past every limit of depth.
///
/// # Errors
/// [`WireError::TooDeep`], else [`WireError::Malformed`] with the position of the error.
pub fn parse(input: &[u8], depth: usize) -> Result<Value, WireError> {
    let too_deep = Cell::new(false);
    let seed = Bounded {
        left: depth,
        too_deep: &too_deep,
    };
    let mut deserializer = serde_json::Deserializer::from_slice(input);
    seed.deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| {
            if too_deep.get() {
                WireError::TooDeep(depth)
            } else {
                WireError::malformed(format!("this is no JSON, {error}"))
            }
        })
}

/// Reads a value that may nest `left` more levels.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    left: usize,
    too_deep: &'a Cell<bool>,
}

impl Bounded<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left, ..self }),
            None => {
                self.too_deep.set(true);
                Err(E::custom("nested too deep"))
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::new();
        while let Some(key) = members.next_key()? {
            map.insert(key, members.next_value_seed(inner)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn reads_every_kind_of_value_and_keeps_the_order_of_keys() {
        let text = r#"{"z":[1,-2,2.5,true,false,null,"x\u00e9"],"a":{"c":{},"b":[]},"n":18446744073709551615}"#;
        assert_eq!(
            parse(text.as_bytes(), 32)
                .unwrap()
                .to_string()
                .replace('é', "\\u00e9"),
            text
        );
    }

    #[test]
    fn the_limit_of_depth_is_exact() {
        assert_eq!(parse(b"[[{}]]", 3).unwrap(), json!([[{}]]));
        assert_eq!(parse(b"[[{}]]", 2), Err(WireError::TooDeep(2)));
        assert_eq!(parse(b"7", 0).unwrap(), json!(7));
    }

    #[test]
    fn endless_nesting_is_too_deep() {
        let text = "[".repeat(1_000_000);
        assert_eq!(parse(text.as_bytes(), 32), Err(WireError::TooDeep(32)));
    }

    #[test]
    fn no_key_has_a_meaning_of_its_own() {
        let text = br#"{"$serde_json::private::RawValue":"[[[[1]]]]"}"#;
        assert_eq!(
            parse(text, 1).unwrap(),
            Value::Object(Map::from_iter([(
                "$serde_json::private::RawValue".to_owned(),
                json!("[[[[1]]]]")
            )]))
        );
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for text in [
            "",
            "{",
            "{\"a\":1",
            "[1] 2",
            "{'a':1}",
            "nul",
            "[1e999]",
            "\"\\ud800\"",
        ] {
            let error = parse(text.as_bytes(), 32).unwrap_err();
            assert!(matches!(error, WireError::Malformed(_)), "{text}: {error}");
        }
        assert!(parse(b"[\"\xff\"]", 32).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
            let read = parse(&bytes, 32).ok();
            prop_assert_eq!(read, serde_json::from_slice::<Value>(&bytes).ok());
        }
    }
}

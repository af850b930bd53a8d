//! Maps that are written as `[]` when empty.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// A map written as an object with its keys in insertion order or, as PHP does, as `[]` if it is empty.
///
/// Keys are texts or whole numbers, which are written as texts. They are not compared: a key added twice is written twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmptyAsList<K, V>(pub Vec<(K, V)>);

impl<K, V> Default for EmptyAsList<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> From<Vec<(K, V)>> for EmptyAsList<K, V> {
    fn from(entries: Vec<(K, V)>) -> Self {
        Self(entries)
    }
}

impl<K, V> FromIterator<(K, V)> for EmptyAsList<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl<K: Serialize, V: Serialize> Serialize for EmptyAsList<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() {
            return [(); 0].serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<K, V: JsonSchema> JsonSchema for EmptyAsList<K, V> {
    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", V::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("readmark_api::wire::EmptyAsList<{}>", V::schema_id()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "oneOf": [
                { "type": "object", "minProperties": 1, "additionalProperties": generator.subschema_for::<V>() },
                { "type": "array", "maxItems": 0 },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_map_is_a_list() {
        assert_eq!(
            serde_json::to_string(&EmptyAsList::<i64, i64>::default()).unwrap(),
            "[]"
        );
    }

    #[test]
    fn keys_are_texts_in_the_order_of_insertion() {
        let map: EmptyAsList<_, _> = [(30, 1), (4, 2)].into_iter().collect();
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"30":1,"4":2}"#);
        let quoted = EmptyAsList(vec![("a\"b", vec![true])]);
        assert_eq!(
            serde_json::to_string(&quoted).unwrap(),
            r#"{"a\"b":[true]}"#
        );
    }

    #[test]
    fn the_schema_knows_both_shapes() {
        let schema = SchemaGenerator::default().into_root_schema_for::<EmptyAsList<i64, i64>>();
        let shapes = schema
            .get("oneOf")
            .and_then(|shapes| shapes.as_array())
            .unwrap();
        assert_eq!(shapes[0]["type"], "object");
        assert_eq!(shapes[0]["additionalProperties"]["type"], "integer");
        assert_eq!(shapes[1]["type"], "array");
    }
}

//! References to the results of earlier commands of a batch (sources: batch).

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Limits, WireError, php, scalar};

/// Start of every reference.
const OPENING: &str = "$result[";

/// Charge for each value brought in, in bytes, in addition to its text.
const CHARGE: usize = 16;

/// Replaces the references in the values of `params`, at every depth, by values from `results`, the results of earlier commands by
/// their keys.
///
/// A reference is `$result[key][step]…`. A step is the key of an object or the index of a list. The params are already decoded, so it
/// does not matter how the reference was encoded.
///
/// - A text that is exactly one reference becomes the value itself, with its type.
/// - References within a longer text become text: scalars as PHP prints them (`true` is "1"; `false` and null are empty), lists and
///   objects as their JSON.
/// - A reference that cannot be resolved stays as it is, in both cases. So an id, number, flag or date made of one is refused, where an
///   empty text would have meant "all" or "myself".
/// - Keys are never replaced, nor are references in values brought in.
///
/// # Errors
/// [`WireError::TooMuchSubstituted`], or [`WireError::TooDeep`] if a value brought in makes the parameters too deep. Some references
/// may have been replaced by then.
pub fn resolve(
    params: &mut Map<String, Value>,
    results: &Map<String, Value>,
    limits: &Limits,
) -> Result<(), WireError> {
    let mut resolver = Resolver {
        results,
        limits,
        left: limits.substituted,
    };
    params
        .values_mut()
        .try_for_each(|value| resolver.value(value, limits.depth.saturating_sub(1)))
}

struct Resolver<'a> {
    results: &'a Map<String, Value>,
    limits: &'a Limits,
    /// The remaining budget for values brought in.
    left: usize,
}

impl<'a> Resolver<'a> {
    /// Replaces the references in `value`, which may have `depth` more levels.
    fn value(&mut self, value: &mut Value, depth: usize) -> Result<(), WireError> {
        let inner = depth.saturating_sub(1);
        match value {
            Value::String(text) => {
                if let Some(replacement) = self.text(text, depth)? {
                    *value = replacement;
                }
                Ok(())
            }
            Value::Array(items) => items
                .iter_mut()
                .try_for_each(|item| self.value(item, inner)),
            Value::Object(members) => members
                .values_mut()
                .try_for_each(|item| self.value(item, inner)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    /// The replacement of a text; `None` if it stays.
    fn text(&mut self, text: &str, depth: usize) -> Result<Option<Value>, WireError> {
        let Some(first) = find(text) else {
            return Ok(None);
        };
        if first.before.is_empty() && first.after.is_empty() {
            return self.whole(&first, depth);
        }
        let mut out = String::new();
        let mut found = first;
        loop {
            out.push_str(found.before);
            match found.named(self.results).map(printed) {
                Some(named) => {
                    self.charge(named.len())?;
                    out.push_str(&named);
                }
                None => out.push_str(found.whole),
            }
            match find(found.after) {
                Some(next) => found = next,
                None => break,
            }
        }
        out.push_str(found.after);
        Ok(Some(Value::String(out)))
    }

    fn whole(
        &mut self,
        reference: &Reference<'_>,
        depth: usize,
    ) -> Result<Option<Value>, WireError> {
        let Some(named) = reference.named(self.results) else {
            return Ok(None);
        };
        self.measure(named, depth)?;
        Ok(Some(named.clone()))
    }

    /// Charges for a value and checks that it has at most `depth` levels.
    fn measure(&mut self, value: &Value, depth: usize) -> Result<(), WireError> {
        let inner = depth
            .checked_sub(1)
            .ok_or(WireError::TooDeep(self.limits.depth));
        match value {
            Value::String(text) => self.charge(text.len().saturating_add(CHARGE)),
            Value::Array(items) => {
                let inner = inner?;
                self.charge(CHARGE)?;
                items.iter().try_for_each(|item| self.measure(item, inner))
            }
            Value::Object(members) => {
                let inner = inner?;
                self.charge(CHARGE)?;
                members.iter().try_for_each(|(key, item)| {
                    self.charge(key.len())?;
                    self.measure(item, inner)
                })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => self.charge(CHARGE),
        }
    }

    fn charge(&mut self, bytes: usize) -> Result<(), WireError> {
        let too_much = WireError::TooMuchSubstituted(self.limits.substituted);
        self.left = self.left.checked_sub(bytes).ok_or(too_much)?;
        Ok(())
    }
}

fn printed(value: &Value) -> Cow<'_, str> {
    scalar::text(value).unwrap_or_else(|| value.to_string().into())
}

/// One reference within a text.
struct Reference<'a> {
    before: &'a str,
    /// `$result[key][step]…`
    whole: &'a str,
    /// `[key][step]…`
    path: &'a str,
    after: &'a str,
}

/// The first reference in a text. Without a closed bracket it is not a reference.
fn find(text: &str) -> Option<Reference<'_>> {
    text.match_indices(OPENING).find_map(|(at, _)| {
        let path = &text[at + OPENING.len() - 1..];
        let after = php::after_brackets(path);
        (after.len() < path.len()).then(|| Reference {
            before: &text[..at],
            whole: &text[at..text.len() - after.len()],
            path: &path[..path.len() - after.len()],
            after,
        })
    })
}

impl Reference<'_> {
    /// The value of the reference.
    fn named<'r>(&self, results: &'r Map<String, Value>) -> Option<&'r Value> {
        let mut steps = php::brackets(self.path);
        let named = results.get(steps.next()?)?;
        steps.try_fold(named, |value, step| match value {
            Value::Array(items) => items.get(usize::try_from(php::index(step)?).ok()?),
            Value::Object(members) => members.get(step),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn results() -> Map<String, Value> {
        let results = json!({
            "me": { "ID": "7", "ACTIVE": true, "DISMISSED": false, "UF_DEPARTMENT": [3, 5], "PHOTO": null, "RATE": 2.5 },
            "0": [{ "ID": 41 }, { "ID": 42 }],
            "count": 12,
            "evil": "$result[count]",
            "map": { "0": "zero", "a b": "blank" },
        });
        results.as_object().cloned().unwrap()
    }

    fn resolved(text: &str) -> Value {
        let mut params = Map::from_iter([("P".to_owned(), json!(text))]);
        resolve(&mut params, &results(), &Limits::DEFAULT).unwrap();
        params.remove("P").unwrap()
    }

    #[test]
    fn a_whole_reference_keeps_the_type() {
        assert_eq!(resolved("$result[me][ID]"), json!("7"));
        assert_eq!(resolved("$result[count]"), json!(12));
        assert_eq!(resolved("$result[me][ACTIVE]"), json!(true));
        assert_eq!(resolved("$result[me][PHOTO]"), json!(null));
        assert_eq!(resolved("$result[me][UF_DEPARTMENT]"), json!([3, 5]));
        assert_eq!(resolved("$result[0]"), json!([{ "ID": 41 }, { "ID": 42 }]));
    }

    #[test]
    fn steps_index_lists_and_objects() {
        assert_eq!(resolved("$result[0][1][ID]"), json!(42));
        assert_eq!(resolved("$result[me][UF_DEPARTMENT][0]"), json!(3));
        assert_eq!(resolved("$result[map][0]"), json!("zero"));
        assert_eq!(resolved("$result[map][a b]"), json!("blank"));
    }

    #[test]
    fn an_embedded_reference_becomes_text() {
        assert_eq!(resolved("chat$result[count]"), json!("chat12"));
        assert_eq!(
            resolved("$result[me][ID],$result[0][0][ID]."),
            json!("7,41.")
        );
        assert_eq!(resolved(" $result[count]"), json!(" 12"));
        assert_eq!(
            resolved(
                "<$result[me][ACTIVE]|$result[me][DISMISSED]|$result[me][PHOTO]|$result[me][RATE]>"
            ),
            json!("<1|||2.5>")
        );
        assert_eq!(
            resolved("all: $result[0]"),
            json!(r#"all: [{"ID":41},{"ID":42}]"#)
        );
    }

    #[test]
    fn a_reference_that_names_nothing_stays() {
        for text in [
            "$result[nobody]",
            "$result[me][NONE]",
            "$result[0][49][ID]",
            "$result[0][01][ID]",
            "$result[0][ID]",
            "$result[0][-1]",
            "$result[0][18446744073709551616]",
            "$result[count][0]",
            "$result[]",
            "$result[me][]",
        ] {
            assert_eq!(resolved(text), json!(text));
            let within = format!("({text})");
            assert_eq!(resolved(&within), json!(within));
        }
        assert_eq!(
            resolved("chat$result[count], chat$result[nobody]"),
            json!("chat12, chat$result[nobody]")
        );
    }

    #[test]
    fn what_only_looks_like_a_reference_stays() {
        for text in [
            "$result",
            "$result[",
            "$result[me",
            "result[me]",
            "$results[me]",
            "$ result[me]",
        ] {
            assert_eq!(resolved(text), json!(text));
        }
        assert_eq!(resolved("$result[count][me"), json!("12[me"));
        assert_eq!(
            resolved("$result[$result[count]"),
            json!("$result[$result[count]")
        );
    }

    #[test]
    fn references_work_at_every_depth_but_not_in_keys() {
        let mut params = json!({ "filter": { ">ID": "$result[0][1][ID]", "$result[count]": ["$result[me][ID]"] } });
        resolve(
            params.as_object_mut().unwrap(),
            &results(),
            &Limits::DEFAULT,
        )
        .unwrap();
        assert_eq!(
            params,
            json!({ "filter": { ">ID": 42, "$result[count]": ["7"] } })
        );
    }

    #[test]
    fn results_are_not_searched_for_references() {
        assert_eq!(resolved("$result[evil]"), json!("$result[count]"));
        assert_eq!(resolved("$result[evil]!"), json!("$result[count]!"));
    }

    #[test]
    fn both_encodings_of_a_query_give_the_same() {
        for query in [
            "filter[%3EID]=$result[0][1][ID]",
            "filter%5B%3EID%5D=%24result%5B0%5D%5B1%5D%5BID%5D",
        ] {
            let mut params = php::decode(query.as_bytes(), &Limits::DEFAULT).unwrap();
            resolve(&mut params, &results(), &Limits::DEFAULT).unwrap();
            assert_eq!(Value::Object(params), json!({ "filter": { ">ID": 42 } }));
        }
    }

    #[test]
    fn references_cannot_bring_in_more_than_allowed() {
        let results = Map::from_iter([("long".to_owned(), json!("x".repeat(100)))]);
        let limits = Limits {
            substituted: 300,
            ..Limits::DEFAULT
        };
        let mut whole =
            Map::from_iter([("P".to_owned(), json!(["$result[long]", "$result[long]"]))]);
        assert_eq!(resolve(&mut whole, &results, &limits), Ok(()));
        let mut whole = Map::from_iter([(
            "P".to_owned(),
            json!(["$result[long]", "$result[long]", "$result[long]"]),
        )]);
        assert_eq!(
            resolve(&mut whole, &results, &limits),
            Err(WireError::TooMuchSubstituted(300))
        );
        let mut text = Map::from_iter([("P".to_owned(), json!("$result[long]".repeat(4)))]);
        assert_eq!(
            resolve(&mut text, &results, &limits),
            Err(WireError::TooMuchSubstituted(300))
        );
    }

    #[test]
    fn references_cannot_make_parameters_too_deep() {
        let results = Map::from_iter([("deep".to_owned(), json!([[1]]))]);
        let limits = Limits {
            depth: 4,
            ..Limits::DEFAULT
        };
        let mut params = Map::from_iter([("P".to_owned(), json!(["$result[deep]"]))]);
        assert_eq!(resolve(&mut params, &results, &limits), Ok(()));
        let mut params = Map::from_iter([("P".to_owned(), json!([["$result[deep]"]]))]);
        assert_eq!(
            resolve(&mut params, &results, &limits),
            Err(WireError::TooDeep(4))
        );
        let mut params = Map::from_iter([("P".to_owned(), json!([["$result[deep][0][0]"]]))]);
        assert_eq!(resolve(&mut params, &results, &limits), Ok(()));
    }

    proptest! {
        #[test]
        fn any_text_can_be_resolved(text in "(\\$result|\\[|\\]|me|0|ID|count|é|.){0,20}") {
            let mut params = Map::from_iter([("P".to_owned(), json!(text))]);
            prop_assert!(resolve(&mut params, &results(), &Limits::DEFAULT).is_ok());
            if !text.contains(OPENING) {
                prop_assert_eq!(&params["P"], &json!(text));
            }
        }
    }
}

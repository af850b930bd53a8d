//! The parameters of one call.

use std::collections::HashSet;
use std::fmt;

use serde_json::{Map, Value};

use super::names::{folded, same_name};
use super::{Field, Files};

/// Parameters that SDKs add to every request for their own use.
const OF_TRANSPORT: [&str; 3] = ["bx24_request_id", "bx24_sdk_ver", "bx24_sdk_type"];

/// The parameters that hold an access token: the documented one, and another that clients send.
const AUTH: [&str; 2] = ["auth", "access_token"];

/// Up to this many parameters, names are compared pairwise; above, with a hash set.
const FEW: usize = 16;

/// The parameters of one call, in their original order.
///
/// Names are looked up ignoring ASCII letter case and underscores, so that `DIALOG_ID`, `dialogId` and `dialog_id` are the same.
/// Leading underscores do count: some clients send their own `__order` besides `order`. If a name comes twice, in whatever spelling,
/// the later one wins.
///
/// `Debug` shows only the names, since values may be secrets.
#[derive(Clone, Default, PartialEq)]
pub struct Params {
    entries: Vec<(String, Value)>,
    files: Files,
}

impl Params {
    /// The parameters in `map`, without those that SDKs add to every request.
    #[must_use]
    pub fn new(map: Map<String, Value>) -> Self {
        Self::from_layers([map])
    }

    /// All parameters of all maps; later maps override earlier ones.
    #[must_use]
    pub fn from_layers(layers: impl IntoIterator<Item = Map<String, Value>>) -> Self {
        let mut entries: Vec<_> = layers
            .into_iter()
            .flatten()
            .filter(|(name, _)| !OF_TRANSPORT.iter().any(|other| same_name(name, other)))
            .collect();
        keep_last(&mut entries);
        Self {
            entries,
            files: Files::default(),
        }
    }

    /// The same with the contents of the files among them.
    #[must_use]
    pub fn with_files(self, files: Files) -> Self {
        Self { files, ..self }
    }

    /// The parameter of this name; absent if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Field<'_> {
        let found = self.entries.iter().find(|(key, _)| same_name(key, name));
        found.map_or(Field::new(None), |(key, value)| {
            Field::new(Some(value)).with_files(self.files.at(key))
        })
    }

    /// The parameter of this name, mutable, and the contents of the files in it.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<(&mut Value, Option<&Files>)> {
        let mut found = self.entries.iter_mut();
        let (key, value) = found.find(|(key, _)| same_name(key, name))?;
        Some((value, self.files.at(key)))
    }

    /// Takes the access token out of the parameters: `auth`, else `access_token`. A list or map in its place is dropped.
    pub fn take_auth(&mut self) -> Option<String> {
        let [auth, other] = AUTH.map(|name| self.take_token(name));
        auth.or(other)
    }

    fn take_token(&mut self, name: &str) -> Option<String> {
        let at = self
            .entries
            .iter()
            .position(|(given, _)| same_name(given, name))?;
        let (_, value) = self.entries.remove(at);
        let field = Field::new(Some(&value));
        if field.is_absent() {
            return None;
        }
        field.as_text().map(|token| token.into_owned())
    }

    /// All parameters, under their names as given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Field<'_>)> {
        self.entries.iter().map(|(name, value)| {
            let field = Field::new(Some(value)).with_files(self.files.at(name));
            (name.as_str(), field)
        })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Their number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.entries.iter().map(|(name, _)| name);
        f.write_str("Params ")?;
        f.debug_set().entries(names).finish()
    }
}

impl From<Map<String, Value>> for Params {
    fn from(map: Map<String, Value>) -> Self {
        Self::new(map)
    }
}

/// Of entries with the same name only the last is kept.
fn keep_last(entries: &mut Vec<(String, Value)>) {
    if entries.len() <= FEW {
        let mut at = 0;
        while at < entries.len() {
            let (name, later) = (&entries[at].0, &entries[at + 1..]);
            if later.iter().any(|(other, _)| same_name(name, other)) {
                entries.remove(at);
            } else {
                at += 1;
            }
        }
        return;
    }
    let mut seen = HashSet::with_capacity(entries.len());
    entries.reverse();
    entries.retain(|(name, _)| seen.insert(folded(name).collect::<Vec<u8>>()));
    entries.reverse();
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn params(value: Value) -> Params {
        let Value::Object(map) = value else {
            panic!("a map is expected")
        };
        Params::new(map)
    }

    fn names(params: &Params) -> Vec<&str> {
        params.iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn names_are_found_in_every_case_and_with_or_without_underscores() {
        for given in ["DIALOG_ID", "dialogId", "dialog_id", "DialogID", "dialogid"] {
            let params = params(json!({ "OTHER": 1, given: "chat4" }));
            for asked in ["DIALOG_ID", "dialogId", "dialog_id"] {
                assert_eq!(
                    params.get(asked).as_text().as_deref(),
                    Some("chat4"),
                    "{given} {asked}"
                );
            }
            assert!(params.get("DIALOG").is_absent());
            assert!(params.get("DIALOG_ID_2").is_absent());
        }
    }

    #[test]
    fn of_two_spellings_the_later_one_wins() {
        let params = params(json!({ "sort": "NAME", "FILTER": {}, "SORT": "ID" }));
        assert_eq!(params.get("sort").as_text().as_deref(), Some("ID"));
        assert_eq!(names(&params), ["FILTER", "SORT"]);
    }

    #[test]
    fn many_parameters_are_treated_as_few() {
        let mut map = Map::new();
        for at in 0..40 {
            map.insert(format!("USER_ID_{at}"), json!("early"));
        }
        for at in 0..40 {
            map.insert(format!("userId{at}"), json!(at));
        }
        let params = Params::new(map);
        assert_eq!(params.len(), 40);
        assert_eq!(names(&params)[..3], ["userId0", "userId1", "userId2"]);
        assert_eq!(params.get("USER_ID_39").raw(), Some(&json!(39)));
    }

    #[test]
    fn underscores_at_the_beginning_make_another_name() {
        let params = params(json!({ "order": { "ID": "ASC" }, "__order": "order0000000003" }));
        assert_eq!(params.get("ORDER").raw(), Some(&json!({ "ID": "ASC" })));
    }

    #[test]
    fn later_layers_win_whatever_the_spelling() {
        let layer = |value: Value| value.as_object().cloned().unwrap();
        let params = Params::from_layers([
            layer(json!({ "CHAT_ID": "1", "USER_ID": "2" })),
            layer(json!({ "chatId": 3 })),
        ]);
        assert_eq!(params.get("CHAT_ID").raw(), Some(&json!(3)));
        assert_eq!(names(&params), ["USER_ID", "chatId"]);
    }

    #[test]
    fn the_token_is_taken_out_of_the_parameters() {
        let mut given = params(json!({ "auth": "6f1c", "ID": 1 }));
        assert_eq!(given.take_auth().as_deref(), Some("6f1c"));
        assert_eq!(given.take_auth(), None);
        assert_eq!(names(&given), ["ID"]);
        for nothing in [json!(null), json!(""), json!([1]), json!({ "a": 1 })] {
            let mut params = params(json!({ "auth": nothing }));
            assert_eq!(params.take_auth(), None);
            assert!(params.is_empty());
        }
    }

    #[test]
    fn the_token_has_another_name() {
        for (given, token) in [
            (json!({ "access_token": "6f1c", "ID": 1 }), "6f1c"),
            (
                json!({ "access_token": "6f1c", "auth": "", "ID": 1 }),
                "6f1c",
            ),
            (
                json!({ "access_token": "6f1c", "auth": "7a2d", "ID": 1 }),
                "7a2d",
            ),
        ] {
            let mut params = params(given);
            assert_eq!(params.take_auth().as_deref(), Some(token));
            assert_eq!(names(&params), ["ID"]);
        }
    }

    #[test]
    fn a_parameter_whose_name_begins_like_the_token_is_none() {
        let mut params = params(json!({ "auth_type": "7" }));
        assert_eq!(params.take_auth(), None);
        assert_eq!(params.get("AUTH_TYPE").raw(), Some(&json!("7")));
    }

    #[test]
    fn what_sdks_add_to_every_request_is_dropped() {
        let params = params(json!({
            "bx24_request_id": "5b3e", "ID": 1, "bx24_sdk_ver": "2.1.0", "bx24_sdk_type": "b24-js-sdk",
        }));
        assert_eq!(names(&params), ["ID"]);
    }

    #[test]
    fn debug_shows_no_values() {
        let params = params(json!({ "BOT_TOKEN": "very secret" }));
        assert_eq!(format!("{params:?}"), r#"Params {"BOT_TOKEN"}"#);
    }
}

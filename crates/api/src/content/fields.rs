//! Reads the fields of an object built by a client.

use readmark_model::text::without_nul;
use serde_json::{Map, Value};

/// The object is not built as documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Colour schemes of attachments, grid values and buttons.
pub(super) const COLOR_TOKENS: &[&str] = &["primary", "secondary", "alert", "base"];

/// The default scheme.
pub(super) const DEFAULT_COLOR_TOKEN: &str = "base";

/// Where buttons and menu items are shown.
pub(super) const CONTEXTS: &[&str] = &["ALL", "MOBILE", "DESKTOP"];

/// The items of a list; a map with numeric keys counts as one, in the order of the numbers. An empty string, an empty map and a list
/// of one empty string are the empty list.
pub(super) fn list(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(items) if matches!(items.as_slice(), [Value::String(only)] if only.is_empty()) => {
            Some(Vec::new())
        }
        Value::Array(items) => Some(items.iter().collect()),
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::Object(map) => {
            let mut items = map
                .iter()
                .map(|(key, item)| Some((key.parse::<u32>().ok()?, item)))
                .collect::<Option<Vec<_>>>()?;
            items.sort_by_key(|(number, _)| *number);
            Some(items.into_iter().map(|(_, item)| item).collect())
        }
        _ => None,
    }
}

/// Compares names, ignoring letter case and underscores.
pub(super) fn same_name(known: &str, given: &str) -> bool {
    let letters = |name: &str| name.bytes().filter(|byte| *byte != b'_').count();
    letters(known) == letters(given)
        && known
            .bytes()
            .filter(|byte| *byte != b'_')
            .zip(given.bytes().filter(|byte| *byte != b'_'))
            .all(|(known, given)| known.eq_ignore_ascii_case(&given))
}

/// The fields of an object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The fields of `value`, which must be a map; an empty list is an empty map.
    pub(super) fn of(value: &'a Value) -> Result<Self, Malformed> {
        static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        match value {
            Value::Object(map) => Ok(Self(map)),
            Value::Array(_) if list(value).is_some_and(|items| items.is_empty()) => {
                Ok(Self(&EMPTY))
            }
            _ => Err(Malformed),
        }
    }

    /// The field as given; `null` counts as missing. Of several spellings of a name the documented one wins.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let field = self.0.get(name).or_else(|| {
            let mut others = self.0.iter();
            others.find_map(|(key, value)| same_name(name, key).then_some(value))
        });
        field.filter(|value| !value.is_null())
    }

    /// A text; a number becomes its digits. Blank counts as missing.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Malformed> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => {
                let text = without_nul(text).into_owned();
                Ok((!text.trim().is_empty()).then_some(text))
            }
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(Malformed),
        }
    }

    /// A required text.
    pub(super) fn required_text(&self, name: &str) -> Result<String, Malformed> {
        self.text(name)?.ok_or(Malformed)
    }

    /// A link that clients may follow.
    pub(super) fn link(&self, name: &str) -> Result<Option<String>, Malformed> {
        match self.text(name)? {
            None => Ok(None),
            Some(link) => safe_link(&link).map(Some).ok_or(Malformed),
        }
    }

    /// A required link.
    pub(super) fn required_link(&self, name: &str) -> Result<String, Malformed> {
        self.link(name)?.ok_or(Malformed)
    }

    /// A positive id; 0 counts as missing.
    pub(super) fn id(&self, name: &str) -> Result<Option<i64>, Malformed> {
        if self.text(name)?.is_none() {
            return Ok(None);
        }
        match self.number(name) {
            Some(0) => Ok(None),
            Some(id) if id > 0 => Ok(Some(id)),
            _ => Err(Malformed),
        }
    }

    /// A size of at least `least`; anything else counts as missing.
    pub(super) fn size(&self, name: &str, least: i64) -> Option<i64> {
        self.number(name).filter(|size| *size >= least)
    }

    /// Yes or no, in any spelling that clients use; anything else counts as missing.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => Some(number.as_i64()? != 0),
            Value::String(word) => match word.trim().to_ascii_lowercase().as_str() {
                "y" | "1" | "true" => Some(true),
                "n" | "0" | "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The one of `words` that the field holds, in any letter case; anything else counts as missing.
    pub(super) fn word(&self, name: &str, words: &[&'static str]) -> Option<&'static str> {
        let given = self.get(name)?.as_str()?.trim();
        words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(given))
            .copied()
    }

    /// A colour, `#RGB` or `#RRGGBB`; anything else counts as missing.
    pub(super) fn color(&self, name: &str) -> Option<String> {
        let color = self.get(name)?.as_str()?.trim();
        let digits = color.strip_prefix('#')?;
        let is_color =
            matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_color.then(|| color.to_owned())
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(digits) => digits.trim().parse().ok(),
            _ => None,
        }
    }
}

/// The trimmed link, if it is an `http` or `https` address or a path from the portal's root.
///
/// Browsers skip control characters and read `\` as `/`, which would turn a harmless-looking path into another site's address.
fn safe_link(link: &str) -> Option<String> {
    let link = link.trim();
    if link.chars().any(char::is_control) {
        return None;
    }
    let is_path = link.starts_with('/') && !link[1..].starts_with(['/', '\\']);
    let is_address = ["http://", "https://"].iter().any(|scheme| {
        let head = link.get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
            && !link[scheme.len()..].is_empty()
            && !link[scheme.len()..].starts_with(['/', '\\', '?', '#', ' '])
    });
    (is_path || is_address).then(|| link.to_owned())
}

/// An object being built: fields in the order of insertion.
#[derive(Default)]
pub(super) struct Built(Map<String, Value>);

impl Built {
    /// Adds a field, unless it is `None`.
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if !value.is_null() {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Adds `Y` or `N`.
    pub(super) fn put_flag(&mut self, name: &str, flag: bool) {
        self.put(name, if flag { "Y" } else { "N" });
    }
}

impl From<Built> for Value {
    fn from(built: Built) -> Self {
        Self::Object(built.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_web_addresses_and_paths_of_the_portal_are_links() {
        for link in [
            "http://example.org",
            "HTTPS://example.org/a b?c#d",
            " /crm/deal/5/ ",
            "/",
        ] {
            assert_eq!(safe_link(link).as_deref(), Some(link.trim()));
        }
        for link in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.org",
            "//example.org",
            "/\\example.org",
            "/\t/example.org",
            "\\\\example.org",
            "example.org",
            "http:example.org",
            "http://",
            "https:///path",
            "mailto:a@example.org",
            "щ",
        ] {
            assert_eq!(safe_link(link), None, "{link}");
        }
    }

    #[test]
    fn a_map_of_numbered_items_is_a_list_in_their_order() {
        let map = json!({"10": "c", "2": "b", "0": "a"});
        assert_eq!(
            list(&map),
            Some(vec![&json!("a"), &json!("b"), &json!("c")])
        );
        assert_eq!(list(&json!({"0": 1, "x": 2})), None);
    }

    #[test]
    fn every_way_to_write_an_empty_list_is_understood() {
        for empty in [json!([]), json!({}), json!([""]), json!("")] {
            assert_eq!(list(&empty), Some(vec![]), "{empty}");
        }
    }

    #[test]
    fn field_names_are_known_in_every_spelling_and_the_documented_one_counts() {
        let value = json!({"bgColorToken": "alert", "BG_COLOR_TOKEN": "primary", "text_color": "#fff", "user_id": null});
        let fields = Fields::of(&value).unwrap();
        assert_eq!(fields.get("BG_COLOR_TOKEN"), Some(&json!("primary")));
        assert_eq!(fields.get("TEXT_COLOR"), Some(&json!("#fff")));
        assert_eq!(fields.get("TEXTCOLORS"), None);
        assert_eq!(fields.get("USER_ID"), None);
    }

    #[test]
    fn ids_are_positive_numbers_in_either_form() {
        let value =
            json!({"a": 5, "b": "7", "c": 0, "d": "", "e": -1, "f": "x", "g": 1.5, "h": [1]});
        let fields = Fields::of(&value).unwrap();
        let ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|name| fields.id(name));
        let wrong = Err(Malformed);
        assert_eq!(
            ids,
            [
                Ok(Some(5)),
                Ok(Some(7)),
                Ok(None),
                Ok(None),
                wrong,
                wrong,
                wrong,
                wrong,
                Ok(None)
            ]
        );
    }

    #[test]
    fn colors_are_three_or_six_digits() {
        let value = json!({"a": "#FFF", "b": " #29619b", "c": "red", "d": "#ffff", "e": "#ggg", "f": 5, "g": "#éa"});
        let fields = Fields::of(&value).unwrap();
        let colors = ["a", "b", "c", "d", "e", "f", "g"].map(|name| fields.color(name));
        assert_eq!(colors[0].as_deref(), Some("#FFF"));
        assert_eq!(colors[1].as_deref(), Some("#29619b"));
        assert!(colors[2..].iter().all(Option::is_none));
    }
}

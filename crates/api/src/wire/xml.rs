//! Answers as XML, for clients that append `.xml` to the method (sources: answers).

use serde_json::{Map, Value};

/// Writes a whole answer: the root is `<response>`, members of objects are elements of that name, items of lists are `<item>`,
/// booleans are 1 and 0, null is empty.
///
/// In a key that is not an XML name every invalid character becomes `_`, and an invalid start gets one in front: `5` becomes `_5`.
/// Characters that XML 1.0 cannot hold become U+FFFD.
#[must_use]
pub fn to_xml(answer: &Value) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    element(&mut out, "response", answer);
    out
}

fn element(out: &mut String, name: &str, value: &Value) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    content(out, value);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn content(out: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(value) => out.push(if *value { '1' } else { '0' }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => text.chars().for_each(|char| push_char(out, char)),
        Value::Array(items) => items.iter().for_each(|item| element(out, "item", item)),
        Value::Object(members) => elements(out, members),
    }
}

fn elements(out: &mut String, members: &Map<String, Value>) {
    for (key, value) in members {
        if is_name(key) {
            element(out, key, value);
        } else {
            element(out, &made_name(key), value);
        }
    }
}

fn push_char(out: &mut String, char: char) {
    match char {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        // Unescaped, parsers would turn it into a line feed.
        '\r' => out.push_str("&#13;"),
        '\t' | '\n' => out.push(char),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
        _ => out.push(char),
    }
}

fn is_name(key: &str) -> bool {
    key.starts_with(begins_name) && key.chars().all(continues_name)
}

fn made_name(key: &str) -> String {
    let front = if key.starts_with(begins_name) {
        ""
    } else {
        "_"
    };
    let chars = key
        .chars()
        .map(|char| if continues_name(char) { char } else { '_' });
    front.chars().chain(chars).collect()
}

/// `NameStartChar` of XML 1.0 without the colon, which would mark a namespace.
fn begins_name(char: char) -> bool {
    matches!(char,
        'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// `NameChar` of XML 1.0 without the colon.
fn continues_name(char: char) -> bool {
    begins_name(char)
        || matches!(char, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn inner(value: Value) -> String {
        let xml = to_xml(&value);
        let root = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>");
        root.and_then(|rest| rest.strip_suffix("</response>"))
            .unwrap()
            .to_owned()
    }

    #[test]
    fn members_become_elements_and_items_have_a_fixed_name() {
        assert_eq!(
            inner(json!({ "result": [{ "ID": "1", "NAME": "Ann" }, 2.5], "total": 2 })),
            "<result><item><ID>1</ID><NAME>Ann</NAME></item><item>2.5</item></result><total>2</total>"
        );
    }

    #[test]
    fn booleans_are_digits_and_null_is_empty() {
        assert_eq!(
            inner(json!({ "a": true, "b": false, "c": null, "d": "", "e": [], "f": {} })),
            "<a>1</a><b>0</b><c></c><d></d><e></e><f></f>"
        );
        assert_eq!(inner(json!({ "result": false })), "<result>0</result>");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            inner(json!("a<b> & \"c\" 'd' ]]>\r\n\té")),
            "a&lt;b&gt; &amp; &quot;c&quot; 'd' ]]&gt;&#13;\n\té"
        );
    }

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        assert_eq!(
            inner(json!("a\u{0}b\u{1f}c\u{fffe}\u{ffff}")),
            "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn keys_that_are_no_names_are_made_names() {
        for (key, name) in [
            ("chat_id", "chat_id"),
            ("Ключ-1.a", "Ключ-1.a"),
            ("5", "_5"),
            ("-5", "_-5"),
            ("", "_"),
            ("a b", "a_b"),
            (">ID", "__ID"),
            ("x:y", "x_y"),
            ("a></a", "a___a"),
        ] {
            assert_eq!(
                inner(json!({ key: 1 })),
                format!("<{name}>1</{name}>"),
                "{key}"
            );
        }
    }

    #[test]
    fn the_order_of_keys_is_kept() {
        assert_eq!(inner(json!({ "z": 1, "a": 2 })), "<z>1</z><a>2</a>");
    }

    proptest! {
        #[test]
        fn no_text_or_key_escapes_its_element(key in any::<String>(), text in any::<String>()) {
            let xml = inner(json!({ key: text }));
            prop_assert_eq!(xml.matches('<').count(), 2);
            prop_assert_eq!(xml.matches('>').count(), 2);
            let forbidden = |char: char| char < ' ' && !"\t\n".contains(char);
            prop_assert!(!xml.contains(forbidden));
        }
    }
}

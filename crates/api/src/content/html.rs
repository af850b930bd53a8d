//! Sanitises the HTML description of a link.

/// Elements that are kept. They only format text, and lose all attributes.
const KEPT: [&str; 10] = ["b", "i", "u", "s", "br", "p", "strong", "em", "ul", "li"];

/// The text with no markup but the bare tags `<b>`, `</b>`, `<br>`… of [`KEPT`].
///
/// All other tags and comments are removed, and what they enclose stays as text. The result consists only of those tags and of text
/// without `<`, `>` and quotes, so that it cannot run anything in a client.
pub(super) fn harmless(html: &str) -> String {
    let mut result = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        push_text(&mut result, &rest[..start]);
        let after = &rest[start + 1..];
        let Some((tag, end)) = tag(after) else {
            push_text(&mut result, "<");
            rest = after;
            continue;
        };
        if let Some(tag) = tag {
            result.push_str(&tag);
        }
        rest = &after[end..];
    }
    push_text(&mut result, rest);
    result
}

fn push_text(result: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '"' => result.push_str("&quot;"),
            other => result.push(other),
        }
    }
}

/// Reads a tag after its `<`: its replacement, if any, and where it ends. `None` if this is not a tag.
fn tag(after: &str) -> Option<(Option<String>, usize)> {
    if let Some(comment) = after.strip_prefix("!--") {
        let end = comment.find("-->").map_or(after.len(), |end| end + 6);
        return Some((None, end));
    }
    let is_tag =
        after.starts_with(|first: char| first.is_ascii_alphabetic() || "/!?".contains(first));
    if !is_tag {
        return None;
    }
    let end = after.find('>')?;
    let inside = &after[..end];
    let (slash, inside) = match inside.strip_prefix('/') {
        Some(inside) => ("/", inside),
        None => ("", inside),
    };
    let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric());
    let name = inside[..name_end.unwrap_or(inside.len())].to_ascii_lowercase();
    let kept = KEPT.contains(&name.as_str());
    Some((kept.then(|| format!("<{slash}{name}>")), end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_formatting_stays() {
        let html = "<b>Due</b> <i>today</i><br/>1 &lt; 2";
        assert_eq!(harmless(html), "<b>Due</b> <i>today</i><br>1 &lt; 2");
    }

    #[test]
    fn everything_that_could_run_goes() {
        for (html, result) in [
            ("<b onclick=\"x()\">a</b>", "<b>a</b>"),
            ("<script>x()</script>", "x()"),
            ("<img src=x onerror=x()>a", "a"),
            ("<a href='javascript:x()'>a</a>", "a"),
            ("<!-- <b> -->a", "a"),
            ("<!-- never closed <b>", ""),
            ("<b title=\">\" onclick=x>a", "<b>&quot; onclick=x&gt;a"),
            ("<<b>b", "&lt;<b>b"),
            ("<scr<script>ipt>", "ipt&gt;"),
            ("1 < 2 > 1", "1 &lt; 2 &gt; 1"),
            ("<b", "&lt;b"),
            ("<BODY><Svg/onload=x><p/x>", "<p>"),
        ] {
            assert_eq!(harmless(html), result, "{html}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_bare_known_tags_is_left(html in "(</?[a-z]{1,6}( on[a-z]=\"?x\"?)?/?>|<!--|-->|[<>\"'&a]|\\PC){0,30}") {
            let mut rest = harmless(&html);
            for name in KEPT {
                rest = rest.replace(&format!("<{name}>"), " ").replace(&format!("</{name}>"), " ");
            }
            prop_assert!(!rest.contains(['<', '>', '"']), "{rest}");
        }

        #[test]
        fn what_is_harmless_stays_as_it_is(html in "(</?[bip]>|<!--|[<>\"&a]){0,20}") {
            let once = harmless(&html);
            prop_assert_eq!(harmless(&once), once);
        }
    }
}

//! A text as HTML, for clients that ask for it (`CONVERT_TEXT`).

use super::bbcode::{Code, Piece, pieces};
use super::preview::{icon_title, utc_time};

/// The text as HTML that is safe to show: well-formed, consisting of `<b>`, `<i>`, `<u>`, `<s>`, `<br />` and links only.
///
/// HTML special characters are escaped. Line breaks and `[BR]` become `<br />`, styles and links the corresponding elements;
/// of other codes only the content is kept. Links lead to an `http`, `https` or `mailto` address or to a path of the portal;
/// of any other link only the text is kept.
#[must_use]
pub fn to_html(text: &str) -> String {
    let pieces = pieces(text);
    let mut html = Html::default();
    for (at, piece) in pieces.iter().enumerate() {
        match *piece {
            Piece::Text(text) | Piece::Literal(text) | Piece::Unclosed(_, _, text) => {
                html.text(text);
            }
            Piece::Open(Code::Break, _) => html.out.push_str("<br />"),
            Piece::Open(Code::Icon, value) => html.text(icon_title(value)),
            Piece::Open(Code::Timestamp, value) => html.text(&utc_time(value)),
            Piece::Open(code @ Code::Style(name), _) => {
                if matches!(name, "b" | "i" | "u" | "s") {
                    html.open(code, format!("<{name}>"), name);
                }
            }
            Piece::Open(Code::Url, address) => {
                let address = if address.is_empty() {
                    enclosed(&pieces[at..])
                } else {
                    address.to_owned()
                };
                let address = address.trim();
                if leads_somewhere(address) {
                    let start = format!("<a href=\"{}\" target=\"_blank\">", escaped(address));
                    html.open(Code::Url, start, "a");
                } else {
                    // Closed like any other, so that its end is not taken for that of an enclosing link.
                    html.open(Code::Url, String::new(), "");
                }
            }
            Piece::Close(code @ (Code::Style(_) | Code::Url)) => html.close(code),
            Piece::Open(..) | Piece::Close(_) => {}
        }
    }
    html.out
}

/// The output so far.
#[derive(Default)]
struct Html {
    out: String,
    open: Vec<Element>,
}

/// An open element: its start tag, and the name in its end tag. Both are empty for a link without a valid address.
struct Element {
    code: Code,
    start: String,
    name: &'static str,
}

impl Html {
    fn text(&mut self, text: &str) {
        self.out.push_str(&escaped(text).replace('\n', "<br />"));
    }

    fn open(&mut self, code: Code, start: String, name: &'static str) {
        self.out.push_str(&start);
        self.open.push(Element { code, start, name });
    }

    /// Ends the innermost element of a code. Elements opened inside it that continue after it are closed and reopened.
    fn close(&mut self, code: Code) {
        let Some(at) = self.open.iter().rposition(|element| element.code == code) else {
            return;
        };
        for element in self.open[at..].iter().rev() {
            if !element.name.is_empty() {
                self.out.push_str("</");
                self.out.push_str(element.name);
                self.out.push('>');
            }
        }
        self.open.remove(at);
        for element in &self.open[at..] {
            self.out.push_str(&element.start);
        }
    }
}

/// The content of a link without an address (the first of the pieces), which is its address.
fn enclosed(link: &[Piece<'_>]) -> String {
    link.iter()
        .take_while(|piece| !matches!(piece, Piece::Close(Code::Url)))
        .filter_map(|piece| match piece {
            Piece::Text(text) | Piece::Literal(text) => Some(*text),
            _ => None,
        })
        .collect()
}

fn leads_somewhere(address: &str) -> bool {
    let starts = |scheme: &str| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    ["http://", "https://", "mailto:", "/"]
        .into_iter()
        .any(starts)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn looks_links_and_line_breaks_become_elements() {
        for (text, html) in [
            ("a\nb[BR]c", "a<br />b<br />c"),
            ("[B]big[/B] [size=20]small[/size]", "<b>big</b> small"),
            (
                "[URL=https://example.org/?a=1&b=2]here[/URL]",
                "<a href=\"https://example.org/?a=1&amp;b=2\" target=\"_blank\">here</a>",
            ),
            (
                "[url]/path[/url]",
                "<a href=\"/path\" target=\"_blank\">/path</a>",
            ),
            ("[USER=7]Ann[/USER] [CHAT=5]Crew[/CHAT]", "Ann Crew"),
            ("[ICON=/a.png title=sun]", "sun"),
            ("[CODE][b]x[/b][/CODE]", "[b]x[/b]"),
            ("[b]never closed", "[b]never closed"),
        ] {
            assert_eq!(to_html(text), html, "{text}");
        }
    }

    #[test]
    fn nothing_can_be_smuggled_in() {
        for (text, html) in [
            ("<script>x()</script>", "&lt;script&gt;x()&lt;/script&gt;"),
            ("[URL=javascript:x()]a[/URL]", "a"),
            (
                "[URL=https://e.org/\"onclick=\"x()]a[/URL]",
                "<a href=\"https://e.org/&quot;onclick=&quot;x()\" target=\"_blank\">a</a>",
            ),
        ] {
            assert_eq!(to_html(text), html, "{text}");
        }
    }

    #[test]
    fn codes_that_overlap_are_put_right() {
        assert_eq!(to_html("[b]a[i]b[/b]c[/i]"), "<b>a<i>b</i></b><i>c</i>");
    }

    proptest! {
        #[test]
        fn the_result_is_well_formed(text in "(\\[/?(b|i|url|br|code)(=/a)?\\]|[<>\"&a\n]){0,30}") {
            let html = to_html(&text).replace("<br />", "");
            let mut open = Vec::new();
            for tag in html.split('<').skip(1) {
                let (tag, _) = tag.split_once('>').unwrap();
                match tag.strip_prefix('/') {
                    Some(name) => prop_assert_eq!(open.pop(), Some(name.to_owned())),
                    None => open.push(tag.split(' ').next().unwrap().to_owned()),
                }
            }
            prop_assert!(open.is_empty(), "{html}");
        }
    }
}

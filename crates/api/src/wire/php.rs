//! Query strings and forms by the rules of PHP (sources: bodies).
//!
//! - `a[b][c]=v` nests, `a[]=v` appends, and a map whose keys are 0, 1, 2… in this order is a list.
//! - `+` and `%20` are blanks; an invalid percent sequence is kept as it is; invalid UTF-8 is replaced.
//! - A name without `=` has an empty value; a pair without a name is dropped.
//! - If a name comes twice the later value wins, in the place of the earlier one, even if only one of them has brackets.
//! - An unclosed bracket belongs to the name; anything after the last closed bracket is dropped.
//!
//! Unlike PHP, names keep their dots and blanks, and too many or too deeply nested parameters are an error, never cut off.

use std::borrow::Cow;

use bytes::Bytes;
use indexmap::IndexMap;
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use super::{Files, Limits, WireError};

/// Decodes a query string or a form body. Every value is a text, a list or a map.
///
/// # Errors
/// [`WireError::TooManyParameters`] and [`WireError::TooDeep`].
pub fn decode(input: &[u8], limits: &Limits) -> Result<Map<String, Value>, WireError> {
    if input.is_empty() {
        return Ok(Map::new());
    }
    let mut form = Form::new(*limits);
    for pair in input.split(|&byte| byte == b'&') {
        if pair.is_empty() {
            continue;
        }
        let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        let value = Value::String(decode_text(value));
        form.insert(&decode_text(name), value, None)?;
    }
    Ok(form.finish().0)
}

/// One encoded name or value as text.
fn decode_text(encoded: &[u8]) -> String {
    if !encoded.iter().any(|&byte| byte == b'+' || byte == b'%') {
        return String::from_utf8_lossy(encoded).into_owned();
    }
    let blanks: Cow<'_, [u8]> = if encoded.contains(&b'+') {
        encoded
            .iter()
            .map(|&byte| if byte == b'+' { b' ' } else { byte })
            .collect::<Vec<_>>()
            .into()
    } else {
        encoded.into()
    };
    percent_decode(&blanks).decode_utf8_lossy().into_owned()
}

/// Collects pairs with bracketed names into nested maps and lists.
pub(super) struct Form {
    root: Branch,
    pairs: usize,
    limits: Limits,
}

impl Form {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            root: Branch::default(),
            pairs: 0,
            limits,
        }
    }

    /// Adds one pair; `name` is already decoded. The value of a file comes with its content.
    pub(super) fn insert(
        &mut self,
        name: &str,
        value: Value,
        content: Option<Bytes>,
    ) -> Result<(), WireError> {
        self.pairs += 1;
        if self.pairs > self.limits.pairs {
            return Err(WireError::TooManyParameters(self.limits.pairs));
        }
        let (first, steps) = split_name(name);
        if first.is_empty() {
            return Ok(());
        }
        let mut branch = &mut self.root;
        let mut key = Cow::Borrowed(first);
        let mut depth = 1;
        for step in Steps(steps) {
            depth += 1;
            if depth > self.limits.depth {
                return Err(WireError::TooDeep(self.limits.depth));
            }
            branch = branch.branch(key);
            key = match step {
                "" => match branch.next {
                    Some(next) => Cow::Owned(next.to_string()),
                    // As in PHP, nothing can be appended after the greatest number.
                    None => return Ok(()),
                },
                step => Cow::Borrowed(step),
            };
        }
        branch.set(key, Node::Leaf(value, content));
        Ok(())
    }

    /// The collected parameters, and the contents of the files among them.
    pub(super) fn finish(self) -> (Map<String, Value>, Files) {
        self.root.into_map()
    }
}

/// The name before the first complete bracket, and the brackets.
fn split_name(name: &str) -> (&str, &str) {
    match name.find('[') {
        Some(at) if at > 0 && name[at..].contains(']') => name.split_at(at),
        _ => (name, ""),
    }
}

/// The contents of the brackets at the start of `path`: `[a][b]…` gives `a`, `b`.
pub(super) fn brackets(path: &str) -> impl Iterator<Item = &str> {
    Steps(path)
}

/// What follows the brackets at the start of `path`.
pub(super) fn after_brackets(path: &str) -> &str {
    let mut steps = Steps(path);
    steps.by_ref().for_each(drop);
    steps.0
}

/// The contents of `[a][b][]`, up to the first incomplete bracket.
struct Steps<'a>(&'a str);

impl<'a> Iterator for Steps<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (step, rest) = self.0.strip_prefix('[')?.split_once(']')?;
        self.0 = rest;
        Some(step)
    }
}

enum Node {
    Leaf(Value, Option<Bytes>),
    Branch(Branch),
}

struct Branch {
    entries: IndexMap<String, Node>,
    /// The key for `[]`: one above the greatest number, if there is one.
    next: Option<u64>,
}

impl Default for Branch {
    fn default() -> Self {
        Self {
            entries: IndexMap::new(),
            next: Some(0),
        }
    }
}

impl Branch {
    fn set(&mut self, key: Cow<'_, str>, node: Node) {
        self.count(&key);
        self.entries.insert(key.into_owned(), node);
    }

    /// The branch at `key`, created if it is missing or a leaf.
    fn branch(&mut self, key: Cow<'_, str>) -> &mut Branch {
        self.count(&key);
        let node = self
            .entries
            .entry(key.into_owned())
            .or_insert_with(|| Node::Branch(Branch::default()));
        if let Node::Leaf(..) = node {
            *node = Node::Branch(Branch::default());
        }
        match node {
            Node::Branch(branch) => branch,
            Node::Leaf(..) => unreachable!("a leaf was just replaced"),
        }
    }

    fn count(&mut self, key: &str) {
        if let (Some(number), Some(next)) = (index(key), self.next) {
            self.next = number.checked_add(1).map(|above| above.max(next));
        }
    }

    fn is_list(&self) -> bool {
        !self.entries.is_empty() && are_indices(self.entries.keys())
    }

    fn into_map(self) -> (Map<String, Value>, Files) {
        let mut files = Files::default();
        let map = self.entries.into_iter().map(|(key, node)| {
            let value = node.into_value(&key, &mut files);
            (key, value)
        });
        (map.collect(), files)
    }
}

impl Node {
    /// The value; the files in it are put into those of the value that it is in, at its key.
    fn into_value(self, key: &str, files: &mut Files) -> Value {
        match self {
            Self::Leaf(value, None) => value,
            Self::Leaf(value, Some(content)) => {
                files.put(key, Files::of(content));
                value
            }
            Self::Branch(branch) => {
                let is_list = branch.is_list();
                let (map, below) = branch.into_map();
                files.put(key, below);
                if is_list {
                    Value::Array(map.into_iter().map(|(_, value)| value).collect())
                } else {
                    Value::Object(map)
                }
            }
        }
    }
}

/// The number of a numeric key, if written as PHP writes numbers: decimal, without sign or leading zeros, within `i64`.
pub(super) fn index(key: &str) -> Option<u64> {
    let canonical = match key.as_bytes() {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let number = if canonical {
        key.parse().ok()?
    } else {
        return None;
    };
    i64::try_from(number).is_ok().then_some(number)
}

/// Whether the keys are 0, 1, 2… in this order; true if there are none.
pub(super) fn are_indices<'a>(keys: impl Iterator<Item = &'a String>) -> bool {
    keys.zip(0..).all(|(key, at)| index(key) == Some(at))
}

#[cfg(test)]
#[path = "php_tests.rs"]
mod tests;

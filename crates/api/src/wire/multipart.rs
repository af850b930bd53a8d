//! `multipart/form-data` (RFC 7578), parsed from a complete body.
//!
//! Names follow the rules of forms ([`php`](super::php)). A part with a file name is a file and becomes
//!
//! ```json
//! {"name": "notes.txt", "type": "text/plain"}
//! ```
//!
//! with the last part of its path as `name`; its content is a slice of the body, kept beside the values ([`Files`]). A file field left
//! empty is no parameter. Every other part is a text in UTF-8.
//!
//! The parser is strict about the framing (boundary, header lines, last boundary), since a truncated request must not pass for a
//! shorter one. Libraries for this format read from asynchronous streams; here the whole body is available.

use bytes::Bytes;
use memchr::memmem;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::{Files, Limits, WireError, php::Form};

/// Maximum length of a boundary (RFC 2046).
const MAX_BOUNDARY: usize = 70;

/// Maximum length of the header of a part, in bytes.
const MAX_HEADER: usize = 8 << 10;

/// Decodes a body, given its complete `Content-Type`.
///
/// # Errors
/// [`WireError::Malformed`], [`WireError::TooDeep`], [`WireError::TooManyParameters`].
pub(super) fn decode(
    content_type: &str,
    body: &Bytes,
    limits: &Limits,
) -> Result<(Map<String, Value>, Files), WireError> {
    let boundary = boundary(content_type)?;
    let mut form = Form::new(*limits);
    for part in Parts::new(body, &boundary)? {
        let part = Part::parse(part?)?;
        if let Some(value) = part.value() {
            let content = part.file.map(|_| body.slice_ref(part.content));
            form.insert(&part.name, value, content)?;
        }
    }
    Ok(form.finish())
}

fn boundary(content_type: &str) -> Result<String, WireError> {
    let (_, parameters) = content_type.split_once(';').unwrap_or_default();
    match parameter(parameters, "boundary") {
        Some(boundary) if (1..=MAX_BOUNDARY).contains(&boundary.len()) => Ok(boundary),
        _ => Err(WireError::malformed(
            "a multipart body needs a boundary in its content type",
        )),
    }
}

/// The parts between the boundaries, header and content not yet separated.
struct Parts<'a> {
    /// The rest after the last boundary line that was read.
    rest: Option<&'a [u8]>,
    /// A line break and the boundary.
    delimiter: memmem::Finder<'a>,
}

impl<'a> Parts<'a> {
    fn new(body: &'a [u8], boundary: &str) -> Result<Self, WireError> {
        let delimiter = format!("\r\n--{boundary}");
        let finder = memmem::Finder::new(delimiter.as_bytes()).into_owned();
        // The first boundary may start the body, or follow a preamble, which is ignored.
        let begins = body
            .strip_prefix(&delimiter.as_bytes()[2..])
            .and_then(line_end);
        let rest = match begins {
            Some(end) => Some(end),
            None => find(body, &finder).map(|(_, end)| end),
        };
        let rest = match rest {
            Some(End::Next(rest)) => Some(rest),
            Some(End::Last) => None,
            None => {
                return Err(WireError::malformed(
                    "the multipart body does not contain its boundary",
                ));
            }
        };
        Ok(Self {
            rest,
            delimiter: finder,
        })
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Result<&'a [u8], WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let Some((part, end)) = find(rest, &self.delimiter) else {
            return Some(Err(WireError::malformed("the multipart body is cut off")));
        };
        if let End::Next(rest) = end {
            self.rest = Some(rest);
        }
        Some(Ok(part))
    }
}

/// What a boundary line ends.
enum End<'a> {
    /// A part; the next one follows.
    Next(&'a [u8]),
    /// The body.
    Last,
}

/// The input before the next boundary line, and after it.
fn find<'a>(input: &'a [u8], delimiter: &memmem::Finder<'_>) -> Option<(&'a [u8], End<'a>)> {
    let mut found = delimiter.find_iter(input);
    found.find_map(|at| {
        let after = &input[at + delimiter.needle().len()..];
        line_end(after).map(|end| (&input[..at], end))
    })
}

/// Reads the end of a boundary line; `None` if the line continues and so is not a boundary.
fn line_end(after: &[u8]) -> Option<End<'_>> {
    if after.starts_with(b"--") {
        return Some(End::Last);
    }
    let blanks = after
        .iter()
        .take_while(|&&byte| matches!(byte, b' ' | b'\t'))
        .count();
    after[blanks..].strip_prefix(b"\r\n").map(End::Next)
}

struct Part<'a> {
    name: String,
    file: Option<File>,
    content: &'a [u8],
}

struct File {
    name: String,
    media_type: String,
}

impl<'a> Part<'a> {
    fn parse(part: &'a [u8]) -> Result<Self, WireError> {
        let (header, content) = match part.strip_prefix(b"\r\n") {
            Some(content) => (&[][..], content),
            None => split_header(part)?,
        };
        let header = std::str::from_utf8(header)
            .map_err(|_| WireError::malformed("a part's header is not in UTF-8"))?;
        let (mut disposition, mut media_type) = (None, None);
        for line in header.split("\r\n") {
            let Some((name, value)) = line.split_once(':') else {
                return Err(WireError::malformed(
                    "a part's header has a line that is none",
                ));
            };
            match name.trim().to_ascii_lowercase().as_str() {
                "content-disposition" => disposition = Some(value.trim()),
                "content-type" => media_type = Some(value.trim()),
                "content-transfer-encoding" => check_encoding(value.trim())?,
                _ => {}
            }
        }
        let parameters = disposition
            .and_then(|value| value.split_once(';'))
            .filter(|(kind, _)| kind.trim().eq_ignore_ascii_case("form-data"))
            .map(|(_, parameters)| parameters);
        let Some(parameters) = parameters else {
            return Err(WireError::malformed("a part is no form data"));
        };
        let Some(name) = parameter(parameters, "name") else {
            return Err(WireError::malformed("a part has no name"));
        };
        let file = file_name(parameters).map(|name| File {
            name,
            media_type: media_type.unwrap_or("application/octet-stream").to_owned(),
        });
        Ok(Self {
            name,
            file,
            content,
        })
    }

    /// The part as a parameter's value; `None` for a file field without a file.
    fn value(&self) -> Option<Value> {
        match &self.file {
            None => Some(String::from_utf8_lossy(self.content).into()),
            Some(file) if file.name.is_empty() && self.content.is_empty() => None,
            Some(file) => Some(json!({
                "name": file.name,
                "type": file.media_type,
            })),
        }
    }
}

fn split_header(part: &[u8]) -> Result<(&[u8], &[u8]), WireError> {
    let bounded = &part[..part.len().min(MAX_HEADER)];
    match memmem::find(bounded, b"\r\n\r\n") {
        Some(at) => Ok((&part[..at], &part[at + 4..])),
        None => Err(WireError::malformed(
            "a part's header has no end, or is too long",
        )),
    }
}

fn check_encoding(encoding: &str) -> Result<(), WireError> {
    let plain = ["7bit", "8bit", "binary"];
    if plain
        .iter()
        .any(|other| encoding.eq_ignore_ascii_case(other))
    {
        Ok(())
    } else {
        Err(WireError::malformed(
            "the parts of a form are sent as they are, not encoded",
        ))
    }
}

/// The name of a part's file without its directories; `None` if the part is not a file.
fn file_name(parameters: &str) -> Option<String> {
    let path = parameter(parameters, "filename").or_else(|| {
        // RFC 7578 forbids this form, yet some libraries know no other for non-ASCII names.
        let extended = parameter(parameters, "filename*")?;
        let (charset, rest) = extended.split_once('\'')?;
        let (_, encoded) = rest.split_once('\'')?;
        charset
            .eq_ignore_ascii_case("utf-8")
            .then(|| percent_decode_str(encoded).decode_utf8_lossy().into_owned())
    })?;
    path.rsplit(['/', '\\']).next().map(str::to_owned)
}

/// The value of `name=value` or `name="value"` among parameters separated by semicolons; the first one wins.
fn parameter(mut parameters: &str, name: &str) -> Option<String> {
    loop {
        let (key, rest) = parameters.split_once('=')?;
        let key = key.trim_start_matches([';', ' ', '\t']).trim_end();
        let (value, rest) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find(';').unwrap_or(rest.len());
                (rest[..end].trim().to_owned(), &rest[end..])
            }
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        parameters = rest;
    }
}

/// The text up to the closing quote, and the rest. Only quotes and backslashes can be escaped, because some clients send Windows
/// paths unescaped.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((text, &quoted[at + 1..])),
            '\\' => match chars.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => text.push(escaped),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
#[path = "multipart_tests.rs"]
mod tests;

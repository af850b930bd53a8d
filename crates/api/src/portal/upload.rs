//! The content of an uploaded file, on its way from the parameters to file storage.
//!
//! [`execute`](crate::call::execute) takes the content out of the parameters and runs the method in a read-only transaction. If the
//! method accepts the upload, the content is decoded and stored, and the method runs again to write the file's row. So nothing is
//! stored for callers who may not upload, the database never waits for a content, and there is no file without one: a crash in
//! between leaves a content without a file, which is swept.

use std::borrow::Cow;

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use readmark_app::{Interrupt, Random, Refused, Rerun};
use readmark_model::file::{self, Content};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{content::image, wire::Params};

/// Storage for file contents, outside of the database. Names are never reused.
pub trait Blobs: Send + Sync {
    /// Stores a content and reports when it is durable, or that it failed.
    fn put(&self, name: &str, content: Bytes, done: Box<dyn FnOnce(bool) + Send>);

    /// Deletes an unreferenced content, on a best-effort basis: what is left is swept later.
    fn discard(&self, name: &str);

    /// Runs long work on a thread where it blocks nobody.
    fn run_long(&self, work: Box<dyn FnOnce() + Send>);
}

/// The content of the uploaded file.
#[derive(Debug)]
pub enum Upload {
    /// Missing or empty.
    Missing,
    /// Not stored yet.
    Waiting,
    /// Cannot be stored.
    Failed(UploadError),
    /// Stored.
    Stored(Content),
}

/// Why a content cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadError {
    /// Missing or empty.
    Missing,
    /// Not Base64.
    Malformed,
    /// Larger than a file may be.
    TooLarge,
    /// File storage failed.
    NotStored,
}

impl Upload {
    /// Whether there is nothing to upload.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// The stored content. To be called only after all other checks of the upload.
    ///
    /// # Errors
    /// [`UploadError`], or [`Rerun::WithContent`] for [`execute`](crate::call::execute), which stores it now.
    pub fn content(&self) -> Result<&Content, Refused<UploadError>> {
        match self {
            Self::Missing => Err(Refused::Because(UploadError::Missing)),
            Self::Waiting => Err(Interrupt::Rerun(Rerun::WithContent).into()),
            Self::Failed(error) => Err(Refused::Because(*error)),
            Self::Stored(content) => Ok(content),
        }
    }
}

/// A content as given.
pub(crate) struct Given(String);

/// Takes `fields.content` out of the parameters: Base64, `[name, Base64]`, or what a file in a multipart form becomes. Its name is
/// used if `fields.name` is missing.
pub(crate) fn take(params: &mut Params) -> Option<Given> {
    let fields = params.get_mut("fields")?.as_object_mut()?;
    let key = fields
        .keys()
        .find(|key| key.eq_ignore_ascii_case("content"))?
        .clone();
    let (name, text) = match fields.shift_remove(&key)? {
        Value::String(text) => (None, text),
        Value::Array(pair) => {
            let [name, text]: [Value; 2] = pair.try_into().ok()?;
            (Some(name), into_text(text)?)
        }
        Value::Object(mut file) => {
            let text = into_text(file.shift_remove("content")?)?;
            (file.shift_remove("name"), text)
        }
        _ => return None,
    };
    let blank = |value: &Value| value.as_str().is_none_or(|text| text.trim().is_empty());
    let own = fields
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("name"));
    if let (Some(name), true) = (name, own.is_none_or(|(_, own)| blank(own))) {
        fields.retain(|key, _| !key.eq_ignore_ascii_case("name"));
        fields.insert("name".to_owned(), name);
    }
    let empty = text.trim().is_empty();
    (!empty).then_some(Given(text))
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

impl Given {
    /// The bytes.
    ///
    /// # Errors
    /// If it is not Base64, or longer than `most` bytes.
    pub(crate) fn decode(self, most: usize) -> Result<Vec<u8>, UploadError> {
        let text = self.0;
        // Check the size before decoding: four letters make three bytes.
        let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
        let letters = letters.filter(|byte| *byte != b'=').count();
        if letters / 4 * 3 > most {
            return Err(UploadError::TooLarge);
        }
        let bytes = decode(&text).ok_or(UploadError::Malformed)?;
        if bytes.len() > most {
            return Err(UploadError::TooLarge);
        }
        Ok(bytes)
    }
}

/// Tolerates trailing bits and missing padding: clients are sloppy with both.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes Base64. Line breaks and spaces are skipped; a form turns `+` into a space, so a `+` is not guessed back.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let code = if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        Cow::Owned(
            text.bytes()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect::<Vec<u8>>(),
        )
    } else {
        Cow::Borrowed(text.as_bytes())
    };
    LENIENT.decode(code).ok()
}

/// The metadata of a content, under a new random name.
pub(crate) fn describe(bytes: &[u8], random: &dyn Random) -> Content {
    let mut name = [0_u8; 16];
    random.fill(&mut name);
    let (media_type, pixels) = sniff(bytes);
    Content {
        name: hex::encode(name),
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        media_type: media_type.to_owned(),
        pixels,
        hash: hex::encode(Sha256::digest(bytes)),
    }
}

/// Media type and size of a file, by its content alone. An invalid picture is not a picture.
fn sniff(bytes: &[u8]) -> (&'static str, Option<(i64, i64)>) {
    const UNKNOWN: &str = "application/octet-stream";
    if let Some((media_type, width, height)) = image::measure(bytes) {
        return (media_type, Some((i64::from(width), i64::from(height))));
    }
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some(media_type) if !file::PICTURES.contains(&media_type) => (media_type, None),
        _ => (UNKNOWN, None),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn take_from(fields: Value) -> (Option<String>, Params) {
        let Value::Object(map) = json!({ "dialogId": "7", "fields": fields }) else {
            panic!("a map is expected")
        };
        let mut params = Params::new(map);
        let given = take(&mut params).map(|given| given.0);
        (given, params)
    }

    #[test]
    fn every_form_of_a_content_is_taken_out_with_its_name() {
        for (fields, name) in [
            (json!({ "name": "a.txt", "content": "aGk=" }), "a.txt"),
            (json!({ "CONTENT": ["b.txt", "aGk="] }), "b.txt"),
            (
                json!({ "name": "a.txt", "content": ["b.txt", "aGk="] }),
                "a.txt",
            ),
            (
                json!({ "content": { "name": "c.txt", "type": "text/plain", "content": "aGk=" } }),
                "c.txt",
            ),
        ] {
            let (given, params) = take_from(fields);
            assert_eq!(given.as_deref(), Some("aGk="));
            assert_eq!(params.get("fields").raw(), Some(&json!({ "name": name })));
        }
    }

    #[test]
    fn what_is_no_content_is_missing() {
        for content in [
            json!(""),
            json!(null),
            json!(7),
            json!(["a"]),
            json!({ "name": "a" }),
        ] {
            assert_eq!(take_from(json!({ "content": content })).0, None);
        }
        assert_eq!(take_from(json!("text")).0, None);
        assert_eq!(take(&mut Params::default()).map(|given| given.0), None);
    }

    #[test]
    fn contents_are_decoded_within_the_limit() {
        let decode = |text: &str, most| Given(text.to_owned()).decode(most);
        assert_eq!(decode("aGVsbG8=", 5).unwrap(), b"hello");
        assert_eq!(decode(" aGVs\r\nbG8 ", 5).unwrap(), b"hello");
        assert_eq!(decode("aGVsbG8=", 4), Err(UploadError::TooLarge));
        assert_eq!(decode(&"A".repeat(400), 100), Err(UploadError::TooLarge));
        assert_eq!(
            decode("data:text/plain;base64,aGVsbG8=", 99),
            Err(UploadError::Malformed)
        );
        assert_eq!(decode("h_llo", 99), Err(UploadError::Malformed));
        assert_eq!(decode("=", 99), Err(UploadError::Malformed));
    }

    #[test]
    fn what_only_begins_like_a_picture_is_no_picture() {
        assert_eq!(
            sniff(b"\x89PNG\r\n\x1a\nnothing of the kind").0,
            "application/octet-stream"
        );
        assert_eq!(sniff(b"%PDF-1.7").0, "application/pdf");
        assert_eq!(sniff(b"<svg onload='x'/>").0, "application/octet-stream");
        let gif = b"GIF89a\x40\x01\xc8\x00";
        assert_eq!(sniff(gif), ("image/gif", Some((320, 200))));
    }
}

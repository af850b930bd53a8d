//! The content of an uploaded file, on its way from the parameters to file storage.
//!
//! The content is a handle from the start, never a parameter's text: a file of a multipart form is a slice of the body, Base64 is taken
//! out of the parameters by `take` and decoded when it is stored. [`execute`](crate::call::execute) runs the method in a read-only
//! transaction. If the method accepts the upload, the content is stored, and the method runs again to write the file's row. So nothing is
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

use crate::{
    content::image,
    wire::{Files, Params},
};

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

/// A content on its way to file storage, as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unstored {
    /// A file of a multipart form.
    Bytes(Bytes),
    /// A text that should be Base64.
    Base64(String),
}

/// Takes `fields.content` out of the parameters: Base64, `[name, Base64]`, or what a file in a multipart form becomes. Its name is
/// used if `fields.name` is missing.
pub(crate) fn take(params: &mut Params) -> Option<Unstored> {
    let (fields, files) = params.get_mut("fields")?;
    let fields = fields.as_object_mut()?;
    let key = fields
        .keys()
        .find(|key| key.eq_ignore_ascii_case("content"))?
        .clone();
    let part = files
        .and_then(|files| files.at(&key))
        .and_then(Files::content);
    let (name, content) = match (fields.shift_remove(&key)?, part) {
        (Value::Object(mut file), Some(part)) => (
            file.shift_remove("name"),
            Unstored::Bytes(Bytes::clone(part)),
        ),
        (Value::String(text), _) => (None, Unstored::Base64(text)),
        (Value::Array(pair), _) => {
            let [name, text]: [Value; 2] = pair.try_into().ok()?;
            (Some(name), base64(text)?)
        }
        (Value::Object(mut file), None) => {
            let content = base64(file.shift_remove("content")?)?;
            (file.shift_remove("name"), content)
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
    let empty = match &content {
        Unstored::Bytes(bytes) => bytes.is_empty(),
        Unstored::Base64(text) => text.trim().is_empty(),
    };
    (!empty).then_some(content)
}

fn base64(value: Value) -> Option<Unstored> {
    match value {
        Value::String(text) => Some(Unstored::Base64(text)),
        _ => None,
    }
}

impl Unstored {
    /// The bytes.
    ///
    /// # Errors
    /// If a text is not Base64, or there are more than `most` bytes.
    pub(crate) fn into_bytes(self, most: usize) -> Result<Bytes, UploadError> {
        let text = match self {
            Self::Bytes(bytes) if bytes.len() > most => return Err(UploadError::TooLarge),
            Self::Bytes(bytes) => return Ok(bytes),
            Self::Base64(text) => text,
        };
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
        Ok(bytes.into())
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
    use crate::wire::{Limits, decode_request};

    fn take_from(fields: Value) -> (Option<String>, Params) {
        let Value::Object(map) = json!({ "dialogId": "7", "fields": fields }) else {
            panic!("a map is expected")
        };
        let mut params = Params::new(map);
        let given = take(&mut params).map(|content| match content {
            Unstored::Base64(text) => text,
            Unstored::Bytes(_) => panic!("a text is expected"),
        });
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
        assert_eq!(take(&mut Params::default()), None);
    }

    #[test]
    fn contents_are_decoded_within_the_limit() {
        let decode = |text: &str, most| Unstored::Base64(text.to_owned()).into_bytes(most);
        assert_eq!(decode("aGVsbG8=", 5).unwrap(), "hello");
        assert_eq!(decode(" aGVs\r\nbG8 ", 5).unwrap(), "hello");
        assert_eq!(decode("aGVsbG8=", 4), Err(UploadError::TooLarge));
        assert_eq!(decode(&"A".repeat(400), 100), Err(UploadError::TooLarge));
        assert_eq!(
            decode("data:text/plain;base64,aGVsbG8=", 99),
            Err(UploadError::Malformed)
        );
        assert_eq!(decode("h_llo", 99), Err(UploadError::Malformed));
        assert_eq!(decode("=", 99), Err(UploadError::Malformed));
    }

    /// The parameters of a multipart form, and its body.
    fn form(parts: &[(&str, &str)]) -> (Params, Bytes) {
        let parts: String = parts
            .iter()
            .map(|(head, content)| {
                format!("--cut\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
            })
            .collect();
        let body = Bytes::from(parts + "--cut--\r\n");
        let content_type = Some("multipart/form-data; boundary=cut");
        let params = decode_request("", content_type, &body, &Limits::DEFAULT);
        (params.unwrap(), body)
    }

    #[test]
    fn a_file_of_a_form_stays_a_slice_of_the_body() {
        let (mut params, body) = form(&[
            ("name=\"fields[message]\"", "tides"),
            ("name=\"fields[CONTENT]\"; filename=\"a.txt\"", "high water"),
        ]);
        let content = take(&mut params).unwrap();
        assert_eq!(
            params.get("fields").raw(),
            Some(&json!({ "message": "tides", "name": "a.txt" }))
        );
        let bytes = content.into_bytes(10).unwrap();
        assert_eq!(bytes, "high water");
        assert!(body.as_ptr_range().contains(&bytes.as_ptr()));
    }

    #[test]
    fn a_file_of_a_form_is_no_base64_and_has_the_same_limits() {
        let given = |content| {
            let part = ("name=\"fields[content]\"; filename=\"a.txt\"", content);
            take(&mut form(&[part]).0)
        };
        assert_eq!(given(""), None);
        let content = given("aGk=").unwrap();
        assert_eq!(content, Unstored::Bytes(Bytes::from("aGk=")));
        assert_eq!(content.into_bytes(3), Err(UploadError::TooLarge));
        // Only a part can be a file: no text, whatever it looks like.
        let (mut params, _) = form(&[
            ("name=\"fields[content][name]\"", "a.txt"),
            ("name=\"fields[content][type]\"", "text/plain"),
        ]);
        assert_eq!(take(&mut params), None);
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

//! `GET /rest/download.json?token=…`: the files of messages, streamed from storage.
//!
//! A link is for one user and one file; access is checked on every request. Browsers must never execute uploaded content: it
//! is served as an attachment, unless it is an inert image and the link is for display.

use std::fmt::Write as _;

use hyper::{
    HeaderMap, Method, StatusCode,
    header::{self, HeaderValue},
    http::request::Parts,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use readmark_api::{
    call::download,
    contract::system_error::{self, ApiError},
};
use readmark_model::{
    Timestamp,
    file::{File, PICTURES},
};
use tokio::sync::oneshot;

use crate::{
    portals::Served,
    rest::{Reply, refusal},
};

/// Characters allowed unescaped in `filename*` (RFC 8187).
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const UNTYPED: &str = "application/octet-stream";

/// The request in a query.
struct Asked {
    token: String,
    show: bool,
}

/// The linked file, or the requested range of it.
pub(super) async fn answer(served: &Served, parts: &Parts, now: Timestamp) -> Reply {
    match find(served, parts, now).await {
        Ok((file, show)) => send(served, parts, &file, show).await,
        Err(error) => refusal(error),
    }
}

async fn find(served: &Served, parts: &Parts, now: Timestamp) -> Result<(File, bool), ApiError> {
    let asked = Asked::read(parts.uri.query().unwrap_or_default());
    let asked = asked.ok_or(system_error::NOT_FOUND)?;
    let (sender, receiver) = oneshot::channel();
    download::open(&served.portal, &asked.token, now, move |found| {
        drop(sender.send(found));
    });
    let file = receiver.await.unwrap_or(Err(system_error::INTERNAL))?;
    Ok((file, asked.show))
}

impl Asked {
    /// The token follows the name of the API that issued the link: `im|…`, `imbot|…`.
    fn read(query: &str) -> Option<Self> {
        let mut asked = Self {
            token: String::new(),
            show: false,
        };
        for (name, value) in url_pairs(query) {
            match name.as_str() {
                "token" => asked.token = value.split_once('|')?.1.to_owned(),
                "show" => asked.show = value == "1",
                _ => {}
            }
        }
        (!asked.token.is_empty()).then_some(asked)
    }
}

fn url_pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let decoded = |text: &str| {
        let text = percent_encoding::percent_decode_str(text);
        text.decode_utf8_lossy().into_owned()
    };
    query.split('&').filter_map(move |pair| {
        let (name, value) = pair.split_once('=')?;
        Some((decoded(name), decoded(value)))
    })
}

async fn send(served: &Served, parts: &Parts, file: &File, show: bool) -> Reply {
    let length = u64::try_from(file.content.size).unwrap_or_default();
    let tag = format!("\"{}\"", file.content.hash);
    let asked = match wanted(&parts.headers, length, &tag) {
        Ok(asked) => asked,
        Err(Unsatisfiable) => {
            let value = header_value(&format!("bytes */{length}"));
            let reply = Reply::empty(StatusCode::RANGE_NOT_SATISFIABLE);
            return reply.with(header::CONTENT_RANGE, value);
        }
    };
    let (start, end) = asked.unwrap_or((0, length));
    let status = match asked {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    };
    let mut reply = if parts.method == Method::HEAD {
        Reply::empty(status)
    } else {
        match served.contents.read(&file.content.name, start, end).await {
            Ok(stream) => Reply::stream(status, stream),
            Err(error) => {
                tracing::error!(
                    portal = served.name,
                    file = file.id.get(),
                    error = format!("{error:#}"),
                    "a file cannot be read"
                );
                return refusal(system_error::INTERNAL);
            }
        }
    };
    if asked.is_some() {
        let value = header_value(&format!("bytes {start}-{}/{length}", end - 1));
        reply = reply.with(header::CONTENT_RANGE, value);
    }
    let media_type = PICTURES
        .iter()
        .find(|picture| **picture == file.content.media_type);
    let fixed = HeaderValue::from_static;
    reply
        .with(header::CONTENT_LENGTH, HeaderValue::from(end - start))
        .with(header::ACCEPT_RANGES, fixed("bytes"))
        .with(header::ETAG, header_value(&tag))
        .with(
            header::CONTENT_TYPE,
            fixed(media_type.copied().unwrap_or(UNTYPED)),
        )
        .with(
            header::CONTENT_DISPOSITION,
            header_value(&disposition(&file.name, show && media_type.is_some())),
        )
        .with(
            header::CONTENT_SECURITY_POLICY,
            fixed("sandbox; default-src 'none'"),
        )
        // Access to a file can change.
        .with(header::CACHE_CONTROL, fixed("private, no-store"))
}

/// The file name, as an ASCII fallback and in full (RFC 6266).
fn disposition(name: &str, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            '"' | '\\' | '%' => '_',
            ' '..='~' => letter,
            _ => '_',
        })
        .collect();
    let mut text = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''");
    for part in utf8_percent_encode(name, ATTRIBUTE) {
        let _ = text.write_str(part);
    }
    text
}

/// A header value of visible ASCII characters.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The requested range is not satisfiable.
struct Unsatisfiable;

/// The requested range of a file: first byte, and the one past the last. `None` for the whole file, also when several ranges
/// are requested or the client has another version.
fn wanted(
    headers: &HeaderMap,
    length: u64,
    tag: &str,
) -> Result<Option<(u64, u64)>, Unsatisfiable> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Ok(None);
    }
    let part = text(header::RANGE).and_then(|range| range.strip_prefix("bytes="));
    let Some((first, last)) = part.and_then(|part| part.split_once('-')) else {
        return Ok(None);
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let range = match (number(first), number(last)) {
        (None, Some(count)) if first.is_empty() => (length - count.min(length), length),
        (Some(first), None) if last.is_empty() => (first, length),
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(length)),
        _ => return Ok(None),
    };
    if range.0 < range.1 {
        Ok(Some(range))
    } else {
        Err(Unsatisfiable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(range: &'static str) -> Result<Option<(u64, u64)>, ()> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static(range));
        wanted(&headers, 10, "\"tag\"").map_err(|Unsatisfiable| ())
    }

    #[test]
    fn one_part_within_the_file_is_answered() {
        for (range, expected) in [
            ("bytes=0-3", Ok(Some((0, 4)))),
            ("bytes=4-", Ok(Some((4, 10)))),
            ("bytes=-3", Ok(Some((7, 10)))),
            ("bytes=-99", Ok(Some((0, 10)))),
            ("bytes=9-99999999999999999999999", Ok(Some((9, 10)))),
            ("bytes=0-0", Ok(Some((0, 1)))),
            ("bytes=10-", Err(())),
            ("bytes=-0", Err(())),
            ("bytes=5-4", Ok(None)),
            ("bytes=0-1,3-4", Ok(None)),
            ("bytes=+1-2", Ok(None)),
            ("bytes=-", Ok(None)),
            ("lines=1-2", Ok(None)),
        ] {
            assert_eq!(part(range), expected, "{range}");
        }
    }

    #[test]
    fn a_client_with_another_version_gets_all_of_it() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=1-2"));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"old\""));
        assert!(matches!(wanted(&headers, 10, "\"tag\""), Ok(None)));
        assert!(matches!(wanted(&headers, 10, "\"old\""), Ok(Some((1, 3)))));
    }

    #[test]
    fn any_name_can_be_written_into_a_header() {
        assert_eq!(
            disposition("tide \"table\".pdf", false),
            "attachment; filename=\"tide _table_.pdf\"; filename*=UTF-8''tide%20%22table%22.pdf"
        );
        assert_eq!(
            disposition("Bucht ü.png", true),
            "inline; filename=\"Bucht _.png\"; filename*=UTF-8''Bucht%20%C3%BC.png"
        );
        assert!(!header_value(&disposition("каталог 表.txt", false)).is_empty());
    }

    #[test]
    fn a_token_stands_behind_its_api() {
        let asked = Asked::read("x=1&token=im%7Cabc&show=1").unwrap();
        assert_eq!((asked.token.as_str(), asked.show), ("abc", true));
        assert!(Asked::read("token=abc").is_none());
        assert!(Asked::read("token=im%7C").is_none());
        assert!(Asked::read("").is_none());
    }
}

//! What the fuzz targets run: each takes bytes that anybody may send and asserts what must hold for all of them, beyond not
//! panicking. The tests of the server run the same functions over `corpus/`, so that a finding stays found.
//!
//! `cargo +nightly fuzz run TARGET` in this folder's parent fuzzes one; on a stable toolchain add `--sanitizer none`. Keep an input in
//! `corpus/TARGET` when it reached something new or was a finding.

use std::{
    hint::black_box,
    io::{Cursor, Write},
};

use bytes::Bytes;
use jiff::tz::TimeZone;
use readmark_api::wire::{
    self, Field, Limits, Params,
    batch::{self, Batch, Command},
    php,
};
use readmark_app::import::History;
use readmark_import::{Limits as ArchiveLimits, slack::Export};
use readmark_model::{UserId, text};
use serde_json::{Map, Value, json};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Small limits, which inputs of a fuzzer's size can reach.
const LIMITS: Limits = Limits {
    depth: 8,
    pairs: 64,
    substituted: 4096,
};

/// The content types that bodies are decoded by.
const CONTENT_TYPES: [Option<&str>; 5] = [
    None,
    Some("application/json"),
    Some("application/x-www-form-urlencoded"),
    Some("multipart/form-data; boundary=b"),
    Some("text/plain; charset=utf-8"),
];

/// Decodes a query string and a body: the first byte chooses the content type, the first line is the query string, the rest is the body.
/// Every parameter is then read as each type that methods ask for.
///
/// # Panics
/// When a list of ids has more entries than the text that it was read from has characters.
pub fn request(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else {
        return;
    };
    let content_type = CONTENT_TYPES[usize::from(*choice) % CONTENT_TYPES.len()];
    let (query, body) = split_line(rest);
    let Ok(query) = str::from_utf8(query) else {
        return;
    };
    let body = Bytes::copy_from_slice(body);
    let Ok(params) = wire::decode_request(query, content_type, &body, &LIMITS) else {
        return;
    };
    for (_, field) in params.iter() {
        read_as_everything(field);
    }
    drop(Batch::parse(&params, &LIMITS));
}

/// Reads a form by the rules of PHP.
///
/// # Panics
/// When the result has more values or levels than the limits allow.
pub fn php_brackets(data: &[u8]) {
    let Ok(map) = php::decode(data, &LIMITS) else {
        return;
    };
    let map = Value::Object(map);
    assert!(depth_of(&map) <= LIMITS.depth, "{map}");
    assert!(values_in(&map) <= LIMITS.pairs, "{map}");
}

/// Reads a text as the messenger shows, previews and searches it.
///
/// # Panics
/// When HTML has an element that it may not have, or a part of the text is none.
pub fn bb_codes(data: &[u8]) {
    let Ok(message) = str::from_utf8(data) else {
        return;
    };
    let html = text::to_html(message);
    for (at, _) in html.match_indices('<') {
        let rest = &html[at..];
        let known = [
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<u>",
            "</u>",
            "<s>",
            "</s>",
            "<br />",
            "<a href=\"",
            "</a>",
        ];
        assert!(known.iter().any(|tag| rest.starts_with(tag)), "{html}");
    }
    for scheme in ["javascript:", "data:", "vbscript:"] {
        let start = format!("<a href=\"{scheme}");
        assert!(!html.to_ascii_lowercase().contains(&start), "{html}");
    }
    for range in text::literals(message) {
        assert!(message.get(range).is_some());
    }
    black_box((
        text::plain_preview(message),
        text::mentions(message),
        text::without_mentions_of(message, UserId(5)),
        text::search_words(message),
        text::search_terms(message),
        text::cut_message(message),
    ));
}

/// Resolves the references of a batch: the input is the map of commands as JSON, or else one command.
///
/// # Panics
/// When references bring in more than the limit allows, or are resolved within what they brought in.
pub fn batch_references(data: &[u8]) {
    let Ok(input) = str::from_utf8(data) else {
        return;
    };
    let cmd = serde_json::from_str::<Value>(input).unwrap_or_else(|_| json!({ "a": input }));
    let mut params = Map::new();
    params.insert("cmd".to_owned(), cmd);
    let Ok(batch) = Batch::parse(&Params::new(params), &LIMITS) else {
        return;
    };
    let results = json!({
        "a": 7,
        "b": { "id": "x", "list": [1, "two", [true, null]], "text": "$result[a]" },
        "c": "c".repeat(1500),
    });
    let Value::Object(results) = results else {
        return;
    };
    for (_, command) in batch.commands {
        let Command::Call { mut params, .. } = command else {
            continue;
        };
        let before = texts_in(&params);
        if batch::resolve(&mut params, &results, &LIMITS).is_ok() {
            let after = texts_in(&params);
            assert!(after <= before + LIMITS.substituted, "{params:?}");
        }
    }
}

/// Reads an export of Slack. Input that begins with `PK` is the archive itself; any other is a list of files, each a line with
/// its name and its content up to the next line that is empty.
///
/// # Panics
/// Only when reading does.
pub fn slack_archive(data: &[u8]) {
    let archive = if data.starts_with(b"PK") {
        data.to_vec()
    } else {
        match zipped(data) {
            Some(archive) => archive,
            None => return,
        }
    };
    let limits = ArchiveLimits {
        files: 64,
        file_bytes: 1 << 20,
        total_bytes: 4 << 20,
        list_entries: 1000,
    };
    let Ok(mut export) = Export::open(Cursor::new(archive), "export.zip", limits, &mut |_| {})
    else {
        return;
    };
    let rooms = export.rooms().len();
    let mut posts = 0;
    for room in 0..rooms {
        let read = export.posts(room, &mut |_| {
            posts += 1;
            Ok(())
        });
        drop(read);
    }
    assert!(posts <= export.message_count());
}

/// A zip archive of the files that the input lists; `None` when their names are no names.
fn zipped(data: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut rest = data;
    while !rest.is_empty() {
        let (name, after) = split_line(rest);
        let end = after.windows(2).position(|pair| pair == b"\n\n");
        let (content, next) = match end {
            Some(end) => (&after[..end], &after[end + 2..]),
            None => (after, &[][..]),
        };
        archive
            .start_file(str::from_utf8(name).ok()?, stored)
            .ok()?;
        archive.write_all(content).ok()?;
        rest = next;
    }
    archive.finish().ok().map(Cursor::into_inner)
}

/// The first line, without its end, and what follows it.
fn split_line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &[]),
    }
}

/// Reads a parameter, and what it holds, as every type.
fn read_as_everything(field: Field<'_>) {
    black_box((
        field.as_int(),
        field.as_bool(),
        field.as_int_list(),
        field.as_json_or_text(),
    ));
    if let Some(text) = field.as_text() {
        black_box(wire::parse_date(&text, &TimeZone::UTC));
        let ids = field.as_id_list().unwrap_or_default();
        assert!(ids.ids.len() + ids.malformed <= text.len().max(1), "{text}");
        return;
    }
    for item in field.as_list().unwrap_or_default() {
        read_as_everything(item);
    }
}

fn depth_of(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth_of).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth_of).max().unwrap_or(0),
        _ => 0,
    }
}

fn values_in(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(values_in).sum(),
        Value::Object(members) => members.values().map(values_in).sum(),
        _ => 1,
    }
}

/// The bytes of all texts and names.
fn texts_in(map: &Map<String, Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(of).sum(),
            Value::Object(members) => texts_in(members),
            _ => 0,
        }
    }
    map.iter().map(|(name, value)| name.len() + of(value)).sum()
}

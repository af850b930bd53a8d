//! Small exports of an invented workspace.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test program uses another part of it"
)]

pub mod portal;

use std::io::{Cursor, Write};

use readmark_import::{Damaged, Limits, slack::Export};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

/// What archives are called in errors.
pub const NAME: &str = "export.zip";

/// The bytes of an archive.
pub type Bytes = Cursor<Vec<u8>>;

/// An export that is being put together.
#[derive(Clone, Default)]
pub struct Archive {
    files: Vec<(String, Vec<u8>)>,
}

impl Archive {
    /// Two people, Mia (U1) and Noor (U2), in the channel `general` (C1), which Mia made on 2024-03-01.
    pub fn small() -> Self {
        Self::default()
            .json(
                "users.json",
                json!([user("U1", "Mia Sørli"), user("U2", "Noor Haddad")]),
            )
            .json(
                "channels.json",
                json!([channel("C1", "general", &["U1", "U2"])]),
            )
    }

    /// With a file, instead of one of that name.
    pub fn file(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.retain(|(other, _)| other != name);
        self.files.push((name.to_owned(), content.into()));
        self
    }

    /// With a JSON file.
    pub fn json(self, name: &str, content: Value) -> Self {
        self.file(name, content.to_string())
    }

    /// With messages of a day in `general`.
    pub fn day(self, date: &str, messages: Value) -> Self {
        self.json(&format!("general/{date}.json"), messages)
    }

    /// Without a file.
    pub fn without(mut self, name: &str) -> Self {
        self.files.retain(|(other, _)| other != name);
        self
    }

    pub fn zip(&self) -> Bytes {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.files {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        Cursor::new(zip.finish().unwrap().into_inner())
    }

    /// Reads and checks it.
    pub fn open(&self) -> Result<Export<Bytes>, Damaged> {
        open(self.zip(), Limits::default())
    }

    /// Why it is refused, as it is shown.
    pub fn refusal(&self) -> String {
        refusal(self.open())
    }
}

pub fn open(bytes: Bytes, limits: Limits) -> Result<Export<Bytes>, Damaged> {
    Export::open(bytes, NAME, limits, &mut |_| ())
}

pub fn refusal(opened: Result<Export<Bytes>, Damaged>) -> String {
    match opened {
        Ok(_) => panic!("the archive is not refused"),
        Err(damaged) => damaged.to_string(),
    }
}

pub fn user(id: &str, name: &str) -> Value {
    json!({"id": id, "name": id.to_lowercase(), "real_name": name, "profile": {"real_name": name}})
}

pub fn channel(id: &str, name: &str, members: &[&str]) -> Value {
    json!({"id": id, "name": name, "created": 1_709_280_000, "creator": "U1", "members": members})
}

pub fn said(user: &str, ts: &str, text: &str) -> Value {
    json!({"type": "message", "user": user, "ts": ts, "text": text})
}

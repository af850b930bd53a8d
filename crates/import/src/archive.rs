//! A zip archive from an untrusted source.

use std::{
    collections::BTreeMap,
    io::{self, Read, Seek, SeekFrom},
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, SeqAccess, Visitor},
};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::Damaged;

/// Limits above which an archive is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Number of files in the archive.
    pub files: usize,
    /// Unpacked bytes of one file.
    pub file_bytes: u64,
    /// Unpacked bytes of all files.
    pub total_bytes: u64,
    /// Number of entries of one list: users, channels, messages of a day.
    pub list_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files: 1_000_000,
            file_bytes: 256 << 20,
            total_bytes: 64 << 30,
            list_entries: 500_000,
        }
    }
}

/// Source of an archive: a file, or memory.
pub trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

/// The SHA-256 of `source` in hexadecimal digits; `source` is rewound afterwards.
///
/// # Errors
/// When it cannot be read.
pub fn fingerprint(source: &mut (impl Source + ?Sized)) -> io::Result<String> {
    source.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut block = vec![0_u8; 1 << 16];
    loop {
        let read = source.read(&mut block)?;
        if read == 0 {
            break;
        }
        hash.update(&block[..read]);
    }
    source.seek(SeekFrom::Start(0))?;
    Ok(hex::encode(hash.finalize()))
}

/// An open archive whose directory has been checked.
pub(crate) struct Archive<R> {
    zip: ZipArchive<R>,
    files: BTreeMap<String, usize>,
    limits: Limits,
}

impl<R: Source> Archive<R> {
    /// Opens an archive; `name` identifies it in errors.
    pub(crate) fn open(source: R, name: &str, limits: Limits) -> Result<Self, Damaged> {
        let zip = ZipArchive::new(source)
            .map_err(|error| Damaged::new(name, format!("is no zip archive: {error}")))?;
        let files = contents(&zip, name, limits)?;
        Ok(Self { zip, files, limits })
    }

    /// The names of all files, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub(crate) fn has(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }

    /// The entries of a JSON list, type-checked one by one.
    pub(crate) fn list<T: for<'de> Deserialize<'de>>(
        &mut self,
        file: &str,
    ) -> Result<Vec<T>, Damaged> {
        let bytes = self.bytes(file)?;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let list = BoundedList::new(self.limits.list_entries).deserialize(&mut json);
        let list = list.and_then(|list| json.end().map(|()| list));
        list.map_err(|error| Damaged::new(file, error.to_string()))
    }

    /// The contents of a file. The size claimed by the archive is not trusted.
    fn bytes(&mut self, file: &str) -> Result<Vec<u8>, Damaged> {
        let damaged = |reason: String| Damaged::new(file, reason);
        let index = *self
            .files
            .get(file)
            .ok_or_else(|| damaged("is missing".to_owned()))?;
        let entry = self
            .zip
            .by_index(index)
            .map_err(|error| damaged(format!("cannot be unpacked: {error}")))?;
        let limit = self.limits.file_bytes;
        let mut bytes = Vec::new();
        entry
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(format!("cannot be unpacked: {error}")))?;
        if bytes.len() as u64 > limit {
            return Err(damaged(too_large(limit)));
        }
        Ok(bytes)
    }
}

fn too_large(limit: u64) -> String {
    format!("is larger than {limit} bytes unpacked")
}

/// The files by name, without folders.
fn contents<R: Source>(
    zip: &ZipArchive<R>,
    name: &str,
    limits: Limits,
) -> Result<BTreeMap<String, usize>, Damaged> {
    if zip.len() > limits.files {
        let reason = format!("has more than {} files", limits.files);
        return Err(Damaged::new(name, reason));
    }
    let mut files = BTreeMap::new();
    let mut total = 0_u64;
    for index in 0..zip.len() {
        let entry = zip
            .by_index_data(index)
            .map_err(|error| Damaged::new(name, error.to_string()))?;
        let file = entry
            .name()
            .map_err(|error| Damaged::new(name, error.to_string()))?
            .into_owned();
        if !is_plain(&file) || entry.is_symlink() {
            return Err(Damaged::new(&file, "leads out of the archive"));
        }
        if entry.encrypted() {
            return Err(Damaged::new(&file, "is encrypted"));
        }
        if entry.size() > limits.file_bytes {
            return Err(Damaged::new(&file, too_large(limits.file_bytes)));
        }
        total = total.saturating_add(entry.size());
        if total > limits.total_bytes {
            return Err(Damaged::new(name, too_large(limits.total_bytes)));
        }
        if !entry.is_dir() {
            files.insert(file, index);
        }
    }
    Ok(files)
}

/// Whether a path is relative and free of traversal. Others would be harmless, as nothing is unpacked, but no genuine export has them.
fn is_plain(name: &str) -> bool {
    let path = name.strip_suffix('/').unwrap_or(name);
    let names_a_drive = path.as_bytes().get(1) == Some(&b':');
    !path.contains(['\\', '\0'])
        && !names_a_drive
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// A list with a limited number of entries.
struct BoundedList<T> {
    limit: usize,
    entries: Vec<T>,
}

impl<T> BoundedList<T> {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            entries: Vec::new(),
        }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for BoundedList<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for BoundedList<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Vec<T>, A::Error> {
        while let Some(entry) = list.next_element()? {
            if self.entries.len() == self.limit {
                let reason = format!("has more than {} entries", self.limit);
                return Err(A::Error::custom(reason));
            }
            self.entries.push(entry);
        }
        Ok(self.entries)
    }
}

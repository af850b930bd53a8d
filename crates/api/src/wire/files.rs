//! The files of a request.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;

/// The contents of the files in a request, by the place of their values.
///
/// Parameters are JSON values, which cannot hold bytes. The value of a file has only its name and type; its content is kept here, as a
/// slice of the body, and found along the same keys ([`Field::file`](super::Field::file)). So a content is neither copied nor encoded
/// on its way to the method that wants it.
///
/// `Debug` shows no contents.
#[derive(Clone, Default, PartialEq)]
pub struct Files {
    content: Option<Bytes>,
    below: BTreeMap<String, Self>,
}

impl Files {
    /// The content of a file.
    pub(super) const fn of(content: Bytes) -> Self {
        Self {
            content: Some(content),
            below: BTreeMap::new(),
        }
    }

    /// The content, if the value itself is a file.
    pub(crate) const fn content(&self) -> Option<&Bytes> {
        self.content.as_ref()
    }

    /// What is at this key of the value: the name of a member, or the index of an item.
    pub(crate) fn at(&self, key: &str) -> Option<&Self> {
        self.below.get(key)
    }

    /// Puts what is at a key of the value; nothing, if there is no file in it.
    pub(super) fn put(&mut self, key: &str, files: Self) {
        if !files.is_empty() {
            self.below.insert(key.to_owned(), files);
        }
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_none() && self.below.is_empty()
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Some(content) => write!(f, "{} bytes", content.len()),
            None => f.debug_map().entries(&self.below).finish(),
        }
    }
}

//! The methods, one file each, grouped by family.
//!
//! To add one: its file, its line in the `METHODS` of its family, its golden cases, and its line in [`crate::contract::coverage`].
//! Dispatch, `methods`, `method.get`, `scope` and the generated documents are based on [`METHODS`].

pub mod base;
pub mod bot_v1;
pub mod bot_v2;
pub mod department;
pub mod im;
pub mod readmark;
pub mod shared;
pub mod user;

use std::{collections::HashMap, sync::LazyLock};

use crate::contract::entry::Entry;

/// The families, in the order of the documentation.
const ROOMS: &[&[Entry]] = &[
    base::METHODS,
    user::METHODS,
    im::METHODS,
    im::chat::METHODS,
    im::dialog::METHODS,
    im::user::METHODS,
    im::message::METHODS,
    im::file::METHODS,
    im::disk::METHODS,
    im::notify::METHODS,
    im::search::METHODS,
    im::recent::METHODS,
    im::department::METHODS,
    im::event::METHODS,
    department::METHODS,
    bot_v1::bot::METHODS,
    bot_v1::command::METHODS,
    bot_v1::chat::METHODS,
    bot_v1::dialog::METHODS,
    bot_v1::message::METHODS,
    bot_v1::app::METHODS,
    bot_v2::METHODS,
    bot_v2::bot::METHODS,
    bot_v2::chat::METHODS,
    bot_v2::chat::message::METHODS,
    bot_v2::command::METHODS,
    bot_v2::event::METHODS,
    bot_v2::file::METHODS,
    readmark::METHODS,
];

/// Every method, in the order of the documentation.
pub static METHODS: &[Entry] = &join::<{ count(ROOMS) }>(ROOMS);

/// The method of this name, in any letter case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    // Most callers write a name exactly as documented.
    static BY_NAME: LazyLock<HashMap<&'static str, &'static Entry>> =
        LazyLock::new(|| METHODS.iter().map(|entry| (entry.name, entry)).collect());
    BY_NAME.get(name).copied().or_else(|| {
        METHODS
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    })
}

const fn count(rooms: &[&[Entry]]) -> usize {
    let (mut total, mut room) = (0, 0);
    while room < rooms.len() {
        total += rooms[room].len();
        room += 1;
    }
    total
}

/// The methods of all families; `N` is their [`count`].
const fn join<const N: usize>(rooms: &[&[Entry]]) -> [Entry; N] {
    let mut all = [rooms[0][0]; N];
    let (mut filled, mut room) = (0, 0);
    while room < rooms.len() {
        let mut place = 0;
        while place < rooms[room].len() {
            all[filled] = rooms[room][place];
            filled += 1;
            place += 1;
        }
        room += 1;
    }
    all
}

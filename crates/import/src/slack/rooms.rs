//! Channels, groups and direct messages.

use std::collections::HashSet;

use readmark_app::import::{Person, Room};
use readmark_model::ChatKind;

use super::{
    markup,
    people::{People, text},
    places::Places,
    raw::{RawNote, RawRoom},
    time,
};
use crate::{Damaged, Source, archive::Archive};

/// The longest title, in characters.
const MAX_TITLE: usize = 255;

/// The files that list rooms, and the kind of their rooms.
const LISTS: [(&str, Sort); 4] = [
    ("channels.json", Sort::Channel),
    ("groups.json", Sort::Group),
    ("mpims.json", Sort::Several),
    ("dms.json", Sort::Direct),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// A public channel.
    Channel,
    /// A private channel.
    Group,
    /// A group conversation without a name of its own.
    Several,
    /// A conversation of two people, or with oneself.
    Direct,
}

/// The rooms of an archive; all members must be users of it.
pub(super) fn read<R: Source>(
    archive: &mut Archive<R>,
    people: &mut People,
) -> Result<Places, Damaged> {
    let mut places = Places::default();
    let mut folders = HashSet::new();
    let mut pairs = HashSet::new();
    let mut found = false;
    for (file, sort) in LISTS {
        if !archive.has(file) {
            continue;
        }
        found = true;
        for raw in archive.list::<RawRoom>(file)? {
            let called = text(&raw.name).unwrap_or(&raw.id).to_owned();
            let refuse = |reason: String| Damaged::new(file, format!("{called}: {reason}"));
            let room = room(sort, &raw, people).map_err(refuse)?;
            let folder = folder(sort, &raw).map_err(refuse)?;
            if !folders.insert(folder.clone()) {
                return Err(refuse(format!(
                    "the folder {folder:?} belongs to another one"
                )));
            }
            if sort == Sort::Direct && !pairs.insert(sorted(&room.members)) {
                return Err(refuse("the same two people are in another one".to_owned()));
            }
            if places.by_id.insert(raw.id, places.rooms.len()).is_some() {
                return Err(refuse("its id is there twice".to_owned()));
            }
            places.rooms.push(room);
            places.folders.push(folder);
        }
    }
    if found {
        Ok(places)
    } else {
        Err(Damaged::new(LISTS[0].0, "is missing"))
    }
}

fn sorted(members: &[usize]) -> Vec<usize> {
    let mut members = members.to_vec();
    members.sort_unstable();
    members
}

/// Direct messages have no name; their folder is named by their id.
fn folder(sort: Sort, raw: &RawRoom) -> Result<String, String> {
    let name = match sort {
        Sort::Direct => Some(raw.id.as_str()),
        _ => text(&raw.name),
    };
    match name {
        None | Some("") => Err("has no name".to_owned()),
        Some(name) if name.contains('/') => Err("its name is no name of a folder".to_owned()),
        Some(name) => Ok(name.to_owned()),
    }
}

fn room(sort: Sort, raw: &RawRoom, people: &mut People) -> Result<Room, String> {
    let members = members(raw, people)?;
    let owner = match (sort, members.len()) {
        (Sort::Direct, 1 | 2) => members.first().copied().unwrap_or_default(),
        (Sort::Direct, other) => return Err(format!("{other} members instead of two")),
        _ => owner(raw, &members, people),
    };
    let (kind, title) = match sort {
        Sort::Channel => (
            ChatKind::Open,
            text(&raw.name).unwrap_or_default().to_owned(),
        ),
        Sort::Group => (
            ChatKind::Group,
            text(&raw.name).unwrap_or_default().to_owned(),
        ),
        Sort::Several => (ChatKind::Group, names(&members, people)),
        Sort::Direct => (ChatKind::Private, String::new()),
    };
    Ok(Room {
        kind,
        title: title.chars().take(MAX_TITLE).collect(),
        description: description([&raw.purpose, &raw.topic]),
        owner,
        members,
        created_at: raw.created.and_then(time::from_seconds),
        closed: raw.is_archived == Some(true),
    })
}

/// The members, without duplicates.
fn members(raw: &RawRoom, people: &People) -> Result<Vec<usize>, String> {
    let mut seen = HashSet::new();
    let mut members = Vec::new();
    for id in raw.members.iter().flatten() {
        let at = people
            .find(id)
            .ok_or_else(|| format!("member {id:?} is not in users.json"))?;
        if seen.insert(at) {
            members.push(at);
        }
    }
    Ok(members)
}

/// The creator if still an active member, else the first active person among the members, else the first member. A room
/// without members belongs to its creator.
fn owner(raw: &RawRoom, members: &[usize], people: &mut People) -> usize {
    let creator = text(&raw.creator);
    let made_by = creator.and_then(|id| people.find(id));
    let active = |at: &&usize| people.list.get(**at).is_some_and(|person| person.active);
    let person = |at: &&usize| people.list.get(**at).is_some_and(|person| !person.bot);
    let candidates = || members.iter().filter(active);
    let heir = candidates()
        .find(|at| Some(**at) == made_by)
        .or_else(|| candidates().find(person))
        .or_else(|| candidates().next())
        .or_else(|| members.first());
    match heir {
        Some(at) => *at,
        None => people.find_or_add(creator.unwrap_or("Unknown")),
    }
}

fn names(members: &[usize], people: &People) -> String {
    let full = |person: &Person| {
        format!("{} {}", person.name, person.last_name)
            .trim()
            .to_owned()
    };
    let names: Vec<String> = members
        .iter()
        .filter_map(|at| people.list.get(*at).map(full))
        .collect();
    names.join(", ")
}

/// Purpose and topic, one per line.
fn description(notes: [&Option<RawNote>; 2]) -> String {
    let notes = notes.into_iter().flatten();
    let lines: Vec<String> = notes
        .filter_map(|note| text(&note.value))
        .map(markup::plain)
        .collect();
    lines.join("\n")
}

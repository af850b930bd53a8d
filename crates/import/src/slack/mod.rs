//! The export of a Slack workspace.
//!
//! | in the archive | here |
//! |---|---|
//! | `users.json` | users; deleted ones are dismissed, guests are external users, bots are bots that nobody runs |
//! | `channels.json`, `groups.json`, `mpims.json`, `dms.json` | open chats, group chats, group chats, private chats |
//! | purpose and topic | the description |
//! | `CHANNEL/YYYY-MM-DD.json` | messages in the order of `ts`, to the millisecond |
//! | joined, left, renamed, pinned… | automatic notices, which never count (rule R2) |
//! | a reply in a thread | a reply to the thread's first message |
//! | reactions | the equivalent reactions of this API, at the message's time, as Slack stores none; others are left out |
//! | files and attachments | lines with name and link; the files themselves are not in the archive |
//! | authors missing from `users.json` | a dismissed user or bot of that name |
//!
//! Photos are not imported, as the archive only has links, and an import makes no one an administrator.

mod emoji;
mod markup;
mod people;
mod places;
mod posts;
mod raw;
mod rooms;
mod time;

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use readmark_app::import::{Failure, History, Person, Post, Room};

use self::{people::People, places::Places, posts::Context, raw::RawMessage};
use crate::{
    Damaged, Limits, Source,
    archive::{Archive, fingerprint},
};

/// Progress of checking an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Files read so far.
    pub files: usize,
    /// Total number of files.
    pub of: usize,
}

/// An export, read and checked from its first to its last message.
pub struct Export<R> {
    archive: Archive<R>,
    fingerprint: String,
    people: People,
    places: Places,
    days: Vec<Days>,
    skipped: Vec<String>,
}

/// The files of one room.
#[derive(Default)]
struct Days {
    files: Vec<Day>,
    /// Files that must be sorted together because their times overlap; most groups have one file.
    runs: Vec<Range<usize>>,
    /// The times of messages that have replies.
    answered: HashSet<i64>,
}

struct Day {
    file: String,
    first: i64,
    last: i64,
    messages: usize,
}

impl<R: Source> Export<R> {
    /// Reads and checks a whole archive; `name` identifies it in errors.
    ///
    /// # Errors
    /// The first problem found.
    pub fn open(
        mut source: R,
        name: &str,
        limits: Limits,
        progress: &mut dyn FnMut(Checked),
    ) -> Result<Self, Damaged> {
        let fingerprint = fingerprint(&mut source)
            .map_err(|error| Damaged::new(name, format!("cannot be read: {error}")))?;
        let mut archive = Archive::open(source, name, limits)?;
        let mut people = People::read(&mut archive)?;
        let mut places = rooms::read(&mut archive, &mut people)?;
        let (files, skipped) = files_of(&archive, &places);
        let of = files.iter().map(Vec::len).sum();
        let mut days = Vec::with_capacity(files.len());
        let mut done = 0;
        for (files, room) in files.into_iter().zip(&mut places.rooms) {
            let found = check(&mut archive, &mut people, files, limits, &mut || {
                done += 1;
                progress(Checked { files: done, of });
            })?;
            // A room is at least as old as its first message.
            let first = found.files.first().map(|day| time::to_timestamp(day.first));
            room.created_at = room.created_at.into_iter().chain(first).min();
            days.push(found);
        }
        Ok(Self {
            archive,
            fingerprint,
            people,
            places,
            days,
            skipped,
        })
    }

    /// Identifies this archive: its SHA-256 in hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Number of messages. Duplicates within the archive are counted here, but imported once.
    #[must_use]
    pub fn message_count(&self) -> usize {
        let days = self.days.iter().flat_map(|days| &days.files);
        days.map(|day| day.messages).sum()
    }

    /// Folders and files that belong to no chat and are skipped.
    #[must_use]
    pub fn skipped(&self) -> &[String] {
        &self.skipped
    }
}

/// Reads the files of one room: the authors, and the order of the files.
fn check<R: Source>(
    archive: &mut Archive<R>,
    people: &mut People,
    files: Vec<String>,
    limits: Limits,
    progress: &mut dyn FnMut(),
) -> Result<Days, Damaged> {
    let mut days = Days::default();
    for file in files {
        let messages: Vec<RawMessage> = archive.list(&file)?;
        let mut times: Option<(i64, i64)> = None;
        for (index, message) in messages.iter().enumerate() {
            let at = posts::check(message).map_err(|reason| {
                Damaged::new(&file, format!("message {}: {reason}", index + 1))
            })?;
            times = Some(times.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
            days.answered.extend(posts::thread_of(message, at));
            people.meet(message);
        }
        if let Some((first, last)) = times {
            let messages = messages.len();
            days.files.push(Day {
                file,
                first,
                last,
                messages,
            });
        }
        progress();
    }
    days.files.sort_by_key(|day| (day.first, day.last));
    days.runs = runs(&days.files, limits)?;
    Ok(days)
}

/// Groups neighbours whose times overlap. Days of a genuine export do not, so one day is in memory at a time.
fn runs(days: &[Day], limits: Limits) -> Result<Vec<Range<usize>>, Damaged> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let (mut last, mut messages) = (i64::MIN, 0);
    for (index, day) in days.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if day.first <= last => {
                run.end = index + 1;
                messages += day.messages;
                if messages > limits.list_entries {
                    let reason = "its messages are of the same time as those of many other files";
                    return Err(Damaged::new(&day.file, reason));
                }
            }
            _ => {
                runs.push(index..index + 1);
                messages = day.messages;
            }
        }
        last = last.max(day.last);
    }
    Ok(runs)
}

/// The files of every room, and those that belong to none.
fn files_of<R: Source>(archive: &Archive<R>, places: &Places) -> (Vec<Vec<String>>, Vec<String>) {
    let folders: BTreeMap<&str, usize> = places
        .folders
        .iter()
        .enumerate()
        .map(|(room, folder)| (folder.as_str(), room))
        .collect();
    let mut files = vec![Vec::new(); places.rooms.len()];
    let mut skipped = Vec::new();
    for name in archive.names() {
        let Some((folder, file)) = name.split_once('/') else {
            continue;
        };
        match folders.get(folder) {
            Some(&room) if time::is_day_file(file) => files[room].push(name.to_owned()),
            Some(_) => skipped.push(name.to_owned()),
            None => {
                let folder = format!("{folder}/");
                if skipped.last() != Some(&folder) {
                    skipped.push(folder);
                }
            }
        }
    }
    (files, skipped)
}

impl<R: Source> History for Export<R> {
    fn people(&self) -> &[Person] {
        &self.people.list
    }

    fn rooms(&self) -> &[Room] {
        &self.places.rooms
    }

    fn posts(
        &mut self,
        room: usize,
        each: &mut dyn FnMut(Post) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let unreadable = |damaged: Damaged| Failure::Unreadable(damaged.to_string());
        let Some(days) = self.days.get(room) else {
            return Ok(());
        };
        let context = Context {
            people: &self.people,
            places: &self.places,
            answered: &days.answered,
        };
        for run in &days.runs {
            let mut posts = Vec::new();
            for day in &days.files[run.clone()] {
                let messages: Vec<RawMessage> = self.archive.list(&day.file).map_err(unreadable)?;
                for message in &messages {
                    let post = context
                        .post(message)
                        .map_err(|reason| unreadable(Damaged::new(&day.file, reason)))?;
                    posts.push(post);
                }
            }
            posts.sort_by_key(|post: &Post| post.key);
            // The time is a message's id: messages with the same time are the same message.
            posts.dedup_by_key(|post| post.key);
            for post in posts {
                each(post)?;
            }
        }
        Ok(())
    }
}

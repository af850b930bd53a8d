//! The people of an export: the users of `users.json`, and authors who are missing there.

use std::collections::{HashMap, HashSet};

use readmark_app::import::Person;

use super::raw::{RawMessage, RawProfile, RawUser};
use crate::{Damaged, Source, archive::Archive};

/// The file of users.
const USERS: &str = "users.json";

/// Slack's own bot, which only some exports list, as a person.
const SLACKBOT: &str = "USLACKBOT";

/// How an author is identified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    User(String),
    Bot(String),
    /// By the displayed name only.
    Name(String),
    /// Not at all.
    Nobody,
}

/// All people, indexed by their position in the import.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) list: Vec<Person>,
    by_key: HashMap<Key, usize>,
}

impl People {
    /// The users of an archive.
    pub(super) fn read<R: Source>(archive: &mut Archive<R>) -> Result<Self, Damaged> {
        let users: Vec<RawUser> = archive.list(USERS)?;
        let mut people = Self::default();
        let mut emails = HashSet::new();
        for (index, user) in users.iter().enumerate() {
            let refuse =
                |reason: String| Damaged::new(USERS, format!("user {}: {reason}", index + 1));
            if user.id.is_empty() {
                return Err(refuse("id is empty".to_owned()));
            }
            let mut person = person(user);
            // An email belongs to one person; a later entry with it is another person's old account.
            if !person.email.is_empty() && !emails.insert(person.email.to_ascii_lowercase()) {
                person.email.clear();
            }
            let at = people.list.len();
            if people
                .by_key
                .insert(Key::User(user.id.clone()), at)
                .is_some()
            {
                return Err(refuse(format!("id {:?} is there twice", user.id)));
            }
            if let Some(bot) = user
                .profile
                .as_ref()
                .and_then(|profile| text(&profile.bot_id))
            {
                people.by_key.entry(Key::Bot(bot.to_owned())).or_insert(at);
            }
            people.list.push(person);
        }
        Ok(people)
    }

    /// A person by user id.
    pub(super) fn find(&self, user: &str) -> Option<usize> {
        self.by_key.get(&Key::User(user.to_owned())).copied()
    }

    /// The author of a message, already registered.
    pub(super) fn author(&self, message: &RawMessage) -> Option<usize> {
        keys(message).find_map(|key| self.by_key.get(&key).copied())
    }

    /// Registers the author of a message: one without an entry becomes a dismissed user or bot.
    pub(super) fn meet(&mut self, message: &RawMessage) {
        if self.author(message).is_some() {
            return;
        }
        if let Some(key) = keys(message).next() {
            let person = stand_in(&key, message);
            self.add(key, person);
        }
    }

    /// A person by user id; an unknown one becomes a dismissed user.
    pub(super) fn find_or_add(&mut self, user: &str) -> usize {
        match self.find(user) {
            Some(at) => at,
            None => {
                let (name, last_name) = split(user);
                let person = Person {
                    name,
                    last_name,
                    profile: "{}".to_owned(),
                    ..Person::default()
                };
                self.add(Key::User(user.to_owned()), person)
            }
        }
    }

    fn add(&mut self, key: Key, person: Person) -> usize {
        self.list.push(person);
        let at = self.list.len() - 1;
        self.by_key.insert(key, at);
        at
    }
}

/// The possible identifications of a message's author, best first.
fn keys(message: &RawMessage) -> impl Iterator<Item = Key> {
    let user = text(&message.user).map(|user| Key::User(user.to_owned()));
    let bot = text(&message.bot_id).map(|bot| Key::Bot(bot.to_owned()));
    let name = text(&message.username).map(|name| Key::Name(name.to_owned()));
    [user, bot, name, Some(Key::Nobody)].into_iter().flatten()
}

fn stand_in(key: &Key, message: &RawMessage) -> Person {
    let profiles = [&message.bot_profile, &message.user_profile];
    let mut shown = profiles
        .into_iter()
        .flatten()
        .flat_map(|profile| [&profile.real_name, &profile.display_name, &profile.name])
        .chain([&message.username])
        .filter_map(text);
    let (fallback, bot) = match key {
        Key::User(id) if id == SLACKBOT => ("Slackbot", true),
        Key::User(id) => (id.as_str(), false),
        Key::Bot(id) => (id.as_str(), true),
        Key::Name(name) => (name.as_str(), true),
        Key::Nobody => ("Unknown", false),
    };
    let shown = shown.next().unwrap_or(fallback);
    let (name, last_name) = if bot {
        (shown.to_owned(), String::new())
    } else {
        split(shown)
    };
    Person {
        name,
        last_name,
        profile: "{}".to_owned(),
        bot,
        ..Person::default()
    }
}

fn person(user: &RawUser) -> Person {
    let nothing = RawProfile::default();
    let profile = user.profile.as_ref().unwrap_or(&nothing);
    let bot = user.is_bot == Some(true) || user.id == SLACKBOT;
    let guest = [
        user.is_restricted,
        user.is_ultra_restricted,
        user.is_stranger,
    ];
    let shown = [
        &profile.real_name,
        &user.real_name,
        &profile.display_name,
        &user.name,
    ];
    let shown = shown.into_iter().find_map(text).unwrap_or(&user.id);
    let (name, last_name) = match (text(&profile.first_name), text(&profile.last_name)) {
        _ if bot => (shown.to_owned(), String::new()),
        (None, None) => split(shown),
        (first, last) => (
            first.unwrap_or_default().to_owned(),
            last.unwrap_or_default().to_owned(),
        ),
    };
    let owned = |field: &Option<String>| text(field).unwrap_or_default().to_owned();
    Person {
        name,
        last_name,
        email: if bot {
            String::new()
        } else {
            owned(&profile.email)
        },
        work_position: owned(&profile.title),
        time_zone: owned(&user.tz),
        profile: contact(profile),
        bot,
        active: user.deleted != Some(true),
        extranet: guest.contains(&Some(true)),
    }
}

/// Profile fields that the portal keeps unchanged.
fn contact(profile: &RawProfile) -> String {
    let mut fields = serde_json::Map::new();
    if let Some(phone) = text(&profile.phone) {
        fields.insert("WORK_PHONE".to_owned(), phone.into());
    }
    serde_json::Value::Object(fields).to_string()
}

/// Splits a name into its first word and the rest.
fn split(name: &str) -> (String, String) {
    match name.split_once(char::is_whitespace) {
        Some((first, rest)) => (first.to_owned(), rest.trim().to_owned()),
        None => (name.to_owned(), String::new()),
    }
}

/// A field, unless empty.
pub(super) fn text(field: &Option<String>) -> Option<&str> {
    field
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

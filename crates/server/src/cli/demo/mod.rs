//! A demonstration portal with invented people and chats.

mod chats;
pub(in crate::cli) mod command;
mod departments;
mod people;
mod webhooks;

use std::{fmt::Write, path::Path};

use anyhow::{Context, Result, bail};
use readmark_app::{Interrupt, Refused, portal, users};
use readmark_model::{DialogId, UserId, UserKind};
use serde_json::json;

use crate::{
    catalog::PortalCatalog,
    clock::{Clock, SystemClock},
    config::Config,
    operator::{fault, operate},
};

/// The portal's name.
pub const PORTAL: &str = "demo";

/// What the demonstration offers.
#[derive(Debug)]
pub struct Seeded {
    people: Vec<Person>,
    /// A dialog of the first person, with unread messages if there are any.
    dialog: String,
}

/// A user with a webhook for all scopes.
#[derive(Debug)]
struct Person {
    id: UserId,
    name: String,
    secret: String,
}

/// Creates the portal atomically if it does not exist, and ensures that every user has a webhook.
///
/// # Errors
/// When the store or the file of webhooks fails.
pub fn seed(config: &Config) -> Result<Seeded> {
    let catalog = PortalCatalog::new(config)?;
    // A server of an earlier version holds this lock alone.
    let Some(_lock) = catalog.data().lock_command()? else {
        bail!(
            "another readmark is already serving {}",
            config.data.display()
        );
    };
    let store = catalog.make(PORTAL)?;
    let now = SystemClock.now();
    let row = crate::cli::new_portal(PORTAL, "localhost", "UTC", now);
    operate(&store, now, move |cx| {
        if portal::create(cx.tx, &row)? {
            let people = people::add(cx)?;
            departments::add(cx, &people)?;
            chats::add(cx, &people)?;
        }
        Ok(())
    })
    .map_err(fault)?;
    let users = store.read(|tx| users::list(tx))?;
    let users = users
        .into_iter()
        .filter(|user| user.active && user.kind == UserKind::Person);
    let users: Vec<_> = users.map(|user| (user.id, user.full_name())).collect();
    let people = webhooks::provide(&catalog, &store, users, now)?;
    let first = people.first().context("nobody is left in the portal")?.id;
    let dialog = match chats::find_unread(&store, first, now)? {
        Some(chat) => DialogId::Chat(chat).to_string(),
        None => first.to_string(),
    };
    Ok(Seeded { people, dialog })
}

/// What is printed about a portal being served.
#[derive(Debug)]
pub struct Demo {
    base_url: String,
    /// File of the local authority; `None` with the user's own certificate.
    authority: Option<String>,
    seeded: Seeded,
}

impl Demo {
    /// Describes the portal under its address.
    #[must_use]
    pub fn new(base_url: &str, authority: Option<&Path>, seeded: Seeded) -> Self {
        Self {
            base_url: base_url.to_owned(),
            authority: authority.map(|path| path.display().to_string()),
            seeded,
        }
    }

    fn webhook(&self, person: &Person) -> String {
        crate::operator::webhook_url(&self.base_url, person.id, &person.secret)
    }

    fn first_webhook(&self) -> String {
        let first = self.seeded.people.first();
        first.map_or_else(String::new, |person| self.webhook(person))
    }

    /// One JSON object on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let users = self.seeded.people.iter().map(|person| {
            json!({
                "id": person.id.get(),
                "name": person.name,
                "webhook": self.webhook(person),
            })
        });
        json!({
            "url": self.base_url,
            "webhook": self.first_webhook(),
            "ca": self.authority,
            "users": users.collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// Several lines of readable text.
    #[must_use]
    pub fn for_people(&self) -> String {
        let mut text = format!(
            "readmark serves the portal \"{PORTAL}\" at {}\n\n",
            self.base_url
        );
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Webhook:   {}", self.first_webhook());
        if let Some(authority) = &self.authority {
            let _ = writeln!(text, "CA file:   {authority}");
        }
        let _ = writeln!(
            text,
            "Pages:     {}/sign-in, for users with a password: `readmark user password 1 --generate`",
            self.base_url
        );
        let _ = writeln!(text, "\nUsers, each with a webhook of all scopes:");
        let widths = self
            .seeded
            .people
            .iter()
            .map(|person| person.name.chars().count());
        let width = widths.max().unwrap_or_default();
        for person in &self.seeded.people {
            let _ = writeln!(
                text,
                "  {:>3}  {:width$}  {}",
                person.id.get(),
                person.name,
                self.webhook(person)
            );
        }
        let trust = self
            .authority
            .as_ref()
            .map(|file| format!("--cacert '{file}' "));
        let _ = write!(
            text,
            "\nMark a chat as read:\n  curl {}{}im.dialog.read -d DIALOG_ID={}\n",
            trust.unwrap_or_default(),
            self.first_webhook(),
            self.seeded.dialog,
        );
        let authority = self
            .authority
            .as_ref()
            .map(|file| format!(" PORTAL_CA='{file}'"));
        let _ = write!(
            text,
            "\nFor the examples, in another terminal:\n  export PORTAL_WEBHOOK='{}'{}\n\nStop with Ctrl-C.",
            self.first_webhook(),
            authority.unwrap_or_default(),
        );
        text
    }
}

/// The fault of an operation that is not refused here: everybody is a member of what they write to.
fn unexpected<E: std::fmt::Debug>(refused: Refused<E>) -> Interrupt {
    match refused {
        Refused::Interrupted(fault) => fault,
        Refused::Because(reason) => {
            tracing::error!(?reason, "the demonstration refuses its own data");
            Interrupt::Fault(readmark_store::StoreError::Decode(
                "a demonstration that contradicts itself",
            ))
        }
    }
}

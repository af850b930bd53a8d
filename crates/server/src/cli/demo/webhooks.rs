//! The webhooks of the demonstration. The store has only hashes of their secrets, so the secrets are also kept in a file that
//! only the owner of the data folder can read. They are the same at every start.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use anyhow::{Context, Result, bail};
use readmark_app::webhook::{self, NewWebhook, Standing};
use readmark_model::{Scopes, SecretHash, Timestamp, UserId};
use readmark_store::{Store, StoreError};

use super::Person;
use crate::{catalog::PortalCatalog, clock::OsRandom, data::write_private};

/// The file, in the data folder.
const FILE: &str = "demo-webhooks.json";

/// Gives every user a webhook with all scopes: the one in the file if valid, else a new one.
pub(super) fn provide(
    catalog: &PortalCatalog,
    store: &Store,
    users: Vec<(UserId, String)>,
    now: Timestamp,
) -> Result<Vec<Person>> {
    let path = catalog.data().file(FILE);
    let mut secrets = read(&path)?;
    let refused = refused(store, &secrets, now)?;
    secrets.retain(|id, _| !refused.contains(id));
    for (user, _) in &users {
        secrets
            .entry(user.get())
            .or_insert_with(|| webhook::draw_secret(&OsRandom));
    }
    // The file is written first: a secret whose hash is stored is never lost, and one whose hash is missing is added here.
    write_private(&path, &serde_json::to_vec_pretty(&secrets)?)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    let people: Vec<_> = users
        .into_iter()
        .filter_map(|(id, name)| {
            let secret = secrets.get(&id.get())?.clone();
            Some(Person { id, name, secret })
        })
        .collect();
    let hashes: Vec<_> = people
        .iter()
        .map(|person| (person.id, SecretHash::of(&person.secret)))
        .collect();
    let refused = store.write(move |tx| {
        for (user, hash) in &hashes {
            if webhook::standing(tx, *user, hash, now)? == Standing::Unknown {
                let new = NewWebhook {
                    user: *user,
                    scopes: Scopes::all(),
                    title: "Demonstration",
                    expires_at: None,
                };
                if let Err(refusal) = webhook::register(tx, &new, hash, now)? {
                    return Ok(Some((*user, refusal)));
                }
            }
        }
        Ok::<_, StoreError>(None)
    })?;
    if let Some((user, refusal)) = refused {
        bail!("user {user} gets no webhook: {refusal:?}");
    }
    Ok(people)
}

fn read(path: &Path) -> Result<BTreeMap<i64, String>> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("{} is damaged: delete it for new webhooks", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// The users whose secrets are known to the portal but refused: those of revoked webhooks.
fn refused(
    store: &Store,
    secrets: &BTreeMap<i64, String>,
    now: Timestamp,
) -> Result<BTreeSet<i64>> {
    let hashes: Vec<_> = secrets
        .iter()
        .map(|(user, secret)| (*user, SecretHash::of(secret)))
        .collect();
    let refused = store.read(move |tx| {
        let mut refused = BTreeSet::new();
        for (user, hash) in &hashes {
            let user = UserId(*user);
            if webhook::standing(tx, user, hash, now)? == Standing::Refused {
                refused.insert(user.get());
            }
        }
        Ok::<_, StoreError>(refused)
    })?;
    Ok(refused)
}

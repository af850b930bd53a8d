//! Resolves a link to a file for the user it was made for.

use std::sync::Arc;

use readmark_app::{Cx, Interrupt, Refused, disk, users};
use readmark_model::{Caller, Credential, Scopes, Timestamp, file::File};
use readmark_store::{Tx, TxError};

use crate::{
    contract::system_error::{self, ApiError},
    portal::{context::Portal, file_link::Grant},
};

/// Finds the file of a link's token, given without the prefix that names the API of the link. The user's access is checked again:
/// somebody who has left the chat since is refused.
pub fn open(
    portal: &Arc<Portal>,
    token: &str,
    now: Timestamp,
    done: impl FnOnce(Result<File, ApiError>) + Send + 'static,
) {
    let Some(grant) = portal.context.files.link_key.read(token, now) else {
        done(Err(system_error::NOT_FOUND));
        return;
    };
    let context = Arc::clone(portal);
    portal.store.read_then(
        move |tx| find(&context, tx, grant, now),
        move |found: Result<Option<File>, Refused<std::convert::Infallible>>| {
            done(match found {
                Ok(file) => file.ok_or(system_error::NOT_FOUND),
                Err(Refused::Because(never)) => match never {},
                Err(Refused::Interrupted(fault)) => {
                    tracing::error!(error = %fault, "cannot look up a file");
                    let fault = fault.as_store();
                    Err(fault.map_or(system_error::INTERNAL, system_error::of_fault))
                }
            });
        },
    );
}

fn find(
    portal: &Portal,
    tx: &mut dyn Tx,
    grant: Grant,
    now: Timestamp,
) -> Result<Option<File>, Refused<std::convert::Infallible>> {
    let Some(user) = users::find(tx, grant.user)?.filter(|user| user.active) else {
        return Ok(None);
    };
    let caller = Caller {
        user: user.id,
        admin: user.admin,
        extranet: user.extranet,
        scopes: Scopes::default(),
        credential: Credential::FileLink,
        expires_at: None,
    };
    let mut cx = Cx {
        tx,
        writable: false,
        user: user.id,
        caller: &caller,
        now,
        random: &*portal.context.random,
        rules: portal.context.rules,
        events: Vec::new(),
    };
    let found: Result<_, Interrupt> = disk::find_visible(&mut cx, grant.file);
    Ok(found?)
}

//! From a request to an answer: credentials, method, scope, parameters, handler, in this order, in one transaction.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use readmark_app::{
    Cx, Fault, Refused,
    auth::{self, Denied},
};
use readmark_model::{Caller, SecretHash, Timestamp, UserId};
use readmark_store::{StoreError, Tx};

use crate::{
    contract::{
        entry::{Call, Entry, RawReply},
        method::{Access, MethodCx},
        params::ReadCx,
        system_error::{self, ApiError},
    },
    events::{self, Announcement},
    methods,
    portal::{
        context::Portal,
        upload::{self, Given, Upload, UploadError},
    },
    wire::Params,
};

/// How a request wants to be authorised. Secrets are hashed at once and never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// None given.
    Missing,
    /// An incoming webhook: the user and the hash of the secret.
    Webhook(UserId, SecretHash),
    /// The hash of an access token.
    Token(SecretHash),
}

impl Credentials {
    /// Of a webhook's path.
    #[must_use]
    pub fn webhook(user: UserId, secret: &str) -> Self {
        Self::Webhook(user, SecretHash::of(secret))
    }

    /// Of an access token.
    #[must_use]
    pub fn token(token: &str) -> Self {
        Self::Token(SecretHash::of(token))
    }
}

/// One call of one method.
#[derive(Debug)]
pub struct Request {
    /// Name of the method, in any letter case.
    pub method: String,
    /// Its parameters.
    pub params: Params,
    /// Who calls.
    pub credentials: Credentials,
    /// When.
    pub now: Timestamp,
}

/// What came of a request.
#[derive(Debug)]
pub struct Outcome {
    /// The answer.
    pub answer: Result<RawReply, ApiError>,
    /// Who called, where the credentials were good: what limits and figures are counted by.
    pub caller: Option<Caller>,
}

type Done = Box<dyn FnOnce(Outcome) + Send>;
type Finished = (RawReply, Caller, Announcement);

/// Runs a request in the portal's store and hands the outcome to `done`, on a thread of the store. Events are published before.
pub fn dispatch(
    portal: &Arc<Portal>,
    request: Request,
    done: impl FnOnce(Outcome) + Send + 'static,
) {
    let Request {
        method,
        params,
        credentials,
        now,
    } = request;
    let mut params = params;
    let entry = methods::find(&method);
    let uploads = entry.is_some_and(|entry| entry.uploads);
    let given = if uploads {
        upload::take(&mut params)
    } else {
        None
    };
    let read = ReadCx {
        time_zone: &portal.context.time_zone,
    };
    let run = Run {
        entry,
        call: entry.map(|entry| (entry.prepare)(&params, &read)),
        credentials,
        now,
        upload: match given {
            Some(_) => Upload::Waiting,
            None => Upload::Missing,
        },
        given,
    };
    // Whether an upload is refused is asked before anything is stored for it.
    let access = match entry {
        Some(entry) if !uploads => entry.access,
        _ => Access::Read,
    };
    submit(portal, Arc::new(Mutex::new(run)), access, Box::new(done));
}

struct Run {
    entry: Option<&'static Entry>,
    call: Option<Box<dyn Call>>,
    credentials: Credentials,
    now: Timestamp,
    upload: Upload,
    given: Option<Given>,
}

/// Why a run ends without an answer of its method.
enum Stop {
    Error(ApiError, Option<Caller>),
    Fault(Fault),
}

fn submit(portal: &Arc<Portal>, run: Arc<Mutex<Run>>, access: Access, done: Done) {
    let (job_portal, done_portal) = (Arc::clone(portal), Arc::clone(portal));
    let job_run = Arc::clone(&run);
    let job = move |tx: &mut dyn Tx| {
        held(&job_run)
            .run(&job_portal, tx, access)
            .map_err(|stop| match stop {
                Stop::Error(error, caller) => Refused::Because((error, caller)),
                Stop::Fault(fault) => Refused::Fault(fault),
            })
    };
    let finish = move |result: Result<Finished, Refused<(ApiError, Option<Caller>)>>| match result {
        Ok((reply, caller, announcement)) => {
            announcement.publish(&done_portal);
            done(Outcome {
                answer: Ok(reply),
                caller: Some(caller),
            });
        }
        Err(Refused::Because((error, caller))) => {
            // The transaction came to nothing, so that nothing refers to the content. After a fault that is not known, and
            // the content is left to be swept away.
            if let Upload::Stored(content) = &held(&run).upload {
                done_portal.blobs.discard(&content.name);
            }
            done(Outcome {
                answer: Err(error),
                caller,
            });
        }
        Err(Refused::Fault(Fault::NeedsWrite | Fault::NeedsContent)) if access == Access::Read => {
            let given = held(&run).given.take();
            match given {
                Some(given) => stage(&done_portal, run, given, done),
                None => submit(&done_portal, run, Access::Write, done),
            }
        }
        Err(Refused::Fault(fault)) => {
            tracing::error!(error = %fault, "a call failed");
            done(Outcome {
                answer: Err(system_error::INTERNAL),
                caller: None,
            });
        }
    };
    match access {
        Access::Read => portal.store.read_then(job, finish),
        Access::Write => portal.store.write_then(job, finish),
    }
}

fn held(run: &Mutex<Run>) -> MutexGuard<'_, Run> {
    run.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Decodes and stores the content of an upload that nothing else speaks against, and goes on in a transaction that writes.
fn stage(portal: &Arc<Portal>, run: Arc<Mutex<Run>>, given: Given, done: Done) {
    let portal = Arc::clone(portal);
    let blobs = Arc::clone(&portal.blobs);
    blobs.run_long(Box::new(move || {
        let files = &portal.context.files;
        let bytes = match given.decode(files.most) {
            Ok(bytes) => bytes,
            Err(error) => {
                held(&run).upload = Upload::Failed(error);
                submit(&portal, run, Access::Write, done);
                return;
            }
        };
        let content = upload::describe(&bytes, &*portal.context.random);
        let (blobs, name) = (Arc::clone(&portal.blobs), content.name.clone());
        let stored = move |durable| {
            held(&run).upload = if durable {
                Upload::Stored(content)
            } else {
                Upload::Failed(UploadError::NotStored)
            };
            submit(&portal, run, Access::Write, done);
        };
        blobs.put(&name, bytes.into(), Box::new(stored));
    }));
}

impl Run {
    fn run(&mut self, portal: &Portal, tx: &mut dyn Tx, access: Access) -> Result<Finished, Stop> {
        let caller = authorise(tx, self.credentials, self.now)
            .map_err(|error| Stop::Fault(error.into()))?
            .map_err(|error| Stop::Error(error, None))?;
        let presence = &portal.context.presence;
        presence.note(caller.user, self.now);
        let stop = |error| Stop::Error(error, Some(caller.clone()));
        let (Some(entry), Some(call)) = (self.entry, &self.call) else {
            return Err(stop(system_error::METHOD_NOT_FOUND));
        };
        if !entry.is_allowed(caller.scopes) {
            return Err(stop(system_error::INSUFFICIENT_SCOPE));
        }
        let mut cx = MethodCx {
            app: Cx {
                tx,
                writable: access == Access::Write,
                user: caller.user,
                caller: &caller,
                now: self.now,
                random: &*portal.context.random,
                rules: portal.context.rules,
                events: Vec::new(),
            },
            portal: &portal.context,
            upload: &self.upload,
        };
        match call.run(&mut cx) {
            Ok(reply) => {
                let announcement = events::consume(&mut cx.app, portal)
                    .map_err(|error| Stop::Fault(error.into()))?;
                if cx.app.user != caller.user {
                    // A bot of the caller did it.
                    presence.note(cx.app.user, self.now);
                }
                Ok((reply, caller, announcement))
            }
            Err(Refused::Because(error)) => Err(stop(error)),
            Err(Refused::Fault(fault)) => Err(Stop::Fault(fault)),
        }
    }
}

fn authorise(
    tx: &mut dyn Tx,
    credentials: Credentials,
    now: Timestamp,
) -> Result<Result<Caller, ApiError>, StoreError> {
    let checked = match credentials {
        Credentials::Missing => return Ok(Err(system_error::NO_AUTH_FOUND)),
        Credentials::Webhook(user, hash) => auth::webhook(tx, user, &hash, now)?,
        Credentials::Token(hash) => auth::token(tx, &hash, now)?,
    };
    Ok(checked.map_err(|denied| match denied {
        Denied::Webhook => system_error::INVALID_CREDENTIALS,
        Denied::Token => system_error::INVALID_TOKEN,
        Denied::ExpiredToken => system_error::EXPIRED_TOKEN,
        Denied::User => system_error::AUTHORIZATION_ERROR,
    }))
}

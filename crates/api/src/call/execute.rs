//! Executes a call in one transaction: checks the credentials, the scope and the parameters (read beforehand), and calls the method;
//! then publishes its events and hands on the outcome.
//!
//! A transaction may have to be run again in another way ([`Rerun`]): one that was begun for reading and must write after all, or one
//! whose file has to be stored first.

use std::sync::Arc;

use readmark_app::{Cx, Interrupt, Refused, Rerun};
use readmark_model::{Caller, Timestamp};
use readmark_store::{Tx, TxError};

use super::{
    cancel::CancelFlag,
    credentials::{Credentials, authenticate, authenticate_in},
};
use crate::{
    contract::{
        entry::{Entry, PreparedCall, RawReply},
        method::{Access, MethodCx},
        params::ReadCx,
        system_error::{self, ApiError},
    },
    events::{self, Announcement},
    methods,
    portal::{
        context::Portal,
        upload::{self, Unstored, Upload, UploadError},
    },
    wire::Params,
};

/// A call of a known method, with its parameters read.
pub struct Call {
    entry: &'static Entry,
    prepared: Box<dyn PreparedCall>,
    credentials: Credentials,
    now: Timestamp,
    /// Content of the uploaded file.
    content: Option<Unstored>,
    cancel: CancelFlag,
}

impl Call {
    /// Reads the parameters of a call. Their errors are answered after the checks that come first.
    #[must_use]
    pub fn new(
        portal: &Portal,
        entry: &'static Entry,
        mut params: Params,
        credentials: Credentials,
        now: Timestamp,
    ) -> Self {
        let content = if entry.uploads {
            upload::take(&mut params)
        } else {
            None
        };
        let cx = ReadCx {
            time_zone: &portal.context.time_zone,
        };
        Self {
            entry,
            prepared: (entry.prepare)(&params, &cx),
            credentials,
            now,
            content,
            cancel: CancelFlag::default(),
        }
    }

    /// The same, not begun once the flag is raised.
    #[must_use]
    pub fn unless_cancelled(mut self, cancel: CancelFlag) -> Self {
        self.cancel = cancel;
        self
    }
}

/// The outcome of a call.
#[derive(Debug)]
pub struct Outcome {
    /// The answer.
    pub answer: Result<RawReply, ApiError>,
    /// The caller, where the credentials were good: limits and usage are counted by it.
    pub caller: Option<Caller>,
}

/// Executes a call in the portal's store and hands the outcome to `done`, after its events are published: on a thread of the store, or
/// on this one before this returns.
pub fn execute(portal: &Arc<Portal>, mut call: Call, done: impl FnOnce(Outcome) + Send + 'static) {
    let content = call.content.take();
    // Check permission for an upload before anything is stored for it.
    let access = if call.entry.uploads {
        Access::Read
    } else {
        call.entry.access
    };
    let upload = match content {
        Some(_) => Upload::Waiting,
        None => Upload::Missing,
    };
    let attempt = Attempt {
        portal: Arc::clone(portal),
        call: Arc::new(call),
        upload: Arc::new(upload),
        content,
        done: Box::new(done),
    };
    attempt.submit(access);
}

/// Executes a method by its name, in any letter case. Authorisation is checked before the existence of the method.
pub fn execute_by_name(
    portal: &Arc<Portal>,
    method: &str,
    params: Params,
    credentials: Credentials,
    now: Timestamp,
    done: impl FnOnce(Outcome) + Send + 'static,
) {
    if let Some(entry) = methods::find(method) {
        let call = Call::new(portal, entry, params, credentials, now);
        return execute(portal, call, done);
    }
    authenticate(portal, credentials, now, |checked| {
        let (error, caller) = match checked {
            Ok(caller) => (system_error::METHOD_NOT_FOUND, Some(caller)),
            Err(error) => (error, None),
        };
        done(Outcome {
            answer: Err(error),
            caller,
        });
    });
}

/// One transaction of a call, and what is needed to retry it.
struct Attempt {
    portal: Arc<Portal>,
    call: Arc<Call>,
    upload: Arc<Upload>,
    /// The content, until it is stored.
    content: Option<Unstored>,
    done: Box<dyn FnOnce(Outcome) + Send>,
}

/// The result of a successful transaction, to be handed on once it is durable.
type Done = (RawReply, Caller, Announcement);

/// An error, and the caller where known.
type Denial = (ApiError, Option<Caller>);

impl Attempt {
    fn submit(self, access: Access) {
        let (portal, call, upload) = (
            Arc::clone(&self.portal),
            Arc::clone(&self.call),
            Arc::clone(&self.upload),
        );
        let store = portal.store.clone();
        let job = move |tx: &mut dyn Tx| call.carry_out(tx, &portal, &upload, access);
        let finish = move |result| self.finish(result, access);
        match access {
            Access::Read => store.read_then(job, finish),
            Access::Write => store.write_then(job, finish),
            Access::WriteIfNeeded => store.write_if_needed_then(job, finish),
        }
    }

    fn finish(mut self, result: Result<Done, Refused<Denial>>, access: Access) {
        let outcome = match result {
            Ok((reply, caller, announcement)) => {
                announcement.publish(&self.portal);
                Outcome {
                    answer: Ok(reply),
                    caller: Some(caller),
                }
            }
            Err(Refused::Because((error, caller))) => {
                // The transaction was rolled back, so nothing refers to the content. After a fault that is uncertain, and the content
                // is left to be swept.
                if let Upload::Stored(content) = &*self.upload {
                    self.portal.blobs.discard(&content.name);
                }
                Outcome {
                    answer: Err(error),
                    caller,
                }
            }
            Err(Refused::Interrupted(interrupt)) => {
                match (&interrupt, access, self.content.take()) {
                    // Whatever it has to write, it will ask for its content next.
                    (Interrupt::Rerun(_), _, Some(content)) => return self.store_content(content),
                    (Interrupt::Rerun(Rerun::Writing), Access::Read, None) => {
                        return self.submit(Access::Write);
                    }
                    _ => {}
                }
                tracing::error!(error = %interrupt, method = self.call.entry.name, "a call failed");
                let fault = interrupt.as_store();
                Outcome {
                    answer: Err(fault.map_or(system_error::INTERNAL, system_error::of_fault)),
                    caller: None,
                }
            }
        };
        (self.done)(outcome);
    }

    /// Stores the content of an upload that passed all checks, and continues in a writing transaction.
    fn store_content(self, content: Unstored) {
        let blobs = Arc::clone(&self.portal.blobs);
        blobs.run_long(Box::new(move || {
            let context = &self.portal.context;
            let bytes = match content.into_bytes(context.files.most) {
                Ok(bytes) => bytes,
                Err(error) => return self.go_on_with(Upload::Failed(error)),
            };
            let content = upload::describe(&bytes, &*context.random);
            let (blobs, name) = (Arc::clone(&self.portal.blobs), content.name.clone());
            let stored = move |durable: bool| {
                self.go_on_with(if durable {
                    Upload::Stored(content)
                } else {
                    Upload::Failed(UploadError::NotStored)
                });
            };
            blobs.put(&name, bytes, Box::new(stored));
        }));
    }

    fn go_on_with(mut self, upload: Upload) {
        self.upload = Arc::new(upload);
        self.submit(Access::Write);
    }
}

impl Call {
    /// Executes the call in an open transaction.
    fn carry_out(
        &self,
        tx: &mut dyn Tx,
        portal: &Portal,
        upload: &Upload,
        access: Access,
    ) -> Result<Done, Refused<Denial>> {
        if self.cancel.is_cancelled() {
            // Nobody reads this answer.
            return Err(Refused::Because((system_error::OVERLOAD, None)));
        }
        let caller = authenticate_in(tx, portal, self.credentials, self.now)?
            .map_err(|error| Refused::Because((error, None)))?;
        if !self.entry.is_allowed(caller.scopes) {
            let error = system_error::INSUFFICIENT_SCOPE;
            return Err(Refused::Because((error, Some(caller))));
        }
        let mut cx = MethodCx {
            app: Cx {
                tx,
                writable: access != Access::Read,
                user: caller.user,
                caller: &caller,
                now: self.now,
                random: &*portal.context.random,
                rules: portal.context.rules,
                events: Vec::new(),
            },
            portal: &portal.context,
            upload,
        };
        match self.prepared.run(&mut cx) {
            Ok(reply) => {
                let announcement = events::consume(&mut cx.app, portal)?;
                if cx.app.user != caller.user {
                    // The acting user is a bot of the caller.
                    portal.context.presence.note(cx.app.user, self.now);
                }
                Ok((reply, caller, announcement))
            }
            Err(refused) => Err(refused.map(|error| (error, Some(caller)))),
        }
    }
}

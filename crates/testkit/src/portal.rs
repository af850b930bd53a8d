//! A portal for tests: fixed clock, repeatable randomness, five people, either store.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, AtomicU64, Ordering},
    mpsc::sync_channel,
};

use readmark_api::{
    call::{credentials::Credentials, execute},
    contract::entry::RawReply,
    portal::{
        context::{FileRules, Portal, PortalContext},
        file_link::LinkKey,
        upload::Blobs,
    },
    wire::{Limits, decode_request},
};
use readmark_app::{
    Cx, Random, Rules,
    auth::{self, Denied},
    bus::Bus,
    portal,
    presence::Presence,
    token::{self, NewToken},
    wakeup::Wakeup,
    webhook::{self, NewWebhook, Standing},
};
use readmark_model::{
    Caller, Credential, Event, PortalInfo, Scopes, SecretHash, Timestamp, UserId,
};
use readmark_store::{HotMemory, Settings, Store, StoreError, Tx, TxError};
use serde_json::Value;

use crate::{
    blobs::{MAX_FILE, MemoryBlobs},
    people,
    postgres_server::PostgresServer,
    rows::user,
    store_kind::StoreKind,
    wipe,
};

/// 2026-01-15T09:00:00Z.
pub const START: Timestamp = Timestamp(1_768_467_600_000);

/// Random bytes that are the same in each run.
#[derive(Debug, Default)]
pub struct FixedRandom(AtomicU64);

impl Random for FixedRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // The SplitMix64 sequence.
            let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let mut mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(mixed ^ mixed >> 31).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A portal for tests.
pub struct TestPortal {
    /// The portal.
    pub portal: Arc<Portal>,
    /// The contents of its files.
    pub blobs: Arc<MemoryBlobs>,
    /// Which database it uses.
    pub kind: StoreKind,
    now: AtomicI64,
    published: Arc<Mutex<Vec<Event>>>,
    _directory: Option<tempfile::TempDir>,
}

/// The response to a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// `result`, null for an error.
    pub result: Value,
    /// `total`.
    pub total: Option<i64>,
    /// `next`.
    pub next: Option<i64>,
    /// `error` and `error_description`.
    pub error: Option<(String, String)>,
}

impl TestPortal {
    /// A new portal with the five people.
    ///
    /// # Panics
    /// When the store cannot be opened; a missing PostgreSQL is a failure.
    #[must_use]
    pub fn new(kind: StoreKind) -> Self {
        Self::with_rules(kind, Rules::default())
    }

    /// The same with the given settings.
    ///
    /// # Panics
    /// As [`TestPortal::new`].
    #[must_use]
    pub fn with_rules(kind: StoreKind, rules: Rules) -> Self {
        Self::with_memory(kind, rules, HotMemory::COMPARED)
    }

    /// The same with another memory, which only SQLite has.
    ///
    /// # Panics
    /// As [`TestPortal::new`].
    #[must_use]
    pub fn with_memory(kind: StoreKind, rules: Rules, memory: HotMemory) -> Self {
        let (settings, directory) = match kind {
            StoreKind::Sqlite => {
                let directory = tempfile::tempdir().expect("a temporary directory");
                (
                    Settings::Sqlite {
                        path: directory.path().join("portal.db"),
                        readers: 1,
                        memory,
                    },
                    Some(directory),
                )
            }
            StoreKind::Postgres => (PostgresServer::shared_settings(3), None),
        };
        let store = Store::open(&settings).expect("the store opens");
        Self::over(store, kind, rules, directory)
    }

    /// Resets the portal to its initial state: faster than a new one, as its tables exist already. Nothing may use it
    /// meanwhile.
    ///
    /// # Panics
    /// When the store fails.
    #[must_use]
    pub fn renewed(self) -> Self {
        let Self {
            mut portal,
            kind,
            _directory,
            ..
        } = self;
        // The caller notified of the last outcome may be a moment ahead of the thread that notified it.
        let portal = loop {
            match Arc::try_unwrap(portal) {
                Ok(portal) => break portal,
                Err(shared) => portal = shared,
            }
            std::thread::yield_now();
        };
        wipe::wipe(&portal.store, kind);
        Self::over(portal.store, kind, portal.context.rules, _directory)
    }

    fn over(
        store: Store,
        kind: StoreKind,
        rules: Rules,
        directory: Option<tempfile::TempDir>,
    ) -> Self {
        seed(&store);
        let context = PortalContext {
            base_url: "https://portal.example".into(),
            time_zone: jiff::tz::TimeZone::UTC,
            rules,
            files: FileRules {
                most: MAX_FILE,
                link_key: LinkKey::new(&[7; 32]),
            },
            random: Arc::new(FixedRandom::default()),
            presence: Presence::default(),
        };
        let blobs = Arc::new(MemoryBlobs::default());
        let portal = Arc::new(Portal {
            store,
            context,
            bus: Bus::default(),
            deliveries: Wakeup::default(),
            blobs: Arc::clone(&blobs) as Arc<dyn Blobs>,
        });
        let published: Arc<Mutex<Vec<Event>>> = Arc::default();
        let heard = Arc::clone(&published);
        portal.bus.listen(move |commit| {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.extend_from_slice(commit);
        });
        Self {
            portal,
            blobs,
            kind,
            now: AtomicI64::new(START.get()),
            published,
            _directory: directory,
        }
    }

    /// The time of the next operation; each takes one second.
    pub fn tick(&self) -> Timestamp {
        Timestamp(self.now.fetch_add(1000, Ordering::Relaxed))
    }

    /// Everything that the bus has published since the portal was created. The events of a call or use case are published
    /// before it returns.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        let published = self.published.lock();
        published.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the bus publishes while `act` runs, and the result of `act`.
    pub fn events_of<T>(&self, act: impl FnOnce() -> T) -> (Vec<Event>, T) {
        let before = self.events().len();
        let answer = act();
        (self.events().split_off(before), answer)
    }

    /// Moves the clock, forward or back, by milliseconds.
    pub fn shift_clock(&self, milliseconds: i64) {
        self.now.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// Calls a method as one of the people, with JSON parameters. `ben` has a webhook for everything, `ben with im,user` one for these
    /// scopes, and `ben by local.1` a token of that application.
    ///
    /// # Panics
    /// When nobody has that name or the parameters are not a JSON object.
    pub fn call(&self, who: &str, method: &str, params: &Value) -> Answered {
        self.call_with(self.credentials_of(who), method, params)
    }

    fn credentials_of(&self, who: &str) -> Credentials {
        if let Some((name, client)) = who.split_once(" by ") {
            let token = format!("{name} by {client}");
            return self.token(client, people::id_of(name), &token);
        }
        let Some((name, scopes)) = who.split_once(" with ") else {
            return Credentials::webhook(people::id_of(who), &secret_of(who));
        };
        let scopes = Scopes::parse(scopes).expect("scopes that there are");
        self.webhook(people::id_of(name), scopes, &secret_of(who))
    }

    /// The credentials of a person's webhook with the given secret, which is created if it does not exist.
    ///
    /// # Panics
    /// When the person cannot have a webhook.
    pub fn webhook(&self, user: UserId, scopes: Scopes, secret: &str) -> Credentials {
        let hash = SecretHash::of(secret);
        let made: Result<(), StoreError> = self.portal.store.write(move |tx| {
            if webhook::standing(tx, user, &hash, START)? == Standing::Unknown {
                add_webhook(tx, user, scopes, &hash)?;
            }
            Ok(())
        });
        made.expect("a webhook is made");
        Credentials::webhook(user, secret)
    }

    /// The credentials of an application's token for a person or a bot, which is issued if there is none. It has all scopes
    /// and never expires.
    ///
    /// # Panics
    /// When the user cannot have a token.
    pub fn token(&self, client: &str, user: UserId, token: &str) -> Credentials {
        let client = client.to_owned();
        let hash = SecretHash::of(token);
        let made: Result<(), StoreError> = self.portal.store.write(move |tx| {
            if auth::token(tx, &hash, START)? == Err(Denied::Token) {
                let new = NewToken {
                    client: &client,
                    user,
                    scopes: Scopes::all(),
                    expires_at: Timestamp(i64::MAX),
                };
                token::register(tx, &new, &hash, START)?.expect("a token is issued");
            }
            Ok(())
        });
        made.expect("a token is issued");
        Credentials::token(token)
    }

    /// Calls a method with the given credentials.
    ///
    /// # Panics
    /// When the parameters are not a JSON object or the portal does not answer.
    pub fn call_with(&self, credentials: Credentials, method: &str, params: &Value) -> Answered {
        let body = params.to_string();
        let params = decode_request(
            "",
            Some("application/json"),
            &body.into(),
            &Limits::default(),
        )
        .expect("parameters that can be read");
        let (sender, receiver) = sync_channel(1);
        let now = self.tick();
        execute::execute_by_name(
            &self.portal,
            method,
            params,
            credentials,
            now,
            move |outcome| drop(sender.send(outcome)),
        );
        match receiver.recv().expect("an outcome").answer {
            Ok(RawReply {
                result,
                total,
                next,
            }) => Answered {
                status: 200,
                result: serde_json::from_str(&result).expect("a result that is JSON"),
                total,
                next,
                error: None,
            },
            Err(error) => Answered {
                status: error.0.status,
                result: Value::Null,
                total: None,
                next: None,
                error: Some((error.0.code.to_owned(), error.0.text.to_owned())),
            },
        }
    }

    /// Calls a method that must succeed; returns its result.
    ///
    /// # Panics
    /// When it fails.
    pub fn ok(&self, who: &str, method: &str, params: Value) -> Value {
        let answered = self.call(who, method, &params);
        assert_eq!(answered.error, None, "{who} calls {method} with {params}");
        answered.result
    }

    /// Calls a method that must fail; returns status and code.
    ///
    /// # Panics
    /// When it succeeds.
    pub fn error(&self, who: &str, method: &str, params: Value) -> (u16, String) {
        let answered = self.call(who, method, &params);
        let error = answered
            .error
            .unwrap_or_else(|| panic!("{method} with {params} answers {}", answered.result));
        (answered.status, error.0)
    }

    /// Runs a use case as a user in a writing transaction.
    ///
    /// # Errors
    /// The error of the use case.
    pub fn run<T, E>(
        &self,
        user: UserId,
        mut f: impl FnMut(&mut Cx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TxError,
    {
        let now = self.tick();
        let (rules, random) = (
            self.portal.context.rules,
            Arc::clone(&self.portal.context.random),
        );
        let caller = Caller {
            user,
            admin: user == UserId(1),
            extranet: user == UserId(5),
            scopes: Scopes::all(),
            credential: Credential::Webhook(user.get()),
            expires_at: None,
        };
        let portal = Arc::clone(&self.portal);
        let done = self.portal.store.write(move |tx| {
            let mut cx = Cx {
                tx,
                writable: true,
                caller: &caller,
                user,
                now,
                random: &*random,
                rules,
                events: Vec::new(),
            };
            let result = f(&mut cx)?;
            Ok((result, portal.bus.stage(cx.events)))
        });
        done.map(|(result, events)| {
            events.publish();
            result
        })
    }
}

/// Runs a test on SQLite and on PostgreSQL.
pub fn for_each_store(test: impl Fn(&TestPortal)) {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        test(&TestPortal::new(kind));
    }
}

/// The secret of a person's webhook.
#[must_use]
pub fn secret_of(name: &str) -> String {
    format!("{name}secret0123456789")
}

fn add_webhook(
    tx: &mut dyn Tx,
    user: UserId,
    scopes: Scopes,
    hash: &SecretHash,
) -> Result<(), StoreError> {
    let new = NewWebhook {
        user,
        scopes,
        title: "tests",
        expires_at: None,
    };
    let made = webhook::register(tx, &new, hash, START)?;
    made.expect("a person who can have a webhook");
    Ok(())
}

fn seed(store: &Store) {
    let seeded: Result<(), StoreError> = store.write(|tx| {
        portal::create(
            tx,
            &PortalInfo {
                name: "test".into(),
                host: "portal.example".into(),
                member_id: "0123456789abcdef0123456789abcdef".into(),
                time_zone: "UTC".into(),
                created_at: START,
            },
        )?;
        for (person, login) in people::everybody(START).iter().zip(people::PEOPLE) {
            let id = user::insert(tx, person)?;
            assert_eq!(id, person.id);
            add_webhook(tx, id, Scopes::all(), &SecretHash::of(&secret_of(login)))?;
        }
        Ok(())
    });
    seeded.expect("the portal is seeded");
}

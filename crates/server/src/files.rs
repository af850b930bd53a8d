//! Where file contents are kept: in a folder, or in an S3 bucket.
//!
//! A content has a random name and never changes. Each portal has its own folder or prefix, subdivided by the first two
//! letters of the names, so that no folder holds too many files.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::{TryStreamExt, stream::BoxStream};
use object_store::{
    ClientOptions, Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, path::Path as ObjectPath,
    prefix::PrefixStore,
};
use readmark_api::portal::upload::Blobs;
use readmark_model::Timestamp;
use sha2::{Digest, Sha256};
use tokio::runtime::{Handle, Runtime};

use crate::{
    config::{Config, FilesPlace},
    data,
};

/// How often a request to the service is retried; the client can retry as well.
const RETRIES: usize = 3;

/// How long the service may be silent.
const PATIENCE: Duration = Duration::from_secs(20);

/// The file contents of one portal.
#[derive(Clone, Debug)]
pub struct Contents {
    store: Arc<dyn ObjectStore>,
    /// The folder, if it is one.
    folder: Option<PathBuf>,
}

/// A stored content, as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was stored.
    pub stored_at: Timestamp,
}

/// A chunk of a content on its way to a client.
pub(crate) type Stream = BoxStream<'static, Result<Bytes, object_store::Error>>;

impl Contents {
    /// The contents of a portal. A folder is created if missing.
    ///
    /// # Errors
    /// When the folder cannot be created, or the bucket cannot be used as configured.
    pub fn open(config: &Config, portal: &str, beside: PathBuf) -> Result<Self> {
        let folder = match config.files_place()? {
            FilesPlace::BesidePortal => beside,
            FilesPlace::Folder(folder) => folder.join(portal),
            FilesPlace::S3 { bucket, prefix } => {
                return Self::in_bucket(config, &bucket, &format!("{prefix}/{portal}"));
            }
        };
        data::make_private_dir(&folder)
            .with_context(|| format!("the folder {} cannot be created", folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .with_context(|| format!("files cannot be kept in {}", folder.display()))?
            // What is acknowledged is on disk (rule R16).
            .with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
            folder: Some(folder),
        })
    }

    /// The folder that they are in, if it is one.
    pub(crate) fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_deref()
    }

    fn in_bucket(config: &Config, bucket: &str, prefix: &str) -> Result<Self> {
        // The library uses the process-wide TLS provider; if one is already installed, it is the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            // Contents are deleted one at a time, which every service supports; bulk deletion is not universal.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: PATIENCE,
                ..RetryConfig::default()
            })
            .with_client_options(
                ClientOptions::new()
                    // A large file takes as long as it needs; only a silent service times out.
                    .with_timeout_disabled()
                    .with_read_timeout(PATIENCE)
                    .with_allow_http(config.files_s3_endpoint.starts_with("http://")),
            );
        if !config.files_s3_region.is_empty() {
            builder = builder.with_region(&config.files_s3_region);
        }
        if !config.files_s3_endpoint.is_empty() {
            builder = builder.with_endpoint(&config.files_s3_endpoint);
        }
        if !config.files_s3_key_id.is_empty() {
            builder = builder
                .with_access_key_id(&config.files_s3_key_id)
                .with_secret_access_key(&config.files_s3_secret);
        }
        let store = builder
            .build()
            .with_context(|| format!("files cannot be kept in the bucket {bucket:?}"))?;
        let prefix = ObjectPath::parse(prefix.trim_matches('/'))
            .with_context(|| format!("{prefix:?} is not a valid prefix for files"))?;
        Ok(Self {
            store: Arc::new(PrefixStore::new(store, prefix)),
            folder: None,
        })
    }

    /// Tries whether a bucket takes and deletes objects, so that wrong settings are found before a client is refused. One that cannot
    /// be reached is logged only: it may come back, and messages need no files.
    ///
    /// # Errors
    /// When the service refuses.
    pub(crate) async fn probe(&self) -> Result<()> {
        if self.folder.is_some() {
            return Ok(());
        }
        let place = ObjectPath::from("probe");
        let tried = match self
            .store
            .put(&place, PutPayload::from_static(b"probe"))
            .await
        {
            Ok(_) => self.store.delete(&place).await,
            Err(error) => Err(error),
        };
        match tried {
            Ok(()) => Ok(()),
            Err(
                error @ (Error::PermissionDenied { .. }
                | Error::Unauthenticated { .. }
                | Error::NotFound { .. }),
            ) => Err(error).context("the bucket that `files` names refuses to store files"),
            Err(error) => {
                tracing::warn!(%error, "the bucket that `files` names cannot be reached; uploads will fail");
                Ok(())
            }
        }
    }

    /// Stores a content durably.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub(crate) async fn put(&self, name: &str, content: Bytes) -> Result<()> {
        let payload = PutPayload::from(content);
        self.store.put(&place(name), payload).await?;
        Ok(())
    }

    /// Deletes a content, if it exists.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub(crate) async fn delete(&self, name: &str) -> Result<()> {
        match self.store.delete(&place(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes all of them.
    ///
    /// # Errors
    /// When one cannot be deleted.
    pub(crate) async fn erase(&self) -> Result<()> {
        let mut found = self.store.list(None);
        while let Some(object) = found.try_next().await? {
            match self.store.delete(&object.location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Streams the bytes of a content from `start` up to `end`.
    ///
    /// # Errors
    /// When the content does not exist or cannot be read.
    pub(crate) async fn read(&self, name: &str, start: u64, end: u64) -> Result<Stream> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(start..end)),
            ..GetOptions::default()
        };
        let found = self.store.get_opts(&place(name), options).await?;
        Ok(found.into_stream())
    }

    /// Length and hash of a content; `None` if it does not exist.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) async fn measure(&self, name: &str) -> Result<Option<(u64, String)>> {
        let found = match self.store.get(&place(name)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (mut hash, mut length) = (Sha256::new(), 0);
        let mut parts = found.into_stream();
        while let Some(part) = parts.try_next().await? {
            hash.update(&part);
            length += part.len() as u64;
        }
        Ok(Some((length, hex::encode(hash.finalize()))))
    }

    /// The contents whose names begin with these two hexadecimal digits.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub(crate) async fn list(&self, shard: u8) -> Result<Vec<Listed>> {
        let folder = ObjectPath::from(format!("{shard:02x}"));
        let found = self.store.list(Some(&folder));
        let listed = found.try_filter_map(|object| async move {
            let name = object.location.filename().map(str::to_owned);
            Ok(name.filter(|name| is_name(name)).map(|name| Listed {
                name,
                size: object.size,
                stored_at: Timestamp(object.last_modified.timestamp_millis()),
            }))
        });
        Ok(listed.try_collect().await?)
    }
}

/// The path of a content.
fn place(name: &str) -> ObjectPath {
    ObjectPath::from_iter([name.get(..2).unwrap_or_default(), name])
}

/// Whether this is the name of a content, and not a partial write left by a crash.
fn is_name(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The file contents of a portal as the API methods use them, on the server's threads.
pub(crate) struct ServedContents {
    pub(crate) contents: Contents,
    pub(crate) handle: Handle,
}

impl Blobs for ServedContents {
    fn put(&self, name: &str, content: Bytes, done: Box<dyn FnOnce(bool) + Send>) {
        let (contents, name) = (self.contents.clone(), name.to_owned());
        self.handle.spawn(async move {
            let stored = contents.put(&name, content).await;
            if let Err(error) = &stored {
                tracing::error!(error = format!("{error:#}"), "a file cannot be stored");
            }
            done(stored.is_ok());
        });
    }

    fn discard(&self, name: &str) {
        let (contents, name) = (self.contents.clone(), name.to_owned());
        self.handle.spawn(async move {
            if let Err(error) = contents.delete(&name).await {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "an orphaned content could not be deleted; the sweep will retry"
                );
            }
        });
    }

    fn run_long(&self, work: Box<dyn FnOnce() + Send>) {
        self.handle.spawn_blocking(work);
    }
}

/// Runs file operations from a synchronous thread.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// On a runtime of its own, which runs only while the thread waits.
    Alone(Runtime),
    /// On the server's runtime. Connections to the service are shared: one driven by a runtime that is not running at the moment
    /// would never deliver its response.
    Beside(Handle),
}

impl Waiting {
    /// For a program that uses only this thread.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub(crate) fn alone() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("files cannot be waited for")?;
        Ok(Self::Alone(runtime))
    }

    /// Blocks until the operation is done.
    pub(crate) fn on<T>(&self, asked: impl Future<Output = T>) -> T {
        match self {
            Self::Alone(runtime) => runtime.block_on(asked),
            Self::Beside(server) => server.block_on(asked),
        }
    }
}

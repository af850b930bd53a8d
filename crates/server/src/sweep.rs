//! Deletes file contents that are no longer needed.
//!
//! There are two kinds: a content whose last file was deleted, which the database records, and one stored for a file that was
//! never created because the program ended in between. The second kind is found only by listing everything that is stored,
//! and recognised by its age: an upload in progress is younger.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, UNIX_EPOCH},
};

use anyhow::Result;
use readmark_app::disk::sweep;
use readmark_model::Timestamp;
use readmark_store::Store;

use crate::files::{Contents, Waiting};

/// The age from which a content without a file is an orphan, in milliseconds. No upload takes that long.
pub(crate) const GRACE: i64 = 60 * 60 * 1000;

/// The interval between full listings, in milliseconds.
const ROUND: i64 = 60 * 60 * 1000;

/// Contents deleted at once.
const BATCH: i64 = 100;

/// The pause between two steps, which lets others run.
const BREATH: Duration = Duration::from_millis(10);

/// Sweeps the portals of a server.
#[derive(Debug)]
pub(crate) struct Sweeper {
    waiting: Waiting,
    /// When everything stored for a portal was last listed.
    rounds: HashMap<String, Timestamp>,
}

impl Sweeper {
    /// Nothing swept yet.
    pub(crate) fn new(waiting: Waiting) -> Self {
        Self {
            waiting,
            rounds: HashMap::new(),
        }
    }

    /// Sweeps one portal until done or the server stops.
    ///
    /// # Errors
    /// When the store fails or contents cannot be deleted; the rest is retried later.
    pub(crate) fn sweep(
        &mut self,
        name: &str,
        store: &Store,
        contents: &Contents,
        now: Timestamp,
        told: &Receiver<()>,
    ) -> Result<()> {
        let stopped = || told.recv_timeout(BREATH) != Err(RecvTimeoutError::Timeout);
        while self.discarded(store, contents)? {
            if stopped() {
                return Ok(());
            }
        }
        let last = self.rounds.get(name);
        if last.is_some_and(|last| now.get() - last.get() < ROUND) {
            return Ok(());
        }
        for shard in 0..=u8::MAX {
            let deleted = self.left_over(store, contents, shard, now)?;
            if deleted > 0 {
                tracing::info!(portal = name, deleted, "deleted orphaned file contents");
            }
            if stopped() {
                return Ok(());
            }
        }
        self.rounds.insert(name.to_owned(), now);
        Ok(())
    }

    /// Deletes some contents whose files were deleted; answers whether there may be more.
    fn discarded(&self, store: &Store, contents: &Contents) -> Result<bool> {
        let names = store.read(|tx| sweep::discarded(tx, BATCH))?;
        if names.is_empty() {
            return Ok(false);
        }
        let more = i64::try_from(names.len()).is_ok_and(|count| count >= BATCH);
        for name in &names {
            self.waiting.on(contents.delete(name))?;
        }
        store.write(move |tx| sweep::forget(tx, &names))?;
        Ok(more)
    }

    /// Deletes the orphaned contents with one name prefix; answers their number.
    fn left_over(
        &self,
        store: &Store,
        contents: &Contents,
        shard: u8,
        now: Timestamp,
    ) -> Result<usize> {
        let before = Timestamp(now.get() - GRACE);
        if let Some(folder) = contents.folder() {
            delete_unfinished(&folder.join(format!("{shard:02x}")), before);
        }
        let orphans = self.orphans(store, contents, shard, before)?;
        for name in &orphans {
            self.waiting.on(contents.delete(name))?;
        }
        Ok(orphans.len())
    }

    /// The contents with one name prefix that were stored before a time and never got a file.
    ///
    /// # Errors
    /// When the store fails or contents cannot be listed.
    pub(crate) fn orphans(
        &self,
        store: &Store,
        contents: &Contents,
        shard: u8,
        before: Timestamp,
    ) -> Result<Vec<String>> {
        let listed = self.waiting.on(contents.list(shard))?;
        let old: Vec<String> = listed
            .into_iter()
            .filter(|content| content.stored_at < before)
            .map(|content| content.name)
            .collect();
        if old.is_empty() {
            return Ok(Vec::new());
        }
        Ok(store.read(move |tx| sweep::unknown(tx, &old))?)
    }
}

/// Deletes partial writes that a crash left in a folder. They are next to their destination, with a `#` in their names, and
/// are never listed as contents.
fn delete_unfinished(folder: &Path, before: Timestamp) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let unfinished = entry.file_name().to_string_lossy().contains('#');
        let changed = entry.metadata().and_then(|metadata| metadata.modified());
        let age = changed
            .ok()
            .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let changed_at = age.and_then(|age| i64::try_from(age.as_millis()).ok());
        if unfinished && changed_at.is_some_and(|at| at < before.get()) {
            // A concurrent deletion has the same result.
            drop(fs::remove_file(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc::sync_channel, thread};

    use readmark_api::portal::upload::Blobs;
    use readmark_model::{
        UserId,
        file::{Content, File},
    };
    use readmark_store::{HotMemory, Settings, StoreError};

    use readmark_testkit::{
        bucket::{KEY_ID, Service},
        rows::disk::{self, NewFile},
    };
    use tokio::runtime::Runtime;

    use super::*;
    use crate::{config::Config, files::ServedContents};

    struct Place {
        _dir: tempfile::TempDir,
        store: Store,
        contents: Contents,
        sweeper: Sweeper,
        /// The server's runtime, beside which it sweeps.
        runtime: Runtime,
        /// Where contents are kept, if not in a folder.
        service: Option<Service>,
    }

    fn in_folder() -> Place {
        place(&Config::default(), None)
    }

    fn in_bucket() -> Place {
        let service = Service::start();
        let config = Config {
            files: "s3://harbour-files/readmark".to_owned(),
            files_s3_endpoint: service.endpoint().to_owned(),
            files_s3_region: "north-1".to_owned(),
            files_s3_key_id: KEY_ID.to_owned(),
            files_s3_secret: "secret".to_owned(),
            ..Config::default()
        };
        place(&config, Some(service))
    }

    fn place(config: &Config, service: Option<Service>) -> Place {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::Sqlite {
            path: dir.path().join("portal.db"),
            readers: 1,
            memory: HotMemory::default(),
        });
        let beside = dir.path().join("files");
        let runtime = Runtime::new().unwrap();
        Place {
            store: store.unwrap(),
            contents: Contents::open(config, "acme", beside).unwrap(),
            sweeper: Sweeper::new(Waiting::Beside(runtime.handle().clone())),
            service,
            runtime,
            _dir: dir,
        }
    }

    fn name(number: u8) -> String {
        format!("{number:02x}").repeat(16)
    }

    impl Place {
        fn put(&self, number: u8) {
            let name = name(number);
            let put = self.contents.put(&name, vec![number; 3].into());
            self.sweeper.waiting.on(put).unwrap();
        }

        /// Stores a content and gives it a file.
        fn file(&self, number: u8) -> File {
            self.put(number);
            let content = Content {
                name: name(number),
                size: 3,
                media_type: "text/plain".to_owned(),
                pixels: None,
                hash: String::new(),
            };
            let written: Result<_, StoreError> = self.store.write(move |tx| {
                disk::insert_content(tx, &content, Timestamp(1))?;
                let new = NewFile {
                    content: &content.name,
                    user: UserId(1),
                    chat: None,
                    name: "a.txt",
                    now: Timestamp(1),
                };
                let id = disk::insert(tx, &new)?;
                disk::find(tx, id)
            });
            written.unwrap().unwrap()
        }

        /// The numbers of the existing contents.
        fn stored(&self) -> Vec<u8> {
            if let Some(service) = &self.service {
                let objects = service.objects();
                let names = objects.keys().filter_map(|path| path.rsplit('/').next());
                let numbers = names.map(|name| u8::from_str_radix(&name[..2], 16).unwrap());
                return numbers.collect();
            }
            let all = (0..=u8::MAX).filter(|shard| {
                let listed = self.sweeper.waiting.on(self.contents.list(*shard));
                !listed.unwrap().is_empty()
            });
            all.collect()
        }

        fn sweep(&mut self, now: Timestamp) {
            let (_stop, told) = sync_channel(0);
            let (store, contents) = (&self.store, &self.contents);
            self.sweeper
                .sweep("acme", store, contents, now, &told)
                .unwrap();
        }
    }

    /// Far behind everything that the test stores.
    const LATER: Timestamp = Timestamp(i64::MAX / 2);

    #[test]
    fn a_content_goes_with_its_last_file_and_not_before() {
        for place in [in_folder(), in_bucket()] {
            goes_with_its_last_file(place);
        }
    }

    fn goes_with_its_last_file(mut place: Place) {
        let (first, other) = (place.file(1), place.file(2));
        let copy = first.content.name.clone();
        let copied: Result<_, StoreError> = place.store.write(move |tx| {
            assert!(disk::lock_exclusive_content(tx, &copy)?);
            let new = NewFile {
                content: &copy,
                user: UserId(2),
                chat: None,
                name: "b.txt",
                now: Timestamp(2),
            };
            let id = disk::insert(tx, &new)?;
            disk::find(tx, id)
        });
        let copied = copied.unwrap().unwrap();
        let delete = |file: File| {
            let deleted: Result<_, StoreError> = place
                .store
                .write(move |tx| disk::delete(tx, &file, Timestamp(3)));
            deleted.unwrap();
        };
        delete(first);
        delete(other);
        // Everything is young, so only what is known to be unneeded is deleted.
        place.sweep(Timestamp(0));
        assert_eq!(place.stored(), [1]);
        let deleted: Result<_, StoreError> = place
            .store
            .write(move |tx| disk::delete(tx, &copied, Timestamp(4)));
        deleted.unwrap();
        place.sweep(Timestamp(0));
        assert!(place.stored().is_empty());
        let left: Vec<_> = place
            .store
            .read(|tx| disk::list_contents(tx))
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert!(left.is_empty());
    }

    #[test]
    fn what_a_crash_left_in_a_bucket_goes_when_it_is_old() {
        let mut place = in_bucket();
        place.file(1);
        place.put(2);

        place.sweep(Timestamp(0));
        assert_eq!(place.stored(), [1, 2]);

        place.sweep(LATER);
        assert_eq!(place.stored(), [1]);
    }

    #[test]
    fn what_a_crash_left_before_the_commit_goes_when_it_is_old() {
        let mut place = in_folder();
        place.file(1);
        place.put(2);
        let folder = place.contents.folder().unwrap().join("07");
        fs::create_dir_all(&folder).unwrap();
        let unfinished = folder.join(format!("{}#1", name(7)));
        fs::write(&unfinished, b"half").unwrap();

        place.sweep(Timestamp(0));
        assert_eq!(place.stored(), [1, 2]);
        assert!(unfinished.exists());

        place.sweep(LATER);
        assert_eq!(place.stored(), [1]);
        assert!(!unfinished.exists());
    }

    #[test]
    fn a_crash_after_deleting_a_content_is_made_good() {
        for place in [in_folder(), in_bucket()] {
            is_made_good(place);
        }
    }

    fn is_made_good(mut place: Place) {
        let file = place.file(1);
        let deleted: Result<_, StoreError> = place
            .store
            .write(move |tx| disk::delete(tx, &file, Timestamp(3)));
        deleted.unwrap();
        // The content is gone, and the program ended before its row was deleted.
        place
            .sweeper
            .waiting
            .on(place.contents.delete(&name(1)))
            .unwrap();
        place.sweep(Timestamp(0));
        let left: Vec<_> = place
            .store
            .read(|tx| disk::list_contents(tx))
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert!(left.is_empty());
    }

    #[test]
    fn a_bucket_lists_all_contents_of_a_portal_that_begin_alike() {
        let place = in_bucket();
        let names: Vec<String> = (0..7)
            .map(|end| format!("{}{end:02x}", &name(9)[2..]))
            .collect();
        for name in &names {
            let put = place.contents.put(name, vec![9; 4].into());
            place.sweeper.waiting.on(put).unwrap();
        }
        place.put(8);
        let listed = place.sweeper.waiting.on(place.contents.list(9)).unwrap();
        let found: Vec<_> = listed
            .iter()
            .map(|content| (&content.name, content.size))
            .collect();
        let expected: Vec<_> = names.iter().map(|name| (name, 4)).collect();
        assert_eq!(found, expected);
        for name in &names {
            let delete = || place.sweeper.waiting.on(place.contents.delete(name));
            delete().unwrap();
            // Deleted concurrently.
            delete().unwrap();
        }
        assert_eq!(place.stored(), [8]);
    }

    #[test]
    fn what_an_upload_does_not_need_any_more_goes_at_once() {
        for place in [in_folder(), in_bucket()] {
            place.put(1);
            place.put(2);
            let served = ServedContents {
                contents: place.contents.clone(),
                handle: place.runtime.handle().clone(),
            };
            served.discard(&name(1));
            while place.stored() != [2] {
                // Polling without a pause would keep the service from answering.
                thread::sleep(BREATH);
            }
        }
    }
}

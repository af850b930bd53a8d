//! Reads that are answered from memory: on the caller's thread, and never with anything else than what is committed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backend_support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use backend_support::{PATIENCE, Portal};
use readmark_model::{
    ChatId, ChatKind, MessageId, MessageKind, Seq, Timestamp, UserId, chat::Entity,
};
use readmark_store::{
    HotMemory, Settings, Store, StoreError, TxExt as _, params,
    repo::chat::{self, NewChat},
};

fn portal_with_a_chat() -> (Portal, ChatId) {
    let portal = Portal::sqlite();
    let chat = add_chat(&portal.store);
    (portal, chat)
}

fn add_chat(store: &Store) -> ChatId {
    let chat = store.write(|tx| {
        let new = NewChat {
            kind: ChatKind::Group,
            title: "first",
            description: "",
            color: "#ffffff",
            avatar: "",
            owner: UserId(1),
            pair: None,
            entity: &Entity::default(),
            now: Timestamp(1),
        };
        Ok::<_, StoreError>(chat::insert(tx, &new)?.unwrap())
    });
    chat.unwrap()
}

/// The chat's title and last seq, and whether the caller's own thread answered.
fn look(store: &Store, chat: ChatId) -> (String, i64, bool) {
    let found = store.read(move |tx| {
        let found = chat::find(tx, chat)?.unwrap();
        Ok::<_, StoreError>((
            found.title,
            found.tail.last_seq.get(),
            thread::current().id(),
        ))
    });
    let (title, seq, thread) = found.unwrap();
    (title, seq, thread == thread::current().id())
}

/// Waits until reads are answered on the caller's thread.
fn warm_up(store: &Store, chat: ChatId) {
    let started = std::time::Instant::now();
    while !look(store, chat).2 {
        assert!(started.elapsed() < PATIENCE, "never answered from memory");
        thread::sleep(Duration::from_millis(1));
    }
}

fn rename(store: &Store, chat: ChatId, title: &str) {
    let title = title.to_owned();
    let done = store.write(move |tx| chat::update_title(tx, chat, &title));
    done.unwrap();
}

fn append(store: &Store, chat: ChatId, seq: i64) {
    let done = store.write(move |tx| {
        let (kind, at) = (MessageKind::Post, Timestamp(seq));
        chat::append(tx, chat, Seq(seq), MessageId(seq), kind, at)
    });
    done.unwrap();
}

#[test]
fn what_was_read_once_is_answered_on_the_callers_thread_and_as_it_was_committed_last() {
    let (portal, chat) = portal_with_a_chat();
    let store = &portal.store;
    warm_up(store, chat);
    let mut answered = 0;
    for seq in 1..=300 {
        append(store, chat, seq);
        let (_, found, here) = look(store, chat);
        assert_eq!(found, seq);
        answered += i32::from(here);
    }
    assert!(answered > 250, "{answered} of 300");
    for number in 0..100 {
        let title = number.to_string();
        rename(store, chat, &title);
        assert_eq!(look(store, chat).0, title);
    }
}

#[test]
fn a_read_of_an_idle_portal_is_answered_on_the_callers_thread() {
    let (portal, chat) = portal_with_a_chat();
    warm_up(&portal.store, chat);
    // A change of its own, then a look, after which nothing happens.
    look(&portal.store, chat);
    thread::sleep(Duration::from_millis(150));
    look(&portal.store, chat);
    for _ in 0..3 {
        thread::sleep(Duration::from_millis(150));
        assert!(look(&portal.store, chat).2);
    }
}

#[test]
fn what_is_seen_in_the_database_is_seen_in_memory_from_then_on() {
    let (portal, chat) = portal_with_a_chat();
    warm_up(&portal.store, chat);
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (store, done) = (portal.store.clone(), Arc::clone(&done));
            thread::spawn(move || {
                let (mut newest, mut here, mut there) = (0, 0, 0);
                while !done.load(Ordering::Relaxed) {
                    let (_, known, answered_here) = look(&store, chat);
                    assert!(known >= newest, "memory says {known} after {newest}");
                    let stored: Result<i64, StoreError> = store.read(move |tx| {
                        let sql = "SELECT last_seq FROM chats WHERE id = ?1";
                        tx.get(sql, params![chat], |row| row.int(0))
                    });
                    let stored = stored.unwrap();
                    assert!(stored >= known, "the database says {stored} after {known}");
                    newest = stored;
                    here += i32::from(answered_here);
                    there += 1;
                }
                (here, there)
            })
        })
        .collect();
    for seq in 1..=1500 {
        append(&portal.store, chat, seq);
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        let (here, there) = reader.join().unwrap();
        assert!(here > 0 && there > 0, "{here} from memory of {there}");
    }
}

#[test]
fn what_another_program_writes_is_answered_within_a_moment_and_by_the_next_write_at_once() {
    let (portal, chat) = portal_with_a_chat();
    let path = portal.path().with_file_name("link.db");
    std::os::unix::fs::symlink(portal.path(), &path).unwrap();
    let other = Store::open(&Settings::Sqlite {
        path,
        readers: 1,
        memory: HotMemory::COMPARED,
    })
    .unwrap();
    for number in 0..5 {
        warm_up(&portal.store, chat);
        let title = format!("of another program {number}");
        rename(&other, chat, &title);
        thread::sleep(Duration::from_millis(101));
        assert_eq!(look(&portal.store, chat).0, title);
    }
    for number in 0..20 {
        warm_up(&portal.store, chat);
        let title = format!("again {number}");
        rename(&other, chat, &title);
        let found = portal.store.write(move |tx| {
            // A job that reads on the writing thread.
            Ok::<_, StoreError>(chat::find(tx, chat)?.unwrap().title)
        });
        assert_eq!(found.unwrap(), title);
        assert_eq!(look(&portal.store, chat).0, title);
    }
}

#[test]
fn a_change_that_is_undone_is_never_answered() {
    let (portal, chat) = portal_with_a_chat();
    warm_up(&portal.store, chat);
    for _ in 0..20 {
        let undone: Result<(), StoreError> = portal.store.write(move |tx| {
            chat::update_title(tx, chat, "undone")?;
            assert_eq!(chat::find(tx, chat)?.unwrap().title, "undone");
            Err(StoreError::Conflict("refused".into()))
        });
        assert!(undone.is_err());
        assert_eq!(look(&portal.store, chat).0, "first");
        warm_up(&portal.store, chat);
    }
}

#[test]
fn a_panic_in_a_read_from_memory_is_answered_as_elsewhere() {
    let (portal, chat) = portal_with_a_chat();
    warm_up(&portal.store, chat);
    let answer: Result<(), StoreError> = portal.store.read(move |tx| {
        chat::find(tx, chat)?.unwrap();
        panic!("a bug in a read");
    });
    assert!(matches!(answer, Err(StoreError::Database(text)) if text.contains("a bug in a read")));
    assert_eq!(look(&portal.store, chat).0, "first");
}

/// Both chats get the same seq in each commit, while readers look at both.
fn sees_one_version(memory: HotMemory) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Settings::Sqlite {
        path: folder.path().join("portal.db"),
        readers: 2,
        memory,
    })
    .unwrap();
    let chats: Vec<ChatId> = (0..6).map(|_| add_chat(&store)).collect();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|number| {
            let (store, done, chats) = (store.clone(), Arc::clone(&done), chats.clone());
            thread::spawn(move || {
                let (mut newest, mut round) = (0, number);
                while !done.load(Ordering::Relaxed) {
                    round += 1;
                    let pair = [chats[round % 6], chats[(round / 6 + 1) % 6]];
                    let seqs = store.read(move |tx| {
                        let mut seqs = Vec::new();
                        for chat in pair {
                            seqs.push(chat::find(tx, chat)?.unwrap().tail.last_seq.get());
                            thread::yield_now();
                        }
                        Ok::<_, StoreError>(seqs)
                    });
                    let seqs = seqs.unwrap();
                    assert_eq!(seqs[0], seqs[1], "of two versions");
                    assert!(seqs[0] >= newest, "{} after {newest}", seqs[0]);
                    newest = seqs[0];
                }
            })
        })
        .collect();
    for seq in 1..=600 {
        let chats = chats.clone();
        let written = store.write(move |tx| {
            for chat in &chats {
                let (kind, at) = (MessageKind::Post, Timestamp(seq));
                chat::append(tx, *chat, Seq(seq), MessageId(seq), kind, at)?;
            }
            // Some are loaded again by the next who asks.
            chat::update_description(tx, chats[seq as usize % 6], "changed")
        });
        written.unwrap();
        if seq % 8 == 0 {
            thread::sleep(Duration::from_millis(1));
        }
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.join().unwrap();
    }
}

#[test]
fn a_read_sees_one_version_of_everything() {
    sees_one_version(HotMemory::COMPARED);
}

#[test]
fn a_read_sees_one_version_of_everything_where_hardly_anything_fits_into_memory() {
    sees_one_version(HotMemory {
        bytes: 3 << 10,
        compared: true,
    });
}

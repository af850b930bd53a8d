//! Files of messages: what they do to chats, who may have them, and that none is without its content.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::sync::mpsc::sync_channel;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use readmark_api::{call::download, contract::system_error};
use readmark_app::{Refused, verify};
use readmark_model::{
    FileId, Timestamp, UserId,
    file::{File, StoredContent},
};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, rows::disk};
use serde_json::{Value, json};

fn upload(portal: &TestPortal, who: &str, dialog: &str, text: &str) -> Value {
    let fields = json!({ "name": "tides.txt", "content": BASE64.encode(text), "message": "" });
    let params = json!({ "dialogId": dialog, "fields": fields });
    portal.ok(who, "im.v2.File.upload", params)
}

fn chat(portal: &TestPortal, who: &str, users: Value) -> String {
    let params = json!({ "TITLE": "Harbour", "USERS": users });
    format!("chat{}", portal.ok(who, "im.chat.add", params))
}

fn number(dialog: &str) -> i64 {
    dialog.trim_start_matches("chat").parse().unwrap()
}

fn history(portal: &TestPortal, who: &str, dialog: &str) -> Value {
    let params = json!({ "DIALOG_ID": dialog });
    portal.ok(who, "im.dialog.messages.get", params)
}

fn contents(portal: &TestPortal) -> Vec<StoredContent> {
    portal
        .portal
        .store
        .read(|tx| verify::contents(tx))
        .unwrap_or_else(|error: StoreError| panic!("{error}"))
}

/// How many contents are known, and how many of these are to be deleted.
fn counted(portal: &TestPortal) -> (usize, usize) {
    let contents = contents(portal);
    let discarded = contents.iter().filter(|content| content.discarded).count();
    (contents.len(), discarded)
}

fn check(portal: &TestPortal) {
    let report = portal
        .portal
        .store
        .read(|tx| verify::verify(tx, &mut |_, _| {}))
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
    assert_eq!(report.drift, []);
    let stored = portal.blobs.all();
    for content in contents(portal) {
        let bytes = &stored[&content.name];
        assert_eq!(bytes.len() as i64, content.size);
    }
}

/// What a link leads to.
fn open(portal: &TestPortal, link: &str) -> Result<File, u16> {
    open_at(portal, link, portal.tick())
}

fn open_at(portal: &TestPortal, link: &str, now: Timestamp) -> Result<File, u16> {
    let (_, token) = link.split_once("%7C").expect("a token");
    let token = token.trim_end_matches("&show=1");
    let (sender, receiver) = sync_channel(1);
    download::open(&portal.portal, token, now, move |found| {
        sender.send(found).expect("somebody waits");
    });
    let found = receiver.recv().expect("an answer");
    found.map_err(|error| error.0.status)
}

#[test]
fn a_chat_names_the_folder_that_its_files_are_in() {
    for_each_store(|portal| {
        let group = chat(portal, "ada", json!([2]));
        for dialog in [group.as_str(), "2"] {
            let params = json!({ "DIALOG_ID": dialog });
            let folder = portal.ok("ada", "im.disk.folder.get", params.clone());
            let seen = portal.ok("ada", "im.dialog.get", params);
            assert!(folder["ID"].as_i64() > Some(0), "{dialog}");
            assert_eq!(seen["disk_folder_id"], folder["ID"], "{dialog}");
        }
        let found = portal.ok("ben", "im.search.chat.list", json!({ "FIND": "Harbour" }));
        let folder = portal.ok("ben", "im.disk.folder.get", json!({ "DIALOG_ID": group }));
        assert_eq!(found[0]["disk_folder_id"], folder["ID"]);
    });
}

#[test]
fn a_message_with_a_file_is_one_message_and_counts_as_one() {
    for_each_store(|portal| {
        let sent = upload(portal, "ada", "2", "high water");
        let counters = portal.ok("ben", "im.counters.get", json!({}));
        assert_eq!(counters["TYPE"]["ALL"], 1);
        assert_eq!(
            portal.ok("ada", "im.counters.get", json!({}))["TYPE"]["ALL"],
            0
        );
        let page = history(portal, "ben", "1");
        let messages = page["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0]["id"], sent["messageId"]);
        assert_eq!(
            messages[0]["params"],
            json!({ "FILE_ID": [sent["file"]["id"]] })
        );
        let files = page["files"].as_array().unwrap();
        assert_eq!(files.len(), 1);
        for field in [
            "id",
            "chatId",
            "name",
            "size",
            "type",
            "authorId",
            "authorName",
        ] {
            assert_eq!(files[0][field], sent["file"][field], "{field}");
        }
        // Links are for those who ask.
        assert_ne!(files[0]["urlDownload"], sent["file"]["urlDownload"]);
        let recent = portal.ok("ben", "im.recent.list", json!({}));
        let preview = &recent["items"][0]["message"];
        assert_eq!(
            (&preview["file"], &preview["text"]),
            (&json!(true), &json!("[File]"))
        );
        portal.ok("ben", "im.dialog.read", json!({ "DIALOG_ID": "1" }));
        assert_eq!(
            portal.ok("ben", "im.counters.get", json!({}))["TYPE"]["ALL"],
            0
        );
        let found = portal.ok(
            "ben",
            "im.dialog.messages.search",
            json!({ "CHAT_ID": sent["chatId"] }),
        );
        assert_eq!(found["files"].as_array().unwrap().len(), 1);
        check(portal);
    });
}

#[test]
fn a_refused_upload_leaves_no_content() {
    for_each_store(|portal| {
        let dialog = chat(portal, "ada", json!([2]));
        let content = BASE64.encode("high water");
        let fields = json!({ "name": "tides.txt", "content": content });
        for (who, to) in [("cho", dialog.as_str()), ("ada", "chat99"), ("eva", "2")] {
            let params = json!({ "dialogId": to, "fields": fields });
            portal.error(who, "im.v2.File.upload", params);
        }
        assert!(portal.blobs.all().is_empty());
        assert_eq!(counted(portal), (0, 0));
    });
}

/// The right to post can be lost while a content is being stored.
#[test]
fn an_upload_that_is_refused_after_its_content_was_stored_takes_it_away_again() {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use readmark_api::{
        call::{credentials::Credentials, execute},
        portal::{
            context::{FileRules, Portal, PortalContext},
            upload::Blobs,
        },
        wire::{Limits, decode_request},
    };
    use readmark_app::{bus::Bus, presence::Presence, wakeup::Wakeup};
    use readmark_testkit::{people, portal::secret_of};

    /// Takes somebody out of the chat before it says that a content is stored.
    struct Expelling {
        inner: Arc<TestPortal>,
        chat: i64,
        log: Arc<Mutex<Vec<String>>>,
    }

    impl Blobs for Expelling {
        fn put(&self, name: &str, content: Bytes, done: Box<dyn FnOnce(bool) + Send>) {
            self.log.lock().unwrap().push(format!("put {name}"));
            let (inner, chat) = (Arc::clone(&self.inner), self.chat);
            let name = name.to_owned();
            // Not on the thread of the store that asks.
            std::thread::spawn(move || {
                let params = json!({ "CHAT_ID": chat, "USER_ID": 2 });
                inner.ok("ada", "im.chat.user.delete", params);
                inner.blobs.put(&name, content, done);
            });
        }

        fn discard(&self, name: &str) {
            self.log.lock().unwrap().push(format!("discard {name}"));
            self.inner.blobs.discard(name);
        }

        fn run_long(&self, work: Box<dyn FnOnce() + Send>) {
            work();
        }
    }

    // The portal of the test calls by itself, a second one on the same store uploads.
    let inner = Arc::new(TestPortal::new(readmark_testkit::StoreKind::Sqlite));
    let dialog = chat(&inner, "ada", json!([2]));
    let log = Arc::default();
    let context = &inner.portal.context;
    let uploading = Arc::new(Portal {
        store: inner.portal.store.clone(),
        context: PortalContext {
            base_url: context.base_url.clone(),
            time_zone: context.time_zone.clone(),
            rules: context.rules,
            files: FileRules {
                most: context.files.most,
                link_key: context.files.link_key.clone(),
            },
            random: Arc::clone(&context.random),
            presence: Presence::default(),
        },
        bus: Bus::default(),
        deliveries: Wakeup::default(),
        blobs: Arc::new(Expelling {
            inner: Arc::clone(&inner),
            chat: number(&dialog),
            log: Arc::clone(&log),
        }),
    });
    let fields = json!({ "name": "tides.txt", "content": BASE64.encode("high water") });
    let body = json!({ "dialogId": dialog, "fields": fields }).to_string();
    let json = Some("application/json");
    let params = decode_request("", json, &body.into(), &Limits::default()).unwrap();
    let credentials = Credentials::webhook(people::id_of("ben"), &secret_of("ben"));
    let (sender, receiver) = sync_channel(1);
    execute::execute_by_name(
        &uploading,
        "im.v2.File.upload",
        params,
        credentials,
        inner.tick(),
        move |outcome| sender.send(outcome.answer).expect("somebody waits"),
    );
    let error = receiver.recv().unwrap().unwrap_err();
    assert_eq!(error.0.code, "ACCESS_DENIED");
    assert!(inner.blobs.all().is_empty());
    let log = log.lock().unwrap();
    assert_eq!(log.len(), 2, "{log:?}");
    assert_eq!(log[0].replace("put", "discard"), log[1]);
    check(&inner);
}

#[test]
fn a_file_goes_with_its_message_and_a_tombstone_has_none() {
    for_each_store(|portal| {
        let dialog = chat(portal, "ada", json!([2, 3]));
        // One that nobody viewed goes completely, a viewed one leaves a tombstone.
        let unseen = upload(portal, "ben", &dialog, "one");
        portal.ok(
            "ben",
            "im.message.delete",
            json!({ "MESSAGE_ID": unseen["messageId"] }),
        );
        let seen = upload(portal, "ben", &dialog, "two");
        portal.ok("cho", "im.dialog.read", json!({ "DIALOG_ID": dialog }));
        portal.ok(
            "ben",
            "im.message.delete",
            json!({ "MESSAGE_ID": seen["messageId"] }),
        );
        let page = history(portal, "cho", &dialog);
        assert_eq!(page["files"], json!([]));
        let tombstone = &page["messages"][0];
        assert_eq!(tombstone["params"], json!({ "IS_DELETED": "Y" }));
        assert_eq!(counted(portal), (2, 2));
        check(portal);
    });
}

#[test]
fn deleting_a_file_keeps_what_else_a_message_has() {
    for_each_store(|portal| {
        let dialog = chat(portal, "ada", json!([2]));
        let (first, second) = (
            upload(portal, "ben", "1", "one"),
            upload(portal, "ben", "1", "two"),
        );
        let params = json!({
            "DIALOG_ID": dialog,
            "FILE_ID": [first["file"]["id"], second["file"]["id"]],
            "MESSAGE": "Two tables",
        });
        let sent = portal.ok("ben", "im.disk.file.commit", params);
        let ids: Vec<i64> = sent["DISK_ID"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap().parse().unwrap())
            .collect();
        let delete = |who: &str, file: i64| {
            let params = json!({ "CHAT_ID": number(&dialog), "FILE_ID": file });
            assert_eq!(portal.ok(who, "im.disk.file.delete", params), json!(true));
            let page = history(portal, "ada", &dialog);
            page["messages"][0].clone()
        };
        let message = delete("ada", ids[0]);
        assert_eq!(
            message["params"],
            json!({ "FILE_ID": ids }),
            "not ada's file"
        );
        let message = delete("ben", ids[0]);
        assert_eq!(message["params"], json!({ "FILE_ID": [ids[1]] }));
        let message = delete("ben", ids[1]);
        assert_eq!(
            (&message["params"], &message["text"]),
            (&json!([]), &json!("Two tables"))
        );
        // The originals still have their contents.
        assert_eq!(counted(portal), (2, 0));

        let alone = upload(portal, "ben", &dialog, "three");
        portal.ok("ada", "im.dialog.read", json!({ "DIALOG_ID": dialog }));
        let message = delete("ben", alone["file"]["id"].as_i64().unwrap());
        assert_eq!(
            message["params"],
            json!({ "IS_DELETED": "Y" }),
            "nothing was left of it"
        );
        assert_eq!(counted(portal), (3, 1));
        check(portal);
    });
}

#[test]
fn a_saved_file_outlives_the_message() {
    for_each_store(|portal| {
        let sent = upload(portal, "ada", "2", "high water");
        let saved = portal.ok(
            "ben",
            "im.disk.file.save",
            json!({ "FILE_ID": sent["file"]["id"] }),
        );
        portal.ok(
            "ada",
            "im.message.delete",
            json!({ "MESSAGE_ID": sent["messageId"] }),
        );
        assert_eq!(counted(portal), (1, 0));
        let params = json!({ "DIALOG_ID": "3", "FILE_ID": saved["file"]["id"] });
        portal.ok("ben", "im.disk.file.commit", params);
        let page = history(portal, "cho", "2");
        assert_eq!(page["files"][0]["size"], 10);
        check(portal);
    });
}

#[test]
fn a_link_works_for_those_who_may_see_the_file_and_for_a_day() {
    for_each_store(|portal| {
        let dialog = chat(portal, "ada", json!([2, 3]));
        let sent = upload(portal, "ada", &dialog, "high water");
        let ask = json!({ "dialogId": dialog, "fileId": sent["file"]["id"] });
        let link = |who: &str| {
            let answer = portal.ok(who, "im.v2.File.download", ask.clone());
            answer["downloadUrl"].as_str().unwrap().to_owned()
        };
        let (ben, cho) = (link("ben"), link("cho"));
        assert_eq!(open(portal, &ben).unwrap().content.size, 10);

        portal.ok(
            "ben",
            "im.chat.leave",
            json!({ "CHAT_ID": number(&dialog) }),
        );
        assert_eq!(open(portal, &ben), Err(404), "who left");
        let params = json!({ "CHAT_ID": number(&dialog), "USER_ID": 3 });
        portal.ok("ada", "im.chat.user.delete", params);
        assert_eq!(open(portal, &cho), Err(404), "who was removed");
        let params = json!({ "CHAT_ID": number(&dialog), "USERS": [2], "HIDE_HISTORY": "Y" });
        portal.ok("ada", "im.chat.user.add", params);
        assert_eq!(
            open(portal, &ben),
            Err(404),
            "to whom the history is hidden"
        );

        let ada = link("ada");
        let late = Timestamp(portal.tick().get() + 24 * 60 * 60 * 1000);
        assert_eq!(open_at(portal, &ada, late), Err(404), "a day later");
        assert!(open(portal, &ada).is_ok());
        assert_eq!(open(portal, "https://x/?token=im%7CAAAA"), Err(404));
        let mixed = format!("{}{}", &ada[..ada.len() - 60], &cho[cho.len() - 60..]);
        assert_eq!(open(portal, &mixed), Err(404), "put together of two");

        portal.ok(
            "ada",
            "im.message.delete",
            json!({ "MESSAGE_ID": sent["messageId"] }),
        );
        assert_eq!(open(portal, &ada), Err(404), "a deleted file");
        assert_eq!(system_error::NOT_FOUND.0.status, 404);
    });
}

#[test]
fn a_dismissed_user_has_no_links() {
    for_each_store(|portal| {
        let sent = upload(portal, "ada", "2", "high water");
        let page = history(portal, "ben", "1");
        let link = page["files"][0]["urlDownload"].as_str().unwrap();
        assert!(open(portal, link).is_ok());
        portal.ok("ada", "user.update", json!({ "ID": 2, "ACTIVE": "N" }));
        assert_eq!(open(portal, link), Err(404));
        assert!(
            sent["file"]["urlShow"]
                .as_str()
                .unwrap()
                .ends_with("&show=1")
        );
    });
}

/// Whoever gives a content to another file while its last file is deleted either keeps it or hears that there is none.
#[test]
fn a_content_is_kept_or_not_while_it_is_deleted_and_copied_at_once() {
    for_each_store(|portal| {
        for _ in 0..12 {
            let sent = upload(portal, "ada", "2", "high water");
            let (file, message) = (sent["file"]["id"].clone(), sent["messageId"].clone());
            let before = portal.blobs.all();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    portal.ok("ada", "im.message.delete", json!({ "MESSAGE_ID": message }))
                });
                scope
                    .spawn(|| portal.call("ben", "im.disk.file.save", &json!({ "FILE_ID": file })));
            });
            check(portal);
            // What the sweeper does, so that the small store does not fill up.
            let files: Vec<FileId> = portal
                .portal
                .store
                .read(|tx| disk::list_rows(tx))
                .unwrap_or_else(|error: StoreError| panic!("{error}"))
                .into_iter()
                .map(|file| file.id)
                .collect();
            for id in files {
                let deleted: Result<(), Refused<()>> = portal.run(UserId(2), move |cx| {
                    let file = disk::find(cx.tx, id)?.expect("a file");
                    Ok(disk::delete(cx.tx, &file, cx.now)?)
                });
                deleted.unwrap_or_else(|_| panic!("a file is deleted"));
            }
            for content in contents(portal) {
                assert!(content.discarded && before.contains_key(&content.name));
                readmark_api::portal::upload::Blobs::discard(&*portal.blobs, &content.name);
                let name = content.name;
                let forgotten: Result<(), StoreError> = portal
                    .portal
                    .store
                    .write(move |tx| disk::delete_discarded(tx, &name));
                forgotten.unwrap();
            }
        }
    });
}

//! Bytes on disk per message and member; memory per portal and connection.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use readmark_app::{Cx, Rules, message::send};
use readmark_model::{
    Caller, ChatId, Credential, MessageKind, MessageParams, Scopes, Timestamp, UserId,
};
use readmark_store::StoreError;
use tokio::runtime;

use crate::{
    bench::{Bench, portal_file},
    figures::StoreUsed,
    load::Connection,
    populate::{Crowd, Filling, START},
    process::{Home, Server},
    request,
};

const GROUP: &str = "Footprint";
const MEMBERS: i64 = 100_000;
const MESSAGES: i64 = 100_000;
const CHATS: i64 = 100;
const PORTALS: usize = 40;
const CONNECTIONS: usize = 1000;

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    on_disk(bench)?;
    in_memory(bench)
}

fn on_disk(bench: &mut Bench) -> Result<()> {
    let mut sizes = Vec::new();
    let home = bench.fresh_portal("disk", |filling| {
        filling.people(1, MEMBERS)?;
        filling.webhooks(1, 1)?;
        filling.chats(CHATS + 1, 1)?;
        Ok(())
    })?;
    let size = |home: &Home| -> Result<f64> { Ok(fs::metadata(portal_file(home))?.len() as f64) };
    sizes.push(size(&home)?);
    let again = || -> Result<Filling> {
        let store = readmark_store::Store::open(&crate::bench::sqlite(&portal_file(&home)))?;
        Ok(Filling { store })
    };
    again()?.members(
        CHATS + 1,
        Crowd {
            first: 1,
            last: MEMBERS,
            read: 0,
        },
    )?;
    sizes.push(size(&home)?);
    let filling = again()?;
    for chat in 1..=CHATS {
        filling.members(
            chat,
            Crowd {
                first: 1,
                last: 2,
                read: 0,
            },
        )?;
        filling.write(move |tx| send_many(tx, ChatId(chat)))?;
    }
    drop(filling);
    sizes.push(size(&home)?);
    let member = (sizes[1] - sizes[0]) / MEMBERS as f64;
    let message = (sizes[2] - sizes[1]) / MESSAGES as f64;
    bench.figure(
        GROUP,
        "disk for a member of a chat",
        StoreUsed::Sqlite,
        member,
        "bytes",
    );
    let name = "disk for a sent message of 50 letters in 9 words, with indexes and index of words";
    bench.figure(GROUP, name, StoreUsed::Sqlite, message, "bytes");
    Ok(())
}

/// Sends as the program itself does.
fn send_many(tx: &mut dyn readmark_store::Tx, chat: ChatId) -> Result<(), StoreError> {
    let caller = Caller {
        user: UserId(1),
        admin: true,
        extranet: false,
        scopes: Scopes::all(),
        credential: Credential::Webhook(1),
        expires_at: None,
    };
    let random = readmark_testkit::portal::FixedRandom::default();
    for number in 0..MESSAGES / CHATS {
        let text = format!("The {number}th outgoing is at the harbour, please collect it");
        let mut cx = Cx {
            tx,
            writable: true,
            user: caller.user,
            caller: &caller,
            now: Timestamp(START + number),
            random: &random,
            rules: Rules::default(),
            events: Vec::new(),
        };
        let draft = send::Draft {
            kind: MessageKind::Post,
            text: &text,
            params: MessageParams::empty(),
            reply: None,
            uuid: None,
        };
        send::send(&mut cx, chat, &draft)
            .map_err(|_| StoreError::Decode("a message that cannot be sent"))?;
    }
    Ok(())
}

fn in_memory(bench: &mut Bench) -> Result<()> {
    let home = bench.fresh_portal("memory", small)?;
    let server = bench.serve(&home)?;
    let one_portal = touched(&server, "localhost")?;
    bench.figure(
        GROUP,
        "memory with one small portal",
        StoreUsed::Sqlite,
        mebibytes(one_portal),
        "MiB",
    );
    let before = server.memory()?;
    let with_connections = hold_connections(&server)?;
    let each = (with_connections as f64 - before as f64) / CONNECTIONS as f64 / 1024.0;
    let name = format!("memory for an idle connection that was used, of {CONNECTIONS}");
    bench.figure(GROUP, name, StoreUsed::Sqlite, each, "KiB");
    server.stop()?;

    let folder = portal_file(&home);
    let folder = folder.parent().and_then(|folder| folder.parent());
    let folder: PathBuf = folder.context("no folder of portals")?.to_owned();
    for number in 1..=PORTALS {
        let name = format!("p{number}");
        let file = folder.join(&name).join("portal.db");
        fs::create_dir_all(folder.join(&name))?;
        let filling = Filling::begin_at(
            &crate::bench::sqlite(&file),
            &name,
            &format!("{name}.localhost"),
        )?;
        small(&filling)?;
    }
    let server = bench.serve(&home)?;
    let mut many = 0;
    for number in 1..=PORTALS {
        many = touched(&server, &format!("p{number}.localhost"))?;
    }
    touched(&server, "localhost")?;
    let each = (many as f64 - one_portal as f64) / PORTALS as f64;
    let name = format!("memory for an open portal that was used, of {PORTALS}");
    bench.figure(GROUP, name, StoreUsed::Sqlite, each / 1024.0, "KiB");
    server.stop()
}

fn small(filling: &Filling) -> Result<()> {
    filling.people(1, 10)?;
    filling.webhooks(1, 10)?;
    let chat = filling.chats(1, 1)?;
    filling.members(
        chat,
        Crowd {
            first: 1,
            last: 10,
            read: 0,
        },
    )?;
    filling.messages(chat, 1, 1000, |_| {})
}

/// Reads from, sends to and queries a portal, then returns the server's memory.
fn touched(server: &Server, host: &str) -> Result<u64> {
    for (method, body) in [
        ("im.dialog.read", r#"{"DIALOG_ID":"chat1"}"#),
        (
            "im.message.add",
            r#"{"DIALOG_ID":"chat1","MESSAGE":"hello"}"#,
        ),
        ("im.counters.get", "{}"),
        ("im.recent.list", "{}"),
    ] {
        let mut request = Vec::new();
        request::write(&mut request, 2, method, format_args!("{body}"));
        let text =
            String::from_utf8_lossy(&request).replace("Host: localhost", &format!("Host: {host}"));
        let (status, body) = server.ask(text.as_bytes())?;
        anyhow::ensure!(
            status == 200,
            "{method}: {}",
            String::from_utf8_lossy(&body)
        );
    }
    server.memory()
}

fn hold_connections(server: &Server) -> Result<u64> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut request = Vec::new();
        request::write(&mut request, 2, "server.time", format_args!("{{}}"));
        let mut held = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut connection = Connection::open(server.address()).await?;
            anyhow::ensure!(
                connection.ask(&request).await?.is_good(),
                "server.time failed"
            );
            held.push(connection);
        }
        server.memory()
    })
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

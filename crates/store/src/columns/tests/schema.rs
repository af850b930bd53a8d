//! The declared columns are those of the schema, on both databases.

use std::{fs, path::Path};

use readmark_testkit::postgres_server::PostgresServer;

use crate::{
    HotMemory, Param, Settings, Store,
    columns::Columns,
    params,
    repo::{
        audit, auth, bot, chat_app, command, counter, disk, import, member, message, recent, view,
    },
    sql::sql,
};

/// Every declaration under `repo`: the path of its struct, and its statement without rows.
macro_rules! declarations {
    ($($row:path),+ $(,)?) => {
        [$((
            stringify!($row),
            sql!(<$row as Columns>::SELECT, " LIMIT 0"),
        )),+]
    };
}

const DECLARATIONS: &[(&str, &str)] = &declarations![
    audit::AttemptRow,
    audit::DeliveryRow,
    audit::MentionRow,
    audit::ViewRow,
    readmark_model::Application,
    auth::StandingRow,
    auth::TokenOfUser,
    readmark_model::auth::Webhook,
    auth::WebhookOfUser,
    readmark_model::bot::Bot,
    bot::BriefBot,
    readmark_model::chat::Chat,
    readmark_model::chat::Entity,
    readmark_model::Permissions,
    readmark_model::chat::Tail,
    chat_app::ActionRow,
    readmark_model::chat_app::AppText,
    readmark_model::chat_app::ChatApp,
    readmark_model::command::Command,
    command::Pass,
    readmark_model::command::CommandText,
    counter::Bounds,
    counter::CounterRow,
    counter::Found,
    readmark_model::delivery::Attempt,
    readmark_model::delivery::Delivery,
    readmark_model::delivery::Head,
    readmark_model::delivery::Lane,
    readmark_model::department::Department,
    readmark_model::file::Content,
    readmark_model::file::StoredContent,
    readmark_model::file::File,
    disk::FileRow,
    readmark_model::application::AuthorizationCode,
    readmark_model::application::Grant,
    readmark_model::application::RefreshToken,
    readmark_model::bot::Handler,
    crate::memory::ChatRow,
    crate::memory::Ended,
    crate::memory::MemberRow,
    crate::memory::TokenRow,
    crate::memory::WebhookRow,
    import::Import,
    readmark_model::member::Member,
    member::Membership,
    readmark_model::ReadState,
    readmark_model::message::Message,
    message::Place,
    readmark_model::notification::Notification,
    readmark_model::ownership::Holder,
    readmark_model::portal::PortalInfo,
    recent::RecentRow,
    readmark_model::session::Session,
    readmark_model::stream::Listener,
    readmark_model::stream::Recorded,
    readmark_model::user::BotTraits,
    readmark_model::user::User,
    view::ReaderRow,
    view::Spectator,
    readmark_model::view::Viewer,
];

/// The declarations that the database refuses.
fn refused(store: &Store) -> Vec<&'static str> {
    let is_refused = |sql: &'static str| {
        let parameters = (1..).take_while(|number| sql.contains(&format!("?{number}")));
        let values = vec![Param::from(0); parameters.count()];
        store
            .read(move |tx| tx.query(sql, &values, &mut |_| Ok(())))
            .is_err()
    };
    let declarations = DECLARATIONS.iter();
    declarations
        .filter(|(_, sql)| is_refused(sql))
        .map(|(name, _)| *name)
        .collect()
}

fn columns_are_those_of_the_schema(settings: &Settings) {
    let store = Store::open(settings).unwrap();
    assert_eq!(refused(&store), Vec::<&str>::new());
    store
        .write(|tx| {
            tx.execute(
                "ALTER TABLE bots RENAME COLUMN openline TO other",
                params![],
            )
        })
        .unwrap();
    let expected = [
        "readmark_model::bot::Bot",
        "bot::BriefBot",
        "recent::RecentRow",
        "readmark_model::stream::Listener",
        "readmark_model::user::BotTraits",
        "readmark_model::user::User",
    ];
    assert_eq!(refused(&store), expected);
}

#[test]
fn every_declared_column_is_in_the_schema_on_sqlite() {
    let directory = tempfile::tempdir().unwrap();
    columns_are_those_of_the_schema(&Settings::Sqlite {
        path: directory.path().join("portal.db"),
        readers: 1,
        memory: HotMemory::default(),
    });
}

#[test]
fn every_declared_column_is_in_the_schema_on_postgresql() {
    columns_are_those_of_the_schema(&Settings::Postgres {
        url: PostgresServer::shared_url().to_owned(),
        schema: PostgresServer::fresh_schema(),
        connections: 2,
    });
}

/// The sources under `repo`, by the names of their modules.
fn sources() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/repo");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .map(|path| {
            let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (module, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The name of the struct that a declaration is about, which begins behind `columns! {`.
fn name_of(declaration: &str) -> &str {
    let mut lines = declaration.lines().map(str::trim);
    let head = lines
        .find(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with("#["))
        .unwrap();
    let mut words = head.split_whitespace();
    words
        .find(|word| word.starts_with(char::is_uppercase))
        .unwrap()
}

#[test]
fn every_declaration_is_compared_with_the_schema() {
    let mut declared = Vec::new();
    for (_, source) in sources() {
        let declarations = source.split("columns! {\n").skip(1);
        declared.extend(declarations.map(|declaration| name_of(declaration).to_owned()));
    }
    let mut compared: Vec<_> = DECLARATIONS
        .iter()
        .map(|(path, _)| path.rsplit("::").next().unwrap().to_owned())
        .collect();
    declared.sort_unstable();
    compared.sort_unstable();
    assert_eq!(compared, declared);
}

#[test]
fn no_column_behind_the_third_is_read_by_its_number() {
    for (module, source) in sources() {
        for read in source.split("row.").skip(1) {
            let number = read
                .split_once('(')
                .and_then(|(_, argument)| argument.split(')').next());
            let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) else {
                continue;
            };
            assert!(
                number < 3,
                "{module} reads row.{}",
                read.lines().next().unwrap()
            );
        }
    }
}

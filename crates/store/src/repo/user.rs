//! Users and bots.

use std::sync::Arc;

use readmark_model::{
    Timestamp, UserId, UserKind,
    user::{BotTraits, User},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, codes, columns},
    memory::{BotRow, Fact, UserRow},
    params,
    repo::{hot, name_word, with_lock},
    sql::sql,
};

columns! {
    BotTraits from "bots b" {
        hidden: bool = "b.hidden",
        code: String = "b.code",
        kind: String = "b.kind",
        openline: bool = "b.openline",
        background_id: Option<String> = "b.background_id",
    }
}

columns! {
    User from "users u LEFT JOIN bots b ON b.user_id = u.id" {
        id: UserId = "u.id",
        kind: UserKind = "u.kind",
        active: bool = "u.active",
        admin: bool = "u.admin",
        extranet: bool = "u.extranet",
        hide_receipts: bool = "u.hide_receipts",
        name: String = "u.name",
        last_name: String = "u.last_name",
        email: String = "u.email",
        work_position: String = "u.work_position",
        gender: String = "u.gender",
        birthday: String = "u.birthday",
        color: String = "u.color",
        avatar: String = "u.avatar",
        external_auth_id: String = "u.external_auth_id",
        status: String = "u.status",
        time_zone: String = "u.time_zone",
        departments: Departments = "u.departments" => |list| Ok(list.0),
        profile: String = "u.profile",
        registered_at: Timestamp = "u.registered_at",
        updated_at: Timestamp = "u.updated_at",
        last_login_at: Option<Timestamp> = "u.last_login_at",
        last_activity_at: Option<Timestamp> = "u.last_activity_at",
        idle_since: Option<Timestamp> = "u.idle_since",
        absent_until: Option<Timestamp> = "u.absent_until",
        bot: Option<BotTraits> = BotTraits::COLUMNS,
    }
}

/// Departments as stored: their ids, separated by commas.
struct Departments(Vec<i64>);

impl Departments {
    fn parse(list: &str) -> Option<Self> {
        list.split(',')
            .filter(|id| !id.is_empty())
            .map(|id| id.parse().ok())
            .collect::<Option<_>>()
            .map(Self)
    }

    fn join(ids: &[i64]) -> String {
        ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
    }
}

codes! {
    Departments = opt_text => Departments::parse, "a department id that is not a number";
}

/// People with ids from `?1` to `?2`.
const PEOPLE: &str = sql!(
    User::SELECT,
    " WHERE u.kind = 0 AND u.id >= ?1 AND u.id <= ?2"
);

/// The members of the chats of user `?1`. Private chats without a message do not count, as anybody can create one.
const SEEN_BY: &str = "SELECT DISTINCT o.user_id FROM members m JOIN chats c ON c.id = m.chat_id \
     JOIN members o ON o.chat_id = m.chat_id WHERE m.user_id = ?1 AND (c.kind <> 1 OR c.message_count > 0)";

/// A user by id, including dismissed ones.
pub fn find(tx: &mut dyn Tx, id: UserId) -> Result<Option<User>, StoreError> {
    if tx.memory().is_some() {
        return known(tx, id);
    }
    tx.find(
        sql!(User::SELECT, " WHERE u.id = ?1"),
        params![id],
        User::from_row,
    )
}

fn known(tx: &mut dyn Tx, id: UserId) -> Result<Option<User>, StoreError> {
    let found = hot::find::<UserRow>(tx, id)?;
    Ok(found.map(|UserRow(user)| User::clone(&user)))
}

/// Locks a user.
pub fn lock_exclusive(tx: &mut dyn Tx, id: UserId) -> Result<Option<User>, StoreError> {
    if tx.memory().is_some() {
        return known(tx, id);
    }
    let sql = with_lock!(
        tx,
        sql!(User::SELECT, " WHERE u.id = ?1"),
        "FOR NO KEY UPDATE OF u"
    );
    tx.find(sql, params![id], User::from_row)
}

/// Locks an administrator other than `id`, so that there is one whatever happens to `id`; `false` when there is none.
pub fn lock_exclusive_other_admin(tx: &mut dyn Tx, id: UserId) -> Result<bool, StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT id FROM users WHERE kind = 0 AND active = 1 AND admin = 1 AND id <> ?1 LIMIT 1",
        "FOR NO KEY UPDATE"
    );
    Ok(tx.find(sql, params![id], |_| Ok(()))?.is_some())
}

/// A person by email, in any letter case of ASCII.
pub fn find_by_email(tx: &mut dyn Tx, email: &str) -> Result<Option<UserId>, StoreError> {
    tx.find(
        "SELECT id FROM users WHERE email = ?1 AND email <> '' AND kind = 0",
        params![&email.to_ascii_lowercase()],
        |row| row.id(0),
    )
}

/// All users and bots, in the order of ids.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<User>, StoreError> {
    tx.list(
        sql!(User::SELECT, " ORDER BY u.id"),
        params![],
        User::from_row,
    )
}

/// Ids from the first to the last, both included.
pub type IdRange = std::ops::RangeInclusive<i64>;

/// The first people, without bots, whose ids are in a range, in the order of ids.
pub fn list_people(tx: &mut dyn Tx, ids: &IdRange, limit: i64) -> Result<Vec<User>, StoreError> {
    tx.list(
        sql!(PEOPLE, " ORDER BY u.id LIMIT ?3"),
        params![*ids.start(), *ids.end(), limit],
        User::from_row,
    )
}

/// The last people, without bots, whose ids are in a range, in the descending order of ids.
pub fn list_last_people(
    tx: &mut dyn Tx,
    ids: &IdRange,
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    tx.list(
        sql!(PEOPLE, " ORDER BY u.id DESC LIMIT ?3"),
        params![*ids.start(), *ids.end(), limit],
        User::from_row,
    )
}

/// The people in a range of ids who share a chat with `viewer`, in the sense of [`share_chat`](super::member::share_chat), and the
/// viewer, in the order of ids.
pub fn list_people_seen_by(
    tx: &mut dyn Tx,
    viewer: UserId,
    ids: &IdRange,
) -> Result<Vec<User>, StoreError> {
    tx.list(
        sql!(
            User::SELECT,
            " WHERE u.kind = 0 AND u.id >= ?2 AND u.id <= ?3 AND (u.id = ?1 OR u.id IN (",
            SEEN_BY,
            ")) ORDER BY u.id"
        ),
        params![viewer, *ids.start(), *ids.end()],
        User::from_row,
    )
}

/// The ids of the users, including bots, who share a chat with `viewer`, in the sense of
/// [`share_chat`](super::member::share_chat), in no particular order.
pub fn list_ids_seen_by(tx: &mut dyn Tx, viewer: UserId) -> Result<Vec<UserId>, StoreError> {
    tx.list(SEEN_BY, params![viewer], |row| row.id(0))
}

/// Which members of a chat to list.
#[derive(Clone, Copy, Debug)]
pub struct MemberPage {
    /// Only those with greater ids.
    pub after: UserId,
    /// Whether to include bots.
    pub bots: bool,
    /// The number of members to skip.
    pub offset: i64,
    /// The greatest number of members.
    pub limit: i64,
}

/// A page of the members of a chat, in the order of ids. Skipped members cost no more than their entries in the index; leaving
/// out bots costs one entry for each bot of the portal.
pub fn list_member_page(
    tx: &mut dyn Tx,
    chat: readmark_model::ChatId,
    page: MemberPage,
) -> Result<Vec<User>, StoreError> {
    tx.list(
        sql!("SELECT ", User::COLUMNS,
            " FROM (SELECT user_id FROM members WHERE chat_id = ?1 AND user_id > ?2 AND (?3 = 1 OR user_id NOT IN \
             (SELECT x.id FROM users x WHERE x.kind = 1)) ORDER BY user_id LIMIT ?4 OFFSET ?5) m \
             JOIN users u ON u.id = m.user_id LEFT JOIN bots b ON b.user_id = u.id ORDER BY u.id"
        ),
        params![chat, page.after, page.bots, page.limit, page.offset],
        User::from_row,
    )
}

/// The number of members of a chat who are bots. Costs one look-up for each bot of the portal.
pub fn count_bots(tx: &mut dyn Tx, chat: readmark_model::ChatId) -> Result<i64, StoreError> {
    tx.get(
        "SELECT count(*) FROM users u CROSS JOIN members m WHERE u.kind = 1 AND m.user_id = u.id AND m.chat_id = ?1",
        params![chat],
        |row| row.int(0),
    )
}

/// Adds a user; `user.id` is ignored. The email is stored in lower case.
///
/// # Errors
/// [`StoreError::Conflict`] when the email is taken.
pub fn insert(tx: &mut dyn Tx, user: &User) -> Result<UserId, StoreError> {
    let id = tx.get(
        "INSERT INTO users (kind, active, admin, extranet, hide_receipts, name, last_name, email, work_position, gender, \
         birthday, color, avatar, external_auth_id, status, time_zone, departments, profile, registered_at, \
         updated_at, last_login_at, last_activity_at, idle_since, absent_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, \
         ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24) RETURNING id",
        params![
            user.kind.code(),
            user.active,
            user.admin,
            user.extranet,
            user.hide_receipts,
            &user.name,
            &user.last_name,
            &user.email.to_ascii_lowercase(),
            &user.work_position,
            &user.gender,
            &user.birthday,
            &user.color,
            &user.avatar,
            &user.external_auth_id,
            &user.status,
            &user.time_zone,
            &Departments::join(&user.departments),
            &user.profile,
            user.registered_at,
            user.updated_at,
            user.last_login_at,
            user.last_activity_at,
            user.idle_since,
            user.absent_until,
        ],
        |row| row.id(0),
    )?;
    name_word::replace_user(tx, id, user)?;
    Ok(id)
}

/// Writes everything of a user that can change.
///
/// # Errors
/// [`StoreError::Conflict`] when the email is taken.
pub fn update(tx: &mut dyn Tx, user: &User) -> Result<(), StoreError> {
    hot::execute_on_user(
        tx,
        user.id,
        "UPDATE users SET active = ?2, admin = ?3, extranet = ?4, hide_receipts = ?5, name = ?6, last_name = ?7, \
         email = ?8, work_position = ?9, gender = ?10, birthday = ?11, color = ?12, avatar = ?13, \
         external_auth_id = ?14, status = ?15, time_zone = ?16, departments = ?17, profile = ?18, updated_at = ?19, \
         last_login_at = ?20, last_activity_at = ?21, idle_since = ?22, absent_until = ?23 WHERE id = ?1",
        params![
            user.id,
            user.active,
            user.admin,
            user.extranet,
            user.hide_receipts,
            &user.name,
            &user.last_name,
            &user.email.to_ascii_lowercase(),
            &user.work_position,
            &user.gender,
            &user.birthday,
            &user.color,
            &user.avatar,
            &user.external_auth_id,
            &user.status,
            &user.time_zone,
            &Departments::join(&user.departments),
            &user.profile,
            user.updated_at,
            user.last_login_at,
            user.last_activity_at,
            user.idle_since,
            user.absent_until,
        ],
    )?;
    // After the row was updated, which serialises concurrent changes of the same user.
    name_word::replace_user(tx, user.id, user)
}

/// Writes the time of a user's last activity, unless a later one is stored.
pub fn update_activity(tx: &mut dyn Tx, id: UserId, at: Timestamp) -> Result<(), StoreError> {
    hot::execute(
        tx,
        UserRow::TABLES | BotRow::TABLES,
        |tx| {
            tx.execute(
                "UPDATE users SET last_activity_at = ?2 WHERE id = ?1 AND (last_activity_at IS NULL OR last_activity_at < ?2)",
                params![id, at],
            )
        },
        |memory, _| {
            memory.change::<UserRow>(id, |UserRow(user)| {
                let user = Arc::make_mut(user);
                user.last_activity_at = user.last_activity_at.max(Some(at));
            });
        },
    )
    .map(drop)
}

/// Writes the status chosen by a user, who is then not idle any more. `false` when nothing changes.
pub fn update_status(tx: &mut dyn Tx, id: UserId, status: &str) -> Result<bool, StoreError> {
    let changed = hot::execute_on_user(
        tx,
        id,
        "UPDATE users SET status = ?2, idle_since = NULL WHERE id = ?1 AND (status <> ?2 OR idle_since IS NOT NULL)",
        params![id, status],
    )?;
    Ok(changed > 0)
}

/// Writes since when a user is away from the computer. `false` when nothing changes.
pub fn update_idle(tx: &mut dyn Tx, id: UserId, since: Timestamp) -> Result<bool, StoreError> {
    let changed = hot::execute_on_user(
        tx,
        id,
        "UPDATE users SET idle_since = ?2 WHERE id = ?1 AND (idle_since IS NULL OR idle_since <> ?2)",
        params![id, since],
    )?;
    Ok(changed > 0)
}

/// Writes that a user is back at the computer. `false` when nothing changes.
pub fn clear_idle(tx: &mut dyn Tx, id: UserId) -> Result<bool, StoreError> {
    let changed = hot::execute_on_user(
        tx,
        id,
        "UPDATE users SET idle_since = NULL WHERE id = ?1 AND idle_since IS NOT NULL",
        params![id],
    )?;
    Ok(changed > 0)
}

/// The active employees who are in a department, with their departments, in the order of ids.
pub fn list_staff(tx: &mut dyn Tx) -> Result<Vec<(UserId, Vec<i64>)>, StoreError> {
    tx.list(
        "SELECT id, departments FROM users WHERE kind = 0 AND active = 1 AND extranet = 0 AND departments <> '' ORDER BY id",
        params![],
        |row| <(UserId, Departments)>::from_row(row).map(|(id, list)| (id, list.0)),
    )
}

/// Locks everybody in a department, including bots and dismissed users. Answers their ids, ascending.
pub fn lock_exclusive_of_department(
    tx: &mut dyn Tx,
    department: i64,
) -> Result<Vec<UserId>, StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT id FROM users WHERE ',' || departments || ',' LIKE ?1 ORDER BY id",
        "FOR NO KEY UPDATE"
    );
    let pattern = format!("%,{department},%");
    tx.list(sql, params![&pattern], |row| row.id(0))
}

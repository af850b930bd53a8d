//! Reading users. Extranet users see only members of shared chats, see [`access::may_see_user`].

use std::collections::HashSet;

use readmark_model::{UserId, user::User};
use readmark_store::repo::user;
pub use readmark_store::repo::user::IdRange;

use crate::{Cx, Interrupt, Refused, access};

/// Why a user is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotShown {
    /// There is none with this id.
    Unknown,
    /// The acting user is an extranet user and shares no chat.
    NotShared,
}

/// One user, also a bot or a dismissed one.
///
/// # Errors
/// [`NotShown`]. Extranet users cannot tell whether an id exists.
pub fn get(cx: &mut Cx<'_>, id: UserId) -> Result<User, Refused<NotShown>> {
    if !access::may_see_user(cx, id)? {
        return Err(Refused::Because(NotShown::NotShared));
    }
    user::find(cx.tx, id)?.ok_or(Refused::Because(NotShown::Unknown))
}

/// Several users, each once, in the order in which they are asked for. Those that do not exist or may not be seen are left
/// out.
pub fn list(cx: &mut Cx<'_>, ids: &[UserId]) -> Result<Vec<User>, Interrupt> {
    let seen: Option<HashSet<UserId>> = if cx.is_extranet() {
        let ids = user::list_ids_seen_by(cx.tx, cx.user)?;
        Some(ids.into_iter().chain([cx.user]).collect())
    } else {
        None
    };
    let mut asked = HashSet::new();
    let mut users = Vec::new();
    for &id in ids {
        if !asked.insert(id) || seen.as_ref().is_some_and(|seen| !seen.contains(&id)) {
            continue;
        }
        users.extend(user::find(cx.tx, id)?);
    }
    Ok(users)
}

/// Who lists people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// The acting user; an extranet user sees only members of shared chats.
    Acting,
    /// An administrator, who sees everybody.
    Administrator,
}

/// The people that may be seen, without bots, in the order of ids; dismissed ones too.
pub fn people(cx: &mut Cx<'_>, viewer: Viewer, ids: &IdRange) -> Result<Vec<User>, Interrupt> {
    let people = if viewer == Viewer::Acting && cx.is_extranet() {
        user::list_people_seen_by(cx.tx, cx.user, ids)?
    } else {
        user::list_people(cx.tx, ids, i64::MAX)?
    };
    Ok(people)
}

/// From which end people are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The least id first.
    Ascending,
    /// The greatest id first.
    Descending,
}

/// How many people are read at once when only the first `wanted` ones are needed.
const CHUNK: usize = 250;

/// The first visible people that are `wanted`, up to `limit`, in id order in either direction. Reads no more than needed.
pub fn first_people(
    cx: &mut Cx<'_>,
    viewer: Viewer,
    ids: &IdRange,
    direction: Direction,
    limit: usize,
    wanted: &dyn Fn(&User) -> bool,
) -> Result<Vec<User>, Interrupt> {
    let mut found = Vec::new();
    if viewer == Viewer::Acting && cx.is_extranet() {
        let mut people = people(cx, viewer, ids)?;
        if direction == Direction::Descending {
            people.reverse();
        }
        found.extend(people.into_iter().filter(wanted).take(limit));
        return Ok(found);
    }
    let mut rest = ids.clone();
    loop {
        let chunk = match direction {
            Direction::Ascending => user::list_people(cx.tx, &rest, CHUNK as i64)?,
            Direction::Descending => user::list_last_people(cx.tx, &rest, CHUNK as i64)?,
        };
        let is_last = chunk.len() < CHUNK;
        if let Some(last) = chunk.last() {
            rest = match direction {
                Direction::Ascending => last.id.get().saturating_add(1)..=*rest.end(),
                Direction::Descending => *rest.start()..=last.id.get() - 1,
            };
        }
        let room = limit - found.len();
        found.extend(chunk.into_iter().filter(wanted).take(room));
        if is_last || found.len() >= limit {
            return Ok(found);
        }
    }
}

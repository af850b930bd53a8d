//! The pair of tokens that an application gets.

use readmark_model::{
    Application, GrantId, Scopes, Timestamp, UserId,
    application::{Barred, Visitor},
};
use readmark_store::{
    StoreError, Tx,
    repo::{application, grant, user},
};

use super::Lifetimes;
use crate::{Random, token};

/// How many grants of one user an application has at most; the earliest one ends where another is made.
const MOST_GRANTS: i64 = 100;

/// How many tokens of each kind a grant has at most; the earliest one goes where another is made.
const MOST_TOKENS: i64 = 50;

/// An access token and a refresh token, which cannot be retrieved later.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// The user whose rights they have.
    pub user: UserId,
    /// What the access token may be used for.
    pub scopes: Scopes,
}

/// Without the tokens, which belong in no log.
impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair")
            .field("user", &self.user)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// Why a user does not use an application.
pub(super) enum NoUse {
    /// The user is dismissed.
    User,
    /// The application is not for the user now.
    Barred(Barred),
}

/// Whether a user uses an application now.
pub(super) fn check_use(
    tx: &mut dyn Tx,
    application: &Application,
    id: UserId,
) -> Result<Result<(), NoUse>, StoreError> {
    let Some(user) = user::find(tx, id)?.filter(|user| user.active) else {
        return Ok(Err(NoUse::User));
    };
    let visitor = Visitor {
        kind: user.kind,
        admin: user.admin,
        chosen: application::has_user(tx, application.id, id)?,
    };
    Ok(application.standing().admit(visitor).map_err(NoUse::Barred))
}

/// Makes a grant with its first pair of tokens, without a code: for an application that is installed or opened.
pub fn open(
    tx: &mut dyn Tx,
    random: &dyn Random,
    application: &Application,
    user: UserId,
    lifetimes: &Lifetimes,
    now: Timestamp,
) -> Result<Pair, StoreError> {
    let scopes = application.scopes;
    let (_, pair) = begin(tx, random, application, (user, scopes), lifetimes, now)?;
    Ok(pair)
}

/// Makes a grant with its first pair of tokens.
pub(super) fn begin(
    tx: &mut dyn Tx,
    random: &dyn Random,
    application: &Application,
    (user, scopes): (UserId, Scopes),
    lifetimes: &Lifetimes,
    now: Timestamp,
) -> Result<(GrantId, Pair), StoreError> {
    let end = after(now, lifetimes.refresh);
    for earlier in grant::list_earlier(tx, application.id, user, MOST_GRANTS - 1)? {
        grant::end(tx, earlier, now)?;
    }
    let id = grant::insert(tx, application.id, user, scopes, now, end)?;
    let pair = issue(tx, random, application, (id, user, scopes), lifetimes, now)?;
    Ok((id, pair))
}

/// Issues a pair of tokens of a grant, for these scopes at most.
pub(super) fn issue(
    tx: &mut dyn Tx,
    random: &dyn Random,
    application: &Application,
    (id, user, scopes): (GrantId, UserId, Scopes),
    lifetimes: &Lifetimes,
    now: Timestamp,
) -> Result<Pair, StoreError> {
    let scopes = scopes.and(application.scopes);
    let expires_at = after(now, lifetimes.access);
    let granted = (id, user, scopes);
    let access = token::issue_of_grant(tx, random, application, granted, now, expires_at)?;
    let refresh = token::issue_refresh(tx, random, id, now, after(now, lifetimes.refresh))?;
    grant::delete_earlier_tokens(tx, id, MOST_TOKENS)?;
    Ok(Pair {
        access,
        refresh,
        expires_at,
        user,
        scopes,
    })
}

/// A time that many milliseconds later.
pub(super) const fn after(now: Timestamp, milliseconds: i64) -> Timestamp {
    Timestamp(now.get().saturating_add(milliseconds))
}

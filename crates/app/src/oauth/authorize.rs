//! A signed-in user lets an application act.

use readmark_model::{
    Application, SecretHash, UserId,
    application::{AuthorizationCode, Barred},
};
use readmark_store::{
    Tx,
    repo::{application, grant},
};

use super::{
    Lifetimes,
    pair::{NoUse, after, check_use},
};
use crate::{Cx, Refused, token};

/// How many codes of one user an application has at most: so many windows of a browser may be under way at once.
const MOST_CODES: i64 = 20;

/// What the application gets by the user's browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorized {
    /// The application, to which the user returns.
    pub application: Application,
    /// The code, which cannot be retrieved later.
    pub code: String,
}

/// Why a user cannot authorise an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAuthorized {
    /// There is no such application.
    Unknown,
    /// The user is dismissed.
    User,
    /// The application is not installed, or not for the user.
    Barred(Barred),
}

/// What a user is asked before an application may act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The application.
    pub application: Application,
    /// Whether the user has granted it something that has not ended.
    pub granted: bool,
}

/// Whether a user can authorise an application, and has done so before.
///
/// # Errors
/// [`NotAuthorized`].
pub fn look(
    tx: &mut dyn Tx,
    client_id: &str,
    user: UserId,
) -> Result<Look, Refused<NotAuthorized>> {
    let Some(application) = application::find_by_client(tx, client_id)? else {
        return Err(Refused::Because(NotAuthorized::Unknown));
    };
    check_use(tx, &application, user)?.map_err(|reason| {
        Refused::Because(match reason {
            NoUse::User => NotAuthorized::User,
            NoUse::Barred(barred) => NotAuthorized::Barred(barred),
        })
    })?;
    let granted = !grant::list_earlier(tx, application.id, user, 0)?.is_empty();
    Ok(Look {
        application,
        granted,
    })
}

/// Makes a code by which an application gets tokens for a user.
///
/// # Errors
/// [`NotAuthorized`].
pub fn authorize(
    cx: &mut Cx<'_>,
    client_id: &str,
    user: UserId,
    lifetimes: &Lifetimes,
) -> Result<Authorized, Refused<NotAuthorized>> {
    let Look { application, .. } = look(cx.tx, client_id, user)?;
    let code = token::draw(cx.random);
    let new = AuthorizationCode {
        application: application.id,
        user,
        scopes: application.scopes,
        expires_at: after(cx.now, lifetimes.code),
        grant: None,
    };
    grant::insert_code(cx.tx, &SecretHash::of(&code), &new, cx.now)?;
    grant::delete_earlier_codes(cx.tx, application.id, user, MOST_CODES)?;
    Ok(Authorized { application, code })
}

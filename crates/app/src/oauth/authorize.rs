//! A signed-in user lets an application act.

use readmark_model::{
    Application, SecretHash, UserId,
    application::{AuthorizationCode, Barred},
};
use readmark_store::repo::{application, grant};

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
    let Some(application) = application::find_by_client(cx.tx, client_id)? else {
        return Err(Refused::Because(NotAuthorized::Unknown));
    };
    check_use(cx.tx, &application, user)?.map_err(|reason| {
        Refused::Because(match reason {
            NoUse::User => NotAuthorized::User,
            NoUse::Barred(barred) => NotAuthorized::Barred(barred),
        })
    })?;
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

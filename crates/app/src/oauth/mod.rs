//! OAuth 2.0: codes, and the tokens that applications get for them (sources: OAuth).
//!
//! A user authorises an application, which gets a code by the user's browser ([`authorize`]) and exchanges it for an access token and a
//! refresh token ([`exchange`]); each refresh token is exchanged for another pair. All tokens that come from one code are one grant. A code
//! that is exchanged again, or a refresh token that is used again long after it was replaced, may be in the wrong hands: it ends the grant.
//! Nothing but hashes of secrets, codes and tokens is stored.

mod authorize;
mod exchange;
mod pair;

pub use self::{
    authorize::{Authorized, Look, NotAuthorized, authorize, look},
    exchange::{Exchange, Offer, Refusal, exchange},
    pair::{Pair, open},
};

/// How long codes and tokens are good, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Codes.
    pub code: i64,
    /// Access tokens.
    pub access: i64,
    /// Refresh tokens.
    pub refresh: i64,
    /// How long a refresh token may be used again after its first use, whose answer may have been lost.
    pub grace: i64,
}

//! An application exchanges a code, or a refresh token, for a pair of tokens.

use readmark_model::{
    Application, Scopes, SecretHash, Timestamp, UserId,
    application::{AuthorizationCode, Barred, Grant, RefreshToken},
};
use readmark_store::{
    StoreError, Tx,
    repo::{application, grant},
};

use super::{
    Lifetimes, Pair,
    pair::{NoUse, begin, check_use, issue},
};
use crate::Random;

/// How often a refresh token is exchanged at most, within its grace.
const MOST_USES: i64 = 5;

/// What an application offers for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A code, by its hash.
    Code(SecretHash),
    /// A refresh token, by its hash.
    Refresh(SecretHash),
}

/// A request for tokens.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Client id of the application.
    pub client_id: String,
    /// The hash of its secret.
    pub secret: SecretHash,
    /// What it offers.
    pub offer: Offer,
    /// What the access token is to be used for, if that is said: no more than was granted.
    pub scopes: Option<Scopes>,
}

/// Why there are no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No application has the client id.
    UnknownClient,
    /// The secret is another one.
    Secret,
    /// The application is not installed.
    NotInstalled,
    /// The code or refresh token is unknown or expired or another application's, or its user is dismissed, or not one of the
    /// application any more.
    Offer,
    /// The same, and it was used before, which ended the grant of this user.
    UsedAgain(UserId),
    /// More scopes are asked for than were granted.
    Scopes,
}

/// Exchanges what an application offers for a pair of tokens. A refusal may have ended a grant, so it is committed too.
pub fn exchange(
    tx: &mut dyn Tx,
    random: &dyn Random,
    exchange: &Exchange,
    lifetimes: &Lifetimes,
    now: Timestamp,
) -> Result<Result<Pair, Refusal>, StoreError> {
    let Some(client) = application::find_by_client(tx, &exchange.client_id)? else {
        return Ok(Err(Refusal::UnknownClient));
    };
    if !application::get_secret(tx, client.id)?.matches(&exchange.secret) {
        return Ok(Err(Refusal::Secret));
    }
    let mut desk = Desk {
        tx,
        random,
        client,
        asked: exchange.scopes,
        lifetimes,
        now,
    };
    match &exchange.offer {
        Offer::Code(hash) => desk.exchange_code(hash),
        Offer::Refresh(hash) => desk.refresh(hash),
    }
}

/// An application whose secret was right.
struct Desk<'a> {
    tx: &'a mut dyn Tx,
    random: &'a dyn Random,
    client: Application,
    asked: Option<Scopes>,
    lifetimes: &'a Lifetimes,
    now: Timestamp,
}

type Exchanged = Result<Result<Pair, Refusal>, StoreError>;

impl Desk<'_> {
    fn exchange_code(&mut self, hash: &SecretHash) -> Exchanged {
        let found = grant::lock_exclusive_code(self.tx, hash)?;
        let Some(code) = found.filter(|code| code.application == self.client.id) else {
            return Ok(Err(Refusal::Offer));
        };
        if let Some(earlier) = code.grant {
            // Whoever exchanged it first may not be who it was made for.
            grant::end(self.tx, earlier, self.now)?;
            return Ok(Err(Refusal::UsedAgain(code.user)));
        }
        if self.now >= code.expires_at {
            return Ok(Err(Refusal::Offer));
        }
        let AuthorizationCode { user, scopes, .. } = code;
        let wanted = match self.permit(user, scopes)? {
            Ok(wanted) => wanted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let granted = (user, wanted);
        let (tx, lifetimes) = (&mut *self.tx, self.lifetimes);
        let (id, pair) = begin(tx, self.random, &self.client, granted, lifetimes, self.now)?;
        grant::update_code(self.tx, hash, id)?;
        Ok(Ok(pair))
    }

    fn refresh(&mut self, hash: &SecretHash) -> Exchanged {
        let Some(token) = grant::find_refresh(self.tx, hash)? else {
            return Ok(Err(Refusal::Offer));
        };
        let found = grant::lock_exclusive(self.tx, token.grant)?;
        let Some(of) = found.filter(|of| of.application == self.client.id) else {
            return Ok(Err(Refusal::Offer));
        };
        // It may have been used until the grant was locked.
        let Some(token) = grant::find_refresh(self.tx, hash)? else {
            return Ok(Err(Refusal::Offer));
        };
        if self.now >= token.expires_at {
            return Ok(Err(Refusal::Offer));
        }
        if let Some(refusal) = self.refuse_again(&token, &of)? {
            return Ok(Err(refusal));
        }
        let wanted = match self.permit(of.user, of.scopes)? {
            Ok(wanted) => wanted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        grant::use_refresh(self.tx, hash, self.now)?;
        let granted = (of.id, of.user, wanted);
        let (tx, lifetimes) = (&mut *self.tx, self.lifetimes);
        issue(tx, self.random, &self.client, granted, lifetimes, self.now).map(Ok)
    }

    /// The answer to a refresh token that was replaced, unless it is in its grace: an answer may be lost, or two of an application's
    /// processes may refresh at the same time.
    fn refuse_again(
        &mut self,
        token: &RefreshToken,
        of: &Grant,
    ) -> Result<Option<Refusal>, StoreError> {
        let Some(replaced_at) = token.replaced_at else {
            return Ok(None);
        };
        let since = self.now.get().saturating_sub(replaced_at.get());
        if since > self.lifetimes.grace {
            grant::end(self.tx, of.id, self.now)?;
            return Ok(Some(Refusal::UsedAgain(of.user)));
        }
        Ok((token.uses >= MOST_USES).then_some(Refusal::Offer))
    }

    /// What an access token for the user may be used for, if the user still uses the application.
    fn permit(
        &mut self,
        user: UserId,
        granted: Scopes,
    ) -> Result<Result<Scopes, Refusal>, StoreError> {
        match check_use(self.tx, &self.client, user)? {
            Ok(()) => {}
            Err(NoUse::Barred(Barred::NotInstalled)) => return Ok(Err(Refusal::NotInstalled)),
            Err(NoUse::User | NoUse::Barred(Barred::NotChosen)) => return Ok(Err(Refusal::Offer)),
        }
        let most = granted.and(self.client.scopes);
        Ok(match self.asked {
            None => Ok(granted),
            Some(asked) if asked.within(most) => Ok(asked),
            Some(_) => Err(Refusal::Scopes),
        })
    }
}

//! The block `auth` of a request to a handler (sources: handlers).

use readmark_model::{Scopes, Timestamp, UserId};
use serde_json::{Map, Value, json};

use super::BotSnapshot;

/// What a handler learns of the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalFacts {
    /// Scheme, host and port that clients use, without a slash at the end.
    pub base_url: String,
    /// The unique id of the installation.
    pub member_id: String,
}

/// An access token made for one request. Only its hash is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant<'a> {
    /// The token itself.
    pub token: &'a str,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// A user on whose behalf a handler may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access<'a> {
    /// The user.
    pub user: UserId,
    /// The token for it; `None` for bots of webhooks and for dismissed users.
    pub grant: Option<Grant<'a>>,
}

/// The members of the block, in the documented order. Without a user there is neither a token nor a `user_id`.
pub(super) fn block(
    portal: &PortalFacts,
    bot: &BotSnapshot,
    scopes: Scopes,
    access: Option<&Access<'_>>,
    now: Timestamp,
) -> Map<String, Value> {
    let mut block = Map::new();
    let mut put = |name: &str, value: Value| drop(block.insert(name.to_owned(), value));
    if let Some(grant) = access.and_then(|access| access.grant) {
        put("access_token", json!(grant.token));
        put("expires", json!(seconds(grant.expires_at)));
        put(
            "expires_in",
            json!(seconds(grant.expires_at) - seconds(now)),
        );
    }
    let address = portal.base_url.split_once("://");
    let endpoint = format!("{}/rest/", portal.base_url);
    put("scope", json!(scopes.to_string()));
    put(
        "domain",
        json!(address.map_or(portal.base_url.as_str(), |(_, host)| host)),
    );
    put("server_endpoint", json!(endpoint));
    put("status", json!("L"));
    put("client_endpoint", json!(endpoint));
    put("member_id", json!(portal.member_id));
    if let Some(access) = access {
        put("user_id", json!(access.user.get()));
    }
    put("application_token", json!(bot.application_token));
    block
}

/// Seconds since 1970.
pub(super) const fn seconds(time: Timestamp) -> i64 {
    time.0.div_euclid(1000)
}

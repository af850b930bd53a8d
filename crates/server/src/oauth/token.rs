//! `/oauth/token/`: a code, or a refresh token, for a pair of tokens.

use std::sync::Arc;

use hyper::StatusCode;
use readmark_api::{contract::system_error, wire::Params};
use readmark_app::{
    oauth::{self, Exchange, Offer, Pair, Refusal},
    portal,
};
use readmark_model::{Scopes, SecretHash};
use readmark_store::StoreError;
use serde_json::json;
use tokio::sync::oneshot;

use super::{
    Desk,
    error::{OAuthError, json_reply},
};
use crate::{
    parameters::text,
    portals::Served,
    rest::{Reply, refusal},
};

/// Answers a request to the portals that it may be for.
pub(super) async fn answer(desk: &Desk, portals: &[Arc<Served>], params: &Params) -> Reply {
    let exchange = match read(params) {
        Ok(exchange) => exchange,
        Err(error) => return error.reply(),
    };
    for served in portals {
        match in_portal(desk, served, &exchange).await {
            Ok(Err(Refusal::UnknownClient)) => {}
            Ok(Ok((pair, member_id))) => return granted(desk, served, &pair, &member_id),
            Ok(Err(refused)) => {
                if let Refusal::UsedAgain(user) = refused {
                    tracing::warn!(
                        portal = served.name,
                        client = exchange.client_id,
                        %user,
                        "a code or refresh token was used again: what was granted with it has ended"
                    );
                }
                return OAuthError::from(refused).reply();
            }
            Err(error) => {
                tracing::error!(portal = served.name, %error, "tokens cannot be issued");
                return refusal(system_error::of_fault(&error));
            }
        }
    }
    OAuthError::UnknownClient.reply()
}

fn read(params: &Params) -> Result<Exchange, OAuthError> {
    let given = |name: &'static str| text(params, name).ok_or(OAuthError::Missing(name));
    let grant_type = given("grant_type")?;
    let client_id = given("client_id")?;
    let secret = SecretHash::of(&given("client_secret")?);
    let offer = match grant_type.as_str() {
        "authorization_code" => Offer::Code(SecretHash::of(&given("code")?)),
        "refresh_token" => Offer::Refresh(SecretHash::of(&given("refresh_token")?)),
        _ => return Err(OAuthError::GrantType),
    };
    let scopes = match given("scope") {
        // Names are separated by commas, and by blanks in the standard.
        Ok(list) => Some(
            Scopes::parse(&list.replace(char::is_whitespace, ","))
                .ok_or(OAuthError::UnknownScope)?,
        ),
        Err(_) => None,
    };
    Ok(Exchange {
        client_id,
        secret,
        offer,
        scopes,
    })
}

type InPortal = Result<Result<(Pair, String), Refusal>, StoreError>;

async fn in_portal(desk: &Desk, served: &Served, exchange: &Exchange) -> InPortal {
    let (sender, receiver) = oneshot::channel();
    let (exchange, lifetimes) = (exchange.clone(), desk.lifetimes);
    let (random, now) = (Arc::clone(&desk.random), desk.clock.now());
    served.portal.store.write_then(
        move |tx| -> InPortal {
            let pair = match oauth::exchange(tx, &*random, &exchange, &lifetimes, now)? {
                Ok(pair) => pair,
                Err(refused) => return Ok(Err(refused)),
            };
            let row = portal::find(tx)?.ok_or(StoreError::Decode("a portal without a row"))?;
            Ok(Ok((pair, row.member_id)))
        },
        move |done| drop(sender.send(done)),
    );
    receiver
        .await
        .unwrap_or(Err(StoreError::Decode("no outcome")))
}

/// The members that clients of both grants expect.
fn granted(desk: &Desk, served: &Served, pair: &Pair, member_id: &str) -> Reply {
    let base_url = &served.portal.context.base_url;
    let endpoint = format!("{base_url}/rest/");
    let host = base_url
        .split_once("://")
        .map_or(base_url.as_str(), |(_, host)| host);
    json_reply(
        StatusCode::OK,
        &json!({
            "access_token": pair.access,
            "expires": pair.expires_at.get().div_euclid(1000),
            "expires_in": desk.lifetimes.access.div_euclid(1000),
            "scope": pair.scopes.to_string(),
            "domain": host,
            "server_endpoint": endpoint,
            "status": "L",
            "client_endpoint": endpoint,
            "member_id": member_id,
            "user_id": pair.user.get(),
            "refresh_token": pair.refresh,
        }),
    )
}

//! `app.info`: the application of the caller. One answer serves the two methods of this name: the portal's own, whose members are in upper
//! case, and the authorisation server's, whose members are in lower case, as one host is both.

use readmark_app::{application, portal};
use readmark_model::{Application, Caller, Credential, Scope, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    wire::format_atom,
};

/// `app.info`.
pub struct AppInfo;

/// The plan of every portal: it is on its own server.
const LICENSE: &str = "selfhosted";

/// Every application is a local one.
const STATUS: &str = "L";

const LANGUAGE: &str = "en";

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum AppInfoOutput {
    /// Of an application, by access token.
    Application(Box<ApplicationInfo>),
    /// Of a webhook, which has no application.
    Webhook(WebhookInfo),
}

/// The application of an access token.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApplicationInfo {
    /// Its number in the portal; 0 for one that is not registered.
    #[serde(rename = "ID")]
    pub number: i64,
    /// Its client id.
    #[serde(rename = "CODE")]
    pub code: String,
    /// Counts its changes, from 1.
    #[serde(rename = "VERSION")]
    pub version: i64,
    /// `L`: a local application.
    #[serde(rename = "STATUS")]
    pub status: &'static str,
    /// Its installation is finished.
    #[serde(rename = "INSTALLED")]
    pub installed: bool,
    /// Nothing has to be paid.
    #[serde(rename = "PAYMENT_EXPIRED")]
    pub payment_expired: &'static str,
    /// The days that are paid for: null.
    #[serde(rename = "DAYS")]
    pub days: Option<i64>,
    /// The language of the portal.
    #[serde(rename = "LANGUAGE_ID")]
    pub language_id: &'static str,
    /// The plan, with the language before it.
    #[serde(rename = "LICENSE")]
    pub license: String,
    /// The plan.
    #[serde(rename = "LICENSE_TYPE")]
    pub license_type: &'static str,
    /// The family of the plan.
    #[serde(rename = "LICENSE_FAMILY")]
    pub license_family: &'static str,
    /// Its client id.
    pub client_id: String,
    /// What the access token may be used for, separated by commas.
    pub scope: String,
    /// When the access token expires.
    pub expires: String,
    /// Its installation.
    pub install: Installation,
    /// The user whose rights the access token has.
    pub user_id: i64,
}

/// The installation of an application in a portal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Installation {
    /// It is finished.
    pub installed: bool,
    /// The version of the application.
    pub version: String,
    /// `L`: a local application.
    pub status: &'static str,
    /// The most that its tokens may be used for, separated by commas.
    pub scope: String,
    /// Host of the portal.
    pub domain: String,
    /// Where methods are called.
    pub uri: String,
    /// The same.
    pub client_endpoint: String,
    /// The unique id of the portal.
    pub member_id: String,
    /// The kind of portal.
    pub member_type: &'static str,
}

/// What a webhook learns.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct WebhookInfo {
    /// Its scopes.
    pub scope: Vec<&'static str>,
    /// The plan, with the language before it.
    pub license: String,
}

impl Method for AppInfo {
    const NAME: &'static str = "app.info";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Describes the application of the caller's access token.";
    type Params = ();
    type Output = AppInfoOutput;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let Credential::Application(client) = &cx.app.caller.credential else {
            let scopes = cx.app.caller.scopes.iter().map(Scope::as_str).collect();
            return Ok(AppInfoOutput::Webhook(WebhookInfo {
                scope: scopes,
                license: license(),
            })
            .into());
        };
        let registered = application::find_by_client(cx.app.tx, client)?;
        let member_id = portal::find(cx.app.tx)?.map_or_else(String::new, |row| row.member_id);
        let expires_at = cx.app.caller.expires_at.unwrap_or(Timestamp(0));
        let expires = format_atom(expires_at, &cx.portal.time_zone);
        let info = info(
            client,
            registered.as_ref(),
            cx.app.caller,
            (&cx.portal.base_url, member_id),
            expires,
        );
        Ok(AppInfoOutput::Application(Box::new(info)).into())
    }
}

fn info(
    client: &str,
    registered: Option<&Application>,
    caller: &Caller,
    (base_url, member_id): (&str, String),
    expires: String,
) -> ApplicationInfo {
    // A token made by hand needs no application: what it says is true of any that is there.
    let installed = registered.is_none_or(|application| application.installed_at.is_some());
    let version = registered.map_or(1, |application| application.version);
    let most = registered.map_or(caller.scopes, |application| application.scopes);
    let endpoint = format!("{base_url}/rest/");
    let domain = base_url
        .split_once("://")
        .map_or(base_url, |(_, host)| host);
    ApplicationInfo {
        number: registered.map_or(0, |application| application.id.get()),
        code: client.to_owned(),
        version,
        status: STATUS,
        installed,
        payment_expired: "N",
        days: None,
        language_id: LANGUAGE,
        license: license(),
        license_type: LICENSE,
        license_family: LICENSE,
        client_id: client.to_owned(),
        scope: caller.scopes.to_string(),
        expires,
        install: Installation {
            installed,
            version: version.to_string(),
            status: STATUS,
            scope: most.to_string(),
            domain: domain.to_owned(),
            uri: endpoint.clone(),
            client_endpoint: endpoint,
            member_id,
            member_type: LICENSE,
        },
        user_id: caller.user.get(),
    }
}

fn license() -> String {
    format!("{LANGUAGE}_{LICENSE}")
}

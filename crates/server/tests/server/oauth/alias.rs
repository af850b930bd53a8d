//! The other host names of the authorisation server, with several portals behind them.

use readmark::{Running, catalog::PortalCatalog, config::Config, operator::Operation};
use readmark_app::portal;
use readmark_model::{PortalInfo, Timestamp};
use readmark_store::StoreError;
use serde_json::json;

use super::{App, FORM, ask, code, new_application, operate, query, register};
use crate::{client::Client, portal::start_with};

const ALIAS: &str = "oauth.vendor.example";

struct Two {
    running: Running,
    authority: std::path::PathBuf,
    _kept: tempfile::TempDir,
}

/// The demonstration and another portal with a user, behind one alias.
fn start_two() -> Two {
    let kept = tempfile::tempdir().unwrap();
    let config = Config {
        data: kept.path().join("data"),
        listen: "127.0.0.1:0".to_owned(),
        oauth_aliases: format!("{ALIAS}, localhost"),
        ..Config::default()
    };
    readmark::demo::seed(&config).unwrap();
    let store = PortalCatalog::new(&config).unwrap().make("acme").unwrap();
    let row = PortalInfo {
        name: "acme".to_owned(),
        host: "chat.acme.example".to_owned(),
        member_id: "0".repeat(32),
        time_zone: "Europe/Lisbon".to_owned(),
        created_at: Timestamp(1),
    };
    let made: Result<bool, StoreError> = store.write(move |tx| portal::create(tx, &row));
    assert!(made.unwrap());
    drop(store);
    let running = Running::start(&config, None).unwrap();
    let authority = running.authority().unwrap().to_owned();
    Two {
        running,
        authority,
        _kept: kept,
    }
}

impl Two {
    fn connect(&self) -> Client {
        Client::tls(self.running.address(), ALIAS, &self.authority)
    }

    fn portal(&self, name: &str) -> &std::sync::Arc<readmark::portals::Served> {
        let mut portals = self.running.portals();
        portals.find(|served| served.name == name).unwrap()
    }
}

#[test]
fn the_portal_is_found_by_what_the_client_has() {
    let two = start_two();
    let acme = two.portal("acme");
    operate(
        acme,
        Operation::AddUser(readmark::operator::NewUser {
            name: "Io".to_owned(),
            last_name: String::new(),
            email: String::new(),
            position: String::new(),
            admin: true,
            extranet: false,
            departments: Vec::new(),
        }),
    );
    let of_demo = register(two.portal("demo"), new_application());
    let of_acme = register(acme, new_application());
    let demo_code = format!("code={}", code(two.portal("demo"), &of_demo, 2));
    let acme_code = format!("code={}", code(acme, &of_acme, 1));
    let take = |host: &str, app: &App, offer: &str| {
        let target = format!("/oauth/token/?{}", query(app, offer));
        ask(&mut two.connect(), (host, "GET", &target), FORM, "")
    };
    // The host of a portal is no alias, also where a setting says so, and speaks for its own portal alone.
    let foreign = take("localhost", &of_acme, &acme_code);
    assert_eq!(foreign.error(), (200, "wrong_client".to_owned()));
    // An application cannot use what another portal gave.
    let mixed = take(ALIAS, &of_acme, &demo_code);
    assert_eq!(mixed.error(), (400, "invalid_grant".to_owned()));

    for (app, offer, host, user) in [
        (&of_demo, &demo_code, "localhost", 2),
        (&of_acme, &acme_code, "chat.acme.example", 1),
    ] {
        let taken = take(&format!("{ALIAS}:443"), app, offer);
        assert_eq!(taken.status, 200, "{}", taken.text());
        let taken = taken.json();
        let endpoint = taken["client_endpoint"].as_str().unwrap();
        assert!(
            endpoint.starts_with(&format!("https://{host}:")),
            "{endpoint}"
        );
        let token = taken["access_token"].as_str().unwrap();
        let by_get = format!("/rest/app.info/?auth={token}");
        let by_get = ask(&mut two.connect(), (ALIAS, "GET", &by_get), FORM, "");
        let by_post = ask(
            &mut two.connect(),
            (ALIAS, "POST", "/rest/app.info"),
            "application/json",
            &json!({ "auth": token }).to_string(),
        );
        for info in [by_get.result(), by_post.result()] {
            assert_eq!(info["client_id"], app.client_id.as_str());
            assert_eq!(info["user_id"], user);
            assert_eq!(info["install"]["client_endpoint"], endpoint);
        }
    }
}

#[test]
fn under_another_name_there_is_nothing_but_tokens_and_the_application() {
    let server = start_with(|config| config.oauth_aliases = ALIAS.to_owned());
    let served = super::first_portal(&server);
    let app = register(served, new_application());
    let offer = format!("code={}", code(served, &app, 2));
    let mut client = Client::tls(server.address(), ALIAS, &server.authority());
    let mut ask = |verb: &str, target: &str| ask(&mut client, (ALIAS, verb, target), FORM, "");
    let taken = ask("GET", &format!("/oauth/token/?{}", query(&app, &offer)));
    let token = taken.json()["access_token"].as_str().unwrap().to_owned();
    for (target, expected) in [
        (
            format!("/rest/profile?auth={token}"),
            (404, "ERROR_METHOD_NOT_FOUND"),
        ),
        (server.path(2, "app.info"), (404, "ERROR_METHOD_NOT_FOUND")),
        (
            "/rest/app.info?auth=guessed".to_owned(),
            (401, "invalid_token"),
        ),
        ("/rest/app.info".to_owned(), (401, "NO_AUTH_FOUND")),
        ("/file/abc".to_owned(), (404, "NOT_FOUND")),
        ("/rest/download?token=abc".to_owned(), (404, "NOT_FOUND")),
        ("/".to_owned(), (404, "NOT_FOUND")),
    ] {
        let (status, code) = ask("GET", &target).error();
        assert_eq!((status, code.as_str()), expected, "{target}");
    }
    let info = format!("/rest/app.info?auth={token}");
    assert_eq!(ask("DELETE", &info).status, 405);
    assert_eq!(ask("HEAD", &info).status, 200);
    operate(
        served,
        Operation::ChangeApplication(readmark::operator::ApplicationChange {
            application: app.client_id.clone(),
            name: None,
            handler: None,
            install: Some("https://tides.example/install".to_owned()),
            scopes: Vec::new(),
            has_ui: None,
            audience: None,
        }),
    );
    operate(
        served,
        Operation::Install {
            application: app.client_id.clone(),
        },
    );
    assert_eq!(ask("GET", &info).error(), (401, "NOT_INSTALLED".to_owned()));
    let own = server.get(&info);
    assert_eq!(own.error(), (401, "ERROR_OAUTH".to_owned()));
    // Its name is covered by the local certificate, and the portal still has its own.
    assert_eq!(server.get("/rest/app.info?auth=guessed").status, 401);
}

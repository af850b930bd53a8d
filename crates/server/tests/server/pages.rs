//! The pages of a portal: signing in, invitations, and letting an application act. And those who try to misuse them.

use readmark::{
    catalog::PortalCatalog,
    operator::{Operation, Outcome},
};
use readmark_app::portal;
use readmark_model::{PortalInfo, Timestamp};
use readmark_store::StoreError;
use serde_json::json;

use crate::{
    client::Response,
    oauth::{FORM, ask, first_portal, new_application, operate, query, register},
    portal::{TestServer, nothing, start, start_with},
};

const PASSWORD: &str = "correct horse battery";

/// A browser with its cookies.
struct Browser<'a> {
    server: &'a TestServer,
    cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    fn new(server: &'a TestServer) -> Self {
        Self {
            server,
            cookies: Vec::new(),
        }
    }

    fn send(&mut self, verb: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = cookies.join("; ");
        let mut all = vec![("Cookie", cookies.as_str()), ("User-Agent", "Test <b>/1")];
        all.extend(headers);
        let mut client = self.server.connect();
        let answer = client.request(verb, target, &all, body.as_bytes());
        for (_, set) in answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            for part in ["Path=/", "Secure", "HttpOnly", "SameSite="] {
                assert!(set.contains(part), "{set}");
            }
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{set}");
            self.cookies.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    fn get(&mut self, target: &str) -> Response {
        self.send("GET", target, &[], "")
    }

    fn post(&mut self, target: &str, fields: &[(&str, &str)]) -> Response {
        self.send("POST", target, &[("Content-Type", FORM)], &form(fields))
    }

    /// Signs in, and answers where the browser goes.
    fn sign_in(&mut self, email: &str, password: &str, way: &str) -> Response {
        let page = self.get(way);
        assert_eq!(page.status, 200, "{}", page.text());
        let (token, next) = (hidden(&page, "form"), hidden(&page, "next"));
        let fields = [
            ("form", token.as_str()),
            ("next", &next),
            ("email", email),
            ("password", password),
        ];
        self.post("/sign-in", &fields)
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields);
    text.finish()
}

/// The value of a hidden field.
fn hidden(page: &Response, name: &str) -> String {
    let text = page.text();
    let start = format!("name=\"{name}\" value=\"");
    let value = text
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {name} in {text}"))
        .1;
    let value = value.split_once('"').unwrap().0;
    value.replace("&#38;", "&").replace("&#34;", "\"")
}

fn location(answer: &Response) -> &str {
    answer
        .header("location")
        .unwrap_or_else(|| panic!("{} {}", answer.status, answer.text()))
}

/// A server whose second user has a password.
fn with_password(change: impl FnOnce(&mut readmark::config::Config)) -> (TestServer, String) {
    let server = start_with(change);
    let url = invite(&server, 2);
    let mut browser = Browser::new(&server);
    let page = browser.get(&url);
    let fields = [
        ("form", hidden(&page, "form")),
        ("password", PASSWORD.to_owned()),
        ("again", PASSWORD.to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let set = browser.post(&url, &fields);
    assert_eq!((set.status, location(&set)), (303, "/account"));
    let email = hidden(&page, "username");
    (server, email)
}

/// The path of an invitation.
fn invite(server: &TestServer, user: i64) -> String {
    let invited = operate(
        first_portal(server),
        Operation::Invite {
            user,
            lifetime: 60_000,
        },
    );
    let Outcome::Secret(url) = invited else {
        panic!("{invited:?}");
    };
    url[url.find("/invitation/").unwrap()..].to_owned()
}

#[test]
fn an_invited_person_sets_a_password_and_signs_in_and_out() {
    let (server, email) = with_password(|_| {});
    let mut browser = Browser::new(&server);
    let first = browser.get("/account");
    assert_eq!(
        (first.status, location(&first)),
        (303, "/sign-in?next=%2Faccount")
    );
    let signed_in = browser.sign_in(&email.to_uppercase(), PASSWORD, "/sign-in?next=%2Faccount");
    assert_eq!((signed_in.status, location(&signed_in)), (303, "/account"));
    let account = browser.get("/account");
    assert_eq!(account.status, 200);
    let text = account.text();
    assert!(
        text.contains("(this one)") && text.contains("Test &#60;b&#62;/1"),
        "{text}"
    );
    // The invitation began the other session, which is ended from here.
    let own: Vec<_> = text.match_indices("name=\"session\" value=\"").collect();
    assert_eq!(own.len(), 2);
    let token = hidden(&account, "form");
    let other = text.rsplit("name=\"session\" value=\"").next().unwrap();
    let other = other.split('"').next().unwrap();
    let ended = browser.post("/account/sessions", &[("form", &token), ("session", other)]);
    assert_eq!(ended.status, 303);
    assert_eq!(
        browser
            .get("/account")
            .text()
            .matches("name=\"session\"")
            .count(),
        1
    );
    let mut copy = Browser {
        server: &server,
        cookies: browser.cookies.clone(),
    };
    let out = browser.post("/sign-out", &[("form", &token)]);
    assert_eq!((out.status, location(&out)), (303, "/sign-in"));
    assert_eq!(browser.get("/account").status, 303);
    assert_eq!(copy.get("/account").status, 303, "a copied cookie ends too");
}

#[test]
fn an_invitation_is_good_once_and_its_password_long_enough() {
    let server = start();
    let url = invite(&server, 2);
    let mut browser = Browser::new(&server);
    let page = browser.get(&url);
    let token = hidden(&page, "form");
    let mut set = |password: &str, again: &str| {
        let fields = [
            ("form", token.as_str()),
            ("password", password),
            ("again", again),
        ];
        browser.post(&url, &fields).status
    };
    assert_eq!(set("short", "short"), 422);
    assert_eq!(set(&"a".repeat(201), &"a".repeat(201)), 422);
    assert_eq!(set(PASSWORD, "something else"), 422);
    assert_eq!(set(PASSWORD, PASSWORD), 303);
    assert_eq!(set(PASSWORD, PASSWORD), 404);
    assert_eq!(browser.get(&url).status, 404);
    assert_eq!(browser.get("/invitation/guessed").status, 404);
}

#[test]
fn a_wrong_password_and_an_unknown_person_are_told_alike_and_slowed_down() {
    let (server, email) = with_password(|_| {});
    let mut texts = Vec::new();
    for (person, times) in [(email.as_str(), 5), ("nobody@demo.example", 5)] {
        for _ in 0..times {
            let refused = Browser::new(&server).sign_in(person, "guessed it", "/sign-in");
            assert_eq!(refused.status, 422, "{person}");
            let (form, text) = (hidden(&refused, "form"), refused.text());
            texts.push(text.replace(person, "").replace(&form, ""));
        }
        let slowed = Browser::new(&server).sign_in(person, PASSWORD, "/sign-in");
        assert_eq!(slowed.status, 429, "{person}");
        assert!(slowed.header("retry-after").is_some());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let right = Browser::new(&server).sign_in(&email, PASSWORD, "/sign-in");
    assert_eq!(right.status, 303);
}

#[test]
fn a_form_from_elsewhere_does_nothing() {
    let (server, email) = with_password(|_| {});
    let mut victim = Browser::new(&server);
    victim.sign_in(&email, PASSWORD, "/sign-in");
    let page = victim.get("/account");
    let token = hidden(&page, "form");
    let mut other = Browser::new(&server);
    let foreign = hidden(&other.get("/sign-in"), "form");
    for fields in [
        vec![],
        vec![("form", "")],
        vec![("form", foreign.as_str())],
        vec![("form[]", token.as_str())],
    ] {
        assert_eq!(victim.post("/sign-out", &fields).status, 403, "{fields:?}");
    }
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost",
        "https://localhost:1",
    ] {
        let headers = [("Content-Type", FORM), ("Origin", origin)];
        let body = form(&[("form", &token)]);
        let answer = victim.send("POST", "/sign-out", &headers, &body);
        assert_eq!(answer.status, 403, "{origin}");
    }
    let login = form(&[
        ("form", &foreign),
        ("email", &email),
        ("password", PASSWORD),
    ]);
    let without_cookie = server.connect().request(
        "POST",
        "/sign-in",
        &[("Content-Type", FORM)],
        login.as_bytes(),
    );
    assert_eq!(without_cookie.status, 403);
    let across = [("Content-Type", FORM), ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(other.send("POST", "/sign-in", &across, &login).status, 403);
    assert_eq!(victim.get("/account").status, 200, "still signed in");
    let own = [("Content-Type", FORM), ("Origin", "https://localhost")];
    assert_eq!(
        victim
            .send("POST", "/sign-out", &own, &form(&[("form", &token)]))
            .status,
        303
    );
}

#[test]
fn a_person_lets_an_application_act_and_it_gets_tokens() {
    let (server, email) = with_password(|_| {});
    let served = first_portal(&server);
    let mut new = new_application();
    new.name = "<script>Tides</script>".to_owned();
    let app = register(served, new);
    let state = "a b&c=d\"#é";
    let way = format!(
        "/oauth/authorize/?{}",
        form(&[
            ("client_id", &app.client_id),
            ("state", state),
            ("response_type", "code")
        ])
    );
    let mut browser = Browser::new(&server);
    let first = browser.get(&way);
    let signed_in = browser.sign_in(&email, PASSWORD, location(&first));
    let consent = browser.get(location(&signed_in));
    assert_eq!(consent.status, 200);
    let text = consent.text();
    assert!(
        text.contains("&#60;script&#62;Tides") && !text.contains("<script"),
        "{text}"
    );
    assert!(text.contains("<code>im</code>") && text.contains("tides.example"));
    let policy = consent.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"));
    assert!(
        policy.contains("form-action 'self' https://tides.example;"),
        "{policy}"
    );
    assert_eq!(consent.header("x-frame-options"), Some("DENY"));
    assert_eq!(consent.header("access-control-allow-origin"), None);

    let fields = [
        ("form", hidden(&consent, "form")),
        ("client_id", hidden(&consent, "client_id")),
        ("state", hidden(&consent, "state")),
    ];
    let mut fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let refused = browser.post("/oauth/authorize", &fields);
    assert_eq!((refused.status, refused.header("location")), (200, None));
    fields.push(("answer", "yes"));
    let agreed = browser.post("/oauth/authorize", &fields);
    assert_eq!(agreed.status, 303);
    let address: url::Url = location(&agreed).parse().unwrap();
    assert!(
        address
            .as_str()
            .starts_with("https://tides.example/app?from=portal&code=")
    );
    let returned: std::collections::HashMap<_, _> = address.query_pairs().collect();
    let base_url = &served.portal.context.base_url;
    let host = base_url.strip_prefix("https://").unwrap();
    assert_eq!(returned["state"], state);
    assert_eq!(
        (&*returned["domain"], &*returned["server_domain"]),
        (host, host)
    );
    assert_eq!(
        (&*returned["scope"], returned["member_id"].len()),
        ("im,user", 32)
    );
    assert!(address.as_str().contains("scope=im%2Cuser"), "{address}");
    let offer = format!("code={}", returned["code"]);
    let taken = server.get(&format!("/oauth/token/?{}", query(&app, &offer)));
    let token = taken.json()["access_token"].clone();
    let me = server
        .post("/rest/profile", &json!({ "auth": token }))
        .result();
    assert_eq!(me["ID"], "2");

    // Whoever agreed is not asked again.
    let again = browser.get(&way);
    assert_eq!(again.status, 302);
    assert!(location(&again).starts_with("https://tides.example/app?"));
}

#[test]
fn an_application_that_cannot_be_authorised_is_told_to_the_person_alone() {
    let (server, email) = with_password(|_| {});
    let served = first_portal(&server);
    let app = register(served, new_application());
    let mut for_admins = new_application();
    for_admins.audience = readmark::operator::ForWhom::Admins;
    let for_admins = register(served, for_admins);
    let mut raw = new_application();
    raw.install = "https://tides.example/install".to_owned();
    let raw = register(served, raw);
    let mut browser = Browser::new(&server);
    browser.sign_in(&email, PASSWORD, "/sign-in");
    let long = "a".repeat(4_001);
    for (fields, status, code) in [
        (vec![], 400, "WRONG_APPLICATION_CLIENT"),
        (
            vec![("client_id", "local.0")],
            400,
            "WRONG_APPLICATION_CLIENT",
        ),
        (
            vec![("client_id", for_admins.client_id.as_str())],
            403,
            "user_access_error",
        ),
        (
            vec![("client_id", raw.client_id.as_str())],
            403,
            "ERROR_OAUTH",
        ),
        (
            vec![
                ("client_id", app.client_id.as_str()),
                ("redirect_uri", "https://evil.example/"),
            ],
            400,
            "invalid_request",
        ),
        (
            vec![
                ("client_id", app.client_id.as_str()),
                ("redirect_uri", "https://tides.example/app?from=portal.evil"),
            ],
            400,
            "invalid_request",
        ),
        (
            vec![
                ("client_id", app.client_id.as_str()),
                ("state", long.as_str()),
            ],
            400,
            "invalid_request",
        ),
    ] {
        let refused = browser.get(&format!("/oauth/authorize?{}", form(&fields)));
        assert_eq!(refused.status, status, "{fields:?}");
        assert_eq!(refused.header("location"), None, "{fields:?}");
        assert!(refused.text().contains(code), "{}", refused.text());
    }
    let registered = [
        ("client_id", app.client_id.as_str()),
        ("redirect_uri", "https://tides.example/app?from=portal"),
    ];
    let asked = browser.get(&format!("/oauth/authorize?{}", form(&registered)));
    assert_eq!(asked.status, 200);
    // Nobody is sent elsewhere after signing in.
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/account",
    ] {
        let way = format!("/sign-in?{}", form(&[("next", next)]));
        let signed_in = Browser::new(&server).sign_in(&email, PASSWORD, &way);
        assert_eq!(location(&signed_in), "/account", "{next}");
    }
}

#[test]
fn the_session_of_a_dismissed_user_is_over_at_once() {
    let (server, email) = with_password(|_| {});
    let served = first_portal(&server);
    let app = register(served, new_application());
    let mut browser = Browser::new(&server);
    browser.sign_in(&email, PASSWORD, "/sign-in");
    let way = format!("/oauth/authorize?client_id={}", app.client_id);
    let consent = browser.get(&way);
    let fields = [
        ("form", hidden(&consent, "form")),
        ("client_id", app.client_id.clone()),
        ("answer", "yes".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    operate(
        served,
        Operation::SetActive {
            user: 2,
            active: false,
        },
    );
    let late = browser.post("/oauth/authorize", &fields);
    assert_eq!(
        (late.status, location(&late)),
        (303, "/sign-in?next=%2Faccount")
    );
    assert_eq!(browser.get("/account").status, 303);
    let refused = Browser::new(&server).sign_in(&email, PASSWORD, "/sign-in");
    assert_eq!(refused.status, 422);
    operate(
        served,
        Operation::SetActive {
            user: 2,
            active: true,
        },
    );
    assert_eq!(browser.get("/account").status, 303);
    assert_eq!(server.call(2, "profile", &nothing()).status, 200);
}

#[test]
fn one_portals_session_is_none_of_another_portal() {
    let (server, email) = with_password(|_| {});
    let mut browser = Browser::new(&server);
    browser.sign_in(&email, PASSWORD, "/sign-in");
    assert_eq!(browser.get("/account").status, 200);
    let config = server.config.clone();
    let authority = server.authority();
    let cookies: Vec<_> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    server.running.stop();
    let store = PortalCatalog::new(&config).unwrap().make("acme").unwrap();
    let row = PortalInfo {
        name: "acme".to_owned(),
        host: "chat.acme.example".to_owned(),
        member_id: "0".repeat(32),
        time_zone: "UTC".to_owned(),
        created_at: Timestamp(1),
    };
    let made: Result<bool, StoreError> = store.write(move |tx| portal::create(tx, &row));
    assert!(made.unwrap());
    drop(store);
    let running = readmark::Running::start(&config, None).unwrap();
    for (host, status) in [("localhost", 200), ("chat.acme.example", 303)] {
        let mut client = crate::client::Client::tls(running.address(), host, &authority);
        let head = format!(
            "GET /account HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\n\r\n",
            cookies.join("; ")
        );
        client.send(head.as_bytes()).unwrap();
        assert_eq!(client.response(false).unwrap().status, status, "{host}");
    }
    let at = ("chat.acme.example", "GET", "/sign-in");
    let mut client = crate::client::Client::tls(running.address(), at.0, &authority);
    assert_eq!(ask(&mut client, at, FORM, "").status, 200);
}

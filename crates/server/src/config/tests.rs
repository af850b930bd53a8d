use std::path::Path;

use super::{load::defaults, *};

fn read(
    file: &str,
    environment: &[(&str, &str)],
    flags: &[(&str, &str)],
) -> Result<Config, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("settings.toml");
    std::fs::write(&path, file).unwrap();
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let flags = Flags {
        file: Some(path.clone()),
        settings: own(flags),
    };
    Config::from_sources(&flags, own(environment)).map_err(|error| {
        error
            .to_string()
            .replace(&path.display().to_string(), "FILE")
    })
}

#[test]
fn later_places_win() {
    let file = "listen = \"127.0.0.1:1\"\nmax_connections = 1\nmax_depth = 8";
    let environment = [
        ("READMARK_LISTEN", "127.0.0.1:2"),
        ("READMARK_MAX_CONNECTIONS", "2"),
        ("HOME", "/"),
    ];
    let config = read(file, &environment, &[("listen", "127.0.0.1:3")]).unwrap();
    assert_eq!(
        (
            config.listen.as_str(),
            config.max_connections,
            config.max_depth
        ),
        ("127.0.0.1:3", 2, 8)
    );
    assert_eq!(config.max_body, Config::default().max_body);
}

#[test]
fn values_from_the_environment_have_the_types_of_their_settings() {
    let environment = [
        ("READMARK_DATA", "2024"),
        ("READMARK_ALLOW_HTTP", "true"),
        ("READMARK_IDLE_TIMEOUT", "5"),
        ("READMARK_PUBLIC_PORT", "443"),
        ("READMARK_RATE_LIMIT", "2.5"),
        ("READMARK_LOG_FORMAT", "json"),
        ("READMARK_DELIVERY_MODE", "once"),
    ];
    let config = read("", &environment, &[]).unwrap();
    assert_eq!(config.data, Path::new("2024"));
    assert!(config.allow_http);
    assert_eq!(config.idle_timeout, Span::seconds(5));
    assert_eq!(config.public_port, Some(443));
    assert_eq!(config.rate_limit.to_bits(), 2.5_f64.to_bits());
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.delivery_mode, DeliveryMode::Once);
}

#[test]
fn a_wrong_setting_is_named_in_one_line() {
    type Pairs<'a> = &'a [(&'a str, &'a str)];
    let cases: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
        (
            "max_bodies = 1",
            &[],
            &[],
            "setting `max_bodies` (FILE): there is no such setting",
        ),
        (
            "",
            &[("READMARK_LISTN", "x")],
            &[],
            "setting `listn` (environment): there is no such setting",
        ),
        (
            "",
            &[("READMARK_ALLOWHTTP", "true")],
            &[],
            "did you mean `allow_http`?",
        ),
        (
            "",
            &[],
            &[("max_connections", "many")],
            "setting `max_connections` (command line): ",
        ),
        (
            "max_body = \"big\"",
            &[],
            &[],
            "setting `max_body` (FILE): ",
        ),
        (
            "idle_timeout = \"soon\"",
            &[],
            &[],
            "setting `idle_timeout` (FILE): \"soon\" is not a duration",
        ),
        (
            "idle_timeout = []",
            &[],
            &[],
            "setting `idle_timeout` (FILE): expected a duration",
        ),
        (
            "idle_timeout = 0",
            &[],
            &[],
            "setting `idle_timeout`: must be more than 0",
        ),
        (
            "listen = \"nowhere\"",
            &[],
            &[],
            "setting `listen`: \"nowhere\" is no address",
        ),
        ("listen = ", &[], &[], "FILE is no TOML: "),
        (
            "max_depth = 128",
            &[],
            &[],
            "setting `max_depth`: must be between",
        ),
        (
            "log_format = \"xml\"",
            &[],
            &[],
            "setting `log_format` (FILE): ",
        ),
        (
            "delivery_mode = \"twice\"",
            &[],
            &[],
            "setting `delivery_mode` (FILE): ",
        ),
        (
            "delivery_concurrency = 0",
            &[],
            &[],
            "setting `delivery_concurrency`: must be at least 1",
        ),
        (
            "delivery_poll = 0",
            &[],
            &[],
            "setting `delivery_poll`: must be more than 0",
        ),
        ("log = \"readmark=loud\"", &[], &[], "setting `log`: "),
        (
            "tls_key = \"key.pem\"",
            &[],
            &[],
            "setting `tls_certificate`: needs `tls_key`",
        ),
        (
            "database_url = \"mysql://x\"",
            &[],
            &[],
            "setting `database_url`: must begin with postgres://",
        ),
        (
            "files = \"ftp://bucket\"",
            &[],
            &[],
            "setting `files`: must be a folder, or begin with s3://",
        ),
        (
            "files = \"s3://\"",
            &[],
            &[],
            "setting `files`: must name a bucket",
        ),
        (
            "files_s3_region = \"north-1\"",
            &[],
            &[],
            "setting `files_s3_region`: needs `files` to be a bucket",
        ),
        (
            "files = \"s3://bucket\"\nfiles_s3_endpoint = \"minio:9000\"",
            &[],
            &[],
            "setting `files_s3_endpoint`: must begin with https://",
        ),
        (
            "files = \"s3://bucket\"",
            &[("READMARK_FILES_S3_SECRET", "secret")],
            &[],
            "setting `files_s3_key_id`: needs `files_s3_secret`",
        ),
        (
            "max_file = 0",
            &[],
            &[],
            "setting `max_file`: must be at least 1",
        ),
        (
            "upload_memory = 1000000",
            &[],
            &[],
            "setting `upload_memory`: must be at least",
        ),
        (
            "rate_limit = -1.0",
            &[],
            &[],
            "setting `rate_limit`: must be 0 or more",
        ),
    ];
    for (file, environment, flags, expected) in cases {
        let error = read(file, environment, flags).unwrap_err();
        assert!(error.contains(expected), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn the_sample_explains_every_setting_with_its_default() {
    let switched_on: Vec<_> = SAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            _ => line,
        })
        .collect();
    let mut config = read(&switched_on.join("\n"), &[], &[]).unwrap();
    let examples = [
        config.public_port.take().is_some(),
        config.tls_certificate.take().is_some(),
        config.tls_key.take().is_some(),
        config.delivery_ca.take().is_some(),
    ];
    assert_eq!(examples, [true; 4]);
    let shown = |config: &Config| serde_json::to_value(config).unwrap();
    assert_eq!(shown(&config), shown(&Config::default()));
    for name in defaults().unwrap().keys() {
        assert!(SAMPLE.contains(&format!("\n#{name} = ")), "{name}");
    }
    assert!(read(SAMPLE, &[], &[]).is_ok());
}

#[test]
fn a_named_file_must_exist() {
    let flags = Flags {
        file: Some(PathBuf::from("/nowhere/readmark.toml")),
        settings: Vec::new(),
    };
    let error = Config::from_sources(&flags, []).unwrap_err().to_string();
    assert!(
        error.starts_with("/nowhere/readmark.toml cannot be read"),
        "{error}"
    );
}

#[test]
fn lengths_of_time_are_written_in_many_ways() {
    for (text, seconds) in [
        ("90", 90),
        ("90s", 90),
        ("1m 30s", 90),
        ("24h", 86_400),
        ("1d", 86_400),
        ("0", 0),
    ] {
        assert_eq!(
            text.parse::<Span>().unwrap(),
            Span::seconds(seconds),
            "{text}"
        );
    }
    for text in ["", "-5s", "soon", "1y"] {
        assert!(text.parse::<Span>().is_err(), "{text}");
    }
}

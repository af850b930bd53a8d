//! Certificates: issued by a local authority created at the first start, or the user's own.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use readmark_app::Random;
use readmark_model::Timestamp;
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};

use crate::{
    clock,
    data::{DataDir, write_private},
};

/// The lifetime of the local authority.
const AUTHORITY_YEARS: i64 = 20;

/// The lifetime of a server certificate. Clients refuse local ones of more than 825 days.
const CERTIFICATE_DAYS: i64 = 90;

/// The age at which a server certificate is replaced.
const RENEWED_AFTER_DAYS: i64 = 60;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// The local certificate authority of a data folder.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: PathBuf,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

impl Authority {
    /// The authority of a data folder, created if missing.
    ///
    /// # Errors
    /// When its files cannot be read or written, or are damaged.
    pub fn open(data: &DataDir, random: &dyn Random, now: Timestamp) -> Result<Self> {
        let folder = data.tls()?;
        let (certificate, key) = (folder.join("ca.pem"), folder.join("ca-key.pem"));
        // Of two programs that start at once, one creates the authority and the other waits.
        let lock = fs::File::create(folder.join("ca.lock"))?;
        lock.lock()
            .context("the local certificate authority cannot be locked")?;
        if !certificate.exists() {
            make_authority(&certificate, &key, random, now)
                .context("the local certificate authority cannot be created")?;
        }
        let issuer = read_authority(&certificate, &key).with_context(|| {
            format!(
                "the local certificate authority in {} cannot be used",
                folder.display()
            )
        })?;
        Ok(Self {
            issuer,
            certificate,
        })
    }

    /// The file of its certificate, which clients need to trust.
    #[must_use]
    pub fn certificate(&self) -> &Path {
        &self.certificate
    }

    /// Issues a certificate for a server with these names and addresses. Its key is never stored.
    fn issue(&self, names: &[String], now: Timestamp) -> Result<CertifiedKey> {
        let mut params = CertificateParams::new(names.to_vec())?;
        params.distinguished_name = named(names.first().map_or("readmark", String::as_str));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let today = date(now);
        set_validity(
            &mut params,
            today.checked_sub(1.day())?,
            today.checked_add(CERTIFICATE_DAYS.days())?,
        );
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        certified(vec![certificate.der().clone()], key)
    }
}

fn make_authority(
    certificate: &Path,
    key: &Path,
    random: &dyn Random,
    now: Timestamp,
) -> Result<()> {
    let pair = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    // The name differs between installations, to tell them apart in a list of trusted authorities.
    params.distinguished_name = named(&format!("readmark local CA {}", clock::hex(random, 8)));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let today = date(now);
    set_validity(
        &mut params,
        today.checked_sub(1.day())?,
        today.checked_add(AUTHORITY_YEARS.years())?,
    );
    let made = params.self_signed(&pair)?;
    // The key is written first: if the certificate exists, so does its key.
    write_private(key, pair.serialize_pem().as_bytes())?;
    write_private(certificate, made.pem().as_bytes())?;
    Ok(())
}

fn read_authority(certificate: &Path, key: &Path) -> Result<Issuer<'static, KeyPair>> {
    let pair = KeyPair::from_pem(&fs::read_to_string(key)?)?;
    let certificate = fs::read_to_string(certificate)?;
    Ok(Issuer::from_ca_cert_pem(&certificate, pair)?)
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn date(now: Timestamp) -> Date {
    let now = jiff::Timestamp::from_millisecond(now.get()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    now.to_zoned(TimeZone::UTC).date()
}

fn set_validity(params: &mut CertificateParams, from: Date, to: Date) {
    let midnight = |date: Date| {
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        rcgen::date_time_ymd(i32::from(date.year()), month, day)
    };
    params.not_before = midnight(from);
    params.not_after = midnight(to);
}

fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey> {
    Ok(CertifiedKey::from_der(
        chain,
        key,
        &ring::default_provider(),
    )?)
}

/// The source of a server's certificate.
#[derive(Debug)]
pub enum Source {
    /// Issued by the local authority, for these names and addresses.
    Local(Box<Authority>, Vec<String>),
    /// The user's own files: the chain and its key.
    Files(PathBuf, PathBuf),
}

/// The certificate of a server, replaceable while it runs.
#[derive(Debug)]
pub struct ServerCertificate {
    source: Source,
    current: RwLock<Current>,
}

#[derive(Debug)]
struct Current {
    key: Arc<CertifiedKey>,
    /// When the local authority issued it.
    issued: Timestamp,
    /// When the user's own files were last modified.
    changed: Option<SystemTime>,
}

impl ServerCertificate {
    /// Issues or reads the certificate.
    ///
    /// # Errors
    /// When it cannot be issued, or the user's files cannot be used.
    pub fn new(source: Source, now: Timestamp) -> Result<Self> {
        let current = RwLock::new(obtain(&source, now)?);
        Ok(Self { source, current })
    }

    /// Replaces an ageing certificate of the local authority, or the user's own when its files have changed.
    /// Answers whether it did.
    ///
    /// # Errors
    /// As [`Self::new`]; then the certificate stays as it is.
    pub fn renew(&self, now: Timestamp) -> Result<bool> {
        let old = {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            match &self.source {
                Source::Local(..) => {
                    now.get() - current.issued.get() >= RENEWED_AFTER_DAYS * DAY_MILLIS
                }
                Source::Files(chain, key) => current.changed != changed(chain, key),
            }
        };
        if old {
            let new = obtain(&self.source, now)?;
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        }
        Ok(old)
    }

    /// Reads the user's own certificate again, whether its files look changed or not.
    ///
    /// # Errors
    /// As [`Self::new`]; then the certificate stays as it is.
    pub fn reread(&self, now: Timestamp) -> Result<()> {
        if matches!(self.source, Source::Files(..)) {
            let new = obtain(&self.source, now)?;
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        }
        Ok(())
    }

    /// The rustls configuration for this certificate.
    ///
    /// # Errors
    /// Only when the cryptography provider does not support TLS 1.2 and 1.3.
    pub fn server_config(self: &Arc<Self>) -> Result<Arc<ServerConfig>> {
        let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

impl ResolvesServerCert for ServerCertificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.key))
    }
}

fn obtain(source: &Source, now: Timestamp) -> Result<Current> {
    let (key, changed) = match source {
        Source::Local(authority, names) => (authority.issue(names, now)?, None),
        Source::Files(chain, key) => (read_files(chain, key)?, changed(chain, key)),
    };
    Ok(Current {
        key: Arc::new(key),
        issued: now,
        changed,
    })
}

fn read_files(chain_file: &Path, key_file: &Path) -> Result<CertifiedKey> {
    let unreadable = |path: &Path| format!("{} cannot be read", path.display());
    let chain = CertificateDer::pem_file_iter(chain_file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| unreadable(chain_file))?;
    if chain.is_empty() {
        bail!("{} contains no certificate", chain_file.display());
    }
    let key = PrivateKeyDer::from_pem_file(key_file).with_context(|| unreadable(key_file))?;
    certified(chain, key).with_context(|| {
        format!(
            "{} and {} do not belong together",
            chain_file.display(),
            key_file.display()
        )
    })
}

/// When one of the files was last modified, if known.
fn changed(chain: &Path, key: &Path) -> Option<SystemTime> {
    let time = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    time(chain).max(time(key))
}

/// The names and addresses of a local certificate: those of this machine and of the portals.
#[must_use]
pub fn names<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    for host in hosts {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if !host.is_empty() && !names.iter().any(|name| name == host) {
            names.push(host.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandom;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn data() -> (tempfile::TempDir, DataDir) {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::create(dir.path()).unwrap();
        (dir, data)
    }

    fn local(data: &DataDir) -> Source {
        let authority = Authority::open(data, &OsRandom, NOW).unwrap();
        Source::Local(Box::new(authority), names(["chat.example.org"]))
    }

    fn shown(certificate: &ServerCertificate) -> Vec<u8> {
        certificate.current.read().unwrap().key.cert[0].to_vec()
    }

    #[test]
    fn the_authority_is_made_once_and_its_key_is_private() {
        let (_dir, data) = data();
        let first = Authority::open(&data, &OsRandom, NOW).unwrap();
        let pem = fs::read(first.certificate()).unwrap();
        let again = Authority::open(&data, &OsRandom, NOW).unwrap();
        assert_eq!(fs::read(again.certificate()).unwrap(), pem);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let key = fs::metadata(data.tls().unwrap().join("ca-key.pem")).unwrap();
            assert_eq!(key.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_authority_is_named() {
        let (_dir, data) = data();
        Authority::open(&data, &OsRandom, NOW).unwrap();
        fs::write(data.tls().unwrap().join("ca-key.pem"), "damaged").unwrap();
        let error = format!("{:#}", Authority::open(&data, &OsRandom, NOW).unwrap_err());
        assert!(error.contains("cannot be used"), "{error}");
    }

    #[test]
    fn a_local_certificate_is_renewed_well_before_it_ends() {
        let (_dir, data) = data();
        let certificate = ServerCertificate::new(local(&data), NOW).unwrap();
        let first = shown(&certificate);
        let after = |days: i64| Timestamp(NOW.get() + days * DAY_MILLIS);
        assert!(!certificate.renew(after(59)).unwrap());
        assert_eq!(shown(&certificate), first);
        assert!(certificate.renew(after(60)).unwrap());
        assert_ne!(shown(&certificate), first);
        assert!(!certificate.renew(after(100)).unwrap());
        assert!(certificate.renew(after(120)).unwrap());
    }

    #[test]
    fn own_files_are_used_and_read_again_when_they_change() {
        let (dir, _data) = data();
        let (chain, key) = (dir.path().join("own.pem"), dir.path().join("own-key.pem"));
        let write = |time: u64| {
            let made = rcgen::generate_simple_self_signed(vec!["chat.example.org".into()]).unwrap();
            fs::write(&chain, made.cert.pem()).unwrap();
            fs::write(&key, made.signing_key.serialize_pem()).unwrap();
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(time);
            File::options()
                .append(true)
                .open(&chain)
                .unwrap()
                .set_modified(time)
                .unwrap();
            File::options()
                .append(true)
                .open(&key)
                .unwrap()
                .set_modified(time)
                .unwrap();
        };
        use std::fs::File;
        write(1_000);
        let source = Source::Files(chain.clone(), key.clone());
        let certificate = ServerCertificate::new(source, NOW).unwrap();
        let first = shown(&certificate);
        assert!(!certificate.renew(NOW).unwrap());
        write(2_000);
        assert!(certificate.renew(NOW).unwrap());
        let second = shown(&certificate);
        assert_ne!(second, first);
        fs::write(&key, "damaged").unwrap();
        assert!(certificate.renew(NOW).is_err());
        assert_eq!(shown(&certificate), second);
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let (dir, _data) = data();
        let (chain, key) = (dir.path().join("own.pem"), dir.path().join("other-key.pem"));
        let made = rcgen::generate_simple_self_signed(vec!["a.example.org".into()]).unwrap();
        let other = rcgen::generate_simple_self_signed(vec!["a.example.org".into()]).unwrap();
        fs::write(&chain, made.cert.pem()).unwrap();
        fs::write(&key, other.signing_key.serialize_pem()).unwrap();
        let error = ServerCertificate::new(Source::Files(chain, key), NOW).unwrap_err();
        assert!(
            format!("{error:#}").contains("do not belong together"),
            "{error:#}"
        );
    }

    #[test]
    fn names_are_those_of_the_machine_and_of_the_portals_once_each() {
        let hosts = ["chat.example.org", "localhost", "[::1]", "192.0.2.7"];
        let expected = [
            "localhost",
            "127.0.0.1",
            "::1",
            "chat.example.org",
            "192.0.2.7",
        ];
        assert_eq!(names(hosts), expected);
    }
}

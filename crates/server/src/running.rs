//! A server from start to stop.

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use readmark_app::Random;
use tokio::{
    runtime::{Handle, Runtime},
    signal,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

#[cfg(unix)]
use crate::door::{Desk, Door};
use crate::{
    catalog::{PortalCatalog, no_portal},
    clients::Clients,
    clock::{Clock, OsRandom, SystemClock},
    config::{Config, ConfigError},
    data::{Reach, ServingLock},
    delivery::Deliveries,
    files::Waiting,
    http::{
        Listener, Serving, Timeouts,
        gate::{Gate, Phase},
    },
    log,
    maintenance::{Chores, Maintenance},
    oauth, pages,
    portals::{Portals, Served},
    rest::Rest,
    site::{Routes, Site},
    sweep::Sweeper,
    tls::{self, Authority, ServerCertificate, Source},
};

/// How long remaining tasks may take to notice the shutdown.
const LEFTOVERS: Duration = Duration::from_secs(1);

/// A server that accepts connections. Dropping it stops it.
pub struct Running {
    address: SocketAddr,
    authority: Option<PathBuf>,
    gate: Arc<Gate>,
    live: Live,
    rest: Option<Arc<Rest>>,
    runtime: Option<Runtime>,
    serving: Option<JoinHandle<()>>,
    deliveries: Option<Deliveries>,
    maintenance: Option<Maintenance>,
    #[cfg(unix)]
    door: Option<Door>,
    _lock: ServingLock,
}

/// Open files besides the connections of clients: databases, files on their way, connections to handlers.
const FILES_OF_PROGRAM: usize = 200;

/// What may change while the server runs, except what [`Rest`] has.
struct Live {
    started_with: Config,
    certificate: Arc<ServerCertificate>,
    clients: Arc<Clients>,
    timeouts: Arc<RwLock<Timeouts>>,
    clock: Arc<dyn Clock>,
}

impl Running {
    /// Serves the configured portals, or only one of them.
    ///
    /// # Errors
    /// When there is no portal, one cannot be opened, the certificate cannot be used or the address is in use.
    pub fn start(config: &Config, only: Option<&str>) -> Result<Self> {
        Self::start_with(config, only, Arc::new(SystemClock), Arc::new(OsRandom))
    }

    /// The same with a given clock and randomness.
    ///
    /// # Errors
    /// As [`Running::start`].
    pub fn start_with(
        config: &Config,
        only: Option<&str>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self> {
        let catalog = PortalCatalog::existing(config)?;
        let lock = catalog.data().lock_serving()?;
        let addresses = config.addresses()?;
        let socket = TcpListener::bind(addresses.as_slice())
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let address = socket.local_addr()?;
        let port = config.public_port.unwrap_or(address.port());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("readmark")
            .build()
            .context("the threads of the server cannot be started")?;
        raise_descriptor_limit(config);
        let portals = open_portals(&catalog, only, &random, runtime.handle(), port)?;
        for served in portals.iter() {
            runtime.block_on(served.contents.probe())?;
        }
        let (certificate, authority) = certificate(config, &catalog, &portals, &*random, &*clock)?;
        let tls = TlsAcceptor::from(certificate.server_config()?);
        let rest = Arc::new(Rest::new(config, portals, Arc::clone(&clock)));
        let gate = Arc::new(Gate::default());
        let live = Live {
            started_with: config.clone(),
            certificate: Arc::clone(&certificate),
            clients: Arc::new(Clients::new(config.connection_limits())),
            timeouts: Arc::new(RwLock::new(timeouts(config))),
            clock: Arc::clone(&clock),
        };
        let (serving, deliveries) = {
            let _entered = runtime.enter();
            let portals = rest.portals().iter();
            let (timer, drawn) = (Arc::clone(&clock), Arc::clone(&random));
            let deliveries = Deliveries::start(config, portals, timer, drawn)?;
            let patience = config.body_timeout.0;
            let desk = oauth::Desk {
                rest: Arc::clone(&rest),
                clock: Arc::clone(&clock),
                random: Arc::clone(&random),
                lifetimes: config.token_lifetimes(),
                limits: config.limits(),
            };
            let pages = pages::Desk::new(
                Arc::clone(&clock),
                Arc::clone(&random),
                config.token_lifetimes(),
                config.session_lifetime.0,
                config.limits(),
            );
            let routes = Routes {
                oauth: oauth::routes(Arc::new(desk)),
                pages: pages::routes(Arc::new(pages)),
            };
            let site = Site::new(Arc::clone(&rest), Arc::clone(&clock), routes, patience);
            let serving = Serving {
                site: Arc::new(site),
                gate: Arc::clone(&gate),
                clients: Arc::clone(&live.clients),
                tls,
                timeouts: Arc::clone(&live.timeouts),
                proxies: config.proxies()?,
                proxy_protocol: config.proxy_protocol,
            };
            let listener = Listener::new(socket, serving)?;
            (runtime.spawn(listener.run()), deliveries)
        };
        #[cfg(unix)]
        let door = {
            let desk = Desk {
                rest: Arc::downgrade(&rest),
                clock: Arc::clone(&clock),
            };
            Door::open(&catalog.data().door(), runtime.handle(), desk)?
        };
        let maintenance = Maintenance::start(Chores {
            rest: Arc::clone(&rest),
            certificate,
            clock,
            keep_events: config.keep_events.0,
            keep_deliveries: config.delivery_keep.0,
            sweeper: Sweeper::new(Waiting::Beside(runtime.handle().clone())),
        })?;
        catalog.data().note_reach(Reach { port })?;
        tracing::info!(%address, "serving");
        Ok(Self {
            address,
            authority,
            gate,
            live,
            rest: Some(rest),
            runtime: Some(runtime),
            serving: Some(serving),
            deliveries: Some(deliveries),
            maintenance: Some(maintenance),
            #[cfg(unix)]
            door: Some(door),
            _lock: lock,
        })
    }

    /// The listening address.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The local authority's certificate, which clients need to trust; `None` with the user's own certificate.
    #[must_use]
    pub fn authority(&self) -> Option<&Path> {
        self.authority.as_deref()
    }

    /// The portals.
    pub fn portals(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.rest.iter().flat_map(|rest| rest.portals().iter())
    }

    /// Installs handlers for SIGINT and SIGTERM: from now on they do not end the process. Call this before announcing that the
    /// server runs.
    ///
    /// # Errors
    /// When the handlers cannot be installed.
    pub fn listen_for_signals(&self) -> Result<Signals> {
        let _entered = self.runtime.as_ref().map(Runtime::enter);
        Signals::new().context("signals cannot be listened for")
    }

    /// Waits for a signal to stop; after that, a second one ends the process at once. At one to reload, `read` reads the settings again
    /// and they are taken over.
    pub fn wait_for(&self, mut signals: Signals, read: impl Fn() -> Result<Config, ConfigError>) {
        let Some(runtime) = &self.runtime else {
            return;
        };
        while runtime.block_on(signals.next()) == Signal::Reload {
            match read() {
                Ok(config) => self.reload(&config),
                Err(error) => tracing::error!(%error, "the settings stay as they are"),
            }
        }
        runtime.spawn(async move {
            while signals.next().await == Signal::Reload {}
            std::process::exit(1);
        });
    }

    /// Reads the certificate again and takes over the settings that may change while the server runs.
    pub fn reload(&self, config: &Config) {
        let live = &self.live;
        if let Err(error) = live.certificate.reread(live.clock.now()) {
            tracing::error!("the certificate stays as it is: {error:#}");
        }
        if let Err(error) = log::change_filter(&config.log) {
            tracing::error!(error, "the log stays as it is");
        }
        live.clients.set_limits(config.connection_limits());
        let current = live.timeouts.write();
        *current.unwrap_or_else(PoisonError::into_inner) = timeouts(config);
        if let Some(rest) = &self.rest {
            rest.reconfigure(config);
        }
        let restart = live.started_with.changes_that_need_a_restart(config);
        if !restart.is_empty() {
            let settings = restart.join(", ");
            tracing::warn!(settings, "changed settings that need a restart");
        }
        tracing::info!("settings and certificate were read again");
    }

    /// Stops: refuses new calls, answers accepted ones, writes pending state and closes the stores.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.gate.set(Phase::Draining);
        if let (Some(runtime), Some(serving)) = (self.runtime.take(), self.serving.take()) {
            if let Err(error) = runtime.block_on(serving) {
                tracing::error!(%error, "accepting connections ended unexpectedly");
            }
            #[cfg(unix)]
            if let Some(door) = self.door.take() {
                runtime.block_on(door.close());
            }
            if let Some(deliveries) = self.deliveries.take() {
                runtime.block_on(deliveries.stop());
            }
            // Sweeping uses these threads.
            drop(self.maintenance.take());
            runtime.shutdown_timeout(LEFTOVERS);
        }
        let Some(rest) = self.rest.take().and_then(Arc::into_inner) else {
            return;
        };
        let portals = rest.into_portals();
        for served in portals.iter() {
            let portal = &served.portal;
            if let Err(error) = portal.context.presence.flush(&portal.store) {
                tracing::warn!(portal = served.name, %error, "last activity times were not saved");
            }
        }
        drop(portals);
        tracing::info!("stopped");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.runtime.is_some() {
            self.end();
        }
    }
}

fn open_portals(
    catalog: &PortalCatalog,
    only: Option<&str>,
    random: &Arc<dyn Random>,
    handle: &Handle,
    port: u16,
) -> Result<Portals> {
    let names = match only {
        Some(_) => vec![catalog.choose(only)?],
        None => catalog.names()?,
    };
    if names.is_empty() {
        return Err(no_portal());
    }
    let served = names
        .iter()
        .map(|name| Served::open(catalog, name, random, handle, |host| base_url(host, port)))
        .collect::<Result<Vec<_>>>()?;
    for (at, one) in served.iter().enumerate() {
        if let Some(other) = served[..at].iter().find(|other| other.host == one.host) {
            bail!(
                "the portals {:?} and {:?} have the same host {:?}: serve one of them with --portal",
                other.name,
                one.name,
                one.host
            );
        }
    }
    Ok(Portals::new(served, catalog.config().oauth_hosts()?))
}

/// Raises the limit of open files to what this process may have, and says when that is too low for the configured connections.
#[cfg(unix)]
fn raise_descriptor_limit(config: &Config) {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = rustix::process::Rlimit {
            current: limit.maximum,
            ..limit
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            limit.current = limit.maximum;
        }
    }
    let needed = config.max_connections.saturating_add(FILES_OF_PROGRAM);
    if let Some(allowed) = limit.current
        && usize::try_from(allowed).is_ok_and(|allowed| allowed < needed)
    {
        tracing::warn!(
            allowed,
            needed,
            "too few open files are allowed for max_connections: raise `ulimit -n`, or lower the setting"
        );
    }
}

#[cfg(not(unix))]
const fn raise_descriptor_limit(_: &Config) {}

const fn timeouts(config: &Config) -> Timeouts {
    Timeouts {
        header: config.header_timeout.0,
        idle: config.idle_timeout.0,
        anonymous: config.anonymous_timeout.0,
        shutdown: config.shutdown_timeout.0,
    }
}

/// Scheme, host and port that clients use.
#[must_use]
pub(crate) fn base_url(host: &str, port: u16) -> String {
    match port {
        443 => format!("https://{host}"),
        _ => format!("https://{host}:{port}"),
    }
}

fn certificate(
    config: &Config,
    catalog: &PortalCatalog,
    portals: &Portals,
    random: &dyn Random,
    clock: &dyn Clock,
) -> Result<(Arc<ServerCertificate>, Option<PathBuf>)> {
    let now = clock.now();
    let (source, authority) = match (&config.tls_certificate, &config.tls_key) {
        (Some(chain), Some(key)) => (Source::Files(chain.clone(), key.clone()), None),
        _ => {
            let authority = Authority::open(catalog.data(), random, now)?;
            let path = authority.certificate().to_owned();
            let hosts = portals.iter().map(|served| served.host.as_str());
            let names = tls::names(hosts.chain(portals.aliases()));
            (Source::Local(Box::new(authority), names), Some(path))
        }
    };
    Ok((Arc::new(ServerCertificate::new(source, now)?), authority))
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    /// To stop.
    Stop,
    /// To read settings and certificate again.
    Reload,
}

/// The signals that the server listens for.
#[cfg(unix)]
pub struct Signals {
    interrupt: signal::unix::Signal,
    terminate: signal::unix::Signal,
    hangup: signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.terminate.recv() => Signal::Stop,
            _ = self.hangup.recv() => Signal::Reload,
        }
    }
}

/// The signals that the server listens for.
#[cfg(windows)]
pub struct Signals(signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) -> Signal {
        let _ = self.0.recv().await;
        Signal::Stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_port_is_left_out_of_urls() {
        assert_eq!(
            base_url("chat.example.org", 443),
            "https://chat.example.org"
        );
        assert_eq!(base_url("localhost", 8443), "https://localhost:8443");
    }
}

//! The load generator: keep-alive connections that each send the next request as soon as the last one is answered.
//!
//! Load and server share the machine, so the generator must be cheap: requests are written into a reused buffer, and only
//! the head of a response is parsed. There is one thread per processor, each with its share of the connections, as in wrk.

mod connection;

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use hdrhistogram::Histogram;
use tokio::{runtime, task::LocalSet};

pub(crate) use self::connection::Connection;

/// Writes the next request of a connection; `false` when none is left.
pub(crate) type Source = Box<dyn FnMut(&mut Vec<u8>) -> bool + Send>;

/// How long to send.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span {
    /// For a time, after a warm-up that is not counted.
    Time {
        warm_up: Duration,
        counted: Duration,
    },
    /// Until the sources end.
    All,
}

/// What was measured.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) requests: u64,
    pub(crate) elapsed: Duration,
    /// In microseconds.
    latencies: Histogram<u64>,
    body_bytes: u64,
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        self.requests as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// A quantile of the response time, in milliseconds.
    pub(crate) fn quantile(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1e3
    }

    /// Average size of a response body.
    pub(crate) fn body(&self) -> usize {
        usize::try_from(self.body_bytes / self.requests.max(1)).unwrap_or(usize::MAX)
    }

    /// Merges two loads.
    pub(crate) fn join(&mut self, other: &Self) -> Result<()> {
        self.requests += other.requests;
        self.elapsed += other.elapsed;
        self.body_bytes += other.body_bytes;
        self.latencies.add(&other.latencies).context("latencies")
    }
}

/// Sends from every source on a separate connection and waits for the end. Any unexpected response is an error.
pub(crate) fn run(address: SocketAddr, sources: Vec<Source>, span: Span) -> Result<Load> {
    let most = thread::available_parallelism().map_or(1, usize::from);
    let threads = most.min(sources.len()).max(1);
    let mut shares: Vec<Vec<Source>> = (0..threads).map(|_| Vec::new()).collect();
    for (number, source) in sources.into_iter().enumerate() {
        shares[number % threads].push(source);
    }
    let begin = Instant::now();
    let threads: Vec<_> = shares
        .into_iter()
        .map(|share| thread::spawn(move || run_share(address, share, span, begin)))
        .collect();
    let mut whole: Option<Load> = None;
    for thread in threads {
        let load = thread
            .join()
            .map_err(|_| anyhow!("a thread of the load generator panicked"))??;
        match &mut whole {
            None => whole = Some(load),
            Some(whole) => {
                let elapsed = whole.elapsed.max(load.elapsed);
                whole.join(&load)?;
                whole.elapsed = elapsed;
            }
        }
    }
    let load = whole.context("no load")?;
    if load.requests == 0 {
        bail!("not one request was answered in time");
    }
    Ok(load)
}

fn run_share(
    address: SocketAddr,
    sources: Vec<Source>,
    span: Span,
    begin: Instant,
) -> Result<Load> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tasks = LocalSet::new();
    let parts: Vec<_> = sources
        .into_iter()
        .map(|source| tasks.spawn_local(run_source(address, source, span, begin)))
        .collect();
    runtime.block_on(tasks.run_until(async {
        let mut share = Part::new()?;
        let mut last = begin;
        for part in parts {
            let part = part.await.map_err(|_| anyhow!("a connection panicked"))??;
            share.latencies.add(&part.latencies)?;
            share.body_bytes += part.body_bytes;
            last = last.max(part.last);
        }
        let elapsed = match span {
            Span::Time { counted, .. } => counted,
            Span::All => last - begin,
        };
        Ok(Load {
            requests: share.latencies.len(),
            elapsed,
            latencies: share.latencies,
            body_bytes: share.body_bytes,
        })
    }))
}

struct Part {
    latencies: Histogram<u64>,
    body_bytes: u64,
    last: Instant,
}

impl Part {
    fn new() -> Result<Self> {
        Ok(Self {
            latencies: Histogram::new_with_bounds(1, 60_000_000, 3)?,
            body_bytes: 0,
            last: Instant::now(),
        })
    }
}

async fn run_source(
    address: SocketAddr,
    mut source: Source,
    span: Span,
    begin: Instant,
) -> Result<Part> {
    let (from, until) = match span {
        Span::Time { warm_up, counted } => (begin + warm_up, Some(begin + warm_up + counted)),
        Span::All => (begin, None),
    };
    let mut part = Part::new()?;
    let mut connection = Connection::open(address).await?;
    let mut request = Vec::with_capacity(512);
    loop {
        request.clear();
        if !source(&mut request) {
            return Ok(part);
        }
        let asked = Instant::now();
        let answer = connection.ask(&request).await?;
        let answered = Instant::now();
        if !answer.is_good() {
            let body = String::from_utf8_lossy(&answer.body[..answer.body.len().min(300)]);
            bail!("status {}: {body}", answer.status);
        }
        if until.is_some_and(|until| answered >= until) {
            return Ok(part);
        }
        if answered >= from {
            let micros = u64::try_from((answered - asked).as_micros()).unwrap_or(u64::MAX);
            part.latencies.saturating_record(micros.max(1));
            part.body_bytes += answer.body.len() as u64;
            part.last = answered;
        }
    }
}

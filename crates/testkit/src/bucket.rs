//! A minimal S3-like service: objects are put, read, listed and deleted one by one.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// The only key that the service accepts; its secret is not checked.
pub const KEY_ID: &str = "AKHARBOUR";

/// The most objects listed in one response: few, so that there are several pages.
const PAGE: usize = 2;

/// Contents by path, which begins with the bucket.
type Objects = BTreeMap<String, Vec<u8>>;

/// A running service. It stops with the process.
#[derive(Debug)]
pub struct Service {
    endpoint: String,
    objects: Arc<Mutex<Objects>>,
    refusing: Arc<AtomicBool>,
}

impl Service {
    /// Starts a service on a free port.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let (objects, refusing) = (Arc::default(), Arc::default());
        let (shared, flag) = (Arc::clone(&objects), Arc::clone(&refusing));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (objects, flag) = (Arc::clone(&shared), Arc::clone(&flag));
                thread::spawn(move || while serve(&stream, &objects, &flag).is_some() {});
            }
        });
        Self {
            endpoint,
            objects,
            refusing,
        }
    }

    /// Its URL.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Refuses every request from now on.
    pub fn refuse(&self) {
        self.refusing.store(true, Ordering::Relaxed);
    }

    /// The stored objects, by path.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let objects = self.objects.lock();
        objects.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The relevant parts of a request.
struct Request {
    verb: String,
    path: String,
    query: BTreeMap<String, String>,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Request {
    /// Reads the next request of a connection; `None` at its end.
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let first = lines.remove(0);
        let mut words = first.split(' ');
        let (verb, target) = (words.next()?.to_owned(), words.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut request = Self {
            verb,
            path: path.to_owned(),
            // Tests use no other escapes.
            query: pairs
                .map(|(name, value)| (name.to_owned(), value.replace("%2F", "/")))
                .collect(),
            headers: lines,
            body: Vec::new(),
        };
        let length = request.header("content-length");
        let length = length.and_then(|length| length.parse().ok());
        request.body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find_map(|line| {
            let (other, value) = line.split_once(':')?;
            let same = other.eq_ignore_ascii_case(name);
            same.then(|| value.trim().to_owned())
        })
    }
}

/// Answers one request; `None` when there are no more.
fn serve(stream: &TcpStream, objects: &Mutex<Objects>, refusing: &AtomicBool) -> Option<()> {
    let request = Request::read(stream)?;
    let signed = request.header("authorization");
    let known = signed.is_some_and(|value| value.contains(KEY_ID));
    let (status, more, body) = if known && !refusing.load(Ordering::Relaxed) {
        let mut objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
        answer(request, &mut objects)?
    } else {
        ("403 Forbidden", String::new(), Vec::new())
    };
    let length = if status.starts_with("204") {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    let head = format!("HTTP/1.1 {status}\r\n{length}{more}\r\n");
    // In one write: a client with delayed acknowledgements would stall a second one.
    let mut stream = stream;
    stream.write_all(&[head.into_bytes(), body].concat()).ok()
}

/// Status, headers and body.
fn answer(request: Request, objects: &mut Objects) -> Option<(&'static str, String, Vec<u8>)> {
    let dates = "Last-Modified: Thu, 15 Jan 2026 09:00:00 GMT\r\nETag: \"tag\"\r\n";
    Some(match (request.verb.as_str(), objects.get(&request.path)) {
        ("PUT", _) => {
            objects.insert(request.path, request.body);
            ("200 OK", dates.to_owned(), Vec::new())
        }
        // Deleting a missing object succeeds.
        ("DELETE", _) => {
            objects.remove(&request.path);
            ("204 No Content", String::new(), Vec::new())
        }
        ("GET", _)
            if request
                .query
                .get("list-type")
                .is_some_and(|kind| kind == "2") =>
        {
            let listed = list(&request, objects)?;
            let more = "Content-Type: application/xml\r\n".to_owned();
            ("200 OK", more, listed.into_bytes())
        }
        ("GET", Some(object)) => match request.header("range") {
            Some(range) => {
                let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
                let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
                let all = object.len();
                let more = format!("{dates}Content-Range: bytes {first}-{last}/{all}\r\n");
                ("206 Partial Content", more, object[first..=last].to_vec())
            }
            None => ("200 OK", dates.to_owned(), object.clone()),
        },
        _ => ("404 Not Found", String::new(), Vec::new()),
    })
}

/// A page of the objects of a bucket whose keys have the given prefix. A token is the key after which the page begins.
fn list(request: &Request, objects: &Objects) -> Option<String> {
    let bucket = format!("{}/", request.path.trim_end_matches('/'));
    let prefix = request.query.get("prefix").map_or("", String::as_str);
    let after = request.query.get("continuation-token");
    let after = after.map_or("", String::as_str);
    let mut found = objects
        .iter()
        .filter_map(|(path, content)| Some((path.strip_prefix(&bucket)?, content)))
        .filter(|(key, _)| key.starts_with(prefix) && *key > after)
        .peekable();
    let mut page = "<ListBucketResult>".to_owned();
    let mut last = None;
    for (key, content) in found.by_ref().take(PAGE) {
        let size = content.len();
        write!(
            page,
            "<Contents><Key>{key}</Key><LastModified>2026-01-15T09:00:00.000Z</LastModified>\
             <ETag>\"tag\"</ETag><Size>{size}</Size></Contents>"
        )
        .ok()?;
        last = Some(key);
    }
    if let (Some(_), Some(last)) = (found.peek(), last) {
        write!(
            page,
            "<NextContinuationToken>{last}</NextContinuationToken>"
        )
        .ok()?;
    }
    page.push_str("</ListBucketResult>");
    Some(page)
}

//! The command's side of the door.

use std::{io, os::unix::net::UnixStream, path::Path, time::Duration};

use anyhow::{Context, Result, bail};

use super::{Hello, Reply, Request, frame, path::ShortPath};
use crate::operator::{Operation, Outcome};

/// How long a server may take to say which program it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that listens.
pub struct Visit(UnixStream);

/// What a server answers.
#[derive(Debug)]
pub enum Answer {
    /// It is done, durably.
    Done(Outcome),
    /// It does not serve the portal, which may be owned by somebody else.
    NotServed,
}

impl Visit {
    /// Reaches a server; `None` when nobody listens.
    ///
    /// # Errors
    /// When the server is another program than this one.
    pub fn begin(socket: &Path) -> Result<Option<Self>> {
        let short = ShortPath::to(socket)?;
        let Ok(mut stream) = UnixStream::connect(&short) else {
            return Ok(None);
        };
        let ours = Hello::ours();
        let met = meet(&mut stream, &ours);
        let theirs = match met {
            Ok(Some(theirs)) => theirs,
            // It is stopping, or did not let us in.
            Ok(None) | Err(_) => return Ok(None),
        };
        if !ours.agrees(&theirs) {
            bail!(
                "the server is {}, and this is {}: use the same program for both",
                theirs.named(),
                ours.named()
            );
        }
        Ok(Some(Self(stream)))
    }

    /// Has an operation carried out.
    ///
    /// # Errors
    /// Why the server refuses, or that it went away before it answered.
    pub fn ask(&mut self, portal: &str, operation: Operation) -> Result<Answer> {
        let request = Request {
            portal: portal.to_owned(),
            operation,
        };
        let answered = frame::send(&mut self.0, &request)
            .and_then(|()| frame::receive(&mut self.0))
            .and_then(|reply| reply.ok_or_else(|| io::ErrorKind::UnexpectedEof.into()))
            .context("the server went away before it answered, so that what was asked for may be done or not")?;
        match answered {
            Reply::Done(outcome) => Ok(Answer::Done(outcome)),
            Reply::NotServed => Ok(Answer::NotServed),
            Reply::Refused(reason) => bail!(reason),
        }
    }
}

fn meet(stream: &mut UnixStream, ours: &Hello) -> io::Result<Option<Hello>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    frame::send(stream, ours)?;
    let theirs = frame::receive(stream)?;
    // From here on the server answers when it is done.
    stream.set_read_timeout(None)?;
    Ok(theirs)
}

//! `batch`: several commands in one request (sources: batch).

use std::time::Duration;

use readmark_api::{
    call::credentials::Credentials,
    contract::{entry::RawReply, system_error},
    wire::{
        Limits, Params,
        batch::{self, Batch, Command},
    },
};
use serde_json::{Map, Value, json};

use super::{Peer, calls::Calls, envelope::Refusal, route::Target};
use crate::portals::Served;

/// Runs a batch; answers its result and the time of its methods. A failed command is part of the result.
///
/// # Errors
/// When the caller is not authorised, or the commands cannot be decoded.
pub(super) async fn execute(
    calls: &Calls,
    peer: &Peer,
    served: &Served,
    params: &Params,
    credentials: Credentials,
    limits: &Limits,
) -> Result<(RawReply, Duration), Refusal> {
    calls.authenticate(peer, served, credentials).await?;
    let Batch { halt, commands } = Batch::parse(params, limits)?;
    let mut maps = Maps::default();
    for (key, command) in commands {
        if peer.cancel.is_cancelled() {
            // Nobody reads this answer.
            return Err(system_error::OVERLOAD.into());
        }
        let outcome = match command {
            Command::OverLength => Err(system_error::BATCH_LENGTH_EXCEEDED.into()),
            Command::Malformed(error) => Err(error.into()),
            Command::Call {
                method,
                mut params,
                files,
            } => {
                match (
                    Target::named(&method),
                    batch::resolve(&mut params, &maps.result, limits),
                ) {
                    (Target::Batch, _) => Err(system_error::BATCH_METHOD_NOT_ALLOWED.into()),
                    (target, Ok(())) => {
                        let mut params = Params::new(params).with_files(files);
                        // A command cannot override the caller of the batch.
                        params.take_auth();
                        let finished = calls.call(peer, served, target, params, credentials).await;
                        maps.processing += finished.time.processing;
                        let time = finished.time.to_value(&served.portal.context.time_zone);
                        maps.result_time.push((key.clone(), time));
                        finished.answer.map_err(Refusal::from)
                    }
                    (_, Err(error)) => Err(error.into()),
                }
            }
        };
        let failed = outcome.is_err();
        maps.add(key, outcome);
        if failed && halt {
            break;
        }
    }
    Ok(maps.reply())
}

/// The five maps of the result, and the total time of the methods.
#[derive(Default)]
struct Maps {
    /// A map in which references to earlier results are resolved.
    result: Map<String, Value>,
    result_error: Vec<(String, Value)>,
    result_total: Vec<(String, Value)>,
    result_next: Vec<(String, Value)>,
    result_time: Vec<(String, Value)>,
    processing: Duration,
}

impl Maps {
    fn add(&mut self, key: String, outcome: Result<RawReply, Refusal>) {
        match outcome {
            Ok(reply) => {
                if let Some(total) = reply.total {
                    self.result_total.push((key.clone(), total.into()));
                }
                if let Some(next) = reply.next {
                    self.result_next.push((key.clone(), next.into()));
                }
                let result = serde_json::from_str(&reply.result).unwrap_or_default();
                self.result.insert(key, result);
            }
            Err(refusal) => self.result_error.push((key, refusal.to_value())),
        }
    }

    fn reply(self) -> (RawReply, Duration) {
        let maps = json!({
            "result": batch::shape(self.result.into_iter().collect()),
            "result_error": batch::shape(self.result_error),
            "result_total": batch::shape(self.result_total),
            "result_next": batch::shape(self.result_next),
            "result_time": batch::shape(self.result_time),
        });
        let reply = RawReply {
            result: maps.to_string(),
            total: None,
            next: None,
        };
        (reply, self.processing)
    }
}

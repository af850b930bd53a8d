//! What wraps a result: `result`, `total`, `next` and `time`; or an error (sources: answers, limits).

use std::{borrow::Cow, fmt::Write, time::Duration};

use hyper::StatusCode;
use jiff::tz::TimeZone;
use readmark_api::{
    contract::{
        entry::RawReply,
        system_error::{self, ApiError},
    },
    wire::{self, WireError},
};
use readmark_model::Timestamp;
use serde_json::{Value, json};

use super::{
    reply::{self, Reply},
    route::Format,
};
use crate::operating::Usage;

/// The length of a date.
const DATE: usize = "2000-01-01T00:00:00+00:00".len();

/// The timing of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    /// Its start: microseconds since 1970.
    pub(super) start: i64,
    /// Its duration.
    pub(super) duration: Duration,
    /// The duration of the method.
    pub(super) processing: Duration,
    /// The time used by the method for this caller.
    pub(super) usage: Usage,
}

impl Time {
    /// Appends it as a JSON object.
    fn write(&self, out: &mut String, zone: &TimeZone) {
        let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        let finish = self.start.saturating_add(micros(self.duration));
        let seconds = |out: &mut String, name: &str, micros: i64| {
            let (whole, part) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
            // Writing to a string cannot fail.
            let _ = write!(out, "\"{name}\":{whole}.{part:06},");
        };
        let second = |micros: i64| micros.div_euclid(1_000_000);
        let mut start = String::with_capacity(DATE);
        wire::write_atom(&mut start, Timestamp(self.start.div_euclid(1000)), zone);
        out.push('{');
        seconds(out, "start", self.start);
        seconds(out, "finish", finish);
        seconds(out, "duration", micros(self.duration));
        seconds(out, "processing", micros(self.processing));
        let _ = write!(out, "\"date_start\":\"{start}\",\"date_finish\":\"");
        if second(finish) == second(self.start) {
            out.push_str(&start);
        } else {
            wire::write_atom(out, Timestamp(finish.div_euclid(1000)), zone);
        }
        let _ = write!(out, "\",\"operating_reset_at\":{},", self.usage.reset_at);
        seconds(out, "operating", micros(self.usage.operating));
        out.pop();
        out.push('}');
    }

    /// The same as a JSON value.
    pub(super) fn to_value(self, zone: &TimeZone) -> Value {
        let mut text = String::with_capacity(256);
        self.write(&mut text, zone);
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// A successful answer.
pub(super) fn success(format: Format, raw: &RawReply, time: &Time, zone: &TimeZone) -> Reply {
    let mut body = String::with_capacity(raw.result.len() + 320);
    body.push_str("{\"result\":");
    body.push_str(&raw.result);
    for (name, number) in [("total", raw.total), ("next", raw.next)] {
        if let Some(number) = number {
            let _ = write!(body, ",\"{name}\":{number}");
        }
    }
    body.push_str(",\"time\":");
    time.write(&mut body, zone);
    body.push('}');
    written(StatusCode::OK, format, body)
}

/// A refusal as sent to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    error: ApiError,
    /// Replaces the text of the error.
    detail: Option<Cow<'static, str>>,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self {
            error,
            detail: None,
        }
    }
}

impl From<WireError> for Refusal {
    fn from(error: WireError) -> Self {
        Self {
            error: system_error::MALFORMED_REQUEST,
            detail: Some(error.to_string().into()),
        }
    }
}

impl Refusal {
    /// `error` and `error_description`.
    pub(super) fn to_value(&self) -> Value {
        let text = self.detail.as_deref().unwrap_or(self.error.0.text);
        json!({ "error": self.error.0.code, "error_description": text })
    }

    /// The complete answer.
    pub(super) fn reply(&self, format: Format) -> Reply {
        let status = StatusCode::from_u16(self.error.0.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        written(status, format, self.to_value().to_string())
    }
}

/// The answer of the newer envelope to every method: none is offered in it (sources: the newer envelope).
pub(super) fn newer() -> Reply {
    let error = json!({
        "error": {
            "code": "BITRIX_REST_V3_EXCEPTION_METHODNOTFOUNDEXCEPTION",
            "message": "This portal offers its methods at /rest/ and none at /rest/api/",
        }
    });
    written(StatusCode::NOT_FOUND, Format::Json, error.to_string())
}

fn written(status: StatusCode, format: Format, json: String) -> Reply {
    match format {
        Format::Json => Reply::new(status, reply::JSON, json.into()),
        Format::Xml => match serde_json::from_str::<Value>(&json) {
            Ok(value) => Reply::new(status, reply::XML, wire::to_xml(&value).into()),
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written as XML");
                let refused = wire::to_xml(&Refusal::from(system_error::INTERNAL).to_value());
                Reply::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    reply::XML,
                    refused.into(),
                )
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Time = Time {
        start: 1_768_467_600_000_250,
        duration: Duration::from_micros(1_500_000),
        processing: Duration::from_micros(40),
        usage: Usage {
            operating: Duration::from_millis(120),
            reset_at: 1_768_468_200,
        },
    };

    #[test]
    fn an_answer_that_is_nested_too_deeply_for_xml_is_refused() {
        let result = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let raw = RawReply {
            result,
            total: None,
            next: None,
        };
        let reply = success(Format::Xml, &raw, &TIME, &TimeZone::UTC);
        assert_eq!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            reply
                .text()
                .contains("<error>INTERNAL_SERVER_ERROR</error>")
        );
    }

    #[test]
    fn a_success_has_its_parts_in_order() {
        let raw = RawReply {
            result: "[1]".to_owned(),
            total: Some(51),
            next: Some(50),
        };
        let zone = TimeZone::fixed(jiff::tz::offset(3));
        let body = success(Format::Json, &raw, &TIME, &zone).text();
        assert_eq!(
            body,
            "{\"result\":[1],\"total\":51,\"next\":50,\"time\":{\"start\":1768467600.000250,\
             \"finish\":1768467601.500250,\"duration\":1.500000,\"processing\":0.000040,\
             \"date_start\":\"2026-01-15T12:00:00+03:00\",\"date_finish\":\"2026-01-15T12:00:01+03:00\",\
             \"operating_reset_at\":1768468200,\"operating\":0.120000}}"
        );
        assert_eq!(TIME.to_value(&zone)["operating_reset_at"], 1_768_468_200);
    }

    #[test]
    fn a_result_that_is_no_list_has_no_total() {
        let raw = RawReply {
            result: "true".to_owned(),
            total: None,
            next: None,
        };
        let body = success(Format::Json, &raw, &TIME, &TimeZone::UTC).text();
        assert!(body.starts_with("{\"result\":true,\"time\":{"), "{body}");
    }

    #[test]
    fn a_refusal_has_code_and_text_in_both_formats() {
        let refusal = Refusal::from(system_error::NO_AUTH_FOUND);
        assert_eq!(
            refusal.reply(Format::Json).text(),
            r#"{"error":"NO_AUTH_FOUND","error_description":"Wrong authorization data"}"#
        );
        let xml = refusal.reply(Format::Xml).text();
        assert!(
            xml.contains("<response><error>NO_AUTH_FOUND</error>"),
            "{xml}"
        );
        let detailed = Refusal::from(WireError::TooDeep(4)).to_value();
        assert_eq!(detailed["error"], "INVALID_REQUEST");
        assert_eq!(
            detailed["error_description"],
            "Parameters are nested deeper than 4 levels"
        );
    }
}

//! The wire format: what clients send and read, as bytes and strings on one side and typed values on the other.
//!
//! Nothing here knows HTTP, methods or the store. A request passes through three steps:
//!
//! 1. [`decode_request`] reads the query string and the body (JSON, form or multipart) into [`Params`];
//! 2. a method asks the [`Params`] for a [`Field`] and the field for its documented type, so that `"7"`, `7` and `7.0`, or `true`,
//!    `"Y"` and `"1"`, are the same to every method;
//! 3. the answer is written as JSON, or by [`to_xml`] for clients that ask for XML.
//!
//! [`batch`] reads the commands of `batch`, resolves their references to earlier results and shapes the answer.
//!
//! Three rules hold everywhere. The order of keys is preserved in reading and writing, as clients rely on it. All input is bounded by
//! [`Limits`]. And wrong input is either accepted with a leniency that is documented here, or answered with a [`WireError`]; it never
//! panics.
//!
//! `docs/sources.md` names the pages (bodies, answers, batch, types).

pub mod batch;
mod body;
mod date;
mod empty;
mod field;
mod files;
mod json;
mod multipart;
mod names;
mod params;
pub mod php;
mod reference;
mod scalar;
mod xml;

pub use body::decode_request;
pub use date::{DateField, format_atom, parse_date, write_atom};
pub use empty::EmptyAsList;
pub use field::{Field, IdList, IntField, JsonOrText, Members};
pub use files::Files;
pub use json::parse as parse_json;
pub use params::Params;
pub use xml::to_xml;

/// Limits of one request. Its size in bytes is limited by the server, before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum nesting of lists and maps, with the map of the parameters as the first level. Above 127 a JSON body is refused as
    /// malformed instead.
    pub depth: usize,
    /// Maximum number of `name=value` pairs in a query string or form, of parts in a multipart body, of parameters in a JSON body,
    /// and of commands for which a batch is answered at all.
    pub pairs: usize,
    /// Maximum size of what the references of one command bring in from earlier results, in bytes of text plus a small charge for
    /// each value. It keeps a short request from growing without bound.
    pub substituted: usize,
}

impl Limits {
    /// Enough for every known client: depth 32, 10,000 pairs, 4 MiB brought in by references.
    pub const DEFAULT: Self = Self {
        depth: 32,
        pairs: 10_000,
        substituted: 4 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Why a request cannot be read. The texts may be shown to the client; they contain nothing from the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The body does not match its type, or cannot be parameters.
    #[error("Malformed request: {0}")]
    Malformed(String),
    /// Lists and maps are nested deeper than [`Limits::depth`], the number given.
    #[error("Parameters are nested deeper than {0} levels")]
    TooDeep(usize),
    /// There are more parameters than [`Limits::pairs`], the number given.
    #[error("There are more than {0} parameters")]
    TooManyParameters(usize),
    /// References brought in more than [`Limits::substituted`], the number given.
    #[error("References to results bring in more than {0} bytes")]
    TooMuchSubstituted(usize),
}

impl WireError {
    /// A malformed body, with details.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::Malformed(detail.into())
    }
}

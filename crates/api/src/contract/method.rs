//! The contract of a method as data.

use readmark_app::{Cx, Refused};
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

pub use super::error::{ErrorSet, ErrorSpec, NoError};
use super::params::Parameters;
use crate::portal::{context::PortalContext, upload::Upload};

/// Whether a method's transaction may write. A method that usually only reads (it may have to create a private chat when it is first
/// mentioned) is `Read`, and is run again in a writing transaction when needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// One snapshot, on a reading connection.
    Read,
    /// A transaction that is durable before it is acknowledged (rule R16).
    Write,
    /// The same for a method that often changes nothing: that is found out in memory first, where there is a memory.
    WriteIfNeeded,
}

/// A successful answer.
#[derive(Clone, Debug)]
pub struct Reply<T> {
    /// `result`.
    pub result: T,
    /// `total`, for lists.
    pub total: Option<i64>,
    /// `next`, for lists with further pages.
    pub next: Option<i64>,
}

impl<T> From<T> for Reply<T> {
    fn from(result: T) -> Self {
        Self {
            result,
            total: None,
            next: None,
        }
    }
}

/// The result of a method.
pub type Answer<M> = Result<Reply<<M as Method>::Output>, Refused<<M as Method>::Error>>;

/// What a method gets: the use case's context and the portal.
pub struct MethodCx<'a> {
    /// Transaction, caller, time.
    pub app: Cx<'a>,
    /// The portal.
    pub portal: &'a PortalContext,
    /// Content of the uploaded file, for methods that upload.
    pub upload: &'a Upload,
}

/// A method of the API. One file each; `METHODS` in `crate::methods` lists them all.
pub trait Method: 'static {
    /// As documented; lookup ignores case.
    const NAME: &'static str;
    /// Any of these scopes suffices; if empty, none is needed.
    const SCOPES: &'static [Scope];
    /// Whether it writes.
    const ACCESS: Access;
    /// Whether it uploads a file: the content comes as `fields.content` and is found in [`MethodCx::upload`]. Such a method is run
    /// twice, see [`crate::portal::upload`].
    const UPLOADS: bool = false;
    /// What it does, in one sentence.
    const SUMMARY: &'static str;
    /// Its parameters, declared by [`params!`](crate::params).
    type Params: Parameters<Error: Into<Self::Error>>;
    /// `result` on the wire.
    type Output: Serialize + JsonSchema;
    /// Its own errors.
    type Error: ErrorSet;

    /// Executes the method. May run again after a lost race, so it must touch nothing but `cx`.
    ///
    /// # Errors
    /// A documented error of the method, or a fault.
    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self>
    where
        Self: Sized;
}

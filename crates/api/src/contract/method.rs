//! What a method of the API is: the contract as data.

use readmark_app::{Cx, Refused};
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use super::params::Parameters;
use crate::portal::{context::PortalContext, upload::Upload};

/// Whether a method's transaction may write. A method that reads as a rule and must write once in a while (the private chat
/// that is made at its first mention) is `Read`: it is run again in a transaction that writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// One snapshot, on a reading connection.
    Read,
    /// A transaction that is durable before it is acknowledged (rule R16).
    Write,
}

/// One documented error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorSpec {
    /// `error` on the wire.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// `error_description` on the wire.
    pub text: &'static str,
    /// When it is answered.
    pub doc: &'static str,
}

/// The errors of one method, made by [`error_set!`](crate::error_set).
pub trait ErrorSet: std::fmt::Debug + Sized + Send + Sync + 'static {
    /// All of them, in order.
    const ALL: &'static [ErrorSpec];
    /// This one.
    fn spec(&self) -> &'static ErrorSpec;
}

/// Declares a method's errors, each once with its status, code and text:
///
/// ```
/// readmark_api::error_set! {
///     /// Errors of `im.sample`.
///     pub enum SampleError {
///         /// `ID` is missing.
///         IdEmpty = 400 "ID_EMPTY" "ID can't be empty",
///     }
/// }
/// ```
#[macro_export]
macro_rules! error_set {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $status:literal $code:literal $text:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $crate::contract::method::ErrorSet for $name {
            const ALL: &'static [$crate::contract::method::ErrorSpec] = &[$(
                $crate::contract::method::ErrorSpec { code: $code, status: $status, text: $text, doc: concat!($($doc),+) },
            )+];

            fn spec(&self) -> &'static $crate::contract::method::ErrorSpec {
                &Self::ALL[*self as usize]
            }
        }

        impl From<$crate::contract::method::NoError> for $name {
            fn from(never: $crate::contract::method::NoError) -> Self {
                match never {}
            }
        }
    };
}

/// For methods that have no errors of their own.
pub type NoError = std::convert::Infallible;

impl ErrorSet for NoError {
    const ALL: &'static [ErrorSpec] = &[];

    fn spec(&self) -> &'static ErrorSpec {
        match *self {}
    }
}

/// A successful answer.
#[derive(Clone, Debug)]
pub struct Reply<T> {
    /// `result`.
    pub result: T,
    /// `total`, for lists.
    pub total: Option<i64>,
    /// `next`, for lists that go on.
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

/// How a method answers.
pub type Answer<M> = Result<Reply<<M as Method>::Output>, Refused<<M as Method>::Error>>;

/// What a handler works with: the use case's context and the portal.
pub struct MethodCx<'a> {
    /// Transaction, caller, time.
    pub app: Cx<'a>,
    /// The portal.
    pub portal: &'a PortalContext,
    /// The content of the file that the call uploads, where its method does.
    pub upload: &'a Upload,
}

/// A method of the API. One file each; [`crate::contract::entry`] lists them all.
pub trait Method: 'static {
    /// As documented; lookup ignores case.
    const NAME: &'static str;
    /// Any of these scopes suffices; none is needed when it is empty.
    const SCOPES: &'static [Scope];
    /// Whether it writes.
    const ACCESS: Access;
    /// Whether it uploads a file: the content comes as `fields.content` and is found in [`MethodCx::upload`]. Such a method
    /// is run twice, see [`crate::portal::upload`].
    const UPLOADS: bool = false;
    /// What it does, in one sentence.
    const SUMMARY: &'static str;
    /// Its parameters, declared by [`params!`](crate::params).
    type Params: Parameters<Error: Into<Self::Error>>;
    /// `result` on the wire.
    type Output: Serialize + JsonSchema;
    /// Its own errors.
    type Error: ErrorSet;

    /// Does it. May run again after a lost race, so it touches nothing but `cx`.
    ///
    /// # Errors
    /// A documented error of the method, or a fault.
    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self>
    where
        Self: Sized;
}

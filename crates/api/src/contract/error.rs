//! Errors of methods as data.

/// A documented error.
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

/// The errors of one method, declared by [`error_set!`](crate::error_set).
pub trait ErrorSet: std::fmt::Debug + Sized + Send + Sync + 'static {
    /// All of them, in order.
    const ALL: &'static [ErrorSpec];
    /// The specification of this error.
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

        impl $crate::contract::error::ErrorSet for $name {
            const ALL: &'static [$crate::contract::error::ErrorSpec] = &[$(
                $crate::contract::error::ErrorSpec { code: $code, status: $status, text: $text, doc: concat!($($doc),+) },
            )+];

            fn spec(&self) -> &'static $crate::contract::error::ErrorSpec {
                &Self::ALL[*self as usize]
            }
        }

        impl From<$crate::contract::error::NoError> for $name {
            fn from(never: $crate::contract::error::NoError) -> Self {
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

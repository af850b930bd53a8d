//! [`params!`](crate::params): one declaration for a struct, its reading and its description, see [`params`](super::params).

/// Declares parameters:
///
/// ```
/// use readmark_api::{contract::params::DialogParam, error_set, params};
/// use readmark_model::MessageId;
///
/// error_set! {
///     /// Errors of `im.sample`.
///     pub enum SampleError {
///         /// `DIALOG_ID` is missing or malformed.
///         DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
///         /// `MESSAGE_ID` is not a positive whole number.
///         MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
///     }
/// }
///
/// params! {
///     /// Parameters of `im.sample`.
///     pub struct SampleParams: SampleError {
///         /// The dialog: `chatN`, `sgN`, or the id of a user.
///         required dialog: DialogParam = "DIALOG_ID", or(DialogIdEmpty);
///         /// The last message; all when left out.
///         optional message: Option<MessageId> = "MESSAGE_ID" | "LAST_ID", or(MessageIdError);
///         /// `Y` shows hidden ones.
///         optional hidden: bool = "HIDDEN", default(false);
///     }
/// }
/// ```
///
/// A field is `required` or `optional`, as the documents show it. Its name on the wire follows, with aliases behind `|`, and a rule:
///
/// | rule | missing | unreadable |
/// |---|---|---|
/// | `required f: T = …, or(E)` | the error `E` | `E` |
/// | `required f: T = …, missing(E), or(F)` | `E` | `F` |
/// | `optional f: Option<T> = …, or(E)` | `None` | `E` |
/// | `optional f: Option<T> = …, typed` | `None` | wrong type |
/// | `required f: T = …, typed` | wrong type | wrong type |
/// | `f: T = …, default(V)` | `V` | wrong type |
/// | `f: T = …, default(V), or(E)` | `V` | `E` |
/// | `f: bool = …, yes_no(V)`: a switch that the API documents as the text `Y` or `N` | `V` | wrong type |
/// | `f: i64 = …, limit(V, MOST)`: a number of entries, never more than `MOST` | `V` | wrong type; `V` below 1 |
/// | `f: Option<T> = …, lenient`: for methods that answer an error of their own later | `None` | `None` |
/// | `f: T = …, default(V), lenient`: the same | `V` | `V` |
/// | `f: Given<T> = …, given`: for rules that look at several parameters | `Given::Absent` | `Given::Malformed` |
/// | `_f: Ignored = …, ignored(TYPE)`: accepted, and without effect | | |
/// | `f: T = …, by(read), kind(TYPE)` | what `read(Field, &ReadCx) -> Result<T, E>` makes of it | the same |
/// | `f: T = …, members` | `T`, itself declared by `params!`, with all its members missing | the same |
/// | `group f: T;` | further parameters beside these, declared in `T` by `params!`; no name on the wire | |
///
/// "Wrong type" is [`Wrong::Type`](super::params::Wrong::Type), the system error `INVALID_ARG_VALUE`: what is not of its parameter's
/// type never counts as left out, as a client would then read, change or be told more than it asked for. A whole number out of an id's
/// range is of the right type, and counts as missing.
///
/// Errors of `by`, `members` and `group` are converted by `From`. Fields are read in their order; the first error is answered. `check
/// f;` after the struct validates the whole: `f(Self) -> Result<Self, E>`.
#[macro_export]
macro_rules! params {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident : $error:ty {
            $($(#[doc = $doc:literal])* $need:ident $field:ident : $ty:ty $(= $wire:literal $(| $alias:literal)*)? $(, $rule:ident $(($($arg:tt)*))?)*;)*
        }
        $(check $check:path;)?
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[doc = $doc])* pub(crate) $field: $ty,)*
        }

        impl $crate::contract::params::Parameters for $name {
            type Error = $error;

            const SPEC: &'static [$crate::contract::params::ParamSpec] = {
                const GROUPS: &[&[$crate::contract::params::ParamSpec]] = &[$(
                    $crate::param_spec!([$($doc)*] $need $ty [$($wire $($alias)*)?] $($rule $(($($arg)*))?)*),
                )*];
                &$crate::contract::params::join::<{ $crate::contract::params::count(GROUPS) }>(GROUPS)
            };

            fn read(
                source: $crate::contract::params::Source<'_>,
                cx: &$crate::contract::params::ReadCx<'_>,
            ) -> Result<Self, $crate::contract::params::Wrong<Self::Error>> {
                $(let $field: $ty = $crate::param_read!(source cx $error, $need $ty [$($wire $($alias)*)?] $($rule $(($($arg)*))?)*);)*
                let read = Self { $($field),* };
                $(let read = $check(read).map_err($crate::contract::params::Wrong::Own)?;)?
                Ok(read)
            }
        }
    };
}

/// Part of [`params!`](crate::params): the description of a field.
#[doc(hidden)]
#[macro_export]
macro_rules! param_spec {
    ([$($doc:literal)*] group $ty:ty []) => { <$ty as $crate::contract::params::Parameters>::SPEC };
    ([$($doc:literal)*] $need:ident $ty:ty [$wire:literal $($alias:literal)*] $($rule:tt)+) => {
        &[$crate::contract::params::ParamSpec {
            name: $wire,
            aliases: &[$($alias),*],
            kind: $crate::param_type!($need $ty, $($rule)+),
            required: $crate::param_is_required!($need),
            doc: concat!($($doc),*),
        }]
    };
}

/// Part of [`params!`](crate::params).
#[doc(hidden)]
#[macro_export]
macro_rules! param_is_required {
    (required) => {
        true
    };
    (optional) => {
        false
    };
}

/// Part of [`params!`](crate::params): the documented type of a field.
#[doc(hidden)]
#[macro_export]
macro_rules! param_type {
    ($need:ident $ty:ty, by($($read:tt)*) kind($kind:expr)) => { $kind };
    ($need:ident $ty:ty, members) => {
        $crate::contract::params::ParamType::Members(<$ty as $crate::contract::params::Parameters>::SPEC)
    };
    ($need:ident $ty:ty, ignored($kind:expr)) => { $kind };
    ($need:ident $ty:ty, yes_no($value:expr)) => { $crate::contract::params::ParamType::String };
    (optional $ty:ty, or($error:ident)) => { $crate::param_type!(optional $ty, lenient) };
    (optional $ty:ty, typed) => { $crate::param_type!(optional $ty, lenient) };
    ($need:ident $ty:ty, given) => { $crate::param_type!($need $ty, lenient) };
    ($need:ident $ty:ty, lenient) => {
        <<$ty as $crate::contract::params::OptionalField>::Value as $crate::contract::params::ParamValue>::TYPE
    };
    ($need:ident $ty:ty, $($rule:tt)+) => { <$ty as $crate::contract::params::ParamValue>::TYPE };
}

/// Part of [`params!`](crate::params): reads a field.
#[doc(hidden)]
#[macro_export]
macro_rules! param_read {
    ($source:ident $cx:ident $error:ty, group $ty:ty []) => {
        <$ty as $crate::contract::params::Parameters>::read($source, $cx).map_err(|wrong| wrong.map(<$error>::from))?
    };
    ($source:ident $cx:ident $error:ty, $need:ident $ty:ty [$wire:literal $($alias:literal)*] by($($read:tt)*) kind($kind:expr)) => {
        ($($read)*)($source.find($wire, &[$($alias),*]), $cx)
            .map_err(|error| $crate::contract::params::Wrong::Own(<$error>::from(error)))?
    };
    ($source:ident $cx:ident $error:ty, $need:ident $ty:ty [$wire:literal $($alias:literal)*] members) => {{
        let members = $source.find($wire, &[$($alias),*]).as_map().unwrap_or_default();
        let members = $crate::contract::params::Source::Members(members);
        <$ty as $crate::contract::params::Parameters>::read(members, $cx).map_err(|wrong| wrong.map(<$error>::from))?
    }};
    ($source:ident $cx:ident $error:ty, $need:ident $ty:ty [$wire:literal $($alias:literal)*] ignored($kind:expr)) => {
        $crate::contract::params::Ignored
    };
    ($source:ident $cx:ident $error:ty, $need:ident $ty:ty [$wire:literal $($alias:literal)*] $($rule:tt)+) => {{
        let field = $source.find($wire, &[$($alias),*]);
        $crate::param_value!($need $ty, $cx $error, $wire field, $($rule)+)
    }};
}

/// Part of [`params!`](crate::params): the error for a value that is not of the type of its parameter.
#[doc(hidden)]
#[macro_export]
macro_rules! param_wrong_type {
    ($wire:literal) => {{
        const WRONG: &$crate::contract::error::ErrorSpec = &$crate::contract::error::ErrorSpec {
            text: concat!("Invalid value of parameter ", $wire),
            ..*$crate::contract::system_error::INVALID_ARG_VALUE.0
        };
        $crate::contract::params::Wrong::Type(WRONG)
    }};
}

/// Part of [`params!`](crate::params): handles a missing or unreadable value.
#[doc(hidden)]
#[macro_export]
macro_rules! param_value {
    (required $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, or($wrong:ident)) => {
        $crate::param_value!(required $ty, $cx $error, $wire $field, missing($wrong) or($wrong))
    };
    (required $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, missing($missing:ident) or($wrong:ident)) => {
        match <$ty as $crate::contract::params::ParamValue>::read($field, $cx) {
            $crate::contract::params::Given::Valid(value) => value,
            $crate::contract::params::Given::Absent => return Err($crate::contract::params::Wrong::Own(<$error>::$missing)),
            $crate::contract::params::Given::Malformed => return Err($crate::contract::params::Wrong::Own(<$error>::$wrong)),
        }
    };
    (optional $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, or($wrong:ident)) => {
        match <<$ty as $crate::contract::params::OptionalField>::Value as $crate::contract::params::ParamValue>::read($field, $cx) {
            $crate::contract::params::Given::Valid(value) => Some(value),
            $crate::contract::params::Given::Absent => None,
            $crate::contract::params::Given::Malformed => return Err($crate::contract::params::Wrong::Own(<$error>::$wrong)),
        }
    };
    (optional $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, typed) => {
        match $crate::contract::params::typed::<<$ty as $crate::contract::params::OptionalField>::Value>($field, $cx) {
            $crate::contract::params::Given::Valid(value) => Some(value),
            $crate::contract::params::Given::Absent => None,
            $crate::contract::params::Given::Malformed => return Err($crate::param_wrong_type!($wire)),
        }
    };
    (required $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, typed) => {
        match <$ty as $crate::contract::params::ParamValue>::read($field, $cx) {
            $crate::contract::params::Given::Valid(value) => value,
            $crate::contract::params::Given::Absent | $crate::contract::params::Given::Malformed => {
                return Err($crate::param_wrong_type!($wire));
            }
        }
    };
    ($need:ident $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, lenient) => {
        <<$ty as $crate::contract::params::OptionalField>::Value as $crate::contract::params::ParamValue>::read($field, $cx).valid()
    };
    ($need:ident $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, given) => {
        <<$ty as $crate::contract::params::OptionalField>::Value as $crate::contract::params::ParamValue>::read($field, $cx)
    };
    ($need:ident $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, limit($default:expr, $most:expr)) => {
        match $crate::contract::params::limit($field, $cx, $default, $most) {
            Some(limit) => limit,
            None => return Err($crate::param_wrong_type!($wire)),
        }
    };
    ($need:ident $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, yes_no($value:expr)) => {
        $crate::param_value!($need $ty, $cx $error, $wire $field, default($value))
    };
    ($need:ident $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, default($value:expr)) => {
        match $crate::contract::params::typed::<$ty>($field, $cx) {
            $crate::contract::params::Given::Valid(value) => value,
            $crate::contract::params::Given::Absent => $value,
            $crate::contract::params::Given::Malformed => return Err($crate::param_wrong_type!($wire)),
        }
    };
    ($need:ident $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, default($value:expr) lenient) => {
        match <$ty as $crate::contract::params::ParamValue>::read($field, $cx) {
            $crate::contract::params::Given::Valid(value) => value,
            $crate::contract::params::Given::Absent | $crate::contract::params::Given::Malformed => $value,
        }
    };
    ($need:ident $ty:ty, $cx:ident $error:ty, $wire:literal $field:ident, default($value:expr) or($wrong:ident)) => {
        match <$ty as $crate::contract::params::ParamValue>::read($field, $cx) {
            $crate::contract::params::Given::Valid(value) => value,
            $crate::contract::params::Given::Absent => $value,
            $crate::contract::params::Given::Malformed => return Err($crate::contract::params::Wrong::Own(<$error>::$wrong)),
        }
    };
}

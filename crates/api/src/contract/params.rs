//! Parameters, declared once.
//!
//! [`params!`](crate::params) turns one declaration into three things that cannot drift apart: the struct that a method gets, the
//! code that reads it from a request, with the method's own errors, and the description in OpenAPI and `docs/api`.
//!
//! A field's type says how a value is read and described ([`ParamValue`]); `required` or `optional` and the rule at the end say how a
//! missing or unreadable value is handled. Clients differ in how they write the same value, so its JSON type never decides (see
//! [`crate::wire`]).

use jiff::tz::TimeZone;
use readmark_app::Refused;
use readmark_model::{
    ChatId, DialogId, FileId, MessageId, NotificationId, Timestamp, UserId, color::Color,
};

use super::error::{ErrorSpec, NoError};
use crate::wire::{DateField, Field, IntField, Members, Params};

/// The type of a parameter, as documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamType {
    /// Text.
    String,
    /// Whole number.
    Integer,
    /// `true`, `Y`, `1`…
    Boolean,
    /// A list of anything.
    Array,
    /// A list of values of one type.
    ArrayOf(&'static Self),
    /// A map with any members.
    Object,
    /// A map with these members.
    Members(&'static [ParamSpec]),
    /// A time, ISO 8601.
    DateTime,
}

/// One parameter, or one member of a parameter that is a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParamSpec {
    /// As documented; lookup ignores case and underscores.
    pub name: &'static str,
    /// Other names that clients send. The documented one goes first when several are given.
    pub aliases: &'static [&'static str],
    /// Type.
    pub kind: ParamType,
    /// Whether leaving it out is an error.
    pub required: bool,
    /// What it is.
    pub doc: &'static str,
}

impl ParamSpec {
    /// A parameter that must be given.
    #[must_use]
    pub const fn required(name: &'static str, kind: ParamType, doc: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            kind,
            required: true,
            doc,
        }
    }

    /// A parameter that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kind: ParamType, doc: &'static str) -> Self {
        Self {
            required: false,
            ..Self::required(name, kind, doc)
        }
    }

    /// The same with aliases.
    #[must_use]
    pub const fn with_aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

/// What reading a value may depend on besides the value.
#[derive(Clone, Copy, Debug)]
pub struct ReadCx<'a> {
    /// The portal's zone, for times without an offset.
    pub time_zone: &'a TimeZone,
}

#[cfg(test)]
impl ReadCx<'static> {
    /// Context of a portal in UTC.
    pub(crate) const fn utc() -> Self {
        static UTC: TimeZone = TimeZone::UTC;
        Self { time_zone: &UTC }
    }
}

/// Source of parameters.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// The parameters of a call.
    Call(&'a Params),
    /// The members of a map among them.
    Members(Members<'a>),
}

impl<'a> Source<'a> {
    /// The value of this name; absent if there is none.
    #[must_use]
    pub fn get(self, name: &str) -> Field<'a> {
        match self {
            Self::Call(params) => params.get(name),
            Self::Members(members) => members.named(name),
        }
    }

    /// The value of a parameter under its documented name, else under the first alias that is given. Null and an empty text are not
    /// given.
    #[must_use]
    pub fn find(self, name: &str, aliases: &[&str]) -> Field<'a> {
        let field = self.get(name);
        if aliases.is_empty() || !field.is_absent() {
            return field;
        }
        let mut others = aliases.iter().map(|alias| self.get(alias));
        others.find(|other| !other.is_absent()).unwrap_or(field)
    }

    /// All values, in order, under their names as given.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, Field<'a>)> {
        let (params, members) = match self {
            Self::Call(params) => (Some(params), None),
            Self::Members(members) => (None, Some(members)),
        };
        let of_call = params.into_iter().flat_map(Params::iter);
        of_call.chain(members.into_iter().flat_map(Members::iter))
    }
}

/// A group of parameters read as one: those of a method, or the members of a map. Declared by [`params!`](crate::params).
pub trait Parameters: Sized + Send + Sync + 'static {
    /// The error for unreadable parameters.
    type Error;

    /// Their descriptions.
    const SPEC: &'static [ParamSpec];

    /// The same in groups, to join several declarations without knowing how many parameters each has.
    const GROUPS: &'static [&'static [ParamSpec]] = &[Self::SPEC];

    /// Reads them. Pure: everything that needs the store or the caller belongs in the method.
    ///
    /// # Errors
    /// [`Wrong`].
    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<Self::Error>>;
}

/// What is wrong with parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong<E> {
    /// A documented error of the method.
    Own(E),
    /// A value is not of the type of its parameter, and the method has no error for that: the system error `INVALID_ARG_VALUE`, with
    /// the name of the parameter.
    Type(&'static ErrorSpec),
}

impl<E> Wrong<E> {
    /// The same with another type of the method's errors.
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Wrong<F> {
        match self {
            Self::Own(error) => Wrong::Own(f(error)),
            Self::Type(error) => Wrong::Type(error),
        }
    }
}

impl Wrong<NoError> {
    /// The same among the errors of a method.
    #[must_use]
    pub fn of_any<E>(self) -> Wrong<E> {
        self.map(|never| match never {})
    }
}

/// A value as found in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given<T> {
    /// Missing, null or an empty text.
    Absent,
    /// Readable.
    Valid(T),
    /// Anything else.
    Malformed,
}

impl<T> Given<T> {
    /// The value, if readable.
    pub fn valid(self) -> Option<T> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Absent | Self::Malformed => None,
        }
    }

    /// Maps a readable value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Given<U> {
        match self {
            Self::Absent => Given::Absent,
            Self::Valid(value) => Given::Valid(f(value)),
            Self::Malformed => Given::Malformed,
        }
    }
}

/// A parameter type: its description, and how it is read.
pub trait ParamValue: Sized {
    /// As documented.
    const TYPE: ParamType;

    /// Reads a value.
    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self>;
}

/// An optional field of a declaration; names the type within its `Option`.
pub trait OptionalField {
    /// The type within.
    type Value: ParamValue;
}

impl<T: ParamValue> OptionalField for Option<T> {
    type Value = T;
}

impl<T: ParamValue> OptionalField for Given<T> {
    type Value = T;
}

/// A parameter that is described but has no effect. Its field begins with an underscore, as nothing reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ignored;

/// A dialog id, as given and as parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogParam {
    /// As given: answers echo it.
    pub text: String,
    /// The parsed id.
    pub id: DialogId,
}

impl ParamValue for DialogParam {
    const TYPE: ParamType = ParamType::String;

    /// The number 7 is the text "7"; a boolean is invalid.
    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        if field.is_absent() {
            return Given::Absent;
        }
        if field.raw().is_some_and(serde_json::Value::is_boolean) {
            return Given::Malformed;
        }
        let parsed = field.as_text().and_then(|text| {
            let id = DialogId::parse(&text)?;
            Some(Self {
                text: text.into_owned(),
                id,
            })
        });
        parsed.map_or(Given::Malformed, Given::Valid)
    }
}

impl ParamValue for DialogId {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
        DialogParam::read(field, cx).map(|dialog| dialog.id)
    }
}

/// Any whole number.
impl ParamValue for i64 {
    const TYPE: ParamType = ParamType::Integer;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        match field.as_int() {
            IntField::Absent => Given::Absent,
            IntField::Valid(number) => Given::Valid(number),
            IntField::Malformed => Given::Malformed,
        }
    }
}

/// A positive whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Positive(pub i64);

impl ParamValue for Positive {
    const TYPE: ParamType = ParamType::Integer;

    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
        match i64::read(field, cx) {
            Given::Valid(number) if number > 0 => Given::Valid(Self(number)),
            Given::Absent => Given::Absent,
            Given::Valid(_) | Given::Malformed => Given::Malformed,
        }
    }
}

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl ParamValue for $id {
            const TYPE: ParamType = ParamType::Integer;

            fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
                Positive::read(field, cx).map(|id| Self(id.0))
            }
        }
    )+};
}

ids!(ChatId, FileId, MessageId, NotificationId, UserId);

/// `Y` or `N` and every other spelling of a boolean.
impl ParamValue for bool {
    const TYPE: ParamType = ParamType::Boolean;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        if field.is_absent() {
            return Given::Absent;
        }
        field.as_bool().map_or(Given::Malformed, Given::Valid)
    }
}

/// A text, as PHP prints scalars; lists and maps are malformed.
impl ParamValue for String {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        if field.is_absent() {
            return Given::Absent;
        }
        let text = field.as_text();
        text.map_or(Given::Malformed, |text| Given::Valid(text.into_owned()))
    }
}

/// A time, in the portal's zone unless it has an offset.
impl ParamValue for Timestamp {
    const TYPE: ParamType = ParamType::DateTime;

    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
        match field.as_date(cx.time_zone) {
            DateField::Absent => Given::Absent,
            DateField::Valid(at) => Given::Valid(at),
            DateField::Malformed => Given::Malformed,
        }
    }
}

/// User ids, as [`Field::as_id_list`] finds them; anything but a positive whole number is left out. Where nothing is left it is no list of
/// users. An empty list is absent.
impl ParamValue for Vec<UserId> {
    const TYPE: ParamType = ParamType::ArrayOf(&ParamType::Integer);

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        let Some(list) = field.as_id_list() else {
            return Given::Absent;
        };
        let given = list.malformed > 0 || !list.ids.is_empty();
        let ids: Self = list
            .ids
            .into_iter()
            .filter(|id| *id > 0)
            .map(UserId)
            .collect();
        match (given, ids.is_empty()) {
            (_, false) => Given::Valid(ids),
            (true, true) => Given::Malformed,
            (false, true) => Given::Absent,
        }
    }
}

/// The name of one of the sixteen colours.
impl ParamValue for Color {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
        match String::read(field, cx) {
            Given::Valid(name) => Self::from_name(&name).map_or(Given::Malformed, Given::Valid),
            Given::Absent => Given::Absent,
            Given::Malformed => Given::Malformed,
        }
    }
}

/// Reads a value whose type counts: a whole number that is none of the type's ids counts as missing, as clients send 0 for none.
#[must_use]
pub fn typed<T: ParamValue>(field: Field<'_>, cx: &ReadCx<'_>) -> Given<T> {
    match T::read(field, cx) {
        Given::Malformed
            if T::TYPE == ParamType::Integer && matches!(field.as_int(), IntField::Valid(_)) =>
        {
            Given::Absent
        }
        read => read,
    }
}

/// The number of entries wanted: `default` when missing or below 1, at most `most`; `None` if it is no whole number.
#[must_use]
pub fn limit(field: Field<'_>, cx: &ReadCx<'_>, default: i64, most: i64) -> Option<i64> {
    let wanted = match typed::<Positive>(field, cx) {
        Given::Valid(Positive(number)) => number,
        Given::Absent => default,
        Given::Malformed => return None,
    };
    Some(wanted.min(most))
}

/// Methods without parameters.
impl Parameters for () {
    type Error = NoError;

    const SPEC: &'static [ParamSpec] = &[];

    fn read(_: Source<'_>, _: &ReadCx<'_>) -> Result<Self, Wrong<NoError>> {
        Ok(())
    }
}

/// Parameters whose errors are answered later than those of others: for example, only after the bot was found to be the caller's, as
/// nobody is told anything about a bot that is not theirs. A wrong type is told at once.
#[derive(Clone, Debug)]
pub struct Deferred<P: Parameters>(pub Result<P, P::Error>);

impl<P> Parameters for Deferred<P>
where
    P: Parameters,
    P::Error: Send + Sync + 'static,
{
    type Error = NoError;

    const SPEC: &'static [ParamSpec] = P::SPEC;
    const GROUPS: &'static [&'static [ParamSpec]] = P::GROUPS;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<NoError>> {
        match P::read(source, cx) {
            Ok(params) => Ok(Self(Ok(params))),
            Err(Wrong::Own(error)) => Ok(Self(Err(error))),
            Err(Wrong::Type(error)) => Err(Wrong::Type(error)),
        }
    }
}

impl<P> Deferred<P>
where
    P: Parameters,
    P::Error: Copy,
{
    /// The parameters, once their errors may be answered.
    ///
    /// # Errors
    /// The first error in them.
    pub fn get<E: From<P::Error>>(&self) -> Result<&P, Refused<E>> {
        self.0
            .as_ref()
            .map_err(|error| Refused::Because(E::from(*error)))
    }
}

/// The number of parameters in all groups.
#[doc(hidden)]
#[must_use]
pub const fn count(groups: &[&[ParamSpec]]) -> usize {
    let (mut total, mut group) = (0, 0);
    while group < groups.len() {
        total += groups[group].len();
        group += 1;
    }
    total
}

/// The parameters of all groups; `N` is their [`count`].
#[doc(hidden)]
#[must_use]
pub const fn join<const N: usize>(groups: &[&[ParamSpec]]) -> [ParamSpec; N] {
    let mut all = [ParamSpec::optional("", ParamType::String, ""); N];
    let (mut filled, mut group) = (0, 0);
    while group < groups.len() {
        let mut place = 0;
        while place < groups[group].len() {
            all[filled] = groups[group][place];
            filled += 1;
            place += 1;
        }
        group += 1;
    }
    all
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;

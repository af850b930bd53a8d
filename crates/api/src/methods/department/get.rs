//! `department.get`: a page of departments.

use std::cmp::Ordering;

use readmark_app::departments;
use readmark_model::{Scope, UserId, department::Department};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, Reply},
        params::{Given, ParamSpec, ParamType, ParamValue, Parameters, ReadCx, Source, Wrong},
    },
    methods::shared::page::Start,
    params,
    wire::{Field, JsonOrText},
};

/// `department.get`.
pub struct DepartmentGet;

params! {
    /// Parameters of `department.get`.
    #[derive(Debug)]
    pub struct GetParams: NoError {
        /// The field to sort by, `ID` when left out; a number is a condition on the field `SORT`.
        optional sort: Option<Key> = "sort", by(sort_field), kind(ParamType::String);
        /// `ASC` or `DESC`; or a map from a field to one of these.
        optional order: Order = "order", by(order), kind(ParamType::String);
        group conditions: Conditions;
        /// Conditions: a map from an operator with a field to a value or a list of values.
        optional filter: Filter = "filter", default(Filter::default());
        /// How many departments to skip; -1 answers no total.
        optional start: Start = "START", default(Start::At(0));
    }
}

/// Page size.
const PAGE: usize = 50;

/// A field to sort or filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// `ID`
    Id,
    /// `NAME`
    Name,
    /// `SORT`
    Sort,
    /// `PARENT`
    Parent,
    /// `UF_HEAD`
    Head,
}

impl Key {
    fn parse(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_uppercase().as_str() {
            "ID" => Self::Id,
            "NAME" => Self::Name,
            "SORT" => Self::Sort,
            "PARENT" => Self::Parent,
            "UF_HEAD" => Self::Head,
            _ => return None,
        })
    }

    /// An empty field is 0; a name has no number.
    fn number(self, department: &Department) -> i64 {
        match self {
            Self::Id => department.id,
            Self::Name => 0,
            Self::Sort => department.sort,
            Self::Parent => department.parent.unwrap_or(0),
            Self::Head => department.head.map_or(0, UserId::get),
        }
    }

    fn compare(self, left: &Department, right: &Department) -> Ordering {
        let by_field = match self {
            Self::Name => left.name.to_lowercase().cmp(&right.name.to_lowercase()),
            _ => self.number(left).cmp(&self.number(right)),
        };
        by_field.then(left.id.cmp(&right.id))
    }
}

/// A condition: the field, the wanted results of comparing it with a value, and whether it is negated.
#[derive(Debug)]
pub struct Condition {
    key: Key,
    wanted: &'static [Ordering],
    negated: bool,
    values: Vec<String>,
}

/// Operators before a field name; longer ones first.
const OPERATORS: [(&str, &[Ordering], bool); 8] = [
    (">=", &[Ordering::Greater, Ordering::Equal], false),
    ("<=", &[Ordering::Less, Ordering::Equal], false),
    ("!=", &[Ordering::Equal], true),
    (">", &[Ordering::Greater], false),
    ("<", &[Ordering::Less], false),
    ("=", &[Ordering::Equal], false),
    ("@", &[Ordering::Equal], false),
    ("!", &[Ordering::Equal], true),
];

impl Condition {
    /// Null values and unknown fields are ignored.
    fn parse(name: &str, value: Field<'_>) -> Option<Self> {
        let name = name.trim();
        let found = OPERATORS
            .iter()
            .find_map(|(sign, wanted, not)| Some((name.strip_prefix(sign)?, *wanted, *not)));
        let (name, wanted, negated) = found.unwrap_or((name, &[Ordering::Equal], false));
        let key = Key::parse(name)?;
        let values = match value.as_text() {
            Some(text) => vec![text.trim().to_lowercase()],
            None => {
                let texts = value.as_list()?.into_iter();
                texts
                    .filter_map(|item| Some(item.as_text()?.trim().to_lowercase()))
                    .collect()
            }
        };
        Some(Self {
            key,
            wanted,
            negated,
            values,
        })
    }

    fn is_met(&self, department: &Department) -> bool {
        let met = self.values.iter().any(|value| {
            let order = match self.key {
                Key::Name => Some(department.name.to_lowercase().as_str().cmp(value)),
                // A text that is not a number compares with none.
                key => value
                    .parse()
                    .ok()
                    .map(|value: i64| key.number(department).cmp(&value)),
            };
            order.is_some_and(|order| self.wanted.contains(&order))
        });
        met != self.negated
    }
}

/// `order`: the direction, and the field if it names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    key: Option<Key>,
    descending: bool,
}

fn order(field: Field<'_>, _: &ReadCx<'_>) -> Result<Order, NoError> {
    let by_field = field.as_map().unwrap_or_default();
    let mut members = by_field.iter();
    let named = members.find_map(|(name, direction)| Some((Key::parse(name)?, direction)));
    let (key, direction) = named.map_or((None, field), |(key, direction)| (Some(key), direction));
    let direction = direction.as_text().unwrap_or_default();
    Ok(Order {
        key,
        descending: direction.trim().eq_ignore_ascii_case("DESC"),
    })
}

fn sort_field(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Key>, NoError> {
    Ok(field.as_text().and_then(|text| Key::parse(&text)))
}

/// The conditions in a map.
#[derive(Debug, Default)]
pub struct Filter(Vec<Condition>);

impl ParamValue for Filter {
    const TYPE: ParamType = ParamType::Object;

    /// Unknown operators and fields are ignored. What is neither a map nor a list is refused, as it would find all departments.
    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        let filter = match field.as_json_or_text() {
            JsonOrText::Absent => return Given::Absent,
            JsonOrText::Text(_) => return Given::Malformed,
            JsonOrText::Json(filter) => filter,
        };
        let members = Field::from(&*filter).as_map().unwrap_or_default();
        let conditions = members
            .iter()
            .filter_map(|(name, value)| Condition::parse(name, value));
        Given::Valid(Self(conditions.collect()))
    }
}

/// Conditions given outside of `filter`, with or without an operator.
#[derive(Debug)]
pub struct Conditions(Vec<Condition>);

impl Parameters for Conditions {
    type Error = NoError;

    const SPEC: &'static [ParamSpec] = &[
        ParamSpec::optional("ID", ParamType::Integer, "Only this department."),
        ParamSpec::optional("NAME", ParamType::String, "Only departments of this name."),
        ParamSpec::optional(
            "PARENT",
            ParamType::Integer,
            "Only departments directly below this one.",
        ),
        ParamSpec::optional(
            "UF_HEAD",
            ParamType::Integer,
            "Only departments with this head.",
        ),
    ];

    /// `sort` and a condition on `SORT` differ only in letter case, so they are told apart by value: a field name to sort by, or
    /// anything else as a condition.
    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<NoError>> {
        let sorts = |name: &str, value| {
            let Ok(key) = sort_field(value, cx);
            name.eq_ignore_ascii_case("sort") && key.is_some()
        };
        let given = source.iter().filter(|(name, value)| !sorts(name, *value));
        let conditions = given.filter_map(|(name, value)| Condition::parse(name, value));
        Ok(Self(conditions.collect()))
    }
}

/// A department; the root has no parent, and not every department has a head.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct Row {
    id: String,
    name: String,
    sort: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uf_head: Option<String>,
}

impl From<&Department> for Row {
    fn from(department: &Department) -> Self {
        Self {
            id: department.id.to_string(),
            name: department.name.clone(),
            sort: department.sort,
            parent: department.parent.map(|id| id.to_string()),
            uf_head: department.head.map(|id| id.to_string()),
        }
    }
}

impl Method for DepartmentGet {
    const NAME: &'static str = "department.get";
    const SCOPES: &'static [Scope] = &[Scope::Department];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists departments, 50 a page.";
    type Params = GetParams;
    type Output = Vec<Row>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let mut found = departments::visible(&mut cx.app)?;
        let conditions = || params.conditions.0.iter().chain(&params.filter.0);
        found.retain(|department| conditions().all(|one| one.is_met(department)));
        let key = params.order.key.or(params.sort).unwrap_or(Key::Id);
        found.sort_by(|left, right| key.compare(left, right));
        if params.order.descending {
            found.reverse();
        }
        let (start, counted) = match params.start {
            Start::At(start) => (start, true),
            Start::Uncounted => (0, false),
        };
        let end = start.saturating_add(PAGE);
        let number = |count: usize| i64::try_from(count).ok();
        Ok(Reply {
            result: found.iter().skip(start).take(PAGE).map(Row::from).collect(),
            total: number(found.len()).filter(|_| counted),
            next: number(end).filter(|_| counted && end < found.len()),
        })
    }
}

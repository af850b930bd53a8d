//! `department.get`: a page of departments.

use std::cmp::Ordering;

use readmark_app::departments;
use readmark_model::{Scope, UserId};
use readmark_store::repo::department::Department;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType, Reply},
    wire::{Field, IntField, JsonOrText, Params},
};

/// See the module.
pub struct DepartmentGet;

/// How many departments a page has.
const PAGE: usize = 50;

/// A field to sort or filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Id,
    Name,
    Sort,
    Parent,
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

/// A condition: the field, how it compares with one of the values, and whether it must not.
#[derive(Debug)]
struct Condition {
    key: Key,
    wanted: &'static [Ordering],
    negated: bool,
    values: Vec<String>,
}

/// Operators before the name of a field; longer ones first.
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
    /// Null and unknown fields ask for nothing.
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
                // A text that is no number compares with no number.
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

/// Parameters.
#[derive(Debug)]
pub struct GetParams {
    sort: Key,
    descending: bool,
    conditions: Vec<Condition>,
    /// Where the page begins; `None` when nothing is to be counted.
    start: Option<usize>,
}

impl GetParams {
    /// `sort` and the filter `SORT` are told apart by their values, as letter case tells nothing: the name of a field is one
    /// to sort by, whatever its case, and anything else is a filter.
    fn read(params: &Params) -> Self {
        let (mut sort, mut conditions) = (Key::Id, Vec::new());
        let filter = params.get("filter").as_json_or_text();
        for (name, value) in params.iter() {
            let named = value.as_text().and_then(|text| Key::parse(&text));
            match named.filter(|_| name.eq_ignore_ascii_case("sort")) {
                Some(key) => sort = key,
                None => conditions.extend(Condition::parse(name, value)),
            }
        }
        if let JsonOrText::Json(filter) = filter
            && let Some(members) = Field::from(&*filter).as_map()
        {
            let given = members.iter();
            conditions.extend(given.filter_map(|(name, value)| Condition::parse(name, value)));
        }
        let order = params.get("order");
        let mut direction = order.as_text().unwrap_or_default().into_owned();
        let by_field = order.as_map().unwrap_or_default();
        let mut keys = by_field.iter();
        if let Some((key, value)) = keys.find_map(|(name, value)| Some((Key::parse(name)?, value)))
        {
            sort = key;
            direction = value.as_text().unwrap_or_default().into_owned();
        }
        Self {
            sort,
            descending: direction.trim().eq_ignore_ascii_case("DESC"),
            conditions,
            start: match params.get("start").as_int() {
                IntField::Valid(-1) => None,
                IntField::Valid(start) => Some(usize::try_from(start).unwrap_or(0)),
                IntField::Absent | IntField::Malformed => Some(0),
            },
        }
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "sort",
            ParamType::String,
            "The field to sort by, `ID` when left out; a number is a condition on the field `SORT`.",
        ),
        ParamSpec::optional(
            "order",
            ParamType::String,
            "`ASC` or `DESC`; or a map from a field to one of these.",
        ),
        ParamSpec::optional("ID", ParamType::Integer, "Only this department."),
        ParamSpec::optional("NAME", ParamType::String, "Only departments of this name."),
        ParamSpec::optional(
            "PARENT",
            ParamType::Integer,
            "Only departments right below this one.",
        ),
        ParamSpec::optional(
            "UF_HEAD",
            ParamType::Integer,
            "Only departments with this head.",
        ),
        ParamSpec::optional(
            "filter",
            ParamType::Object,
            "Conditions: a map from an operator with a field to a value or a list of values.",
        ),
        ParamSpec::optional(
            "START",
            ParamType::Integer,
            "How many departments to skip; -1 answers no total.",
        ),
    ]];
    type Params = GetParams;
    type Output = Vec<Row>;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<GetParams, NoError> {
        Ok(GetParams::read(params))
    }

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let mut found = departments::visible(&mut cx.app)?;
        found.retain(|department| params.conditions.iter().all(|one| one.is_met(department)));
        found.sort_by(|left, right| params.sort.compare(left, right));
        if params.descending {
            found.reverse();
        }
        let start = params.start.unwrap_or(0);
        let end = start.saturating_add(PAGE);
        let number = |count: usize| i64::try_from(count).ok();
        let counted = params.start.is_some();
        Ok(Reply {
            result: found.iter().skip(start).take(PAGE).map(Row::from).collect(),
            total: number(found.len()).filter(|_| counted),
            next: number(end).filter(|_| counted && end < found.len()),
        })
    }
}

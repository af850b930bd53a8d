//! A page of people: `user.get` and `user.search`.

use readmark_app::{
    Fault, departments,
    users::look::{self, Viewer},
};
use readmark_store::repo::user::User;

use super::{
    card::Card,
    field::Level,
    filter::{Filter, Given, Mode},
    order::{GivenOrder, Order},
    select::{GivenSelect, Row, Select},
};
use crate::{
    contract::method::{MethodCx, ParamSpec, ParamType, Reply},
    wire::{Field, IntField, JsonOrText, Params},
};

/// How many people a page has.
pub const PAGE: usize = 50;

/// Parameters of a list of people.
pub const PARAMS: &[ParamSpec] = &[
    ParamSpec::optional(
        "sort",
        ParamType::String,
        "The field to sort by; `ID` when left out.",
    ),
    ParamSpec::optional(
        "order",
        ParamType::String,
        "`ASC` or `DESC`; or a map from fields to these.",
    ),
    ParamSpec::optional(
        "FILTER",
        ParamType::Object,
        "Conditions: a map from an operator with a field to a value or a list of values. Fields may stand beside it, too.",
    ),
    ParamSpec::optional(
        "ADMIN_MODE",
        ParamType::Boolean,
        "Lets an administrator see anybody.",
    ),
    ParamSpec::optional(
        "select",
        ParamType::Array,
        "Names of the fields to answer, `*` or `UF_*`.",
    ),
    ParamSpec::optional(
        "IMAGE_RESIZE",
        ParamType::String,
        "The size of photos: `small`, `medium` or `large`.",
    ),
    ParamSpec::optional(
        "start",
        ParamType::Integer,
        "How many people to skip; -1 answers no total.",
    ),
];

/// Parameters of a list, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListParams {
    given: Vec<Given>,
    order: GivenOrder,
    select: GivenSelect,
    admin_mode: bool,
    start: Start,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// From this place on, with the total.
    At(usize),
    /// From the beginning, and nothing is counted.
    Uncounted,
}

impl ListParams {
    /// Reads them; whatever cannot be read is passed over.
    #[must_use]
    pub fn parse(params: &Params) -> Self {
        let is_known = |name: &str| {
            PARAMS
                .iter()
                .any(|spec| spec.name.eq_ignore_ascii_case(name))
        };
        let beside = params.iter().filter(|(name, _)| !is_known(name));
        let mut given: Vec<Given> = beside
            .filter_map(|(name, value)| Given::new(name, value))
            .collect();
        if let JsonOrText::Json(filter) = params.get("FILTER").as_json_or_text()
            && let Some(members) = Field::from(&*filter).as_map()
        {
            given.extend(
                members
                    .iter()
                    .filter_map(|(key, value)| Given::new(key, value)),
            );
        }
        let start = match params.get("start").as_int() {
            IntField::Valid(-1) => Start::Uncounted,
            IntField::Valid(start) => Start::At(usize::try_from(start).unwrap_or(0)),
            IntField::Absent | IntField::Malformed => Start::At(0),
        };
        Self {
            given,
            order: GivenOrder::parse(params),
            select: GivenSelect::parse(params),
            admin_mode: params.get("ADMIN_MODE").as_bool().unwrap_or(false),
            start,
        }
    }
}

/// Answers a page.
///
/// # Errors
/// When the store fails.
pub fn list(
    cx: &mut MethodCx<'_>,
    params: &ListParams,
    mode: Mode,
) -> Result<Reply<Vec<Row>>, Fault> {
    let level = Level::of(cx.app.caller.scopes);
    let mut filter = Filter::new(&params.given, mode, level, &cx.portal.time_zone);
    if filter.asks_for_departments() {
        let departments = departments::visible(&mut cx.app)?;
        filter.know_departments(departments.iter().map(|one| (one.id, one.name.as_str())));
    }
    let order = Order::new(&params.order, level);
    let select = Select::new(&params.select, level);
    let viewer = if params.admin_mode && cx.app.caller.admin {
        Viewer::Administrator
    } else {
        Viewer::Acting
    };
    let ids = filter.ids();
    let (portal, now) = (cx.portal, cx.app.now);
    if let (Start::Uncounted, Some(direction)) = (params.start, order.by_id()) {
        let wanted = |user: &User| filter.is_met(&Card::new(user, &portal.presence, now));
        let page = look::first_people(&mut cx.app, viewer, &ids, direction, PAGE, &wanted)?;
        let rows = page
            .iter()
            .map(|user| select.row(&Card::new(user, &portal.presence, now), portal));
        return Ok(rows.collect::<Vec<_>>().into());
    }
    let people = look::people(&mut cx.app, viewer, &ids)?;
    let cards = people
        .iter()
        .map(|user| Card::new(user, &portal.presence, now));
    let found = order.apply(cards.filter(|card| filter.is_met(card)).collect());
    let (skipped, counted) = match params.start {
        Start::At(start) => (start, true),
        Start::Uncounted => (0, false),
    };
    let page = found.iter().skip(skipped).take(PAGE);
    let end = skipped.saturating_add(PAGE);
    let number = |count: usize| i64::try_from(count).ok();
    Ok(Reply {
        result: page.map(|card| select.row(card, cx.portal)).collect(),
        total: number(found.len()).filter(|_| counted),
        next: number(end).filter(|_| counted && end < found.len()),
    })
}

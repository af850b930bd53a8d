//! A page of people: `user.get` and `user.search`.

use readmark_app::{
    Interrupt, departments,
    users::look::{self, Viewer},
};
use readmark_model::user::User;

use super::{
    card::Card,
    field::Level,
    filter::{Filter, Given, Mode},
    order::{GivenOrder, Order},
    select::{GivenSelect, Row, Select},
};
use crate::{
    contract::{
        method::{MethodCx, NoError, Reply},
        params::{self, ParamSpec, ParamType, ParamValue, Parameters, ReadCx, Source, Wrong},
    },
    methods::shared::page::Start,
    params,
    wire::{Field, JsonOrText},
};

/// Page size.
pub const PAGE: usize = 50;

params! {
    /// Parameters of a list of people. Fields and operators that there are not are ignored.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ListParams: NoError {
        group order: GivenOrder;
        /// Conditions: a map from an operator with a field to a value or a list of values. Fields may stand beside it, too.
        optional filter: Conditions = "FILTER", default(Conditions::default());
        /// Lets an administrator see anybody.
        optional admin_mode: bool = "ADMIN_MODE", default(false);
        group select: GivenSelect;
        /// How many people to skip; -1 answers no total.
        optional start: Start = "start", default(Start::At(0));
        group beside: Beside;
    }
}

/// The conditions in a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions(Vec<Given>);

impl ParamValue for Conditions {
    const TYPE: ParamType = ParamType::Object;

    /// Unknown operators and fields are ignored. What is neither a map nor a list is refused, as it would find everybody.
    fn read(field: Field<'_>, _: &ReadCx<'_>) -> params::Given<Self> {
        let filter = match field.as_json_or_text() {
            JsonOrText::Absent => return params::Given::Absent,
            JsonOrText::Text(_) => return params::Given::Malformed,
            JsonOrText::Json(filter) => filter,
        };
        let members = Field::from(&*filter).as_map().unwrap_or_default();
        let conditions = members
            .iter()
            .filter_map(|(key, value)| Given::new(key, value));
        params::Given::Valid(Self(conditions.collect()))
    }
}

/// Conditions outside of `FILTER`, under any name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside(Vec<Given>);

impl Parameters for Beside {
    type Error = NoError;

    const SPEC: &'static [ParamSpec] = &[];

    fn read(source: Source<'_>, _: &ReadCx<'_>) -> Result<Self, Wrong<NoError>> {
        let is_known = |name: &str| {
            let mut known = ListParams::SPEC.iter();
            known.any(|spec| spec.name.eq_ignore_ascii_case(name))
        };
        let beside = source.iter().filter(|(name, _)| !is_known(name));
        let conditions = beside.filter_map(|(name, value)| Given::new(name, value));
        Ok(Self(conditions.collect()))
    }
}

/// Lists a page.
///
/// # Errors
/// If the store fails.
pub fn list(
    cx: &mut MethodCx<'_>,
    params: &ListParams,
    mode: Mode,
) -> Result<Reply<Vec<Row>>, Interrupt> {
    let level = Level::of(cx.app.caller.scopes);
    let given = params.beside.0.iter().chain(&params.filter.0);
    let mut filter = Filter::new(given, mode, level, &cx.portal.time_zone);
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

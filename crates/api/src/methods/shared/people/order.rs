//! The order of people in lists.
//!
//! Clients write it in several ways: `sort=NAME&order=DESC` as documented, `order={"NAME":"DESC"}` as with other lists,
//! `sort={"NAME":"DESC"}`, and both at once.

use readmark_app::users::look::Direction;

use super::{
    card::Card,
    field::{self, Field, Level},
    value::Value,
};
use crate::{
    contract::{
        method::NoError,
        params::{ParamType, ReadCx},
    },
    params, wire,
};

/// Fields to order by, each with whether it is descending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order(Vec<(&'static Field, bool)>);

impl Order {
    /// The given order for a caller of this level: by id if it has no field visible to the caller.
    #[must_use]
    pub fn new(given: &GivenOrder, level: Level) -> Self {
        let known = given.fields().into_iter().filter_map(|(name, descending)| {
            let field = field::find(&name).filter(|field| field.level <= level)?;
            Some((field, descending))
        });
        Self(known.collect())
    }

    /// The direction, if ordered by id.
    #[must_use]
    pub fn by_id(&self) -> Option<Direction> {
        match self.0.first() {
            None => Some(Direction::Ascending),
            Some((field, _)) if field.name != "ID" => None,
            Some((_, false)) => Some(Direction::Ascending),
            Some((_, true)) => Some(Direction::Descending),
        }
    }

    /// Orders people, who are given in the order of ids. The sort is stable.
    pub fn apply<'a>(&self, cards: Vec<Card<'a>>) -> Vec<Card<'a>> {
        if self.by_id() == Some(Direction::Ascending) {
            return cards;
        }
        let mut keyed: Vec<(Vec<Value>, Card<'a>)> = cards
            .into_iter()
            .map(|card| {
                (
                    self.0.iter().map(|(field, _)| card.value(field)).collect(),
                    card,
                )
            })
            .collect();
        keyed.sort_by(|(one, _), (other, _)| {
            let pairs = one.iter().zip(other).zip(&self.0);
            let orders = pairs.map(|((one, other), (_, descending))| {
                let order = one.cmp(other);
                if *descending { order.reverse() } else { order }
            });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        keyed.into_iter().map(|(_, card)| card).collect()
    }
}

params! {
    /// The order as given.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct GivenOrder: NoError {
        /// The field to sort by; `ID` when left out.
        optional sort: Facets = "sort", by(facets), kind(ParamType::String);
        /// `ASC` or `DESC`; or a map from fields to these.
        optional order: Facets = "order", by(facets), kind(ParamType::String);
    }
}

/// Everything that one of the two parameters may contain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// A map: fields, each with whether it is descending.
    map: Option<Vec<(String, bool)>>,
    /// Field names.
    names: Vec<String>,
    /// `DESC`.
    descending: bool,
}

fn facets(field: wire::Field<'_>, _: &ReadCx<'_>) -> Result<Facets, NoError> {
    let map = field.as_map().map(|members| {
        let named = members.iter();
        named
            .map(|(name, way)| (name.to_owned(), descends(way)))
            .collect()
    });
    let names = field.as_list().unwrap_or_default();
    let names = names.into_iter().filter_map(|name| name.as_text());
    Ok(Facets {
        map,
        names: names.map(|name| name.into_owned()).collect(),
        descending: descends(field),
    })
}

impl GivenOrder {
    /// Field names, each with whether it is descending. A map in `order` overrides `sort`.
    fn fields(&self) -> Vec<(String, bool)> {
        let map = self.order.map.as_ref().or(self.sort.map.as_ref());
        if let Some(fields) = map.filter(|fields| !fields.is_empty()) {
            return fields.clone();
        }
        let descending = self.order.descending;
        let names = self.sort.names.iter();
        let named: Vec<_> = names.map(|name| (name.clone(), descending)).collect();
        // A direction alone applies to the default order.
        if named.is_empty() {
            vec![("ID".to_owned(), descending)]
        } else {
            named
        }
    }
}

fn descends(way: wire::Field<'_>) -> bool {
    way.as_text()
        .is_some_and(|way| way.trim().eq_ignore_ascii_case("DESC"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::params::{Parameters, Source},
        wire::Params,
    };
    use serde_json::{Value as Json, json};

    fn order(params: Json) -> Vec<(&'static str, bool)> {
        let Json::Object(params) = params else {
            panic!("a map is expected")
        };
        let params = Params::new(params);
        let given = GivenOrder::read(Source::Call(&params), &ReadCx::utc()).unwrap();
        let order = Order::new(&given, Level::Brief);
        order
            .0
            .iter()
            .map(|(field, descending)| (field.name, *descending))
            .collect()
    }

    #[test]
    fn every_form_of_order_is_understood() {
        let name = |descending| vec![("NAME", descending)];
        for params in [
            json!({ "sort": "NAME", "order": "DESC" }),
            json!({ "SORT": "name", "ORDER": "desc" }),
            json!({ "order": { "NAME": "DESC" } }),
            json!({ "sort": { "NAME": "DESC" } }),
            json!({ "order": { "NAME": "DESC" }, "sort": "ID" }),
            json!({ "sort": ["NAME"], "order": "DESC", "__order": "3" }),
        ] {
            assert_eq!(order(params.clone()), name(true), "{params}");
        }
        assert_eq!(order(json!({ "sort": "NAME" })), name(false));
        assert_eq!(
            order(json!({ "order": { "NAME": "ASC", "ID": "DESC" } })),
            [("NAME", false), ("ID", true)]
        );
    }

    #[test]
    fn without_a_field_to_be_seen_it_is_the_order_of_ids() {
        assert_eq!(order(json!({})), [("ID", false)]);
        assert_eq!(order(json!({ "order": "DESC" })), [("ID", true)]);
        assert_eq!(order(json!({ "sort": "NONSENSE", "order": "ASC" })), []);
        assert_eq!(order(json!({ "sort": "EMAIL" })), []);
        assert_eq!(order(json!({ "order": [] })), [("ID", false)]);
    }
}

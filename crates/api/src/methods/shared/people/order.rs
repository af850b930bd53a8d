//! In which order people are listed.
//!
//! Clients say it in every way there is: `sort=NAME&order=DESC` as documented, `order={"NAME":"DESC"}` as with other
//! lists, `sort={"NAME":"DESC"}`, and both at once.

use readmark_app::users::look::Direction;

use super::{
    card::Card,
    field::{self, Field, Level},
    value::Value,
};
use crate::wire::{self, Params};

/// Fields, each with whether it descends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order(Vec<(&'static Field, bool)>);

impl Order {
    /// As parameters say, for a caller of this level: by id where they name no field that the caller may see.
    #[must_use]
    pub fn new(given: &GivenOrder, level: Level) -> Self {
        let known = given.0.iter().filter_map(|(name, descending)| {
            let field = field::find(name).filter(|field| field.level <= level)?;
            Some((field, *descending))
        });
        Self(known.collect())
    }

    /// The direction, where it is the order of ids.
    #[must_use]
    pub fn by_id(&self) -> Option<Direction> {
        match self.0.first() {
            None => Some(Direction::Ascending),
            Some((field, _)) if field.name != "ID" => None,
            Some((_, false)) => Some(Direction::Ascending),
            Some((_, true)) => Some(Direction::Descending),
        }
    }

    /// Puts people, who come in the order of ids, into this one. Those who are equal stay in the order of ids.
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

/// Names of fields as given, each with whether it descends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenOrder(Vec<(String, bool)>);

impl GivenOrder {
    /// Reads `sort` and `order`. A map in `order` wins over `sort`.
    #[must_use]
    pub fn parse(params: &Params) -> Self {
        let (sort, order) = (params.get("sort"), params.get("order"));
        let map = [order, sort].into_iter().find_map(|field| field.as_map());
        if let Some(members) = map.filter(|members| !members.is_empty()) {
            let named = members
                .iter()
                .map(|(name, way)| (name.to_owned(), descends(way)));
            return Self(named.collect());
        }
        let descending = descends(order);
        let names = sort.as_list().unwrap_or_default();
        let named = names
            .into_iter()
            .filter_map(|name| Some((name.as_text()?.into_owned(), descending)));
        let named: Vec<_> = named.collect();
        // A direction alone is one of the default order.
        Self(if named.is_empty() {
            vec![("ID".to_owned(), descending)]
        } else {
            named
        })
    }
}

fn descends(way: wire::Field<'_>) -> bool {
    way.as_text()
        .is_some_and(|way| way.trim().eq_ignore_ascii_case("DESC"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn order(params: Json) -> Vec<(&'static str, bool)> {
        let Json::Object(params) = params else {
            panic!("a map is expected")
        };
        let order = Order::new(&GivenOrder::parse(&Params::new(params)), Level::Brief);
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

//! The fields of an answer.

use super::{
    card::Card,
    field::{self, Field, Level},
    value::WireValue,
};
use crate::{
    contract::{
        method::NoError,
        params::{ParamType, ReadCx},
    },
    params,
    portal::context::PortalContext,
    wire::{self, EmptyAsList},
};

/// A person in an answer: fields in their order.
pub type Row = EmptyAsList<&'static str, WireValue>;

params! {
    /// The fields as given.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct GivenSelect: NoError {
        /// Names of the fields to answer, `*` or `UF_*`.
        optional names: Vec<String> = "select", by(names), kind(ParamType::ArrayOf(&ParamType::String));
        /// The size of photos: `small`, `medium` or `large`.
        optional photo_size: Option<&'static str> = "IMAGE_RESIZE", by(photo_size), kind(ParamType::String);
    }
}

fn names(field: wire::Field<'_>, _: &ReadCx<'_>) -> Result<Vec<String>, NoError> {
    let items = field.as_list().unwrap_or_default();
    let texts = items.into_iter().filter_map(|item| item.as_text());
    let names = texts.flat_map(|text| {
        let names = text.split(',').map(|name| name.trim().to_owned());
        names.collect::<Vec<_>>()
    });
    Ok(names.collect())
}

fn photo_size(field: wire::Field<'_>, _: &ReadCx<'_>) -> Result<Option<&'static str>, NoError> {
    let size = field.as_text().unwrap_or_default().to_ascii_lowercase();
    let known = ["small", "medium", "large"];
    Ok(known.into_iter().find(|known| *known == size))
}

/// The selected fields of an answer.
#[derive(Debug)]
pub struct Select {
    fields: Vec<&'static Field>,
    photo_size: Option<&'static str>,
}

impl Select {
    /// The given selection, limited to what a caller of this level may see. Unknown fields are ignored.
    #[must_use]
    pub fn new(given: &GivenSelect, level: Level) -> Self {
        let wanted = |field: &&'static Field| {
            given.names.is_empty() || given.names.iter().any(|name| matches(name, field))
        };
        Self {
            fields: field::visible(level).filter(wanted).collect(),
            photo_size: given.photo_size,
        }
    }

    /// The row of a person.
    #[must_use]
    pub fn row(&self, card: &Card<'_>, portal: &PortalContext) -> Row {
        let fields = self.fields.iter();
        fields
            .map(|field| (field.name, card.wire(field, portal, self.photo_size)))
            .collect()
    }
}

/// A name, `*` for every field, or `UF_*` for those that begin with `UF_`.
fn matches(pattern: &str, field: &Field) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) => prefix.eq_ignore_ascii_case("UF_") && field.name.starts_with("UF_"),
        None => field.name.eq_ignore_ascii_case(pattern),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::params::{Parameters, Source},
        wire::Params,
    };
    use serde_json::{Value, json};

    fn selected(params: Value, level: Level) -> Vec<&'static str> {
        let Value::Object(params) = params else {
            panic!("a map is expected")
        };
        let params = Params::new(params);
        let given = GivenSelect::read(Source::Call(&params), &ReadCx::utc()).unwrap();
        let select = Select::new(&given, level);
        select.fields.iter().map(|field| field.name).collect()
    }

    #[test]
    fn fields_are_selected_by_name_and_mask() {
        let chosen = json!({ "select": ["name", "ID", "EMAIL", "NONSENSE"] });
        assert_eq!(
            selected(chosen.clone(), Level::Basic),
            ["ID", "NAME", "EMAIL"]
        );
        assert_eq!(selected(chosen, Level::Brief), ["ID", "NAME"]);
        let all = field::visible(Level::Brief).count();
        assert_eq!(
            selected(json!({ "select": ["*"] }), Level::Brief).len(),
            all
        );
        assert_eq!(selected(json!({}), Level::Brief).len(), all);
        let custom = selected(json!({ "select": ["ID", "UF_*"] }), Level::Brief);
        assert!(custom.contains(&"UF_DEPARTMENT") && !custom.contains(&"NAME"));
        assert_eq!(
            selected(json!({ "select": "ID,NAME" }), Level::Brief),
            ["ID", "NAME"]
        );
        assert_eq!(
            selected(json!({ "select": ["NONSENSE"] }), Level::Brief),
            [] as [&str; 0]
        );
    }
}

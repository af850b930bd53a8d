//! What a declaration makes of a row.

mod schema;

use super::{Columns, FromRow};
use crate::{error::StoreError, sql::sql, tx::Row};

/// A row of a query, as a driver hands it over.
struct Fake(Vec<Value>);

enum Value {
    Null,
    Int(i64),
    Text(&'static str),
}

use Value::{Int, Null, Text};

impl Row for Fake {
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Null) => Ok(None),
            Some(Int(value)) => Ok(Some(*value)),
            _ => Err(StoreError::Decode("no integer")),
        }
    }

    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.0.get(column) {
            Some(Null) => Ok(None),
            Some(Text(value)) => Ok(Some(value)),
            _ => Err(StoreError::Decode("no text")),
        }
    }

    fn opt_blob(&self, _column: usize) -> Result<Option<&[u8]>, StoreError> {
        Err(StoreError::Decode("no bytes"))
    }
}

columns! {
    /// Three columns, of which the last may be NULL.
    #[derive(Debug, PartialEq)]
    struct Part {
        id: i64 = "p.id",
        name: String = "coalesce(p.name, ',')",
        note: Option<String> = "p.note",
    }
}

#[derive(Debug, PartialEq)]
struct Whole {
    first: bool,
    sizes: Option<(i64, i64)>,
    part: Part,
    other: Option<Part>,
    labels: [String; 3],
    length: usize,
}

const TABLES: &str = "wholes w";

columns! {
    Whole from TABLES {
        first: bool = "w.first",
        sizes: Option<(i64, i64)> = "w.width, w.height",
        part: Part = Part::COLUMNS,
        other: Option<Part> = Part::COLUMNS,
        labels: [String; 3] = "w.a, w.b, w.c",
        length: String = "w.text" => |text| Ok(text.len()),
    }
}

const PART: &str = "p.id, coalesce(p.name, ','), p.note";

fn part(id: i64, name: &str, note: Option<&str>) -> Part {
    Part {
        id,
        name: name.to_owned(),
        note: note.map(str::to_owned),
    }
}

#[test]
fn the_list_has_every_column_in_the_order_of_the_fields() {
    assert_eq!(Part::COLUMNS, PART);
    assert_eq!(Part::SELECT, sql!("SELECT ", PART));
    assert_eq!(
        Whole::SELECT,
        sql!(
            "SELECT w.first, w.width, w.height, ",
            PART,
            ", ",
            PART,
            ", w.a, w.b, w.c, w.text FROM wholes w"
        )
    );
    assert_eq!((Part::WIDTH, Whole::WIDTH), (3, 13));
}

fn whole() -> Vec<Value> {
    vec![
        Int(1),
        Int(800),
        Int(600),
        Int(7),
        Text("seven"),
        Null,
        Int(8),
        Text("eight"),
        Text("noted"),
        Text("a"),
        Text("b"),
        Text("c"),
        Text("four"),
    ]
}

fn labels() -> [String; 3] {
    ["a", "b", "c"].map(str::to_owned)
}

#[test]
fn every_part_is_read_from_its_own_columns() {
    let read = Whole::from_row(&Fake(whole())).unwrap();
    let expected = Whole {
        first: true,
        sizes: Some((800, 600)),
        part: part(7, "seven", None),
        other: Some(part(8, "eight", Some("noted"))),
        labels: labels(),
        length: 4,
    };
    assert_eq!(read, expected);
}

#[test]
fn an_optional_part_whose_first_column_is_null_is_not_there() {
    let mut row = whole();
    for column in [1, 2, 6, 7, 8] {
        row[column] = Null;
    }
    let read = Whole::from_row(&Fake(row)).unwrap();
    let expected = Whole {
        first: true,
        sizes: None,
        part: part(7, "seven", None),
        other: None,
        labels: labels(),
        length: 4,
    };
    assert_eq!(read, expected);
}

#[test]
fn null_elsewhere_is_an_error() {
    // Of what must be there any column, of an optional part any but the first.
    for column in [0, 2, 3, 4, 7, 9, 10, 11, 12] {
        let mut row = whole();
        row[column] = Null;
        let read = Whole::from_row(&Fake(row));
        assert!(matches!(read, Err(StoreError::Decode(_))), "{column}");
    }
}

#[test]
fn parts_of_a_join_are_read_one_after_the_other() {
    let row = || vec![Int(1), Text("one"), Null, Null, Null, Null];
    let mut both = row();
    both[3] = Int(2);
    both[4] = Text("two");
    assert_eq!(
        <(Part, Option<Part>)>::from_row(&Fake(both)).unwrap(),
        (part(1, "one", None), Some(part(2, "two", None)))
    );
    assert_eq!(
        <(Part, Option<Part>)>::from_row(&Fake(row())).unwrap(),
        (part(1, "one", None), None)
    );
    assert!(<(Part, Part)>::from_row(&Fake(row())).is_err());
}

#[test]
fn an_unknown_code_is_an_error_and_no_missing_part() {
    use readmark_model::Role;

    assert_eq!(Role::from_row(&Fake(vec![Int(2)])).unwrap(), Role::Manager);
    for row in [vec![Int(99)], vec![Text("manager")]] {
        let read = <Option<Role>>::from_row(&Fake(row));
        assert!(matches!(read, Err(StoreError::Decode(_))));
    }
    assert_eq!(<Option<Role>>::from_row(&Fake(vec![Null])).unwrap(), None);
}

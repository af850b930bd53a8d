//! What both databases make of parameters, columns and rows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed test panics"
)]

mod backend_support;

use backend_support::{Portal, insert, on_both};
use readmark_store::{StoreError, TxExt, params};

on_both!(
    values_come_back_as_they_were,
    parameters_repeat_and_change_order,
    a_wrong_number_of_parameters_is_an_error,
    wrong_types_and_columns_are_decode_errors,
    rows_can_be_refused_without_harm,
    violated_constraints_are_conflicts,
);

fn values_come_back_as_they_were(portal: Portal) {
    let big = i64::MIN;
    let text = "Zoë 'quoted' \"?1\" 🦀";
    let bytes = [0, 255, b'\'', 7];
    portal
        .store
        .write(move |tx| {
            let sql = "INSERT INTO item (id, name, note, data) VALUES (?1, ?2, ?3, ?4)";
            tx.execute(sql, params![big, text, None::<&str>, &bytes[..]])?;
            tx.execute(sql, params![i64::MAX, "", "note", &[][..]])
        })
        .unwrap();
    let rows = portal.store.read(|tx| {
        tx.list(
            "SELECT id, name, note, data, id = ?1, 7 FROM item ORDER BY id",
            params![i64::MAX],
            |row| {
                Ok((
                    row.int(0)?,
                    row.string(1)?,
                    row.opt_text(2)?.map(str::to_owned),
                    row.opt_blob(3)?.map(<[u8]>::to_vec),
                    row.bool(4)?,
                    row.int(5)?,
                ))
            },
        )
    });
    let expected = [
        (big, text.to_owned(), None, Some(bytes.to_vec()), false, 7),
        (
            i64::MAX,
            String::new(),
            Some("note".to_owned()),
            Some(vec![]),
            true,
            7,
        ),
    ];
    assert_eq!(
        rows.map_err(|error: StoreError| error.to_string()).unwrap(),
        expected
    );
}

fn parameters_repeat_and_change_order(portal: Portal) {
    let found = portal.store.write(|tx| {
        tx.execute(
            "INSERT INTO item (id, name, note) VALUES (?2, ?1, ?1 || '?3' || ?3)",
            params!["name", 5, "end"],
        )?;
        tx.get(
            "SELECT note, '?1' /* ?9 */ FROM item WHERE name = ?2 AND id = ?1 AND ?1 < ?3 -- ?9",
            params![5, "name", 6],
            |row| Ok((row.string(0)?, row.string(1)?)),
        )
    });
    let found = found.map_err(|error: StoreError| error.to_string());
    assert_eq!(found.unwrap(), ("name?3end".to_owned(), "?1".to_owned()));
}

fn a_wrong_number_of_parameters_is_an_error(portal: Portal) {
    for given in 0..3 {
        let outcome = portal.store.write(move |tx| {
            let all = params![1, "one", 2];
            let given = [&all[..0], &all[..1], all][given];
            tx.execute("INSERT INTO item (id, name) VALUES (?1, ?2)", given)
        });
        assert!(
            matches!(outcome, Err(StoreError::Database(_))),
            "{outcome:?}"
        );
    }
    portal.insert(1, "one").unwrap();
    let outcome = portal.store.write(|tx| {
        insert(tx, 2, "two")?;
        tx.execute("INSERT INTO item (id, name) VALUES (?1, ?2)", params![3])
    });
    assert!(
        matches!(outcome, Err(StoreError::Database(_))),
        "{outcome:?}"
    );
    assert_eq!(portal.ids(), [1]);
}

fn wrong_types_and_columns_are_decode_errors(portal: Portal) {
    portal.insert(1, "one").unwrap();
    let decode = |result: Result<(), StoreError>| matches!(result, Err(StoreError::Decode(_)));
    let outcome = portal.store.read(move |tx| {
        tx.get("SELECT id, name, note FROM item", params![], |row| {
            Ok(decode(row.int(1).map(drop))
                && decode(row.text(0).map(drop))
                && decode(row.opt_blob(0).map(drop))
                && decode(row.text(2).map(drop))
                && decode(row.opt_int(3).map(drop))
                && decode(row.opt_text(3).map(drop))
                && decode(row.opt_blob(3).map(drop)))
        })
    });
    assert!(
        outcome
            .map_err(|error: StoreError| error.to_string())
            .unwrap()
    );
    let missing = portal.store.read(|tx| {
        tx.get("SELECT id FROM item WHERE id = 2", params![], |row| {
            row.int(0)
        })
    });
    assert!(matches!(missing, Err(StoreError::Decode(_))), "{missing:?}");
}

fn rows_can_be_refused_without_harm(portal: Portal) {
    for id in 1..=3 {
        portal.insert(id, &id.to_string()).unwrap();
    }
    // Stopping a query is no failure of the database: the transaction goes on.
    let seen = portal.store.write(|tx| {
        let mut seen = Vec::new();
        let stopped = tx.query("SELECT id FROM item ORDER BY id", params![], &mut |row| {
            seen.push(row.int(0)?);
            if seen.len() == 2 {
                Err(StoreError::Decode("enough"))
            } else {
                Ok(())
            }
        });
        assert!(matches!(stopped, Err(StoreError::Decode("enough"))));
        insert(tx, 4, "4")?;
        Ok::<_, StoreError>(seen)
    });
    assert_eq!(seen.unwrap(), [1, 2]);
    assert_eq!(portal.ids(), [1, 2, 3, 4]);
}

fn violated_constraints_are_conflicts(portal: Portal) {
    portal.insert(1, "one").unwrap();
    for (id, name) in [(1, "other"), (2, "one")] {
        let outcome = portal.insert(id, name);
        assert!(
            matches!(outcome, Err(StoreError::Conflict(_))),
            "{outcome:?}"
        );
    }
    let outcome = portal.store.write(|tx| {
        tx.execute(
            "INSERT INTO item (id, name) VALUES (?1, ?2)",
            params![3, None::<&str>],
        )
    });
    assert!(
        matches!(outcome, Err(StoreError::Database(_))),
        "{outcome:?}"
    );

    portal
        .store
        .write(|tx| {
            tx.execute(
                "CREATE TABLE part (id BIGINT PRIMARY KEY, item BIGINT NOT NULL REFERENCES item (id), \
                 later BIGINT REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)",
                params![],
            )
        })
        .unwrap();
    for (item, later) in [(9, 1), (1, 9)] {
        let outcome = portal.store.write(move |tx| {
            tx.execute(
                "INSERT INTO part (id, item, later) VALUES (?1, ?2, ?3)",
                params![1, item, later],
            )
        });
        assert!(
            matches!(outcome, Err(StoreError::Conflict(_))),
            "{outcome:?}"
        );
    }
    assert_eq!(portal.ids(), [1]);
}

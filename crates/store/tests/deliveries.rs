//! Events on their way to handlers: lanes, claims, and what is deleted when.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed test panics"
)]

use std::{sync::mpsc, thread, time::Duration};

use readmark_model::{
    Scopes, SecretHash, Timestamp, UserId,
    bot::Handler,
    delivery::{Attempt, Delivery, Lane},
    stream::LISTENS,
};
use readmark_store::{
    Store, StoreError, Tx,
    repo::{
        auth,
        delivery::{self, NewDelivery},
        event_handler, stream,
    },
};
use readmark_testkit::portal::for_each_store;

fn write<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write(f).unwrap()
}

fn handler(bot: i64, url: &str) -> Handler {
    Handler {
        id: 70 + bot,
        bot: UserId(bot),
        event: "ONIMBOTV2MESSAGEADD".to_owned(),
        command: 0,
        url: url.to_owned(),
    }
}

/// Events at these times, with the time as their data.
fn put(store: &Store, handler: Handler, times: &[i64]) {
    let times = times.to_vec();
    write(store, move |tx| {
        for time in &times {
            let new = NewDelivery {
                handler: &handler,
                data: &time.to_string(),
                bot: "{}",
                acting_user: None,
            };
            delivery::insert(tx, &new, Timestamp(*time))?;
        }
        Ok(())
    });
}

fn lane(bot: i64, url: &str) -> Lane {
    Lane {
        bot: UserId(bot),
        url: url.to_owned(),
    }
}

fn head(store: &Store, lane: Lane) -> Option<Delivery> {
    write(store, move |tx| delivery::find_head(tx, &lane))
}

fn list(store: &Store, given_up: bool) -> Vec<String> {
    let found = write(store, move |tx| delivery::list(tx, given_up, None, 100));
    found.into_iter().map(|found| found.data).collect()
}

#[test]
fn heads_are_the_oldest_waiting_events_of_their_lanes() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        assert!(write(&store, |tx| delivery::list_heads(tx)).is_empty());
        put(&store, handler(5, "http://b.example/"), &[10, 11]);
        put(&store, handler(4, "http://b.example/"), &[20, 21, 22]);
        put(&store, handler(4, "http://a.example/"), &[30]);
        put(&store, handler(5, "http://b.example/"), &[40]);
        let heads = write(&store, |tx| delivery::list_heads(tx));
        let found: Vec<_> = heads
            .iter()
            .map(|head| {
                (
                    head.lane.bot.get(),
                    head.lane.url.as_str(),
                    head.next_attempt_at.get(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (5, "http://b.example/", 10),
                (4, "http://b.example/", 20),
                (4, "http://a.example/", 30)
            ]
        );
        let first = head(&store, lane(4, "http://b.example/")).unwrap();
        write(&store, move |tx| delivery::give_up(tx, first.id, 0));
        assert_eq!(
            head(&store, lane(4, "http://b.example/")).unwrap().data,
            "21"
        );
        write(&store, |tx| {
            delivery::give_up_older(tx, &lane(4, "http://b.example/"), Timestamp(22))
        });
        assert_eq!(list(&store, true), ["20", "21"]);
        assert_eq!(
            head(&store, lane(4, "http://b.example/")).unwrap().data,
            "22"
        );
        write(&store, |tx| {
            delivery::replay_all(tx, Some(UserId(4)), Timestamp(50))
        });
        let again = head(&store, lane(4, "http://b.example/")).unwrap();
        assert_eq!(
            (again.data.as_str(), again.replayed_at),
            ("20", Timestamp(50))
        );
        assert!(head(&store, lane(6, "http://b.example/")).is_none());
    });
}

#[test]
fn what_was_given_up_at_a_wrong_address_is_sent_again_to_the_right_one() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        let registered = write(&store, |tx| {
            event_handler::replace(tx, UserId(4), "E", 0, "http://wrong.example/", Timestamp(1))?;
            event_handler::find(tx, UserId(4), "E", 0)
        });
        put(&store, registered.unwrap(), &[10, 20]);
        write(&store, |tx| {
            let first = delivery::list(tx, false, None, 1)?;
            delivery::give_up(tx, first[0].id, 0)?;
            event_handler::replace(tx, UserId(4), "E", 0, "http://right.example/", Timestamp(2))?;
            delivery::replay(tx, first[0].id, Timestamp(3))
        });
        assert!(head(&store, lane(4, "http://wrong.example/")).is_none());
        let right = head(&store, lane(4, "http://right.example/")).unwrap();
        assert_eq!(
            (right.data.as_str(), right.replayed_at),
            ("10", Timestamp(3))
        );
        assert_eq!(list(&store, false).len(), 2);
    });
}

#[test]
fn what_waits_for_a_bot_is_listed_from_an_id_on_without_what_was_given_up() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        put(&store, handler(4, "http://a.example/"), &[10, 20]);
        put(&store, handler(5, "http://a.example/"), &[30]);
        put(&store, handler(4, "http://b.example/"), &[40, 50]);
        let waiting = |from: i64, limit: i64| {
            write(&store, move |tx| {
                delivery::list_waiting_from(tx, UserId(4), from, limit)
            })
        };
        let all = waiting(0, 10);
        let data = |found: &[Delivery]| -> Vec<String> {
            found.iter().map(|found| found.data.clone()).collect()
        };
        assert_eq!(data(&all), ["10", "20", "40", "50"]);
        assert_eq!(data(&waiting(all[1].id, 2)), ["20", "40"]);
        assert_eq!(data(&waiting(all[3].id + 1, 2)), [""; 0]);
        let third = all[2].id;
        write(&store, move |tx| delivery::give_up(tx, third, 0));
        assert_eq!(data(&waiting(0, 10)), ["10", "20", "50"]);
    });
}

#[test]
fn an_event_is_claimed_once_and_finished_by_who_claimed_it() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        put(&store, handler(4, "u"), &[10]);
        let found = head(&store, lane(4, "u")).unwrap();
        let claim = |now| {
            let found = found.clone();
            write(&store, move |tx| {
                delivery::claim(tx, &found, Timestamp(now), Timestamp(now + 100))
            })
        };
        assert!(!claim(9), "it is not due");
        assert!(claim(10));
        assert!(!claim(10), "somebody has it");
        let found = head(&store, lane(4, "u")).unwrap();
        assert_eq!((found.attempts, found.next_attempt_at), (1, Timestamp(110)));
        // The claim ended, and somebody else began the second attempt: the first one decides nothing any more.
        let second = found.clone();
        assert!(write(&store, move |tx| delivery::claim(
            tx,
            &second,
            Timestamp(110),
            Timestamp(210)
        )));
        let id = found.id;
        write(&store, move |tx| {
            delivery::postpone(tx, id, 1, Timestamp(5_000))?;
            delivery::give_up(tx, id, 1)?;
            delivery::deliver(tx, id, 1, Timestamp(5_000))
        });
        let found = head(&store, lane(4, "u")).unwrap();
        assert_eq!(
            (found.attempts, found.next_attempt_at, found.given_up),
            (2, Timestamp(210), false)
        );
        write(&store, move |tx| {
            delivery::postpone(tx, id, 2, Timestamp(300))
        });
        assert_eq!(
            head(&store, lane(4, "u")).unwrap().next_attempt_at,
            Timestamp(300)
        );
        write(&store, move |tx| {
            delivery::deliver(tx, id, 2, Timestamp(250))
        });
        assert!(head(&store, lane(4, "u")).is_none());
        assert!(list(&store, false).is_empty() && list(&store, true).is_empty());
        // It can be looked at for a while.
        let kept = || write(&store, move |tx| delivery::find(tx, id));
        let delete = |before| {
            write(&store, move |tx| {
                delivery::delete_delivered(tx, Timestamp(before), 10)
            })
        };
        assert_eq!(delete(250), 0);
        assert!(kept().is_some());
        assert_eq!(delete(251), 1);
        assert!(kept().is_none());
    });
}

#[test]
fn claims_of_a_server_that_is_gone_end_where_no_other_can_be_sending() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        put(&store, handler(4, "u"), &[10, 11]);
        let found = head(&store, lane(4, "u")).unwrap();
        assert!(write(&store, move |tx| delivery::claim(
            tx,
            &found,
            Timestamp(10),
            Timestamp(900)
        )));
        let dialect = write(&store, |tx| {
            delivery::release_heads(tx, Timestamp(20))?;
            Ok(tx.dialect())
        });
        let expected = match dialect {
            readmark_store::dialect::Dialect::Sqlite => 20,
            readmark_store::dialect::Dialect::Postgres => 900,
        };
        let found = head(&store, lane(4, "u")).unwrap();
        assert_eq!(
            (found.data.as_str(), found.next_attempt_at),
            ("10", Timestamp(expected))
        );
    });
}

#[test]
fn a_new_handler_takes_over_what_waits_for_the_old_one() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        let replace = |event: &'static str, url: &'static str| {
            write(&store, move |tx| {
                event_handler::replace(tx, UserId(4), event, 0, url, Timestamp(1))?;
                event_handler::find(tx, UserId(4), event, 0)
            })
            .unwrap()
        };
        let (old, other) = (replace("A", "old"), replace("B", "old"));
        put(&store, old, &[10]);
        put(&store, other, &[11]);
        let new = replace("A", "new");
        let moved = head(&store, lane(4, "new")).unwrap();
        assert_eq!((moved.data.as_str(), moved.handler), ("10", new.id));
        assert_eq!(head(&store, lane(4, "old")).unwrap().data, "11");
        write(&store, |tx| delivery::delete_waiting(tx, UserId(4)));
        assert!(list(&store, false).is_empty());
    });
}

#[test]
fn who_is_about_to_tell_a_bot_is_waited_for_before_its_handler_changes() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        let old = write(&store, |tx| {
            stream::update_listens(tx, UserId(4), LISTENS)?;
            event_handler::replace(tx, UserId(4), "A", 0, "old", Timestamp(1))?;
            event_handler::find(tx, UserId(4), "A", 0)
        })
        .unwrap();
        let changed = thread::scope(|scope| {
            let (told, begun) = mpsc::channel();
            let other = store.clone();
            let change = scope.spawn(move || {
                begun.recv().unwrap();
                write(&other, |tx| {
                    event_handler::replace(tx, UserId(4), "A", 0, "new", Timestamp(2))?;
                    event_handler::find(tx, UserId(4), "A", 0)
                })
            });
            write(&store, move |tx| {
                stream::lock_shared(tx, UserId(4))?;
                let new = NewDelivery {
                    handler: &old,
                    data: "10",
                    bot: "{}",
                    acting_user: None,
                };
                delivery::insert(tx, &new, Timestamp(10))?;
                // It has gone on where the closure runs again.
                let _ = told.send(());
                // Only who does not wait is through by then.
                thread::sleep(Duration::from_millis(100));
                Ok(())
            });
            change.join().unwrap().unwrap()
        });
        let waiting = head(&store, lane(4, "new")).unwrap();
        assert_eq!((waiting.data.as_str(), waiting.handler), ("10", changed.id));
        assert_eq!(head(&store, lane(4, "old")), None);
    });
}

#[test]
fn what_is_old_is_deleted_and_what_waits_is_not() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        put(&store, handler(4, "u"), &[10, 20, 30, 40]);
        let ids = write(&store, |tx| delivery::list(tx, false, None, 100));
        let dead: Vec<_> = ids[..3].iter().map(|found| found.id).collect();
        write(&store, move |tx| {
            for id in &dead {
                delivery::give_up(tx, *id, 0)?;
            }
            // The second was told to be sent again, and failed again.
            delivery::replay(tx, dead[1], Timestamp(500))?;
            delivery::give_up(tx, dead[1], 0)?;
            for time in [10, 20, 90] {
                let attempt = Attempt {
                    delivery: dead[0],
                    bot: UserId(4),
                    url: "u".to_owned(),
                    event: "E".to_owned(),
                    attempt: 1,
                    attempted_at: Timestamp(time),
                    duration: 1,
                    status: 500,
                    error: "x".to_owned(),
                };
                delivery::insert_attempt(tx, &attempt)?;
            }
            Ok(())
        });
        let rows = |limit| {
            write(&store, move |tx| {
                delivery::delete_older(tx, Timestamp(80), limit)
            })
        };
        assert_eq!(rows(1), 1);
        assert_eq!(rows(10), 1);
        assert_eq!(rows(10), 0);
        assert_eq!(
            (list(&store, true), list(&store, false)),
            (vec!["20".to_owned()], vec!["40".to_owned()])
        );
        let left = write(&store, |tx| delivery::list_latest_attempts(tx, None, 10));
        let times: Vec<_> = left
            .iter()
            .map(|attempt| attempt.attempted_at.get())
            .collect();
        assert_eq!(times, [90]);
    });
}

#[test]
fn long_expired_tokens_are_deleted_except_the_last_of_an_application() {
    for_each_store(|portal| {
        let store = portal.portal.store.clone();
        let scopes = Scopes::parse("im").unwrap();
        let person = UserId(1);
        write(&store, move |tx| {
            for (number, client, created) in [(1, "a", 10), (2, "a", 20), (3, "a", 30), (4, "b", 5)]
            {
                let scopes = if number == 3 { Scopes::all() } else { scopes };
                let (now, end) = (Timestamp(created), Timestamp(created + 10));
                let hash = SecretHash::of(&number.to_string());
                let new = auth::NewToken {
                    client_id: client,
                    application: None,
                    grant: None,
                    user: person,
                    scopes,
                    expires_at: end,
                };
                auth::insert_token(tx, &hash, &new, now)?;
            }
            Ok(())
        });
        let granted = |client: &'static str| {
            write(&store, move |tx| auth::find_application_scopes(tx, client))
        };
        assert_eq!(granted("a"), Some(Scopes::all()));
        assert_eq!(granted("c"), None);
        let deleted = |before| {
            write(&store, move |tx| {
                auth::delete_expired_tokens(tx, Timestamp(before), 10)
            })
        };
        assert_eq!(deleted(21), 1);
        assert_eq!(deleted(1_000), 1);
        assert_eq!(deleted(1_000), 0);
        assert_eq!(
            (granted("a"), granted("b")),
            (Some(Scopes::all()), Some(scopes))
        );
    });
}

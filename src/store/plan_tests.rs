//! How SQLite finds events: what is asked again and again, or on the writing thread, must never read all of them.

use std::sync::Arc;

use rusqlite::Connection;

use crate::base::RoomId;
use crate::metrics::Metrics;
use crate::model::{EventQuery, EventState};

use super::ledger::Ledger;
use super::{event_again, event_forget, event_list, look, pending, schema};

fn plan(connection: &Connection, sql: &str) -> String {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let count = statement.parameter_count();
    let rows = statement.query_map(rusqlite::params_from_iter(vec![0; count]), |row| row.get(3)).unwrap();
    rows.collect::<Result<Vec<String>, _>>().unwrap().join("; ")
}

fn database() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection).unwrap();
    connection
}

#[test]
fn no_query_of_the_workers_or_the_writing_thread_reads_all_events_or_sorts_them() {
    let connection = database();
    let written = [pending::ADOPT, pending::FORGET, pending::MARK, event_again::NEXT_DEAD, event_forget::NEXT_DEAD];
    let read = [pending::OLDEST_FRESH, pending::OLDEST_TRIED, pending::BEYOND, event_forget::KNOWN];
    let more = written.into_iter().chain(read).map(str::to_owned);
    for sql in look::queries().into_iter().chain(more) {
        let plan = plan(&connection, &sql);
        assert!(!plan.contains("SCAN event") && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
        assert!(plan.contains("SEARCH event"), "{sql}: {plan}");
    }
    let strays = plan(&connection, pending::STRAYS);
    assert!(!strays.contains("SCAN event"), "{strays}");
}

#[test]
fn pages_of_a_room_and_of_fresh_events_have_an_index_each() {
    let connection = database();
    for sql in look::queries() {
        let index = if sql.contains("roomid = ?2") { "event_by_room" } else { "event_pending" };
        let plan = plan(&connection, &sql);
        assert!(plan.contains(index), "{sql}: {plan}");
    }
}

#[test]
fn lists_by_state_and_room_have_an_index_each() {
    let connection = database();
    let ledger = Ledger::new("a".into(), 1, Arc::new(Metrics::new()));
    let room = Some(RoomId::from_row(7));
    let states = [EventState::Pending, EventState::Delivered, EventState::Dead].map(Some);
    for state in [None].into_iter().chain(states) {
        for room in [None, room] {
            let query = EventQuery { state, room, limit: 50, ..EventQuery::default() };
            let plan = plan(&connection, &event_list::statement(&query, &ledger).0);
            let index = match (room, state) {
                (Some(_), _) => "event_by_room",
                (None, Some(_)) => "event_by_state",
                (None, None) => "SCAN event",
            };
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{query:?}: {plan}");
        }
    }
}

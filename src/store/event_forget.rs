//! Events that an operator wants no more: given up on, delivered already, or waiting for an address that is no more.

use rusqlite::{OptionalExtension, params};

use crate::model::{EventState, Refusal};

use super::Store;
use super::event_again::STEP;
use super::tx::{Fresh, Tx};

pub(super) const NEXT_DEAD: &str =
    "SELECT number FROM event WHERE state = 2 AND (?1 IS NULL OR target = ?1) ORDER BY number LIMIT ?2";
pub(super) const KNOWN: &str = "SELECT 1 FROM event_sequence WHERE target = ?1 LIMIT 1";

/// What became of the wish to have an event forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forgot {
    /// It is there no more.
    Forgotten,
    /// It waits for an address that will be told of it.
    Waits,
    /// There is no such event.
    Unknown,
}

impl Store {
    /// Forgets one event. One that waits for one of the `known` addresses, or will go to the main one, is not to be had out of its
    /// worker's hands.
    pub async fn forget_event(&self, id: &str, known: Vec<String>) -> Result<Forgot, Refusal> {
        let Some(number) = self.memory.ledger.number(id) else { return Ok(Forgot::Unknown) };
        self.change(move |tx| {
            let sql = "SELECT state, target FROM event WHERE number = ?1";
            let found = tx.connection.query_row(sql, [number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((state, target)): Option<(i64, String)> = found else { return Ok(Forgot::Unknown) };
            let is_told = known.iter().any(|name| name.is_empty() || *name == target);
            if EventState::numbered(state) == EventState::Pending && is_told {
                return Ok(Forgot::Waits);
            }
            tx.forget_event(number)?;
            Ok(Forgot::Forgotten)
        })
        .await
    }

    /// Forgets all that were given up on, or only those for one address. Answers how many there were.
    pub async fn forget_dead(&self, target: Option<String>) -> Result<usize, Refusal> {
        let mut all = 0;
        loop {
            let target = target.clone();
            match self.change(move |tx| tx.forget_next_dead(target.as_deref())).await? {
                0 => return Ok(all),
                more => all += more,
            }
        }
    }

    /// Whether this ledger has ever had an event for an address.
    pub async fn knows_target(&self, target: &str) -> Result<bool, super::StoreError> {
        let target = target.to_owned();
        self.read(move |connection| connection.prepare_cached(KNOWN)?.exists([target])).await
    }
}

impl Tx<'_> {
    fn forget_next_dead(&self, target: Option<&str>) -> Result<usize, Refusal> {
        let mut statement = self.connection.prepare_cached(NEXT_DEAD)?;
        let numbers = statement.query_map(params![target, STEP], |row| row.get(0))?;
        let numbers: Vec<i64> = numbers.collect::<rusqlite::Result<_>>()?;
        numbers.iter().try_for_each(|number| self.forget_event(*number))?;
        Ok(numbers.len())
    }

    fn forget_event(&self, number: i64) -> Result<(), Refusal> {
        let share = self.share(number)?;
        self.connection.prepare_cached("DELETE FROM event WHERE number = ?1")?.execute([number])?;
        self.remember(Fresh::EventForgotten(share));
        Ok(())
    }
}

//! Events that an operator has sent again: given up on, or delivered already. They are due from now on, so they come back the way
//! retries do.

use rusqlite::{OptionalExtension, params};

use crate::base::{Millis, json};
use crate::model::{EventState, Refusal};

use super::Store;
use super::ledger::{CameBack, ROW_BYTES, Share};
use super::tx::{Fresh, Tx};

/// Events that come back, or are forgotten, in one transaction.
pub(super) const STEP: i64 = 1000;

pub(super) const NEXT_DEAD: &str = "SELECT number FROM event WHERE state = 2 AND number > ?1
    AND (?2 IS NULL OR target = ?2) AND (?3 OR target IN (SELECT value FROM json_each(?4))) ORDER BY number LIMIT ?5";

/// What became of the wish to have an event sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Again {
    /// It waits again.
    Pending,
    /// It waits anyhow.
    WasPending,
    /// There is no such event.
    Unknown,
    /// It is for this address, which is no more, and there is no main one.
    NoAddress(String),
}

impl Store {
    /// Has one event sent again. Where its address is not among the `known` ones, it goes to the main one.
    pub async fn send_again(&self, id: &str, known: Vec<String>, now: Millis) -> Result<Again, Refusal> {
        let Some(number) = self.memory.ledger.number(id) else { return Ok(Again::Unknown) };
        self.change(move |tx| {
            let sql = "SELECT state, target FROM event WHERE number = ?1";
            let found = tx.connection.query_row(sql, [number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((state, target)): Option<(i64, String)> = found else { return Ok(Again::Unknown) };
            if !known.iter().any(|name| name.is_empty() || *name == target) {
                return Ok(Again::NoAddress(target));
            }
            if EventState::numbered(state) == EventState::Pending {
                return Ok(Again::WasPending);
            }
            tx.make_pending(number, &known, now)?;
            Ok(Again::Pending)
        })
        .await
    }

    /// Has all those sent again that were given up on, or only those for one address, as long as there is one for them. Answers how many.
    pub async fn send_dead_again(
        &self,
        target: Option<String>,
        known: Vec<String>,
        now: Millis,
    ) -> Result<usize, Refusal> {
        let (mut all, mut after) = (0, 0);
        loop {
            let (target, known) = (target.clone(), known.clone());
            // From one to the next, or those that die again meanwhile would come back for ever.
            let numbers = self.change(move |tx| tx.next_dead(target.as_deref(), after, &known, now)).await?;
            all += numbers.len();
            match numbers.last() {
                Some(last) => after = *last,
                None => return Ok(all),
            }
        }
    }
}

impl Tx<'_> {
    fn next_dead(&self, target: Option<&str>, after: i64, known: &[String], now: Millis) -> Result<Vec<i64>, Refusal> {
        let has_main = known.iter().any(String::is_empty);
        let mut statement = self.connection.prepare_cached(NEXT_DEAD)?;
        let numbers = statement.query_map(params![after, target, has_main, json(&known), STEP], |row| row.get(0))?;
        let numbers: Vec<i64> = numbers.collect::<rusqlite::Result<_>>()?;
        for number in &numbers {
            self.make_pending(*number, known, now)?;
        }
        Ok(numbers)
    }

    fn make_pending(&self, number: i64, known: &[String], now: Millis) -> Result<(), Refusal> {
        let before = self.share(number)?;
        let sql = "UPDATE event SET state = 0, attempts = 0, due = ?1,
            target = iif(target IN (SELECT value FROM json_each(?2)), target, '') WHERE number = ?3 RETURNING target";
        let row = params![now.max(1).cast_signed(), json(&known), number];
        let target = self.connection.prepare_cached(sql)?.query_row(row, |row| row.get(0))?;
        self.remember(Fresh::EventAgain(CameBack { before, target }));
        Ok(())
    }

    /// What an event takes of its address's share of the ledger.
    pub(super) fn share(&self, number: i64) -> Result<Share, Refusal> {
        let sql = "SELECT target, state, octet_length(fields) FROM event WHERE number = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([number], |row| {
            let bytes = row.get::<_, i64>(2)?.unsigned_abs() + ROW_BYTES;
            Ok(Share { target: row.get(0)?, state: EventState::numbered(row.get(1)?), count: 1, bytes })
        })?)
    }
}

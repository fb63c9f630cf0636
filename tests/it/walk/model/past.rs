//! A room's history: what was said and told there, in order.

use std::collections::VecDeque;

use serde_json::Value;

use super::news;
use super::presence::Tags;

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub line: String,
    pub from: String,
    /// The sender's id of a message; notifications have one that nobody knows before.
    pub msg_id: Option<String>,
    /// Known from the answer, or learnt when the history was read.
    pub time: Option<u64>,
    /// The tags it was for.
    pub target: Option<Tags>,
    pub kept: Kept,
    /// During which round of calls it came.
    pub round: u64,
}

/// How sure it is that the history has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Surely,
    /// It is written behind the answer, so a crash may take it. The next write that is answered has it behind itself.
    Soon,
    Perhaps,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past(pub Vec<Entry>);

/// Far more than one call tells.
const LATEST: usize = 40;

impl Past {
    /// What was to be written before this round has been.
    pub fn settle(&mut self, round: u64) {
        let latest = self.0.iter_mut().rev().take(LATEST);
        let soon = latest.filter(|entry| entry.kept == Kept::Soon && entry.round < round);
        soon.for_each(|entry| entry.kept = Kept::Surely);
    }

    /// What was to be written may not have been.
    pub fn crash(&mut self) {
        let soon = self.0.iter_mut().rev().take(LATEST).filter(|entry| entry.kept == Kept::Soon);
        soon.for_each(|entry| entry.kept = Kept::Perhaps);
    }

    /// Takes out one account's messages of a moment. Of a notification whose moment is not known nobody can say whether it goes too.
    pub fn forget(&mut self, from: &str, time: u64, msg_id: Option<&str>) {
        let is_it = |entry: &Entry| {
            let same_id = msg_id.is_none_or(|id| entry.msg_id.as_deref() == Some(id));
            entry.from == from && entry.time == Some(time) && same_id
        };
        self.0.retain(|entry| !is_it(entry));
        for entry in self.0.iter_mut().filter(|entry| entry.time.is_none() && entry.from == from) {
            if msg_id.is_none() || entry.msg_id.as_deref() == msg_id {
                entry.kept = Kept::Perhaps;
            }
        }
    }

    /// Compares with what a query for the newest answers, and learns from it.
    pub fn check(&mut self, newest_first: &[Value]) -> Result<(), String> {
        let came: Vec<&Value> = newest_first.iter().rev().collect();
        let lines: Vec<String> = came.iter().map(|record| line(record)).collect();
        let ascending = came.is_sorted_by_key(|record| record["sendtime"].as_u64());
        let kept = align(&self.0, &lines).filter(|_| ascending).ok_or_else(|| self.complain(&lines))?;
        let all = std::mem::take(&mut self.0);
        self.0 = all.into_iter().zip(kept).filter_map(|(entry, kept)| kept.then_some(entry)).collect();
        for (entry, record) in self.0.iter_mut().zip(came) {
            let time = record["sendtime"].as_u64();
            let right = entry.time.is_none_or(|known| Some(known) == time) && record["from"] == *entry.from;
            if !right {
                return Err(format!("history: {entry:?} came as {record}"));
            }
            (entry.time, entry.kept) = (time, Kept::Surely);
        }
        Ok(())
    }

    fn complain(&self, lines: &[String]) -> String {
        let expected: Vec<String> = self.0.iter().map(|entry| format!("{:?} {}", entry.kept, entry.line)).collect();
        let same = self.0.iter().zip(lines).take_while(|(entry, line)| entry.line == **line).count();
        let rest = |lines: &[String]| lines.iter().skip(same).take(8).cloned().collect::<Vec<_>>();
        format!(
            "history: {} expected, {} came; after {same} that are the same\nexpected {:#?}\ncame {:#?}",
            expected.len(),
            lines.len(),
            rest(&expected),
            rest(lines)
        )
    }
}

/// Which entries these lines are: all that are sure, and some of the others.
fn align(entries: &[Entry], lines: &[String]) -> Option<VecDeque<bool>> {
    let Some((entry, later)) = entries.split_first() else { return lines.is_empty().then(VecDeque::new) };
    let its_line = lines.split_first().filter(|(line, _)| **line == entry.line);
    let with_it = its_line.and_then(|(_, lines)| Some((true, align(later, lines)?)));
    let without_it = || if entry.kept == Kept::Perhaps { Some((false, align(later, lines)?)) } else { None };
    let (kept, mut all) = with_it.or_else(without_it)?;
    all.push_front(kept);
    Some(all)
}

fn line(record: &Value) -> String {
    let text = |name: &str| record[name].as_str().unwrap_or_default();
    match record["type"].as_i64() {
        Some(5) => news::notice(&serde_json::from_str(text("body")).unwrap_or_default()),
        _ => news::message(text("msgid"), text("from")),
    }
}

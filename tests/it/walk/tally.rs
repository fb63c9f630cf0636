//! What a walk was made of: how often each action was answered with which code, and how often a crash cut one off.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Default)]
pub struct Tally {
    answers: BTreeMap<(&'static str, u16), u64>,
    pub cut: u64,
}

impl Tally {
    pub fn note(&mut self, action: &'static str, code: u16) {
        *self.answers.entry((action, code)).or_default() += 1;
    }

    pub fn add(&mut self, other: &Tally) {
        for (key, count) in &other.answers {
            *self.answers.entry(*key).or_default() += count;
        }
        self.cut += other.cut;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut action = "";
        for ((next, code), count) in &self.answers {
            if *next != action {
                write!(f, "\n{next:36}")?;
            }
            write!(f, " {code}: {count:<6}")?;
            action = next;
        }
        write!(f, "\n{} calls were cut off", self.cut)
    }
}

//! What the model says of a call: which refusals apply, and what an answer must hold. Where several refusals apply, which one is
//! answered is nobody's promise, so any of them is right.

use std::ops::RangeInclusive;

use serde_json::Value;

#[derive(Debug, Default)]
pub struct Verdict {
    /// Refusals that apply.
    must: Vec<u16>,
    /// Those that may: their time has just come, or is just over.
    may: Vec<u16>,
    /// What the answer of a call that is done must hold at these places.
    parts: Vec<(&'static str, Part)>,
    /// The gateway goes on with it after it has answered.
    pub goes_on: bool,
}

#[derive(Debug)]
enum Part {
    Is(Value),
    Within(RangeInclusive<u64>),
}

impl Verdict {
    pub fn require(&mut self, holds: bool, otherwise: u16) {
        if !holds {
            self.must.push(otherwise);
        }
    }

    /// Something that ends by itself stands against it, for so many seconds yet.
    pub fn unless_left(&mut self, left: &RangeInclusive<u64>, otherwise: u16) {
        match (left.start(), left.end()) {
            (_, 0) => {}
            (0, _) => self.may.push(otherwise),
            _ => self.must.push(otherwise),
        }
    }

    pub fn refuses(&self) -> bool {
        !self.must.is_empty()
    }

    pub fn part(&mut self, place: &'static str, value: impl Into<Value>) {
        self.parts.push((place, Part::Is(value.into())));
    }

    pub fn part_within(&mut self, place: &'static str, range: RangeInclusive<u64>) {
        self.parts.push((place, Part::Within(range)));
    }

    /// Whether this answer is right; the complaint where it is not.
    pub fn check(&self, code: u16, answer: &Value) -> Result<(), String> {
        let refusals = || format!("expected one of {:?}, or perhaps {:?}", self.must, self.may);
        match code {
            200 if self.refuses() => Err(format!("done, {}", refusals())),
            200 => self.parts.iter().try_for_each(|(place, part)| part.check(place, answer)),
            _ if self.must.contains(&code) || self.may.contains(&code) => Ok(()),
            _ if self.refuses() => Err(format!("{code}, {}", refusals())),
            _ => Err(format!("{code}, expected 200")),
        }
    }
}

impl Part {
    fn check(&self, place: &str, answer: &Value) -> Result<(), String> {
        let came = answer.pointer(place).unwrap_or(&Value::Null);
        let right = match self {
            Part::Is(value) => came == value,
            Part::Within(range) => came.as_u64().is_some_and(|came| range.contains(&came)),
        };
        if right { Ok(()) } else { Err(format!("{place} is {came}, expected {self:?}")) }
    }
}

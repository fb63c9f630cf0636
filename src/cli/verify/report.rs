//! The verdicts as lines: one for each invariant, and below a broken one the first of what broke it.

use roomgate::harness::verify::checker::{Outcome, Verdict};

use crate::cli::cell::clean;

/// Offences that are shown; the others are counted.
const SHOWN: usize = 5;
/// The longest name of an invariant.
const NAME: usize = 16;

/// All of them.
pub(super) fn verdicts(verdicts: &[Verdict]) -> String {
    verdicts.iter().map(verdict).collect()
}

fn verdict(verdict: &Verdict) -> String {
    let name = verdict.invariant;
    match &verdict.outcome {
        Outcome::Held { judged, of } => format!("ok       {name:NAME$}  {} {}\n", thousands(*judged), clean(of)),
        Outcome::Skipped { why } => format!("skipped  {name:NAME$}  {}\n", clean(why)),
        Outcome::Broken { offences } => {
            let count = offences.len();
            let times = if count == 1 { "once" } else { "times" };
            let head = match count {
                1 => format!("BROKEN   {name:NAME$}  {times}\n"),
                _ => format!("BROKEN   {name:NAME$}  {} {times}\n", thousands(count as u64)),
            };
            let shown = offences.iter().take(SHOWN);
            let lines = shown.map(|offence| format!("    at {:.3} s: {}\n", seconds(offence.at), clean(&offence.text)));
            let more = if count > SHOWN {
                format!("    and {} more\n", thousands((count - SHOWN) as u64))
            } else {
                String::new()
            };
            head + &lines.collect::<String>() + &more
        }
    }
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// `12034` as `12,034`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use roomgate::harness::verify::checker::{Invariant, Offence};

    use super::*;

    #[test]
    fn each_invariant_has_a_line_and_a_broken_one_its_first_offences() {
        let offence = |at| Offence { at, text: format!("m{at} came\ntwice") };
        let all = [
            (Invariant::Order, Outcome::Held { judged: 12_034, of: "messages of 48 senders".into() }),
            (Invariant::Once, Outcome::Broken { offences: (1..=7).map(offence).collect() }),
            (Invariant::Time, Outcome::Broken { offences: vec![offence(1_500_000)] }),
            (Invariant::Durable, Outcome::Skipped { why: "it can't be restarted from here".into() }),
        ];
        let text = verdicts(&all.map(|(invariant, outcome)| Verdict { invariant, outcome }));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "ok       order             12,034 messages of 48 senders");
        assert_eq!(lines[1], "BROKEN   once              7 times");
        assert_eq!(lines[2], "    at 0.000 s: m1 came twice");
        assert_eq!(lines[7], "    and 2 more");
        assert_eq!(lines[8..10], ["BROKEN   time              once", "    at 1.500 s: m1500000 came twice"]);
        assert_eq!(lines[10], "skipped  durable           it can't be restarted from here");
    }

    #[test]
    fn numbers_are_read_in_threes() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }
}

//! Times as people write them: `500ms`, `25s`, `2m`, `1h`, `10d`; a plain number means seconds.

use std::time::Duration;

const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Reads a time; `None` where it is none.
pub fn read_time(text: &str) -> Option<Duration> {
    let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = if unit.is_empty() { "s" } else { unit };
    let (_, millis) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    Some(Duration::from_millis(number.parse::<u64>().ok()?.checked_mul(millis)?))
}

/// Writes a time in the largest unit that is exact.
pub fn show_time(time: Duration) -> String {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let exact = |unit: &&(&str, u64)| millis > 0 && millis.is_multiple_of(unit.1);
    let (name, size) = UNITS.iter().rev().find(exact).unwrap_or(&UNITS[1]);
    format!("{}{name}", millis / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_is_read_and_shown_again() {
        let times = [("500ms", 500), ("25s", 25_000), ("2m", 120_000), ("1h", 3_600_000), ("0s", 0), ("1500ms", 1500)];
        for (text, millis) in times {
            assert_eq!(read_time(text), Some(Duration::from_millis(millis)), "{text}");
            assert_eq!(show_time(Duration::from_millis(millis)), text);
        }
        assert_eq!(read_time("25"), Some(Duration::from_secs(25)));
        assert_eq!(show_time(Duration::from_secs(5400)), "90m");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for bad in ["", "s", "-1s", "+1s", "1.5s", "1 s", "1w", "1S", "99999999999999999999s", "9999999999999999m"] {
            assert_eq!(read_time(bad), None, "{bad:?}");
        }
    }
}

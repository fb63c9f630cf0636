//! Times as they are said to people: `4 m 10 s`. How people write them is in the library.

/// Says a time in its two largest units.
pub(super) fn say(seconds: u64) -> String {
    let units = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let said = units.iter().skip_while(|(count, _)| *count == 0).take(2).filter(|(count, _)| *count > 0);
    let words: Vec<String> = said.map(|(count, unit)| format!("{count} {unit}")).collect();
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_its_two_largest_units() {
        let times = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 m"),
            (250, "4 m 10 s"),
            (3600, "1 h"),
            (3601, "1 h"),
            (5400, "1 h 30 m"),
            (90_061, "1 d 1 h"),
            (2_592_000, "30 d"),
        ];
        for (seconds, words) in times {
            assert_eq!(say(seconds), words);
        }
    }
}

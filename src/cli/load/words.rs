//! Figures as people read them.

/// A whole number with commas: `4,812,000`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// So many a second.
pub(super) fn rate(number: f64) -> String {
    if number >= 100.0 { count(number.round() as u64) } else { format!("{number:.1}") }
}

/// A time in the unit that suits it; nothing where there is none.
pub(super) fn time(us: Option<u64>) -> String {
    match us {
        None => String::new(),
        Some(us @ ..1000) => format!("{us} µs"),
        Some(us @ ..100_000) => format!("{:.1} ms", us as f64 / 1e3),
        Some(us @ ..1_000_000) => format!("{:.0} ms", us as f64 / 1e3),
        Some(us) => format!("{:.1} s", us as f64 / 1e6),
    }
}

/// Bytes in the unit that suits them.
pub(super) fn bytes(number: f64) -> String {
    match number {
        ..1024.0 => format!("{number:.0} B"),
        ..1_048_576.0 => format!("{:.1} KiB", number / 1024.0),
        ..1_073_741_824.0 => format!("{:.1} MiB", number / 1_048_576.0),
        _ => format!("{:.2} GiB", number / 1_073_741_824.0),
    }
}

/// A share in percent. What is not all never looks as if it were.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 100.0 && percent > 99.99 { format!("{percent:.6} %") } else { format!("{} %", round(percent)) }
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// `1 room`, `3 rooms`.
pub(super) fn several(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_true() {
        assert_eq!([count(7), count(1000), count(4_812_000)], ["7", "1,000", "4,812,000"]);
        assert_eq!([rate(9.96), rate(99_999.6)], ["10.0", "100,000"]);
        assert_eq!(
            [time(Some(999)), time(Some(1500)), time(Some(250_000)), time(None)],
            ["999 µs", "1.5 ms", "250 ms", ""]
        );
        assert_eq!(
            [bytes(512.0), bytes(1536.0), bytes(2.0 * 1024.0 * 1024.0 * 1024.0)],
            ["512 B", "1.5 KiB", "2.00 GiB"]
        );
        assert_eq!([percent(1.0), percent(0.999_999_9), percent(0.5)], ["100 %", "99.999990 %", "50 %"]);
        assert_eq!([several(1, "room"), several(2, "room")], ["1 room", "2 rooms"]);
    }
}

//! Moments as people write them: `2026-11-24T10:00:00Z`, `10m` for so long ago, or milliseconds since 1970.

use roomgate::base::{Clock, Millis, read_time};

const DAY: Millis = 86_400_000;
/// The first moment that takes five digits for its year.
const END: Millis = 253_402_300_800_000;
/// Milliseconds have as many digits from 2001 to 2286; other numbers are probably seconds.
const MILLIS_DIGITS: usize = 13;

/// Reads an argument.
pub(super) fn argument(text: &str) -> Result<Millis, String> {
    read(text, Clock::system().wall())
        .ok_or_else(|| "expected a time such as 2026-11-24T10:00:00Z, 10m for so long ago, or milliseconds".to_owned())
}

fn read(text: &str, now: Millis) -> Option<Millis> {
    if text.contains('T') {
        return utc(text);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|_| text.len() == MILLIS_DIGITS);
    }
    let ago = Millis::try_from(read_time(text)?.as_millis()).ok()?;
    now.checked_sub(ago)
}

/// Shows a moment to the second.
pub(super) fn show(moment: Millis) -> String {
    if moment >= END {
        return moment.to_string();
    }
    let (year, month, day) = date(moment / DAY);
    let second = moment % DAY / 1000;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads what [`show`] writes, and no other spelling of it.
fn utc(text: &str) -> Option<Millis> {
    let number = |part: &str| part.parse::<u16>().map(Millis::from).ok();
    let numbers: Option<Vec<Millis>> = text.strip_suffix('Z')?.split(['-', 'T', ':']).map(number).collect();
    let [year, month, day, hour, minute, second] = numbers?[..] else { return None };
    let moment = days(year, month, day)? * DAY + ((hour * 60 + minute) * 60 + second) * 1000;
    // Whatever is no date, such as 30 February, is shown as another.
    (show(moment) == text).then_some(moment)
}

/// The days from 1970 to a date, by the Gregorian calendar. Years are counted from March, so that the leap day is a year's last.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let from_march = (month + 9) % 12;
    let year = if month > 2 { year } else { year.checked_sub(1)? };
    let before = year * 365 + year / 4 - year / 100 + year / 400;
    (before + (153 * from_march + 2) / 5 + day).checked_sub(1 + EPOCH)
}

/// The days from 1 March of the year 0 to 1970.
const EPOCH: u64 = 719_468;
/// The days of four hundred years.
const ERA: u64 = 146_097;

/// The date so many days after 1970.
fn date(days: u64) -> (u64, u64, u64) {
    let day = days + EPOCH;
    let (era, day) = (day / ERA, day % ERA);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day - (153 * from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Millis = 1_795_514_400_000;

    #[test]
    fn each_form_is_read() {
        let cases = [
            ("2026-11-24T10:00:00Z", NOW),
            ("1795514400007", NOW + 7),
            ("10m", NOW - 600_000),
            ("2h", NOW - 7_200_000),
            ("0s", NOW),
            ("1970-01-01T00:00:00Z", 0),
            ("2024-02-29T23:59:59Z", 1_709_251_199_000),
        ];
        for (text, moment) in cases {
            assert_eq!(read(text, NOW), Some(moment), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        let bad = [
            "",
            "now",
            "10",
            "1795514400",
            "-5m",
            "99999999999999h",
            "T",
            "TZ",
            "2026-11-24",
            "2026-11-24T10:00Z",
            "2026-11-24T10:00:00",
            "2026-11-24T10:00:00.5Z",
            "2026-13-24T10:00:00Z",
            "2026-02-30T10:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T10:60:00Z",
            "2026-00-24T10:00:00Z",
            "2026-11-00T10:00:00Z",
            "1969-12-31T23:59:59Z",
            "+026-11-24T10:00:00Z",
            "2026T11T24T10T00T00Z",
            "0-1-1T0:0:0Z",
            "65535-65535-65535T65535:65535:65535Z",
            "99999-01-01T00:00:00Z",
        ];
        for text in bad {
            assert_eq!(read(text, NOW), None, "{text:?}");
        }
    }

    #[test]
    fn beyond_the_calendar_a_moment_is_its_number() {
        assert_eq!(show(END - 1), "9999-12-31T23:59:59Z");
        assert_eq!(show(END), "253402300800000");
        assert_eq!(show(u64::MAX), u64::MAX.to_string());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(second in 0..END / 1000) {
            prop_assert_eq!(read(&show(second * 1000), NOW), Some(second * 1000));
        }

        #[test]
        fn nothing_makes_it_panic(text in "[0-9TZ:.+-]{0,40}") {
            let _ = read(&text, NOW);
        }
    }
}

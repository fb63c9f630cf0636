//! Which bytes of a file are asked for (RFC 9110, section 14): one range, or all of it.

use std::ops::Range;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// These, at least one.
    Some(Range<u64>),
    /// None of them is in the file.
    None,
}

impl Part {
    /// Reads a Range header. What is no single range of bytes is answered with the whole file, as the RFC allows.
    pub(super) fn read(header: &str, length: u64) -> Part {
        let Some((first, last)) = header.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-')) else {
            return Part::Whole;
        };
        match (number(first), number(last)) {
            (Some(first), None) if last.is_empty() => Part::within(first..length, length),
            (Some(first), Some(last)) if first <= last => Part::within(first..last.saturating_add(1), length),
            // The last so many bytes.
            (None, Some(count)) if first.is_empty() => Part::within(length.saturating_sub(count)..length, length),
            _ => Part::Whole,
        }
    }

    fn within(range: Range<u64>, length: u64) -> Part {
        let range = range.start..range.end.min(length);
        if range.is_empty() { Part::None } else { Part::Some(range) }
    }
}

fn number(digits: &str) -> Option<u64> {
    // More than fits a number is beyond every file.
    let all_digits = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    all_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_ranges() {
        for (header, part) in [
            ("bytes=0-", Part::Some(0..10)),
            ("bytes=0-0", Part::Some(0..1)),
            ("bytes=3-5", Part::Some(3..6)),
            ("bytes=3-99", Part::Some(3..10)),
            ("bytes=-3", Part::Some(7..10)),
            ("bytes=-99", Part::Some(0..10)),
            ("bytes=9-99999999999999999999999", Part::Some(9..10)),
            ("bytes=10-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=99999999999999999999999-", Part::None),
        ] {
            assert_eq!(Part::read(header, 10), part, "{header}");
        }
    }

    #[test]
    fn anything_else_is_the_whole_file() {
        for header in
            ["", "bytes", "bytes=", "bytes=-", "bytes=5-3", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "bytes=+1-2"]
        {
            assert_eq!(Part::read(header, 10), Part::Whole, "{header}");
        }
        assert_eq!(Part::read("bytes=0-", 0), Part::None);
    }
}

//! What becomes of single characters before words are looked for: which are no more than tricks, which only separate, and in which
//! scripts words are written without spaces.

use std::ops::RangeInclusive;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What cannot be seen, or only shapes its neighbours (Default_Ignorable_Code_Point), and the lengthening stroke of Arabic.
const UNSEEN: [RangeInclusive<char>; 18] = [
    '\u{AD}'..='\u{AD}',
    '\u{34F}'..='\u{34F}',
    '\u{61C}'..='\u{61C}',
    '\u{640}'..='\u{640}',
    '\u{115F}'..='\u{1160}',
    '\u{17B4}'..='\u{17B5}',
    '\u{180B}'..='\u{180F}',
    '\u{200B}'..='\u{200F}',
    '\u{202A}'..='\u{202E}',
    '\u{2060}'..='\u{206F}',
    '\u{3164}'..='\u{3164}',
    '\u{FE00}'..='\u{FE0F}',
    '\u{FEFF}'..='\u{FEFF}',
    '\u{FFA0}'..='\u{FFA0}',
    '\u{FFF0}'..='\u{FFFB}',
    '\u{1BCA0}'..='\u{1BCA3}',
    '\u{1D173}'..='\u{1D17A}',
    '\u{E0000}'..='\u{E0FFF}',
];

/// Marks that a word can be decorated with and still be read. Those that spell are not among them: a Thai or Hindi word without its
/// vowels is another word.
const DECORATION: [RangeInclusive<char>; 13] = [
    '\u{300}'..='\u{36F}',
    '\u{483}'..='\u{489}',
    '\u{591}'..='\u{5C7}',
    '\u{610}'..='\u{61A}',
    '\u{64B}'..='\u{65F}',
    '\u{670}'..='\u{670}',
    '\u{6D6}'..='\u{6ED}',
    '\u{898}'..='\u{89F}',
    '\u{8CA}'..='\u{8FF}',
    '\u{1AB0}'..='\u{1AFF}',
    '\u{1DC0}'..='\u{1DFF}',
    '\u{20D0}'..='\u{20FF}',
    '\u{FE20}'..='\u{FE2F}',
];

/// Letters and digits that Unicode takes for symbols, and so leaves as they are: doubly and negatively circled ones, negative squares, and
/// what flags are made of. Each range with what its first is.
const ENCLOSED: [(RangeInclusive<char>, char); 10] = [
    ('\u{24F5}'..='\u{24FD}', '1'),
    ('\u{24FF}'..='\u{24FF}', '0'),
    ('\u{2776}'..='\u{277E}', '1'),
    ('\u{2780}'..='\u{2788}', '1'),
    ('\u{278A}'..='\u{2792}', '1'),
    ('\u{1F10B}'..='\u{1F10C}', '0'),
    ('\u{1F150}'..='\u{1F169}', 'a'),
    ('\u{1F170}'..='\u{1F189}', 'a'),
    ('\u{1F18A}'..='\u{1F18A}', 'p'),
    ('\u{1F1E6}'..='\u{1F1FF}', 'a'),
];

/// Thai to Myanmar, old Hangul, Khmer, Tai, Han with kana, Bopomofo and Hangul, Yi, Javanese, and Han beyond.
const UNSPACED: [RangeInclusive<char>; 16] = [
    '\u{E00}'..='\u{109F}',
    '\u{1100}'..='\u{11FF}',
    '\u{1780}'..='\u{17FF}',
    '\u{1950}'..='\u{19FF}',
    '\u{1A20}'..='\u{1AAF}',
    '\u{2E80}'..='\u{2FDF}',
    '\u{3005}'..='\u{3007}',
    '\u{3021}'..='\u{3029}',
    '\u{3031}'..='\u{31FF}',
    '\u{3400}'..='\u{4DBF}',
    '\u{4E00}'..='\u{A4CF}',
    '\u{A960}'..='\u{A9FF}',
    '\u{AA60}'..='\u{AADF}',
    '\u{AC00}'..='\u{D7FF}',
    '\u{F900}'..='\u{FAFF}',
    '\u{16FE0}'..='\u{3FFFF}',
];

/// Whether one of the ranges, which are in order, has `c`.
pub(super) fn within(ranges: &[RangeInclusive<char>], c: char) -> bool {
    let after = ranges.partition_point(|range| *range.end() < c);
    ranges.get(after).is_some_and(|range| range.contains(&c))
}

/// Nothing that anybody sees, so it may be anywhere.
pub(super) fn is_unseen(c: char) -> bool {
    // What breaks lines separates, and all else that controls is not seen.
    within(&UNSEEN, c) || (c.is_control() && !c.is_whitespace())
}

/// A mark that changes how a letter looks, not which one it is.
pub(super) fn is_decoration(c: char) -> bool {
    c >= '\u{300}' && !is_plain(c) && within(&DECORATION, c) && is_combining_mark(c)
}

/// The letter or digit in a sign that is nothing but one with something around it.
pub(super) fn enclosed(c: char) -> Option<char> {
    let after = ENCLOSED.partition_point(|(range, _)| *range.end() < c);
    let (range, first) = ENCLOSED.get(after).filter(|(range, _)| range.contains(&c))?;
    char::from_u32(u32::from(*first) + u32::from(c) - u32::from(*range.start()))
}

/// The two signs that are a whole sentence, of 18 and 8 characters. All others are 7 at most; what these would cost is bounded by reading
/// them as symbols.
pub(super) fn is_sentence(c: char) -> bool {
    matches!(c, '\u{FDFA}' | '\u{FDFB}')
}

/// Han, Hangul and kana as they are mostly written, which are folded already. It is for speed: what is not here is found to be so.
pub(super) fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

/// Whether `c` is read together with what is before it: a mark, or the rest of a Korean syllable.
pub(super) fn continues(c: char) -> bool {
    if c < '\u{300}' || is_plain(c) {
        return false;
    }
    let mut first = None;
    decompose_compatible(c, |part| _ = first.get_or_insert(part));
    first.is_some_and(|first| is_combining_mark(first) || ('\u{1160}'..='\u{11FF}').contains(&first))
}

/// Whether `c` says something by itself.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
}

/// Whether `c` belongs to a letter, or is one.
pub(super) fn spells(c: char) -> bool {
    is_letter(c) || is_combining_mark(c)
}

/// Whether words of the script of `c` are written without spaces between them, so that any of its letters may begin one.
pub(super) fn is_unspaced(c: char) -> bool {
    within(&UNSPACED, c)
}

/// Appends `c` without its case. By way of upper case, which makes `ss` of a sharp s, and one letter of both small sigmas.
pub(super) fn push_without_case(c: char, to: &mut String) {
    match c {
        // Hebrew to Myanmar, Hangul to Ethiopic, Han and its neighbours: no letter there has a case.
        '\u{590}'..='\u{109F}' | '\u{1100}'..='\u{139F}' | '\u{2E80}'..='\u{A63F}' | '\u{AC00}'..='\u{FAFF}' => {
            to.push(c);
        }
        c => to.extend(c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_are_in_order() {
        let enclosed = ENCLOSED.map(|(range, _)| range);
        for ranges in [&UNSEEN[..], &DECORATION, &UNSPACED, &enclosed] {
            assert!(ranges.windows(2).all(|two| two[0].end() < two[1].start()));
        }
    }

    #[test]
    fn each_letter_is_known_for_what_it_is() {
        assert!(['\u{200B}', '\u{FE0F}', '\u{0}', '\u{E0041}'].into_iter().all(is_unseen));
        assert!([' ', '\n', '\u{85}', 'a', '语'].into_iter().all(|c| !is_unseen(c)));
        assert!(['\u{301}', '\u{64E}', '\u{20E3}'].into_iter().all(is_decoration));
        assert!(['\u{E31}', '\u{93F}', '\u{3099}', '\u{5BE}'].into_iter().all(|c| !is_decoration(c)));
        assert!(['\u{301}', '\u{3099}', '\u{FF9E}', '\u{1161}', '\u{E31}'].into_iter().all(continues));
        assert!(['a', '가', 'が', '\u{1100}'].into_iter().all(|c| !continues(c)));
        assert!(['赌', 'カ', '한', 'ก', '\u{20000}'].into_iter().all(is_unspaced));
        assert!(['a', 'д', 'ء', '、'].into_iter().all(|c| !is_unspaced(c)));
    }

    #[test]
    fn no_sign_but_a_sentence_is_long() {
        for c in '\0'..=char::MAX {
            let mut parts = 0;
            decompose_compatible(c, |_| parts += 1);
            assert_eq!(parts > 7, is_sentence(c), "U+{:04X}", u32::from(c));
        }
    }

    fn without_case(text: &str) -> String {
        let mut without = String::new();
        text.chars().for_each(|c| push_without_case(c, &mut without));
        without
    }

    #[test]
    fn no_letter_keeps_a_case() {
        assert_eq!(without_case("ẞςſKIi"), "ssσskii");
        for c in '\0'..=char::MAX {
            let (lower, upper): (String, String) = (c.to_lowercase().collect(), c.to_uppercase().collect());
            assert_eq!(without_case(&lower), without_case(&c.to_string()), "U+{:04X}", u32::from(c));
            assert_eq!(without_case(&upper), without_case(&c.to_string()), "U+{:04X}", u32::from(c));
        }
    }
}

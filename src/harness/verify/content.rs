//! What messages say: made from their ids, so that a message that is sent again says the same, and with letters of every kind.

/// What a content is filled with: what JSON must escape, and letters of one, two, three and four bytes.
const FILLER: [&str; 12] = ["a", "b", " ", "\"", "\\", "/", "\n", "é", "\u{7f}", "門", "<", "😀"];

/// A content of `size` letters, at least the id's.
pub(super) fn content(id: &str, size: u32) -> String {
    let mut text = format!("{id} ");
    let seed = id.bytes().fold(7, |seed: usize, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    let mut letters = text.chars().count();
    while letters < size as usize {
        text.push_str(FILLER[(seed.wrapping_add(letters.wrapping_mul(letters + 3))) % FILLER.len()]);
        letters += 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_is_the_same_again_and_another_for_another_id() {
        assert_eq!(content("m1", 40), content("m1", 40));
        assert_eq!(content("m1", 40).chars().count(), 40);
        assert_ne!(content("m1", 40)[3..], content("m2", 40)[3..]);
        assert_eq!(content("m1", 0), "m1 ");
    }
}

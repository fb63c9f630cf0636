//! Static tokens of members (section 7). Only their hash is kept: who reads the database can't log in with it.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What an account's token must hash to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token.
    pub fn of(token: &str) -> TokenHash {
        TokenHash(Sha256::digest(token).into())
    }

    /// Whether `token` is the one, found out in constant time.
    pub fn admits(&self, token: &str) -> bool {
        self.0.ct_eq(&TokenHash::of(token).0).into()
    }

    /// A fresh random token of 32 hexadecimal digits.
    pub fn fresh_token() -> String {
        uuid::Uuid::new_v4().simple().to_string()
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> TokenHash {
        TokenHash(bytes)
    }
}

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_is_admitted() {
        let hash = TokenHash::of("abc");
        assert!(hash.admits("abc"));
        for wrong in ["", "ab", "abcd", "ABC"] {
            assert!(!hash.admits(wrong));
        }
    }
}

//! Hashed secrets: the only form in which the secret of a webhook, an access token or a bot's token is kept and compared.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 hash of a secret.
///
/// Webhook secrets and access tokens are long and random, so a plain hash suffices: guessing is infeasible, and the hash can
/// be looked up by equality. `botToken` and `CLIENT_ID` are chosen by their users, so hashes are not exposed either: the
/// `Debug` output hides them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of a secret's text.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// The 32 bytes of the hash, as webhooks and tokens store it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A hash as stored; `None` for another number of bytes than 32.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Whether it is the other hash, in a time that does not tell how much of it is.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        let pairs = self.0.iter().zip(&other.0);
        std::hint::black_box(pairs.fold(0, |differing, (own, other)| differing | own ^ other)) == 0
    }

    /// Reads 64 hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

/// 64 lower-case hexadecimal digits.
impl fmt::Display for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hashed_by_sha_256() {
        // The test vector of FIPS 180-2, appendix B.1.
        let hash = SecretHash::of("abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash.to_string(), text);
        assert_eq!(hash.as_bytes()[..2], [0xba, 0x78]);
        assert_eq!(format!("{hash:?}"), "SecretHash(hidden)");
        assert_eq!(SecretHash::parse(text), Some(hash));
        assert_eq!(SecretHash::parse(&text[1..]), None);
        assert_eq!(SecretHash::parse(&text.replace('b', "g")), None);
    }

    #[test]
    fn a_hash_matches_itself_alone() {
        let [hash, other] = ["abc", "abd"].map(SecretHash::of);
        assert!(hash.matches(&SecretHash::of("abc")) && !hash.matches(&other));
        assert_eq!(SecretHash::from_slice(hash.as_bytes()), Some(hash));
        assert_eq!(SecretHash::from_slice(&hash.as_bytes()[1..]), None);
        let mut last = *hash.as_bytes();
        last[31] ^= 1;
        assert!(!hash.matches(&SecretHash(last)));
    }

    #[test]
    fn a_hash_is_not_printed_by_accident() {
        let hash = SecretHash::of("abc");
        assert!(!format!("{:?}", Some(hash)).contains(&hash.to_string()[..4]));
    }
}

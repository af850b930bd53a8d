//! Links to files. A link names its user, file and expiry, and is signed against forgery.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use readmark_model::{FileId, Timestamp, UserId};
use sha2::Sha256;

/// The path of every link.
pub const PATH: &str = "/rest/download.json";

/// Lifetime of a link, in milliseconds. Answers with links may be kept for a while.
const LIFETIME: i64 = 24 * 60 * 60 * 1000;

/// Length of the signed part: three numbers.
const SIGNED: usize = 24;

/// Key that signs links: random bytes of the portal.
#[derive(Clone)]
pub struct LinkKey([u8; 64]);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey")
    }
}

/// What a link permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The user or bot for whom it was made.
    pub user: UserId,
    /// The file.
    pub file: FileId,
}

impl LinkKey {
    /// The key from this secret, of which up to 64 bytes are used.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let mut key = [0; 64];
        for (byte, given) in key.iter_mut().zip(secret) {
            *byte = *given;
        }
        Self(key)
    }

    /// A token for a link valid for one day from `now` on.
    #[must_use]
    pub fn issue(&self, grant: Grant, now: Timestamp) -> String {
        let expires = now.get().saturating_add(LIFETIME);
        let mut token = Vec::with_capacity(SIGNED + 32);
        for number in [grant.user.get(), grant.file.get(), expires] {
            token.extend(number.to_be_bytes());
        }
        let signature = self.mac(&token).finalize().into_bytes();
        token.extend(signature);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// What a token permits; `None` if it was not made with this key or has expired.
    #[must_use]
    pub fn read(&self, token: &str, now: Timestamp) -> Option<Grant> {
        let token = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signed, signature) = token.split_at_checked(SIGNED)?;
        self.mac(signed).verify_slice(signature).ok()?;
        let number = |at: usize| {
            let bytes: [u8; 8] = signed.get(at..at + 8)?.try_into().ok()?;
            Some(i64::from_be_bytes(bytes))
        };
        let grant = Grant {
            user: UserId(number(0)?),
            file: FileId(number(8)?),
        };
        (now.get() < number(16)?).then_some(grant)
    }

    fn mac(&self, signed: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new((&self.0).into());
        mac.update(b"readmark link to a file\0");
        mac.update(signed);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRANT: Grant = Grant {
        user: UserId(2),
        file: FileId(7),
    };

    #[test]
    fn a_link_works_for_a_day() {
        let key = LinkKey::new(&[1; 32]);
        let now = Timestamp(1_000);
        let token = key.issue(GRANT, now);
        assert_eq!(key.read(&token, now), Some(GRANT));
        let last = Timestamp(now.get() + LIFETIME - 1);
        assert_eq!(key.read(&token, last), Some(GRANT));
        assert_eq!(key.read(&token, Timestamp(last.get() + 1)), None);
    }

    #[test]
    fn nobody_else_can_make_one() {
        let key = LinkKey::new(&[1; 32]);
        let now = Timestamp(1_000);
        let token = key.issue(GRANT, now);
        assert_eq!(LinkKey::new(&[2; 32]).read(&token, now), None);
        for other in ["", "x", "AAAA", &token[1..], &token[..token.len() - 1]] {
            assert_eq!(key.read(other, now), None, "{other}");
        }
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(key.read(&URL_SAFE_NO_PAD.encode(changed), now), None);
        }
    }
}

//! Hashing passwords, a few at a time: each takes memory and time on purpose.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use readmark_app::Random;
use tokio::sync::Semaphore;

/// How many are hashed at a time; each takes 19 MB.
const AT_A_TIME: usize = 2;

/// How many wait for their turn.
const WAITING: usize = 32;

/// The hash of no password, with the usual costs: whoever has no password is answered as slowly as others.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The least and the greatest length of a password, in characters.
pub(crate) const LENGTHS: std::ops::RangeInclusive<usize> = 8..=200;

/// Hashes passwords.
#[derive(Debug)]
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// Too many wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

impl Hasher {
    pub(crate) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_A_TIME)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Whether a password is the one with this hash, or, without a hash, `false` after as long a time.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Busy> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let matches = self.work(move || verify(&password, &hash)).await?;
        Ok(matches && known)
    }

    /// The hash of a password with a new salt; `None` where it cannot be hashed.
    pub(crate) async fn hash(
        &self,
        password: String,
        random: Arc<dyn Random>,
    ) -> Result<Option<String>, Busy> {
        self.work(move || hash(&password, &*random)).await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let _place = Waiting::begin(&self.waiting)?;
        let permit = Arc::clone(&self.places).acquire_owned();
        let permit = permit.await.map_err(|_| Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Whoever asked may be gone; the place is taken until the work is done.
            drop(permit);
            done
        });
        done.await.map_err(|_| Busy)
    }
}

/// A place among those who wait or are being served.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Result<Self, Busy> {
        let place = Self(count);
        if count.fetch_add(1, Ordering::Relaxed) >= WAITING + AT_A_TIME {
            return Err(Busy);
        }
        Ok(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The hash of a password with a new salt; `None` where it cannot be hashed.
pub(crate) fn hash(password: &str, random: &dyn Random) -> Option<String> {
    let mut salt = [0_u8; 16];
    random.fill(&mut salt);
    let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hashed.ok().map(|hash: PasswordHash| hash.to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    let verified = Argon2::default().verify_password(password.as_bytes(), hash);
    verified.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandom;

    #[test]
    fn a_password_is_hashed_by_argon2id_with_a_salt() {
        let one = hash("correct horse", &OsRandom).unwrap();
        let other = hash("correct horse", &OsRandom).unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(verify("correct horse", &one) && !verify("correct horsf", &one));
        assert!(!verify("correct horse", "no hash") && !verify("", NOBODY));
        // Nobody's hash can be computed with, and takes the same costs.
        let nobody = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(nobody.params.to_string(), "m=19456,t=2,p=1");
        assert_eq!(nobody.hash.unwrap().len(), 32);
    }

    #[test]
    fn more_than_can_wait_are_refused() {
        let count = AtomicUsize::new(0);
        let mut taken: Vec<_> = (0..WAITING + AT_A_TIME)
            .map(|_| Waiting::begin(&count).unwrap_or_else(|_| panic!("there is a place")))
            .collect();
        assert!(Waiting::begin(&count).is_err());
        taken.pop();
        assert!(Waiting::begin(&count).is_ok());
        drop(taken);
        assert_eq!(count.load(Ordering::Relaxed), 0);
    }
}

//! Messages at the door: JSON behind its length.

use std::io::{self, ErrorKind, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

/// The greatest length of a message, in bytes.
const MOST: usize = 8 << 20;

/// Sends a message.
///
/// # Errors
/// When it is too long or the other side is gone.
pub(super) fn send(stream: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    let length = u32::try_from(text.len())
        .ok()
        .filter(|_| text.len() <= MOST);
    let length = length.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it is too long"))?;
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend_from_slice(&text);
    stream.write_all(&framed)?;
    stream.flush()
}

/// Receives a message; `None` when the other side said its last one before.
///
/// # Errors
/// When it is too long or no message of this kind, or the other side is gone in the middle of it.
pub(super) fn receive<T: DeserializeOwned>(stream: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    let mut have = 0;
    while have < length.len() {
        match stream.read(&mut length[have..]) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => have += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > MOST {
        return Err(io::Error::new(ErrorKind::InvalidData, "it is too long"));
    }
    let mut text = vec![0; length];
    stream.read_exact(&mut text)?;
    Ok(Some(serde_json::from_slice(&text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_follow_each_other_and_end() {
        let mut wire = Vec::new();
        for text in ["one", "", "three"] {
            send(&mut wire, &text).unwrap();
        }
        let mut wire = wire.as_slice();
        let mut next = || receive::<String>(&mut wire).unwrap();
        assert_eq!(next().as_deref(), Some("one"));
        assert_eq!(next().as_deref(), Some(""));
        assert_eq!(next().as_deref(), Some("three"));
        assert_eq!(next(), None);
    }

    #[test]
    fn what_is_cut_off_too_long_or_something_else_is_refused() {
        let mut wire = Vec::new();
        send(&mut wire, &"seven").unwrap();
        for length in 1..wire.len() {
            assert!(receive::<String>(&mut &wire[..length]).is_err(), "{length}");
        }
        assert!(receive::<u8>(&mut wire.as_slice()).is_err());
        let long = u32::MAX.to_be_bytes();
        assert!(receive::<String>(&mut long.as_slice()).is_err());
        assert!(send(&mut Vec::new(), &"x".repeat(MOST)).is_err());
    }
}

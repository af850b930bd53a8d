//! Uploaded pictures of users, bots and chats: a PNG, JPEG, GIF or WebP file, in Base64 or in a multipart form.
//!
//! Only the header is read: file type, width and height. The name and type given by a client are not trusted. SVG is not accepted, as
//! it can carry scripts.

use std::convert::Infallible;

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;

use crate::wire::Field;

/// The greatest width and height in pixels (`im.chat.updateAvatar`, `imbot.v2.Bot.register`).
pub const MAX_SIDE: u32 = 5000;

/// A picture that may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Detected from the content: `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
    pub media_type: &'static str,
    /// Content of the file.
    pub bytes: Bytes,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Why a picture is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Not Base64, or not a picture of a known type.
    #[error("not a picture")]
    Type,
    /// Wider or higher than [`MAX_SIDE`].
    #[error("wider or higher than {MAX_SIDE} pixels")]
    Size,
}

impl From<Infallible> for ImageError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Tolerates trailing bits and missing padding: clients are sloppy with both.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads a picture: a file of a multipart form as it came, anything else as Base64.
///
/// # Errors
/// If it is not a picture, or too large.
pub fn read(field: Field<'_>) -> Result<Image, ImageError> {
    match field.file() {
        Some(file) => check(file.clone()),
        None => decode(&field.as_text().unwrap_or_default()),
    }
}

/// Decodes a picture in Base64. White space, and a prefix as in `data:image/png;base64,`, are skipped.
///
/// # Errors
/// If it is not a picture, or too large.
pub fn decode(text: &str) -> Result<Image, ImageError> {
    check(decode_base64(text).ok_or(ImageError::Type)?.into())
}

fn check(bytes: Bytes) -> Result<Image, ImageError> {
    let (media_type, (width, height)) = sniff(&bytes).ok_or(ImageError::Type)?;
    if width == 0 || height == 0 {
        return Err(ImageError::Type);
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(ImageError::Size);
    }
    Ok(Image {
        media_type,
        bytes,
        width,
        height,
    })
}

/// Type, width and height of a picture of any size, by its content; `None` for anything else.
#[must_use]
pub fn measure(file: &[u8]) -> Option<(&'static str, u32, u32)> {
    let (media_type, (width, height)) = sniff(file)?;
    (width > 0 && height > 0).then_some((media_type, width, height))
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_start();
    let code = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once(";base64,")?.1,
        None => text,
    };
    let code: Vec<u8> = code
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    LENIENT.decode(code).ok()
}

type Size = (u32, u32);

/// Type and size of a picture by its first bytes.
fn sniff(file: &[u8]) -> Option<(&'static str, Size)> {
    if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(("image/png", png_size(file)?))
    } else if file.starts_with(b"\xff\xd8\xff") {
        Some(("image/jpeg", jpeg_size(file)?))
    } else if file.starts_with(b"GIF87a") || file.starts_with(b"GIF89a") {
        let size = (le(file, 6, 2)?, le(file, 8, 2)?);
        Some(("image/gif", size))
    } else if file.starts_with(b"RIFF") && file.get(8..12)? == b"WEBP" {
        Some(("image/webp", webp_size(file)?))
    } else {
        None
    }
}

/// The first chunk of a PNG file is its header.
fn png_size(file: &[u8]) -> Option<Size> {
    (file.get(12..16)? == b"IHDR").then_some((be(file, 16, 4)?, be(file, 20, 4)?))
}

/// A JPEG file is a sequence of segments, each a marker and a length; the start-of-frame segment has the size.
fn jpeg_size(file: &[u8]) -> Option<Size> {
    let mut at = 2;
    loop {
        if *file.get(at)? != 0xff {
            return None;
        }
        let marker = *file.get(at + 1)?;
        match marker {
            // A fill byte before the marker.
            0xff => at += 1,
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => at += 2,
            // The end, or the start of the image data, without a frame before it.
            0xd9 | 0xda => return None,
            // Frames of all kinds; C4, C8 and CC are other segments in the same range.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((be(file, at + 7, 2)?, be(file, at + 5, 2)?));
            }
            _ => at += 2 + be(file, at + 2, 2)? as usize,
        }
    }
}

/// WebP has three formats (lossy, lossless and extended), each storing its size differently.
fn webp_size(file: &[u8]) -> Option<Size> {
    match file.get(12..16)? {
        b"VP8 " => {
            let started = file.get(23..26)? == b"\x9d\x01\x2a";
            let side = |at| Some(le(file, at, 2)? & 0x3fff);
            started.then_some((side(26)?, side(28)?))
        }
        b"VP8L" => {
            let started = *file.get(20)? == 0x2f;
            let bits = le(file, 21, 4)?;
            started.then_some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((le(file, 24, 3)? + 1, le(file, 27, 3)? + 1)),
        _ => None,
    }
}

/// A big-endian number of up to four bytes.
fn be(file: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = file.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().fold(0, |n, byte| n << 8 | u32::from(*byte)))
}

/// A little-endian number of up to four bytes.
fn le(file: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = file.get(at..at.checked_add(length)?)?;
    let folded = bytes.iter().rev();
    Some(folded.fold(0, |n, byte| n << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD as BASE64;
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        file.extend(width.to_be_bytes());
        file.extend(height.to_be_bytes());
        file
    }

    fn size(file: &[u8]) -> Result<(&'static str, u32, u32), ImageError> {
        decode(&BASE64.encode(file)).map(|image| (image.media_type, image.width, image.height))
    }

    #[test]
    fn every_type_is_known_by_its_content() {
        assert_eq!(size(&png(640, 480)), Ok(("image/png", 640, 480)));
        assert_eq!(size(b"GIF89a\x40\x01\xc8\x00"), Ok(("image/gif", 320, 200)));
        let jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc4\x00\x03c\xff\xc2\x00\x11\x08\x00\x10\x00\x20\x03";
        assert_eq!(size(jpeg), Ok(("image/jpeg", 32, 16)));
        let lossy = b"RIFF....WEBPVP8 ....\x00\x00\x00\x9d\x01\x2a\x10\x40\x08\x80";
        assert_eq!(size(lossy), Ok(("image/webp", 16, 8)));
        let lossless = b"RIFF....WEBPVP8L....\x2f\x0f\xc0\x01\x00";
        assert_eq!(size(lossless), Ok(("image/webp", 16, 8)));
        let extended = b"RIFF....WEBPVP8X....\x00\x00\x00\x00\x0f\x00\x00\x07\x00\x00";
        assert_eq!(size(extended), Ok(("image/webp", 16, 8)));
    }

    #[test]
    fn the_limit_is_5000_pixels_a_side() {
        assert!(size(&png(5000, 5000)).is_ok());
        assert_eq!(size(&png(5001, 1)), Err(ImageError::Size));
        assert_eq!(size(&png(1, 5001)), Err(ImageError::Size));
        assert_eq!(size(&png(0, 7)), Err(ImageError::Type));
    }

    #[test]
    fn anything_else_is_no_picture() {
        for file in [
            &b""[..],
            b"<svg xmlns='x'/>",
            b"%PDF-1.7",
            b"\xff\xd8\xff\xd9",
        ] {
            assert_eq!(size(file), Err(ImageError::Type));
        }
        for text in ["", "no base64!", "data:image/png,abc"] {
            assert_eq!(decode(text), Err(ImageError::Type));
        }
    }

    #[test]
    fn sloppy_base64_is_read() {
        let code = BASE64.encode(png(3, 3));
        let bare = code.trim_end_matches('=');
        let (head, tail) = bare.split_at(8);
        let wrapped = format!(" data:image/gif;base64,{head}\r\n{tail}\n");
        assert_eq!(decode(&wrapped), decode(&code));
        assert_eq!(decode(&code).unwrap().media_type, "image/png");
    }

    proptest! {
        #[test]
        fn no_file_makes_it_panic(kind in 0..4_usize, rest in proptest::collection::vec(any::<u8>(), 0..64)) {
            let starts: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF0000WEBPVP8"];
            let _ = size(&[starts[kind], &rest].concat());
        }
    }
}

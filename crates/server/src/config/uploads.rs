//! Maximum length of upload bodies, and the memory they take.

/// The unit in which memory is counted, in bytes.
pub(crate) const PIECE: usize = 64 << 10;

/// Copies of a body in memory at once: the body and the text in it, then the text and its bytes. A file of a multipart form is not
/// copied, but other parts may be as long.
pub(crate) const COPIES: usize = 2;

/// Allowance for the rest of a body, besides the content of its file.
const BESIDE: usize = 1 << 20;

/// The longest body of a request that uploads a file of `most` bytes, in Base64.
pub(crate) const fn longest_upload(most: usize) -> usize {
    most.div_ceil(3).saturating_mul(4).saturating_add(BESIDE)
}

/// The memory needed for the largest upload.
pub(crate) const fn memory_of_longest(most: usize) -> usize {
    longest_upload(most)
        .saturating_mul(COPIES)
        .saturating_add(PIECE)
}

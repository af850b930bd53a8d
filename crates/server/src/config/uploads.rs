//! How long the bodies of uploads are, and how much memory they take.

/// Memory is counted in pieces of so many bytes.
pub(crate) const PIECE: usize = 64 << 10;

/// So many times the length of a body are in memory at once: the body and the text in it, then the text and its bytes.
pub(crate) const COPIES: usize = 2;

/// What a body holds beside the content of its file.
const BESIDE: usize = 1 << 20;

/// The longest body of a request that uploads a file of `most` bytes, in Base64.
pub(crate) const fn longest_upload(most: usize) -> usize {
    most.div_ceil(3).saturating_mul(4).saturating_add(BESIDE)
}

/// The memory that the longest upload needs.
pub(crate) const fn memory_of_longest(most: usize) -> usize {
    longest_upload(most)
        .saturating_mul(COPIES)
        .saturating_add(PIECE)
}

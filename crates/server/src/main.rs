//! The readmark program.

/// What a request allocates on a thread of HTTP is freed on one of the store, and the other way round: the allocator of the system
/// takes a lock for each of these, that of the thread which allocated.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    readmark::cli::main()
}

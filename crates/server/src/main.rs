//! The readmark program.

/// What a request allocates on an HTTP thread is freed on a store thread, and vice versa: the system allocator
/// takes the allocating thread's lock for each of these.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    readmark::cli::main()
}

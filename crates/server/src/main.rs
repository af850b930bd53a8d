//! The readmark program.

fn main() -> std::process::ExitCode {
    readmark::cli::main()
}

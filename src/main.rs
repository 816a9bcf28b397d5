//! The program: a thin shell around the library.

fn main() {
    let args: Vec<_> = std::env::args_os().collect();
    if let Some(code) = spawnscope::runner::dispatch(&args) {
        std::process::exit(code);
    }
}

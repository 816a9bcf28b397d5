//! A document: it is read or refused; what is read is exported to every format.

use super::export;
use spawnscope::store::document_file;

pub fn run(bytes: &[u8]) {
    if let Ok(experiment) = document_file::read(bytes, "runs.json") {
        export(&experiment);
    }
}

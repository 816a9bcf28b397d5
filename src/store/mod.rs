//! What is kept in files.

pub mod document_file;

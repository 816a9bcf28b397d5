//! Every CSV table is written here, so that no cell of one is a formula.

use std::io;

/// Writes rows as CSV.
pub struct Table<W: io::Write>(csv::Writer<W>);

impl<W: io::Write> Table<W> {
    /// A table without rows.
    pub fn new(out: W) -> Self {
        Self(csv::Writer::from_writer(out))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// The row can't be written, or has more or fewer cells than the first.
    pub fn write_record<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), csv::Error> {
        for cell in cells {
            match is_formula(cell.as_ref()) {
                true => self.0.write_field(format!("'{}", cell.as_ref()))?,
                false => self.0.write_field(cell.as_ref())?,
            }
        }
        self.0.write_record(None::<&[u8]>)
    }

    /// Writes out the buffer.
    ///
    /// # Errors
    /// The buffer can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Table<Vec<u8>> {
    /// The bytes written.
    ///
    /// # Errors
    /// None: a vector takes everything.
    pub fn into_bytes(self) -> io::Result<Vec<u8>> {
        self.0.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

/// Whether a spreadsheet would compute a cell instead of showing it: see OWASP, *CSV Injection*. Numbers are no
/// formulas.
fn is_formula(cell: &str) -> bool {
    let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_number = || {
        let of_numbers = |letter: char| letter.is_ascii_digit() || matches!(letter, '+' | '-' | '.' | 'e' | 'E');
        cell.chars().all(of_numbers) && cell.parse::<f64>().is_ok()
    };
    begins && !is_number()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_text_and_a_number_stays_a_number() {
        let mut table = Table::new(Vec::new());
        table.write_record(["=1+1", "+cmd", "-x", "@a", "\ta", "\ra"]).expect("written");
        table.write_record(["-12", "+1.5e-3", "a=1", "", "-", "−12 µs"]).expect("written");
        let bytes = table.into_bytes().expect("bytes");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows[0].iter().collect::<Vec<_>>(), ["'=1+1", "'+cmd", "'-x", "'@a", "'\ta", "'\ra"]);
        assert_eq!(rows[1].iter().collect::<Vec<_>>(), ["-12", "+1.5e-3", "a=1", "", "'-", "−12 µs"]);
    }
}

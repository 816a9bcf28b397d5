//! CPU usage by core, ready to draw: at most one value for each column.

use model::Sample;

/// Usage of every core over one column of the plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its left edge, in nanoseconds since the run's origin.
    pub from_ns: f64,
    /// Its right edge.
    pub to_ns: f64,
    /// The share of the column in which each core was busy, 0 to 1; samples are weighted by their length.
    pub busy: Vec<f32>,
}

/// The samples between two instants, in order. Neighbours narrower than `least_ns` become one column; a gap between
/// samples stays a gap.
pub fn columns(samples: &[Sample], from_ns: f64, to_ns: f64, least_ns: f64) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let first = samples.partition_point(|sample| (sample.to_ns as f64) <= from_ns);
    for sample in samples[first..].iter().take_while(|sample| (sample.from_ns as f64) < to_ns) {
        let (from, to) = ((sample.from_ns as f64).max(from_ns), (sample.to_ns as f64).min(to_ns));
        let touching = |last: &&mut Column| from - last.to_ns <= least_ns / 2.0 && to - last.from_ns <= least_ns;
        match columns.last_mut().filter(touching) {
            Some(last) => last.take(from, to, &sample.busy),
            None if to > from => columns.push(Column { from_ns: from, to_ns: to, busy: sample.busy.clone() }),
            None => {}
        }
    }
    columns
}

impl Column {
    fn take(&mut self, from_ns: f64, to_ns: f64, busy: &[f32]) {
        let (old, new) = (self.to_ns - self.from_ns, (to_ns - from_ns).max(0.0));
        let weight = if old + new > 0.0 { (new / (old + new)) as f32 } else { 0.0 };
        self.busy.resize(self.busy.len().max(busy.len()), 0.0);
        for (core, share) in self.busy.iter_mut().enumerate() {
            *share += (busy.get(core).copied().unwrap_or(0.0) - *share) * weight;
        }
        self.to_ns = self.to_ns.max(to_ns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(from_ns: i64, to_ns: i64, busy: &[f32]) -> Sample {
        Sample { from_ns, to_ns, busy: busy.to_vec() }
    }

    #[test]
    fn a_sample_from_before_the_view_is_cut() {
        let columns = columns(&[sample(-100, 100, &[0.5])], 0.0, 1_000.0, 1.0);
        assert_eq!(columns, [Column { from_ns: 0.0, to_ns: 100.0, busy: vec![0.5] }]);
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let samples = [sample(0, 100, &[1.0]), sample(300, 400, &[1.0])];
        let columns = columns(&samples, 0.0, 1_000.0, 1.0);
        assert_eq!(
            columns.iter().map(|column| (column.from_ns, column.to_ns)).collect::<Vec<_>>(),
            [(0.0, 100.0), (300.0, 400.0)]
        );
    }

    #[test]
    fn narrow_samples_become_one_column_weighted_by_their_length() {
        let samples = [sample(0, 30, &[1.0, 0.0]), sample(30, 40, &[0.0, 1.0])];
        let columns = columns(&samples, 0.0, 1_000.0, 100.0);
        assert_eq!(columns.len(), 1);
        assert!((columns[0].busy[0] - 0.75).abs() < 1e-6 && (columns[0].busy[1] - 0.25).abs() < 1e-6);
    }
}

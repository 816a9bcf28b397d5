//! What else there is to say of a sweep, curve by curve.

use super::curve::{MeasuredPoint, Sweep, SweepCurve};

/// Sentences on curves without a time, points without one, repeats that are left out, a sweep with a single point.
pub fn notes(sweep: &Sweep) -> Vec<String> {
    let mut notes: Vec<String> = sweep.same.iter().cloned().collect();
    notes.extend(sweep.curves.iter().filter_map(|curve| note(sweep, curve)));
    if sweep.axis.len() == 1 && sweep.ended {
        notes.push(format!("The sweep has one point: a curve takes at least two values of {}.", sweep.variable()));
    }
    notes
}

fn note(sweep: &Sweep, curve: &SweepCurve) -> Option<String> {
    let ended: Vec<&MeasuredPoint> = curve.points.iter().filter(|point| point.ended > 0).collect();
    let failed: Vec<&&MeasuredPoint> = ended.iter().filter(|point| point.makespans.is_empty()).collect();
    let left_out: usize = ended.iter().map(|point| point.ended - point.makespans.len()).sum();
    let why = ended.iter().find_map(|point| point.why.as_ref()).map_or_else(String::new, |why| format!(" ({why})"));
    let manner = &curve.phrase.manner;
    if left_out == 0 {
        return None;
    }
    Some(if failed.len() == ended.len() {
        format!("No run {manner} succeeded as a whole{why}: it has no curve.")
    } else if failed.is_empty() {
        format!("{} {manner} did not succeed as a whole and {} left out{why}.", repeats(left_out), are(left_out))
    } else {
        let places: Vec<String> = failed.iter().map(|point| place(sweep, point)).collect();
        format!("No run {manner} succeeded as a whole at {}{why}: the curve has a gap there.", places.join(", "))
    })
}

fn place(sweep: &Sweep, point: &MeasuredPoint) -> String {
    match point.setting.argument {
        Some(argument) => sweep.axis.at(&argument.to_string()),
        None => crate::label::workers(point.setting.workers),
    }
}

fn repeats(count: usize) -> String {
    if count == 1 { "1 repeat".to_owned() } else { format!("{count} repeats") }
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

//! What is done with a measurement: the report, the exported files, the document, the exit status.

use super::{
    Status, args::Shared, destinations::Destinations, exit, measure, measure::Measurement, report, screen,
    screen::Screen, trust,
};
use engine::Request;
use export::{self, ExportOptions};
use model::Experiment;

/// Makes the runs of a request and delivers the result as the options ask; returns the exit status.
///
/// # Errors
/// One sentence: a file can't be written. If possible, this is found before the runs.
pub fn measure_and_report(request: Request, shared: &Shared) -> Status {
    let files = Destinations::check(&shared.export, shared.force)?.without_env(shared.no_env).dark(shared.dark);
    if shared.trust {
        trust::remember(&request.plan, &request.choices)?;
    }
    let screen = Screen::new(shared.json);
    screen.say(&report::heading(&request.plan, &request.choices));
    if shared.export.is_empty() && !shared.json {
        // If nobody can see the report, no run begins.
        screen.all_said()?;
    }
    let measured = measure::measure(request, &screen);
    hand_out(&measured, &files, shared.json, &screen)
}

fn hand_out(measured: &Measurement, files: &Destinations<'_>, json: bool, screen: &Screen) -> Status {
    if let Some(message) = &measured.failure {
        screen::complain(message);
    }
    let Some(experiment) = &measured.experiment else { return Ok(status(measured)) };
    if measured.failure.is_some() && experiment.runs.is_empty() {
        // There is nothing to report or to export; with --json there is a document all the same.
        return if json { print_document(experiment, files.options()) } else { Ok(()) }.map(|()| status(measured));
    }
    screen.say(&format!("\n{}", report::report(experiment)));
    let written = files.write(experiment, screen);
    if json {
        print_document(experiment, files.options())?;
    }
    written.and_then(|()| screen.all_said()).map(|()| status(measured))
}

fn print_document(experiment: &Experiment, options: &ExportOptions) -> Result<(), String> {
    let text = serde_json::to_string(&export::document(experiment, options))
        .map_err(|error| format!("the document can't be made: {error}"))?;
    screen::print_measured(&(text + "\n"))
}

fn status(measured: &Measurement) -> u8 {
    match &measured.experiment {
        _ if measured.interrupted => exit::INTERRUPTED,
        Some(experiment) if experiment.succeeded() => exit::SUCCESS,
        experiment if measured.failure.is_some() && experiment.as_ref().is_none_or(|it| it.runs.is_empty()) => {
            exit::REFUSED
        }
        _ => exit::SOME_FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::Threads;

    fn of(experiment: Experiment) -> Measurement {
        Measurement { experiment: Some(experiment), ..Measurement::default() }
    }

    #[test]
    fn the_status_tells_how_it_ended() {
        let good = of(Builder::compare("t").makespans(Threads, &[1.0]).build());
        assert_eq!(status(&good), exit::SUCCESS);
        assert_eq!(status(&Measurement { interrupted: true, ..good }), exit::INTERRUPTED);
        assert_eq!(status(&of(Builder::compare("t").crash(Threads, 1).build())), exit::SOME_FAILED);
        assert_eq!(status(&Measurement::default()), exit::SOME_FAILED, "the engine could not begin");
        let nothing = of(Builder::compare("t").build());
        let nothing = Measurement { failure: Some("no room".to_owned()), ..nothing };
        assert_eq!(status(&nothing), exit::REFUSED, "no run could be begun");
    }
}

//! What launching costs, as one SVG picture: a histogram of start latency and one of exit-to-join, a row for each
//! setting, all on one logarithmic axis.

use super::{Fonts, MARGIN, blank, header, paint::document};
use crate::{ExportError, ExportOptions};
use insight::launch_costs::{LogAxis, launch_costs};
use model::Experiment;
use scene::charts::histogram::{Latency, histogram, rows};

/// The chart as an SVG document.
///
/// # Errors
/// No execution has reached its target.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    let costs = launch_costs(experiment);
    let axis = LogAxis::of(costs.iter().flat_map(|costs| [&costs.start, &costs.join]));
    let axis = axis.ok_or(ExportError::NothingToDraw)?;
    let mut picture = blank(options);
    let width = picture.width;
    let mut y = header::page(&mut picture, experiment, options, "launch costs") + 20.0;
    for of in Latency::ALL {
        picture.open("histogram", Some(of.title()));
        y = header::heading(&mut picture, y, of.title(), of.meaning()) - 4.0;
        y = histogram(&mut picture, (MARGIN, width - MARGIN), y, axis, &rows(&costs, of)) + 10.0;
        picture.close();
    }
    let height = header::footer(&mut picture, experiment, y - 10.0);
    Ok(document(&picture, height, fonts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::{
        LaunchMode::{Processes, Threads},
        quantity::human_ns,
    };
    use roxmltree::Document;

    #[test]
    fn each_setting_is_a_row_of_each_histogram_and_its_numbers_stand_beside() {
        let experiment =
            Builder::compare("Start <up>").makespans(Threads, &[1.0; 3]).makespans(Processes, &[1.0; 3]).build();
        let text = svg(&experiment, &ExportOptions::default(), Fonts::Embedded).expect("a chart");
        let document = Document::parse(&text).expect("XML");
        let of_class =
            |class: &str| document.descendants().filter(|node| node.attribute("class") == Some(class)).count();
        assert_eq!((of_class("histogram"), of_class("latencies"), of_class("bins")), (2, 4, 4));
        let texts: Vec<_> =
            document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text()).collect();
        let start = launch_costs(&experiment)[1].start.quantiles.expect("known");
        let p50 = format!("p50 {}", human_ns(start.p50.round() as u64));
        for expected in
            ["Start <up>: launch costs", "Start latency", "Exit to join", "Processes", "12 executions", "p90", &p50]
        {
            assert!(texts.contains(&expected), "{expected} is not in {texts:?}");
        }
    }

    #[test]
    fn without_a_stamp_there_is_nothing_to_draw() {
        let experiment = Builder::compare("t").build();
        let error = svg(&experiment, &ExportOptions::default(), Fonts::Named).expect_err("nothing");
        assert!(error.to_string().contains("run or compare"));
    }
}

//! What an execution costs from launch to join, as one SVG picture. Each step is a row with a bar for each setting; the
//! bar begins where the setting's step before ended. Below them is the memory.

use super::{Fonts, MARGIN, blank, header, paint::document};
use crate::{ExportError, ExportOptions};
use insight::waterfall::{of_setting, shown, words};
use model::Experiment;
use scene::{charts::waterfall::WaterfallChart, waterfall::drawing};

/// The most settings in one picture; the table has all.
const MOST: usize = 6;

/// The chart as an SVG document.
///
/// # Errors
/// No setting has a complete repeat.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    let all = shown(experiment);
    if all.is_empty() {
        return Err(ExportError::NothingToDraw);
    }
    let settings = &all[..all.len().min(MOST)];
    let costs: Vec<_> = settings.iter().map(|setting| of_setting(experiment, *setting)).collect();
    let costs: Vec<_> = costs.iter().zip(settings.iter().copied()).collect();
    let drawing = drawing(&costs, settings).ok_or_else(|| {
        ExportError::Chart("no repeat is complete, so that there is no execution to look at".to_owned())
    })?;
    let mut picture = blank(options);
    let width = picture.width;
    let mut y = header::waterfall(&mut picture, experiment, options, &drawing.sentences, all.len() - settings.len());
    y = header::heading(&mut picture, y, "From launch to join", words::MEANING);
    let edges = (MARGIN, width - MARGIN);
    y = WaterfallChart::new(&mut picture, edges, &drawing, settings).steps(y, &drawing);
    if !drawing.memory.is_empty() {
        y = header::heading(&mut picture, y + 8.0, "Memory", words::MEMORY_MEANING);
        y = WaterfallChart::new(&mut picture, edges, &drawing, settings).memory(y, &drawing.memory);
    }
    let height = header::footer(&mut picture, experiment, y);
    Ok(document(&picture, height, fonts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChartTheme, fonts};
    use insight::testing::Builder;
    use model::LaunchMode::{ProcessPool, Processes, ThreadPool, Threads};
    use roxmltree::Document;
    use scene::picture::Ruler as _;

    fn of_class<'a>(document: &'a Document, class: &str) -> Vec<roxmltree::Node<'a, 'a>> {
        document.descendants().filter(|node| node.attribute("class") == Some(class)).collect()
    }

    fn texts(document: &Document) -> String {
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.filter_map(|node| node.text()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_step_has_a_bar_for_each_setting_and_says_what_differs() {
        let experiment =
            Builder::compare("A <b>").makespans(Threads, &[1.0; 3]).makespans(Processes, &[1.5; 3]).build();
        let text = svg(&experiment, &ExportOptions::default(), Fonts::Embedded).expect("a chart");
        let document = Document::parse(&text).expect("XML");
        assert_eq!((of_class(&document, "step").len(), of_class(&document, "axis").len()), (5, 1));
        assert_eq!(of_class(&document, "bar").len(), 12, "two of memory");
        let texts = texts(&document);
        for expected in [
            "What an execution costs: A <b>",
            "launching",
            "in the target",
            "together",
            "Memory",
            "From launch to join an",
        ] {
            assert!(texts.contains(expected), "{expected} is not in {texts}");
        }
        let titles: Vec<_> =
            document.descendants().filter(|n| n.has_tag_name("title")).filter_map(|n| n.text()).collect();
        assert!(titles.iter().any(|title| title.starts_with("Processes, launching: mean")), "{titles:?}");
    }

    #[test]
    fn every_bar_and_text_lies_on_the_picture() {
        let experiment = Builder::compare("t")
            .makespans(Threads, &[1.0])
            .makespans(Processes, &[0.2])
            .makespans(ThreadPool, &[3.0])
            .makespans(ProcessPool, &[1e-5])
            .build();
        for width_px in [640, 1600] {
            let options = ExportOptions { width_px, theme: ChartTheme::Dark, ..ExportOptions::default() };
            let text = svg(&experiment, &options, Fonts::Named).expect("a chart");
            let document = Document::parse(&text).expect("XML");
            let number = |node: &roxmltree::Node, name| node.attribute(name).and_then(|n| n.parse::<f64>().ok());
            for rect in document.descendants().filter(|node| node.has_tag_name("rect")) {
                let (x, w) = (number(&rect, "x").unwrap_or(0.0), number(&rect, "width").expect("a width"));
                assert!(x >= 0.0 && x + w <= f64::from(width_px) + 0.01, "{x} {w}");
            }
            let ruler = fonts::Ruler::new();
            for text in document
                .descendants()
                .filter(|node| node.has_tag_name("text") && node.attribute("text-anchor").is_none())
            {
                let (x, size) = (number(&text, "x").expect("x"), number(&text, "font-size").expect("a size"));
                let bold = text.attribute("font-weight").is_some();
                let end = x + ruler.width(text.text().unwrap_or_default(), size, bold);
                assert!(end <= f64::from(width_px) - MARGIN / 2.0, "{:?} ends at {end}", text.text());
            }
        }
    }

    #[test]
    fn without_a_complete_repeat_there_is_a_sentence() {
        let experiment = Builder::compare("t").crash(Threads, 2).build();
        let error = svg(&experiment, &ExportOptions::default(), Fonts::Named).expect_err("nothing");
        assert!(error.to_string().contains("no repeat is complete"), "{error}");
        assert!(svg(&Builder::compare("t").build(), &ExportOptions::default(), Fonts::Named).is_err());
    }
}

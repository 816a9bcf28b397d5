//! What an execution costs from launch to join, as one SVG picture: a row for each step, in it a bar for each setting that
//! begins where the setting's last step ended; and below what memory it takes.

use super::{
    Fonts, MARGIN,
    axis::TimeAxis,
    canvas::{Area, Canvas, Style},
    header, theme,
};
use crate::{
    export::{ExportError, ExportOptions, fonts},
    insight::waterfall::{of_setting, shown, words},
    model::{Experiment, RunSetting},
    scene::{
        palette,
        waterfall::{Bar, Drawing, MemoryBar, Piece, Row, drawing},
    },
};

/// The most settings of one picture; the table has all.
const MOST: usize = 6;
const TITLE: f64 = 34.0;
/// Height of a row's name, of a bar, and what lies between.
const NAME: f64 = 24.0;
const BAR: f64 = 20.0;
const BETWEEN: f64 = 4.0;
const APART: f64 = 12.0;
/// How strong the colour is of what is not told apart.
const PALE: f64 = 0.35;
/// Size of the texts beside bars.
const TEXT: f64 = 15.0;
/// The least width of a bar, so that a step that is there is seen.
const LEAST: f64 = 2.0;

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
    let width = f64::from(options.width_px.clamp(640, 4000));
    let mut canvas = Canvas::new(width, theme::Theme::of(options.theme));
    let mut y = header::waterfall(&mut canvas, experiment, options, &drawing.sentences, all.len() - settings.len());
    y = heading(&mut canvas, y, "From launch to join", words::MEANING);
    let mut chart = Chart::new(canvas, &drawing, settings);
    y = chart.steps(y, &drawing);
    if !drawing.memory.is_empty() {
        y = heading(&mut chart.canvas, y + 8.0, "Memory", words::MEMORY_MEANING);
        y = chart.memory(y, &drawing.memory);
    }
    let mut canvas = chart.canvas;
    let height = header::footer(&mut canvas, experiment, y);
    Ok(canvas.document(height, (fonts == Fonts::Embedded).then(fonts::font_faces)))
}

/// A heading with what it means beside it; returns where what follows begins.
fn heading(canvas: &mut Canvas, y: f64, title: &str, meaning: &str) -> f64 {
    let bold = Style::new(20.0, canvas.theme.ink).bold();
    canvas.text(MARGIN, y + 20.0, bold, title);
    let x = MARGIN + canvas.text_width(bold, title) + 14.0;
    let muted = Style::new(15.0, canvas.theme.muted);
    let meaning = canvas.ruler.fit(meaning, muted.size, false, canvas.width - MARGIN - x);
    canvas.text(x, y + 20.0, muted, &meaning);
    y + TITLE
}

struct Chart<'a> {
    canvas: Canvas,
    axis: TimeAxis,
    settings: &'a [RunSetting],
}

impl<'a> Chart<'a> {
    fn new(canvas: Canvas, drawing: &Drawing, settings: &'a [RunSetting]) -> Self {
        let style = Style::new(TEXT, canvas.theme.ink);
        let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
        let bars = || drawing.rows.iter().flat_map(|row| &row.bars);
        let names = widest(&mut bars().map(|bar| canvas.text_width(style, &bar.name)));
        let labels = widest(&mut bars().map(|bar| canvas.text_width(style, &beside(bar))));
        let most = canvas.width - 2.0 * MARGIN;
        let left = MARGIN + (names + 12.0).min(most * 0.3);
        let right = canvas.width - MARGIN - (labels + 10.0).min(most * 0.5);
        let axis = TimeAxis::new(drawing.end_ns.ceil() as u64, left, right);
        Self { canvas, axis, settings }
    }

    /// Draws the rows of steps and their axis; returns the lower end.
    fn steps(&mut self, y: f64, drawing: &Drawing) -> f64 {
        let heights: Vec<f64> = drawing.rows.iter().map(row_height).collect();
        let bottom = y + heights.iter().sum::<f64>();
        self.ground(y, bottom);
        self.axis.grid(&mut self.canvas, y, bottom);
        self.steps_down(y, drawing);
        let mut top = y;
        for (row, height) in drawing.rows.iter().zip(&heights) {
            self.row(top, row);
            top += height;
        }
        self.axis.draw_as(&mut self.canvas, bottom, "time since the launch call, on average")
    }

    fn ground(&mut self, top: f64, bottom: f64) {
        let ground = Area { x: self.axis.left, y: top, w: self.axis.right - self.axis.left, h: bottom - top };
        self.canvas.rect(ground, self.canvas.theme.row, "");
    }

    /// A thin line from the end of each bar to the beginning of the setting's next one.
    fn steps_down(&mut self, y: f64, drawing: &Drawing) {
        let mut ends: Vec<Option<(f64, f64)>> = vec![None; self.settings.len()];
        let colour = theme::mix(self.canvas.theme.muted, self.canvas.theme.row, 0.35);
        let mut top = y;
        let steps = drawing.rows.len().saturating_sub(1);
        for row in &drawing.rows[..steps] {
            for (at, bar) in row.bars.iter().enumerate() {
                let (from, to) = bar.ends();
                let bar_top = top + NAME + at as f64 * (BAR + BETWEEN);
                if let Some((x, end)) = ends[bar.setting] {
                    self.canvas.line((x, end), (x, bar_top), colour, 1.0);
                }
                let x = self.axis.x(to).max(self.axis.x(from));
                ends[bar.setting] = Some((x, bar_top + BAR));
            }
            top += row_height(row);
        }
    }

    fn row(&mut self, y: f64, row: &Row) {
        self.canvas.open("step", Some(row.name));
        // The name begins at the left, over the names of settings and the bars alike.
        let bold = Style::new(16.0, self.canvas.theme.ink).bold();
        self.canvas.text(MARGIN, y + 17.0, bold, row.name);
        self.kinds(MARGIN + self.canvas.text_width(bold, row.name) + 18.0, y + 17.0, row);
        for (at, bar) in row.bars.iter().enumerate() {
            let top = y + NAME + at as f64 * (BAR + BETWEEN);
            self.canvas.open("bar", Some(&bar.details));
            self.name(top, bar.setting, &bar.name);
            bar.pieces.iter().for_each(|piece| self.piece(top, piece));
            let (from, to) = bar.ends();
            self.label(self.axis.x(to).max(self.axis.x(from) + LEAST) + 8.0, top, bar);
            self.canvas.close();
        }
        self.canvas.close();
    }

    /// What the colours of a row's parts mean.
    fn kinds(&mut self, mut x: f64, baseline: f64, row: &Row) {
        let style = Style::new(14.0, self.canvas.theme.muted);
        for (colour, word) in &row.kinds {
            self.canvas.rect(Area { x, y: baseline - 10.0, w: 10.0, h: 10.0 }, *colour, "");
            self.canvas.text(x + 15.0, baseline, style, word);
            x += 15.0 + self.canvas.text_width(style, word) + 16.0;
        }
    }

    fn name(&mut self, top: f64, setting: usize, name: &str) {
        let accent = self.settings.get(setting).map_or(palette::GREY, |setting| palette::accent(setting.mode));
        let style = Style::new(TEXT, self.canvas.theme.readable(accent));
        let name = self.canvas.ruler.fit(name, TEXT, false, self.axis.left - MARGIN - 8.0);
        self.canvas.text(MARGIN, top + 15.0, style, &name);
    }

    fn piece(&mut self, top: f64, piece: &Piece) {
        // What took no time at all is not there.
        if piece.to_ns <= piece.from_ns {
            return;
        }
        let (from, to) = (self.axis.x(piece.from_ns), self.axis.x(piece.to_ns));
        let area = Area { x: from, y: top, w: (to - from).max(LEAST), h: BAR };
        let more = if piece.pale { format!("fill-opacity=\"{PALE}\"") } else { String::new() };
        self.canvas.marked(area, piece.color, &more);
    }

    fn label(&mut self, x: f64, top: f64, bar: &Bar) {
        let ink = Style::new(TEXT, self.canvas.theme.ink);
        // The lines of other bars and of the axis end at the text.
        let ground = Area { x: x - 3.0, y: top, w: self.canvas.text_width(ink, &beside(bar)) + 6.0, h: BAR };
        let ground = Area { w: ground.w.min(self.axis.right - ground.x).max(0.0), ..ground };
        self.canvas.rect(ground, self.canvas.theme.row, "");
        self.canvas.text(x, top + 15.0, ink, &bar.value);
        if let Some(apart) = &bar.apart {
            let x = x + self.canvas.text_width(ink, &bar.value) + 10.0;
            let room = (self.canvas.width - MARGIN - x).max(0.0);
            let apart = self.canvas.ruler.fit(apart, TEXT, false, room);
            self.canvas.text(x, top + 15.0, Style::new(TEXT, self.canvas.theme.muted), &apart);
        }
    }

    fn memory(&mut self, y: f64, bars: &[MemoryBar]) -> f64 {
        let most = bars.iter().map(|bar| bar.bytes).fold(1.0, f64::max);
        let style = Style::new(TEXT, self.canvas.theme.ink);
        let texts = bars.iter().map(|bar| self.canvas.text_width(style, &bar.text)).fold(0.0, f64::max);
        let room = self.canvas.width - MARGIN - self.axis.left;
        let scale = (room - texts - 12.0).max(room * 0.15);
        self.canvas.open("memory", None);
        let mut top = y;
        for bar in bars {
            self.canvas.open("bar", Some(&bar.text));
            self.name(top, bar.setting, &bar.name);
            let width = (bar.bytes / most * scale).max(LEAST);
            let accent = self.settings.get(bar.setting).map_or(palette::GREY, |setting| palette::accent(setting.mode));
            self.canvas.rect(Area { x: self.axis.left, y: top, w: width, h: BAR }, accent, "");
            let text = self.canvas.ruler.fit(&bar.text, TEXT, false, (room - width - 8.0).max(0.0));
            self.canvas.text(self.axis.left + width + 8.0, top + 15.0, style, &text);
            self.canvas.close();
            top += BAR + BETWEEN;
        }
        self.canvas.close();
        top + 8.0
    }
}

fn row_height(row: &Row) -> f64 {
    NAME + row.bars.len() as f64 * (BAR + BETWEEN) - BETWEEN + APART
}

/// All that stands beside a bar.
fn beside(bar: &Bar) -> String {
    // Two blanks are about what lies between the two texts.
    bar.apart.as_ref().map_or_else(|| bar.value.clone(), |apart| format!("{}    {apart}", bar.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        export::ChartTheme,
        insight::testing::Builder,
        model::LaunchMode::{ProcessPool, Processes, ThreadPool, Threads},
    };
    use roxmltree::Document;

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

//! What launching costs, as one SVG picture: a histogram of start latency and one of exit-to-join, a row for each
//! setting, all on one logarithmic axis.

use super::{
    Fonts, MARGIN,
    canvas::{Anchor, Area, Canvas, Style, short},
    header, theme,
};
use crate::{
    export::{ExportError, ExportOptions, fonts},
    insight::{
        label::label,
        launch_costs::{Latencies, LaunchCosts, LogAxis, Quantiles, decade_text, launch_costs},
    },
    model::{
        Experiment, RunSetting,
        quantity::{grouped, human_ns},
    },
    scene::palette::{self, Rgb},
};
use theme::hex;

const TITLE: f64 = 30.0;
/// Height of a row's line of words, of the names of its marks, and of its bars.
const WORDS: f64 = 24.0;
const MARKS: f64 = 17.0;
const BARS: f64 = 74.0;
const APART: f64 = 14.0;
/// The least height of a bar, so that one execution among thousands is seen.
const LEAST: f64 = 2.0;

/// The chart as an SVG document.
///
/// # Errors
/// No execution has got as far as its target.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    let costs = launch_costs(experiment);
    let axis = LogAxis::of(costs.iter().flat_map(|costs| [&costs.start, &costs.join]));
    let axis = axis.ok_or(ExportError::NothingToDraw)?;
    let width = f64::from(options.width_px.clamp(640, 4000));
    let mut canvas = Canvas::new(width, theme::Theme::of(options.theme));
    let y = header::launch(&mut canvas, experiment, options);
    let mut chart = Chart { canvas, axis, costs: &costs };
    let y = chart
        .histogram(y, "Start latency", "from the launch call to the first instruction of the target", |c| &c.start);
    let meaning = "from the end of a thread or process to the return of join";
    let y = chart.histogram(y + 10.0, "Exit to join", meaning, |c| &c.join);
    let mut canvas = chart.canvas;
    let height = header::footer(&mut canvas, experiment, y);
    Ok(canvas.document(height, (fonts == Fonts::Embedded).then(fonts::font_faces)))
}

struct Chart<'a> {
    canvas: Canvas,
    axis: LogAxis,
    costs: &'a [LaunchCosts],
}

impl Chart<'_> {
    /// Draws one histogram from `y` on; returns its lower end.
    fn histogram(&mut self, y: f64, title: &str, meaning: &str, of: fn(&LaunchCosts) -> &Latencies) -> f64 {
        let settings: Vec<RunSetting> = self.costs.iter().map(|costs| costs.setting).collect();
        let bold = Style::new(20.0, self.canvas.theme.ink).bold();
        self.canvas.open("histogram", Some(title));
        self.canvas.text(MARGIN, y + 20.0, bold, title);
        let x = MARGIN + self.canvas.text_width(bold, title) + 14.0;
        let muted = Style::new(15.0, self.canvas.theme.muted);
        let room = self.canvas.width - MARGIN - x;
        let meaning = self.canvas.ruler.fit(meaning, muted.size, false, room);
        self.canvas.text(x, y + 20.0, muted, &meaning);
        let tallest =
            self.costs.iter().map(|costs| share(of(costs), of(costs).most())).fold(f64::MIN_POSITIVE, f64::max);
        let mut y = y + TITLE;
        for costs in self.costs {
            let name = label(costs.setting, &settings);
            y = self.row(y, &name, palette::accent(costs.setting.mode), of(costs), tallest) + APART;
        }
        y = self.labels(y - APART);
        self.canvas.close();
        y
    }

    fn row(&mut self, y: f64, name: &str, accent: Rgb, latencies: &Latencies, tallest: f64) -> f64 {
        self.canvas.open("latencies", None);
        self.words(y, name, accent, latencies);
        let top = y + WORDS + MARKS;
        let room = Area { x: MARGIN, y: top, w: self.canvas.width - 2.0 * MARGIN, h: BARS };
        self.canvas.rect(room, self.canvas.theme.row, "");
        self.grid(room);
        let mut bars = String::new();
        for (from, to, count) in latencies.bins() {
            let (left, right) = (self.x(from) + 0.5, self.x(to) - 0.5);
            let height = (share(latencies, count) / tallest * BARS).max(LEAST);
            let (width, foot) = (short(right - left), short(top + BARS));
            bars += &format!("M{} {foot}v-{}h{width}v{}z", short(left), short(height), short(height));
        }
        self.canvas.path(&bars, &format!("class=\"bins\" fill=\"{}\"", hex(accent)));
        latencies.quantiles.iter().for_each(|quantiles| self.marks(room, quantiles));
        self.canvas.close();
        top + BARS
    }

    fn words(&mut self, y: f64, name: &str, accent: Rgb, latencies: &Latencies) {
        let style = Style::new(17.0, self.canvas.theme.readable(accent)).bold();
        self.canvas.text(MARGIN, y + 18.0, style, name);
        let mut x = MARGIN + self.canvas.text_width(style, name) + 18.0;
        let style = Style::new(15.0, self.canvas.theme.ink);
        for words in words(latencies) {
            let room = self.canvas.width - MARGIN - x;
            let words = self.canvas.ruler.fit(&words, style.size, false, room.max(0.0));
            self.canvas.text(x, y + 18.0, style, &words);
            x += self.canvas.text_width(style, &words) + 18.0;
        }
    }

    fn x(&self, ns: f64) -> f64 {
        MARGIN + self.axis.place(ns) * (self.canvas.width - 2.0 * MARGIN)
    }

    fn grid(&mut self, room: Area) {
        let grid = self.canvas.theme.grid;
        let faint = theme::mix(grid, self.canvas.theme.row, 0.6);
        let lines: Vec<_> =
            self.axis.minor().map(|ns| (ns, faint)).chain(self.axis.decades().map(|ns| (ns, grid))).collect();
        for (ns, colour) in lines {
            let x = self.x(ns);
            self.canvas.line((x, room.y), (x, room.y + room.h), colour, 1.0);
        }
    }

    /// A line for each quantile, with its name above where there is room beside the one before.
    fn marks(&mut self, room: Area, quantiles: &Quantiles) {
        let ink = self.canvas.theme.ink;
        let style = Style::new(13.0, ink);
        let mut free = room.x;
        for (name, ns) in quantiles.all() {
            let x = self.x(ns);
            self.canvas.line((x, room.y), (x, room.y + room.h), ink, 1.2);
            let width = self.canvas.text_width(style, name);
            let left = (x - width / 2.0).clamp(room.x, room.x + room.w - width);
            if left >= free {
                self.canvas.text(left, room.y - 4.0, style, name);
                free = left + width + 5.0;
            }
        }
    }

    fn labels(&mut self, y: f64) -> f64 {
        let style = Style::new(14.0, self.canvas.theme.ink).at(Anchor::Middle);
        let decades: Vec<f64> = self.axis.decades().collect();
        for ns in decades {
            let text = decade_text(ns);
            let half = self.canvas.text_width(style, &text) / 2.0;
            let x = self.x(ns).clamp(MARGIN + half - 20.0, self.canvas.width - MARGIN - half + 20.0);
            self.canvas.text(x, y + 19.0, style, &text);
        }
        y + 30.0
    }
}

fn share(latencies: &Latencies, count: u32) -> f64 {
    f64::from(count) / latencies.count.max(1) as f64
}

/// The numbers of a row.
fn words(latencies: &Latencies) -> Vec<String> {
    let quantiles = latencies.quantiles.iter().flat_map(Quantiles::all);
    let mut words: Vec<String> =
        quantiles.map(|(name, ns)| format!("{name} {}", human_ns(ns.round() as u64))).collect();
    let plural = if latencies.count == 1 { "" } else { "s" };
    words.push(format!("{} execution{plural}", grouped(latencies.count as i128)));
    if latencies.without > 0 {
        words.push(format!("{} without the stamp", grouped(latencies.without as i128)));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::testing::Builder,
        model::LaunchMode::{Processes, Threads},
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

//! A histogram of latencies on a logarithmic axis: a row for each setting, all on one axis, with the quantiles marked.

use crate::{
    palette::{self, Rgb},
    picture::{Area, Picture, Style, mix},
};
use insight::{
    label::label,
    launch_costs::{Latencies, LaunchCosts, LogAxis, Quantiles, decade_text},
};
use model::{
    Setting,
    quantity::{grouped, human_ns},
};

/// The heights of a row's words, of the names of its marks, and of its bars.
const WORDS: f64 = 24.0;
const MARKS: f64 = 17.0;
const BARS: f64 = 74.0;
const APART: f64 = 14.0;
const AXIS: f64 = 30.0;
/// The least height of a bar, so that one execution among thousands is visible.
const LEAST: f64 = 2.0;

/// A latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// That of starts.
    Start,
    /// That of joins.
    Join,
}

impl Latency {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Start, Self::Join];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Start => "Start latency",
            Self::Join => "Exit to join",
        }
    }

    /// The two events between which it is measured.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Start => "from the launch call to the first instruction of the target",
            Self::Join => "from the end of a thread or process to the return of join",
        }
    }

    fn of(self, costs: &LaunchCosts) -> &Latencies {
        match self {
            Self::Start => &costs.start,
            Self::Join => &costs.join,
        }
    }
}

/// The latencies of a setting.
pub struct LatencyRow<'a> {
    what: Latency,
    name: String,
    accent: Rgb,
    latencies: &'a Latencies,
}

/// A row for each setting.
pub fn rows(costs: &[LaunchCosts], what: Latency) -> Vec<LatencyRow<'_>> {
    let settings: Vec<Setting> = costs.iter().map(|costs| costs.setting).collect();
    let row = |costs: &'_ LaunchCosts| (label(costs.setting, &settings), palette::accent(costs.setting.mode));
    let row = |costs| {
        let (name, accent) = row(costs);
        LatencyRow { what, name, accent, latencies: what.of(costs) }
    };
    costs.iter().map(row).collect()
}

/// Draws the rows between two edges from `y` on; returns their lower end.
pub fn histogram(picture: &mut Picture, edges: (f64, f64), y: f64, axis: LogAxis, rows: &[LatencyRow<'_>]) -> f64 {
    let tallest = rows.iter().map(|row| share(row.latencies, row.latencies.most())).fold(f64::MIN_POSITIVE, f64::max);
    let mut chart = Chart { picture, edges, axis, tallest };
    let bottom = rows.iter().fold(y, |y, row| chart.row(y, row) + APART);
    chart.labels(bottom - APART)
}

struct Chart<'a> {
    picture: &'a mut Picture,
    edges: (f64, f64),
    axis: LogAxis,
    tallest: f64,
}

impl Chart<'_> {
    fn row(&mut self, y: f64, row: &LatencyRow<'_>) -> f64 {
        let words = words(row.latencies);
        let told = format!("{}, {}: {}", row.what.title(), row.name, words.join(" · "));
        self.picture.open("latencies", Some(&told));
        self.words(y, row, &words);
        let top = y + WORDS + MARKS;
        let room = Area { x: self.edges.0, y: top, w: self.edges.1 - self.edges.0, h: BARS };
        self.picture.rect(room, self.picture.theme.row);
        self.grid(room);
        self.picture.open("bins", None);
        for bin in row.latencies.bins() {
            self.bin(room, row, bin);
        }
        self.picture.close();
        row.latencies.quantiles.iter().for_each(|quantiles| self.marks(room, quantiles));
        self.picture.close();
        top + BARS
    }

    fn bin(&mut self, room: Area, row: &LatencyRow<'_>, (from, to, count): (f64, f64, u32)) {
        let (left, right) = (self.x(from) + 0.5, self.x(to) - 0.5);
        let share = share(row.latencies, count);
        let height = (share / self.tallest * room.h).max(LEAST);
        let range = format!("{} to {}", human_ns(from.round() as u64), human_ns(to.round() as u64));
        let told = format!("{range}: {}, {:.1} %", executions(count as usize), share * 100.0);
        self.picture.open("bin", Some(&told));
        let bar = Area { x: left, y: room.y + room.h - height, w: right - left, h: height };
        self.picture.rect(bar, row.accent);
        self.picture.close();
    }

    fn words(&mut self, y: f64, row: &LatencyRow<'_>, words: &[String]) {
        let style = Style::new(17.0, self.picture.theme.readable(row.accent)).bold();
        let ink = Style::new(15.0, self.picture.theme.ink);
        let texts = [(style, row.name.as_str())].into_iter().chain(words.iter().map(|words| (ink, words.as_str())));
        self.picture.texts((self.edges.0, y + 18.0), (self.edges.1, 18.0), texts);
    }

    fn x(&self, ns: f64) -> f64 {
        self.edges.0 + self.axis.place(ns) * (self.edges.1 - self.edges.0)
    }

    fn grid(&mut self, room: Area) {
        let grid = self.picture.theme.grid;
        let faint = mix(grid, self.picture.theme.row, 0.6);
        let lines: Vec<_> =
            self.axis.minor().map(|ns| (ns, faint)).chain(self.axis.decades().map(|ns| (ns, grid))).collect();
        for (ns, colour) in lines {
            let x = self.x(ns);
            self.picture.line((x, room.y), (x, room.y + room.h), colour, 1.0);
        }
    }

    /// Draws a line for each quantile, with its name above where there is room beside the name before.
    fn marks(&mut self, room: Area, quantiles: &Quantiles) {
        let ink = self.picture.theme.ink;
        let style = Style::new(13.0, ink);
        let mut free = room.x;
        for (name, ns) in quantiles.all() {
            let x = self.x(ns);
            self.picture.line((x, room.y), (x, room.y + room.h), ink, 1.2);
            let width = self.picture.text_width(style, name);
            let left = (x - width / 2.0).clamp(room.x, (room.x + room.w - width).max(room.x));
            if left >= free {
                self.picture.text(left, room.y - 4.0, style, name);
                free = left + width + 5.0;
            }
        }
    }

    /// Draws the numbers of the axis, each where it has room beside the number before.
    fn labels(&mut self, y: f64) -> f64 {
        let labels: Vec<_> = self.axis.decades().map(|ns| (self.x(ns), decade_text(ns))).collect();
        self.picture.labels(self.edges, y + 19.0, 8.0, labels);
        y + AXIS
    }
}

fn share(latencies: &Latencies, count: u32) -> f64 {
    f64::from(count) / latencies.count.max(1) as f64
}

/// A row's words: its quantiles, the number of executions, and the number without the stamp.
fn words(latencies: &Latencies) -> Vec<String> {
    let quantiles = latencies.quantiles.iter().flat_map(Quantiles::all);
    let mut words: Vec<String> =
        quantiles.map(|(name, ns)| format!("{name} {}", human_ns(ns.round() as u64))).collect();
    words.push(match latencies.count {
        0 => "known of no execution".to_owned(),
        count => executions(count),
    });
    if latencies.without > 0 {
        words.push(format!("{} without the stamp", grouped(latencies.without as i128)));
    }
    words
}

fn executions(count: usize) -> String {
    format!("{} execution{}", grouped(count as i128), if count == 1 { "" } else { "s" })
}

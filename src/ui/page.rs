//! A tab's own export, from where it is shown: a chart, and mostly its table.

/// A part of the window with files of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    Comparison,
    LaunchCosts,
    Findings,
    Waterfall,
    Sweep,
}

impl Page {
    /// The word before the extension: `launch` of `a.launch.png`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Comparison => "compare",
            Self::LaunchCosts => "launch",
            Self::Findings => "findings",
            Self::Waterfall => "waterfall",
            Self::Sweep => "sweep",
        }
    }

    /// The formats that there are, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::LaunchCosts => &["png", "svg"],
            _ => &["png", "svg", "csv"],
        }
    }

    /// The name of the command, and what it does.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Comparison => (
                "Export comparison…",
                "Write the distributions and ratios as a chart (.compare.png, .compare.svg) or a table (.compare.csv)",
            ),
            Self::LaunchCosts => (
                "Export launch costs…",
                "Write the histograms of start latency and exit to join (.launch.png, .launch.svg)",
            ),
            Self::Findings => (
                "Export findings…",
                "Write what was found as a page (.findings.png, .findings.svg) or a table (.findings.csv)",
            ),
            Self::Waterfall => (
                "Export what an execution costs…",
                "Write its steps from launch to join (.waterfall.png, .waterfall.svg, .waterfall.csv)",
            ),
            Self::Sweep => ("Export sweep…", "Write the curves of the sweep (.sweep.png, .sweep.svg, .sweep.csv)"),
        }
    }

    /// The title of its dialog: `Export findings: .findings.png, .findings.svg or .findings.csv`.
    pub fn title(self) -> String {
        let names = self.extensions().iter().map(|extension| format!(".{}.{extension}", self.kind()));
        format!("{}: {}", self.words().0.trim_end_matches('…'), one_of(names))
    }
}

/// `.png, .svg or .csv`.
pub fn one_of(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let (last, before) = names.split_last().expect("a format");
    format!("{} or {last}", before.join(", "))
}

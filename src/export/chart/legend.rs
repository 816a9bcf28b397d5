//! What the colours and marks mean.

use super::{MARGIN, panel::Panel};
use model::{MainKind, Owner, Phase, State, StatesSource};
use scene::{
    charts::{
        lanes::{FEW, cross},
        left,
    },
    palette::{self, Pattern, Rgb},
    picture::{Area, Picture, Style},
    timeline::Gil,
};

const LINE: f64 = 26.0;
const SWATCH: f64 = 18.0;

/// Draws the legend from `y` on; returns its lower end.
pub fn draw(picture: &mut Picture, panels: &[Panel], y: f64) -> f64 {
    picture.open("legend", None);
    let style = Style::new(14.0, picture.theme.ink);
    let (mut x, mut baseline) = (MARGIN, y + 16.0);
    let looked = panels.iter().any(|panel| !panel.index.profiles().is_empty());
    for (mark, text) in items(panels) {
        let swatch_width = if matches!(mark, Mark::None) { 0.0 } else { SWATCH + 8.0 };
        let width = swatch_width + picture.text_width(style, &text) + 24.0;
        if x > MARGIN && x + width - 24.0 > picture.width - MARGIN {
            (x, baseline) = (MARGIN, baseline + LINE);
        }
        swatch(picture, mark, looked, x, baseline);
        picture.text(x + swatch_width, baseline, style, &text);
        x += width;
    }
    picture.close();
    baseline + 16.0
}

enum Mark {
    Phase(Phase),
    State(State),
    Unseen,
    Failed,
    Tick,
    Left,
    Holders,
    Share,
    Owner(Rgb),
    Hatched,
    End,
    /// Words alone.
    None,
}

fn items(panels: &[Panel]) -> Vec<(Mark, String)> {
    let states: Vec<State> =
        State::ALL.into_iter().filter(|state| panels.iter().any(|panel| panel.index.profiles().has(*state))).collect();
    let mut items: Vec<(Mark, String)> = Vec::new();
    for phase in Phase::ALL.into_iter().filter(|phase| panels.iter().any(|panel| panel.run.has_phase(*phase))) {
        if phase != Phase::InTarget || panels.iter().any(|panel| !untold(panel)) {
            items.push((Mark::Phase(phase), phase_text(phase, !states.is_empty()).to_owned()));
        }
        if phase == Phase::InTarget {
            let others = states.iter().filter(|state| **state != State::OnCpu);
            items.extend(others.map(|state| (Mark::State(*state), state.word().to_owned())));
            items.extend(
                (panels.iter().any(untold) || !states.is_empty() && !exact(panels))
                    .then(|| (Mark::Unseen, "in the target, not looked at".to_owned())),
            );
        }
    }
    let any = |holds: &dyn Fn(&Panel) -> bool| panels.iter().any(holds);
    if any(&|panel| panel.run.executions.iter().any(|e| e.failed())) {
        items.push((Mark::Failed, "did not succeed".to_owned()));
    }
    items.extend(ticks(panels).map(|text| (Mark::Tick, text)));
    if any(&|panel| panel.index.has_left()) {
        items.push((Mark::Left, "left a process running".to_owned()));
    }
    if any(&|panel| holders(panel)) {
        items.push((Mark::Holders, "GIL: who was on a CPU, in the colour of the lane".to_owned()));
    }
    items.extend(owners(panels));
    if any(&|panel| panel.run.executions.len() > FEW || !panel.run.slices.is_empty()) {
        items.push((Mark::Share, "paler: busy for that share only".to_owned()));
    }
    items.push((Mark::End, "end of the run".to_owned()));
    items.extend(method(panels).filter(|_| !states.is_empty()).map(|text| (Mark::None, text)));
    items
}

/// What the launcher's ticks are.
fn ticks(panels: &[Panel]) -> Option<String> {
    let kinds = [MainKind::JoinTimeout, MainKind::StartAgain, MainKind::Abandon];
    let kinds = kinds.into_iter().filter(|kind| panels.iter().any(|panel| panel.index.has_tick(*kind)));
    let words: Vec<_> = kinds.map(MainKind::word).collect();
    (!words.is_empty()).then(|| format!("main: {}", words.join(", ")))
}

fn holders(panel: &Panel) -> bool {
    Gil::of(panel.run).is_some_and(Gil::has_holders) && !panel.index.profiles().is_empty()
}

/// Who else is on the rows of cores.
fn owners(panels: &[Panel]) -> Vec<(Mark, String)> {
    let slices = || panels.iter().map(|panel| &panel.run.slices).filter(|slices| !slices.is_empty());
    if slices().next().is_none() {
        return Vec::new();
    }
    let mut found = [false; 3];
    for slice in slices().flat_map(|slices| slices.iter(0, u64::MAX)) {
        match slice.owner {
            Owner::Execution(_) => {}
            Owner::Helper(_) => found[0] = true,
            Owner::Launcher => found[1] = true,
            Owner::Other => found[2] = true,
        }
    }
    let all = [
        (Mark::Hatched, "on a core: started by an execution"),
        (Mark::Owner(palette::LAUNCHER), "on a core: the launcher"),
        (Mark::Owner(palette::OTHER), "on a core: other threads of the runner"),
    ];
    let some = all.into_iter().zip(found).filter(|(_, found)| *found).map(|((mark, text), _)| (mark, text.to_owned()));
    let lanes = (Mark::Holders, "on a core: an execution, in the colour of its lane".to_owned());
    std::iter::once(lanes).chain(some).collect()
}

/// Whether all states are had by switch records.
fn exact(panels: &[Panel]) -> bool {
    let looked = panels.iter().filter(|panel| !panel.index.profiles().is_empty());
    looked.into_iter().all(|panel| panel.run.states_source == Some(StatesSource::SwitchRecords))
}

/// Whether it was measured, and it can't be told what its executions did.
fn untold(panel: &Panel) -> bool {
    panel.index.profiles().looked() && panel.index.profiles().is_empty()
}

/// How the states were found.
fn method(panels: &[Panel]) -> Option<String> {
    if exact(panels) {
        return Some("States are exact, by switch records; on what a thread was blocked is sampled.".to_owned());
    }
    let often = panels.iter().filter_map(|panel| panel.run.sampling).map(|sampling| sampling.reached_hz);
    let often = often.reduce(f64::min)?;
    Some(format!("Totals are exact; what blocked means is sampled {often:.0} times a second."))
}

fn phase_text(phase: Phase, looked: bool) -> &'static str {
    match phase {
        Phase::Launching => "launching (main: in a start call)",
        Phase::InTarget if looked => "in the target, on CPU",
        Phase::ToBeJoined => "waiting to be joined (main: blocked in join)",
        other => other.word(),
    }
}

fn swatch(picture: &mut Picture, mark: Mark, looked: bool, x: f64, baseline: f64) {
    let area = Area { x, y: baseline - 12.0, w: SWATCH, h: 14.0 };
    match mark {
        Mark::Phase(phase @ (Phase::Waiting | Phase::Queued)) => {
            let thin = Area { y: area.y + 4.5, h: 5.0, ..area };
            picture.marked(thin, palette::phase(phase), 0.45);
        }
        Mark::Phase(phase) if looked && phase != Phase::InTarget => {
            picture.marked(Area { y: area.y + 3.5, h: 7.0, ..area }, palette::phase(phase), 1.0);
        }
        Mark::Phase(phase) => picture.marked(area, palette::phase(phase), 1.0),
        Mark::State(state) => picture.marked(area, palette::state(state), 1.0),
        Mark::Unseen => {
            let (colour, strength) = palette::UNSEEN;
            picture.patterned(area, colour, f64::from(strength), Pattern::Grid);
        }
        Mark::Tick => picture.rect(Area { x: x + SWATCH / 2.0 - 1.0, w: 2.0, ..area }, palette::FAILED),
        Mark::Holders => {
            for lane in 0..3 {
                let third = SWATCH / 3.0;
                picture.rect(Area { x: x + f64::from(lane) * third, w: third, ..area }, palette::lane(lane));
            }
        }
        Mark::Left => left::shape(picture, x + (SWATCH - left::SIZE) / 2.0, baseline - 5.0, false),
        Mark::None => {}
        Mark::Owner(colour) => picture.rect(area, colour),
        Mark::Hatched => {
            picture.pale(area, palette::lane(0), 0.4);
            for stripe in 0..3 {
                let y = area.y + 2.0 + 4.0 * f64::from(stripe);
                picture.rect(Area { y, h: 2.0, ..area }, palette::lane(0));
            }
        }
        Mark::Share => {
            for (step, opacity) in [0.25, 0.5, 0.75].into_iter().enumerate() {
                let part = Area { x: x + step as f64 * SWATCH / 3.0, w: SWATCH / 3.0, ..area };
                picture.pale(part, palette::phase(Phase::InTarget), opacity);
            }
        }
        Mark::Failed => cross(picture, x + SWATCH / 2.0, baseline - 5.0),
        Mark::End => {
            let muted = picture.theme.muted;
            picture.line((x + SWATCH / 2.0, area.y - 1.0), (x + SWATCH / 2.0, baseline + 3.0), muted, 1.5);
        }
    }
}

//! Frequencies, thermal throttling and power of the machine at an instant, read from `/sys`.

use crate::MachineState;
use std::{fs, path::Path};

/// Frequencies and throttling are read of at most so many cores, spread evenly over all: some kernels take microseconds for
/// each.
const MOST_CORES: usize = 64;

pub fn machine_state(root: &Path) -> MachineState {
    let mut state = MachineState { on_battery: on_battery(&root.join("sys/class/power_supply")), ..Default::default() };
    let folder = root.join("sys/devices/system/cpu");
    let cores = cores(&folder);
    for core in cores.iter().step_by(cores.len().div_ceil(MOST_CORES).max(1)) {
        let folder = folder.join(format!("cpu{core}"));
        let khz = number(&folder.join("cpufreq/scaling_cur_freq"));
        state.mhz.extend(khz.filter(|khz| *khz > 0).and_then(|khz| u32::try_from(khz / 1000).ok()));
        let throttled = number(&folder.join("thermal_throttle/core_throttle_count"));
        state.throttle_counts.extend(throttled.map(|count| (*core, count)));
    }
    state
}

fn cores(folder: &Path) -> Vec<u32> {
    let number = |name: &str| name.strip_prefix("cpu")?.parse().ok();
    let mut cores: Vec<u32> = entries(folder).filter_map(|name| number(&name)).collect();
    cores.sort_unstable();
    cores
}

/// The machine is on battery where no supply is plugged in and a battery is discharging; `None` where there is no supply. The
/// batteries of a mouse or a headset don't count.
fn on_battery(folder: &Path) -> Option<bool> {
    let (mut supplies, mut plugged_in, mut drained) = (0, false, false);
    for name in entries(folder) {
        let folder = folder.join(name);
        let read = |file| text(&folder.join(file)).unwrap_or_default();
        if read("scope") == "Device" {
            continue;
        }
        match read("type").as_str() {
            "Battery" => drained |= read("status") == "Discharging",
            "" => continue,
            _ => plugged_in |= read("online").parse::<u32>().is_ok_and(|online| online > 0),
        }
        supplies += 1;
    }
    (supplies > 0).then_some(drained && !plugged_in)
}

fn entries(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

fn number(path: &Path) -> Option<u64> {
    text(path)?.parse().ok()
}

fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files below `sys`.
    fn machine(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = root.path().join("sys").join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, format!("{text}\n")).expect("written");
        }
        root
    }

    fn powered(files: &[(&str, &str)]) -> Option<bool> {
        let files: Vec<_> = files.iter().map(|(path, text)| (format!("class/power_supply/{path}"), *text)).collect();
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        machine_state(machine(&files).path()).on_battery
    }

    #[test]
    fn frequencies_and_throttling_are_read_core_by_core() {
        let root = machine(&[
            ("devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2400500"),
            ("devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "7"),
            ("devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "<unknown>"),
            ("devices/system/cpu/cpu10/thermal_throttle/core_throttle_count", "9"),
            ("devices/system/cpu/cpu10/cpufreq/scaling_cur_freq", "800000"),
            ("devices/system/cpu/cpufreq/boost", "1"),
            ("devices/system/cpu/cpuidle/current_driver", "none"),
        ]);
        let expected = MachineState { mhz: vec![2400, 800], throttle_counts: vec![(0, 7), (10, 9)], on_battery: None };
        assert_eq!(machine_state(root.path()), expected);
    }

    #[test]
    fn a_machine_that_tells_nothing_is_no_error() {
        let root = tempfile::tempdir().expect("a folder");
        assert_eq!(machine_state(root.path()), MachineState::default());
        assert_eq!(machine_state(&root.path().join("missing")), MachineState::default());
        assert_eq!(machine_state(machine(&[("devices/system/cpu/cpu0/online", "1")]).path()), MachineState::default());
    }

    #[test]
    fn of_very_many_cores_some_are_read_and_the_last_ones_too() {
        let paths: Vec<_> =
            (0..200).map(|core| format!("devices/system/cpu/cpu{core}/cpufreq/scaling_cur_freq")).collect();
        let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "1000000")).collect();
        let read = machine_state(machine(&files).path()).mhz.len();
        assert!((MOST_CORES / 2..=MOST_CORES).contains(&read), "{read}");
    }

    #[test]
    fn a_battery_counts_where_it_is_the_machines_and_nothing_is_plugged_in() {
        let battery = [("BAT0/type", "Battery"), ("BAT0/status", "Discharging")];
        let with = |more: &[(&'static str, &'static str)]| powered(&[&battery, more].concat());
        assert_eq!(with(&[]), Some(true));
        assert_eq!(with(&[("AC/type", "Mains"), ("AC/online", "0")]), Some(true));
        assert_eq!(with(&[("AC/type", "Mains"), ("AC/online", "1")]), Some(false));
        assert_eq!(
            with(&[("C1/type", "USB"), ("C1/online", "1"), ("C2/type", "USB"), ("C2/online", "0")]),
            Some(false)
        );
        assert_eq!(powered(&[("BAT0/type", "Battery"), ("BAT0/status", "Full")]), Some(false));
        let mouse = [("m/type", "Battery"), ("m/scope", "Device"), ("m/status", "Discharging")];
        assert_eq!(powered(&mouse), None);
        assert_eq!(powered(&[("x/status", "Discharging")]), None, "a supply of no known type");
    }
}

//! Rows of cores in the chart.

use super::*;
use model::{Owner, Slice, SlicesSource};

#[test]
fn slices_have_a_row_for_each_core_below_the_lanes() {
    let two = || Builder::compare("t").slices().makespans(Threads, &[1.0]);
    let text = draw(&two().makespans(Processes, &[0.9]).build());
    let document = Document::parse(&text).expect("XML");
    let blocks = of_class(&document, "slices");
    assert_eq!(blocks.len(), 2);
    let colours = |block: &roxmltree::Node| {
        let strokes = block.descendants().filter_map(|node| node.attribute("stroke").map(str::to_owned));
        strokes.collect::<Vec<_>>()
    };
    for lane in [palette::lane(0), palette::lane(1), palette::LAUNCHER] {
        assert!(blocks.iter().all(|block| colours(block).contains(&hex(lane))), "{lane:?}");
    }
    assert_eq!(of_class(&document, "lane").len(), 4, "lanes have the colours beside them");
    let labels = texts(&document);
    for expected in ["core 0", "core 1", "Who was on which core, exact by switch records", "on a core: the launcher"] {
        assert!(labels.contains(expected), "{expected} is not in {labels}");
    }
    assert!(!labels.contains("started by an execution"), "there is none");
    let sampled = two().change_last(|run| run.slices_source = Some(SlicesSource::Sampled)).build();
    assert!(draw(&sampled).contains("Who was on which core, sampled (an estimate)"));
    let without = two().change_last(|run| run.slices = Default::default()).build();
    assert!(!draw(&without).contains("on which core"));
}

#[test]
fn a_wide_slice_has_the_number_of_its_lane_beside_its_colour() {
    let wide = |run: &mut Run| {
        run.slices = Default::default();
        for id in 0..2 {
            let (from_ns, owner) = (400_000_000 * u64::from(id), Owner::Execution(id));
            run.slices.push(&Slice { from_ns, to_ns: from_ns + 300_000_000, core: 0, owner, preempted: true });
        }
    };
    let text = draw(&Builder::compare("t").slices().makespans(Threads, &[1.0]).change_last(wide).build());
    let document = Document::parse(&text).expect("XML");
    let block = of_class(&document, "slices")[0];
    let written = block.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    let written: Vec<_> = written.collect();
    assert!(written.contains(&"0") && written.contains(&"1"), "{written:?}");
}

#[test]
fn a_hundred_thousand_slices_stay_small_and_show_helpers_hatched() {
    for cores in [2_u32, 64, 400] {
        let fill = |run: &mut Run| {
            let each = 100_000 / u64::from(cores);
            for at in 0..each {
                for core in 0..cores {
                    let every = 1_000_000_000 / each;
                    let (from_ns, length) = (at * every, every * (1 + (at * 7 + u64::from(core)) % 9) / 10);
                    let id = (at as u32 / 7 + core) % 4;
                    let owner = if at % 50 < 20 { Owner::Helper(id) } else { Owner::Execution(id) };
                    run.slices.push(&Slice { from_ns, to_ns: from_ns + length, core, owner, preempted: true });
                }
            }
        };
        let experiment = Builder::compare("t").makespans(Threads, &[1.0]).change_last(fill).build();
        let text = draw(&experiment);
        let block = &text[text.find("<g class=\"slices\"").expect("rows of cores")..];
        let bytes = block.find("</g>").expect("it ends");
        assert!(bytes < 1_000_000, "{cores} cores: {bytes} bytes");
        let document = Document::parse(&text).expect("XML");
        assert!(texts(&document).contains("on a core: started by an execution"));
    }
}

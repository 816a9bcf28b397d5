//! Draws the figures that a soak wrote: `cargo bench --bench soak_chart -- soak.csv soak.png`, or `.svg`.
//!
//! The file has a column `second`; each column after it is a quantity, with its unit as the last word of its name.

use spawnscope::export::{
    ChartTheme,
    chart::{Fonts, Series, series_svg},
    png_bytes,
};
use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [from, to] = &args[..] else {
        println!("nothing to draw: name the CSV file of a soak, and a picture");
        return Ok(());
    };
    let mut reader = csv::Reader::from_path(from)?;
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let second = names.iter().position(|name| name == "second").ok_or("there is no column `second`")?;
    let mut all: Vec<Series> = names[second + 1..]
        .iter()
        .map(|name| Series { name: name.replace("_mib", ", MiB").replace('_', " "), points: Vec::new() })
        .collect();
    for row in reader.records() {
        let row = row?;
        let number = |at: usize| row.get(at).unwrap_or_default().parse::<f64>();
        for (at, series) in all.iter_mut().enumerate() {
            series.points.push((number(second)?, number(second + 1 + at)?));
        }
    }
    let is_png = Path::new(to).extension().is_some_and(|extension| extension == "png");
    let fonts = if is_png { Fonts::Named } else { Fonts::Embedded };
    let title = Path::new(from).file_stem().unwrap_or_default().to_string_lossy().replace('_', " ");
    let svg = series_svg(&title, &all, 1200.0, ChartTheme::Light, fonts).ok_or("the file has no rows")?;
    std::fs::write(to, if is_png { png_bytes(&svg, 1.0)? } else { svg.into_bytes() })?;
    Ok(())
}

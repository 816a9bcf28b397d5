//! What a sweep varies: the number of workers, or one argument of a task.

use internment::Intern;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

/// The most points that a sweep may have: each is a setting of its own, in every mode.
pub const MAX_POINTS: usize = 64;
/// The word before `=` for the number of workers.
const WORKERS: &str = "workers";

/// A number that a sweep puts in place of an argument. It is finite; two values are equal if their numbers are.
#[derive(Clone, Copy, Debug)]
pub struct SweptValue {
    number: f64,
    /// What the argument is called; interned, so that a setting stays `Copy`. Not part of a file: the axis has it.
    name: Option<Intern<str>>,
}

impl SweptValue {
    /// The value; absent where the number is not finite.
    pub fn new(number: f64) -> Option<Self> {
        // −0 + 0 is 0: both zeros become one value.
        number.is_finite().then_some(Self { number: number + 0.0, name: None })
    }

    /// The same value of an argument with this name.
    pub fn called(self, name: &str) -> Self {
        Self { name: Some(Intern::from(name)), ..self }
    }

    /// The value with its argument's name, where that is known: `n 1000`, `-T 2`, `argument 2 = 5`.
    pub fn with_name(&self) -> String {
        self.name.map_or_else(|| self.to_string(), |name| named(&name, &self.to_string()))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.number
    }

    /// The number as it stands in a plan: whole where it is whole.
    pub fn to_json(self) -> serde_json::Value {
        if self.is_whole() { (self.number as i64).into() } else { self.number.into() }
    }

    fn is_whole(self) -> bool {
        self.number.fract() == 0.0 && self.number.abs() < 9e15
    }
}

impl PartialEq for SweptValue {
    fn eq(&self, other: &Self) -> bool {
        self.number.to_bits() == other.number.to_bits()
    }
}

impl Eq for SweptValue {}

impl Hash for SweptValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.to_bits().hash(state);
    }
}

impl PartialOrd for SweptValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SweptValue {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.total_cmp(&other.number)
    }
}

impl fmt::Display for SweptValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() { f.pad(&format!("{}", self.number as i64)) } else { f.pad(&format!("{}", self.number)) }
    }
}

impl Serialize for SweptValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() {
            serializer.serialize_i64(self.number as i64)
        } else {
            serializer.serialize_f64(self.number)
        }
    }
}

impl<'de> Deserialize<'de> for SweptValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom("the value is not finite"))
    }
}

/// What a sweep varies, with its points in ascending order. In texts: `workers=1..8`, `workers=1,2,4`,
/// `primes.limit=1e5..1e7:log5` (five points, each the same times the one before), `sleep.seconds=0.1..1:lin4` (the same
/// distance apart), `primes.limit=1000,5000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SweepAxis {
    /// The most executions in flight.
    Workers(Vec<u32>),
    /// One argument of a task.
    Argument {
        /// The task's name.
        task: String,
        /// The argument: its name, or its place from 0 in a list.
        key: String,
        /// What it is called, where its key is a place: the function's parameter, the program's option. Not part of the text.
        name: Option<String>,
        /// Its values.
        values: Vec<SweptValue>,
    },
}

impl SweepAxis {
    /// 1 to twice the number of cores: one by one up to 16, then in growing steps.
    pub fn usual_workers(logical_cores: usize) -> Self {
        let most = (2 * logical_cores.max(1)) as u32;
        let mut workers: Vec<u32> = (1..=most.min(16)).collect();
        while let Some(last) = workers.last().copied().filter(|last| *last < most) {
            workers.push((last + last.div_ceil(4)).min(most));
        }
        Self::Workers(workers)
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Workers(workers) => workers.len(),
            Self::Argument { values, .. } => values.len(),
        }
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the axis of a chart is called: `workers`, or `primes: limit`.
    pub fn title(&self) -> String {
        match self {
            Self::Workers(_) => WORKERS.to_owned(),
            Self::Argument { task, .. } => format!("{task}: {}", self.variable()),
        }
    }

    /// What is varied as it is called in a sentence: `workers`, `limit`, `-T`; an argument without a name by its place, as
    /// people count: `argument 2`.
    pub fn variable(&self) -> String {
        match self {
            Self::Workers(_) => WORKERS.to_owned(),
            Self::Argument { name: Some(name), .. } => name.clone(),
            Self::Argument { key, .. } => match key.parse::<usize>() {
                Ok(place) => format!("argument {}", place + 1),
                Err(_) => key.clone(),
            },
        }
    }

    /// A value of it in a sentence: `limit 41,000`, `-T 2`, `argument 2 = 5`, `workers 4`.
    pub fn at(&self, value: &str) -> String {
        named(&self.variable(), value)
    }

    /// The axis with this name for what it varies.
    pub fn called(mut self, called: Option<String>) -> Self {
        if let Self::Argument { name, .. } = &mut self {
            *name = called;
        }
        self
    }

    /// The name of what it varies, where it has one besides its key.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Argument { name, .. } => name.as_deref(),
            Self::Workers(_) => None,
        }
    }

    /// The points of a list or a range of worker counts, as after `--workers`.
    ///
    /// # Errors
    /// One sentence: what is wrong with the text, and what to write.
    pub fn read_workers(text: &str) -> Result<Self, String> {
        let counts = points(text)?.into_iter().map(|point| {
            let number = point.get();
            let fits = point.is_whole() && (1.0..=1e6).contains(&number);
            fits.then_some(number as u32)
                .ok_or_else(|| format!("{point} is no number of workers; write whole numbers from 1, for example 1..8"))
        });
        Ok(Self::Workers(counts.collect::<Result<_, _>>()?))
    }
}

impl fmt::Display for SweepAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = match self {
            Self::Workers(workers) => workers.iter().map(u32::to_string).collect::<Vec<_>>(),
            Self::Argument { values, .. } => values.iter().map(SweptValue::to_string).collect(),
        };
        match self {
            Self::Workers(_) => write!(f, "{WORKERS}={}", list.join(",")),
            Self::Argument { task, key, .. } => write!(f, "{task}.{key}={}", list.join(",")),
        }
    }
}

impl FromStr for SweepAxis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let what_to_write = "write for example workers=1..8 or primes.limit=1e5..1e7:log5";
        let (what, list) = text.split_once('=').ok_or_else(|| format!("`{text}` has no `=`; {what_to_write}"))?;
        if what.trim() == WORKERS {
            return Self::read_workers(list);
        }
        let (task, key) = what
            .trim()
            .rsplit_once('.')
            .filter(|(task, key)| !task.is_empty() && !key.is_empty())
            .ok_or_else(|| format!("`{what}` names no argument of a task; {what_to_write}"))?;
        Ok(Self::Argument { task: task.to_owned(), key: key.to_owned(), name: None, values: points(list)? })
    }
}

impl Serialize for SweepAxis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SweepAxis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A name and a value, with `=` between them where the name has two words.
fn named(name: &str, value: &str) -> String {
    if name.contains(' ') { format!("{name} = {value}") } else { format!("{name} {value}") }
}

/// The points of `1,2,4`, `1..8`, `1e5..1e7:log5` or `0.1..1:lin4`, ascending, each once.
fn points(text: &str) -> Result<Vec<SweptValue>, String> {
    let text = text.trim();
    let mut points = match text.split_once("..") {
        Some((from, rest)) => range(text, from, rest)?,
        None => text.split(',').map(number).collect::<Result<_, _>>()?,
    };
    points.sort_unstable();
    points.dedup();
    if points.len() > MAX_POINTS {
        return Err(too_many(text, &points.len().to_string()));
    }
    Ok(points)
}

fn range(text: &str, from: &str, rest: &str) -> Result<Vec<SweptValue>, String> {
    let (to, how) = rest.split_once(':').map_or((rest, None), |(to, how)| (to, Some(how.trim())));
    let (from, to) = (number(from)?, number(to.strip_prefix('=').unwrap_or(to))?);
    if from > to {
        return Err(format!("`{text}` is empty: {from} is above {to}; write the smaller number first"));
    }
    let whole = from.is_whole() && to.is_whole();
    let (a, b) = (from.get(), to.get());
    let place = match how {
        None if !whole => return Err(format!("`{text}` has no steps; add how many points, for example {text}:lin5")),
        None => return one_by_one(text, a, b),
        Some(how) => how,
    };
    let (place, count): (fn(f64, f64, f64) -> f64, _) = match (place.strip_prefix("log"), place.strip_prefix("lin")) {
        (Some(_), _) if a <= 0.0 => {
            return Err(format!("`{text}`: steps of a ratio need a start above 0; write lin in place of log"));
        }
        (Some(count), _) => (|a, b, t| a * (b / a).powf(t), count),
        (_, Some(count)) => (|a, b, t| a + (b - a) * t, count),
        _ => return Err(format!("`{place}` in `{text}` is no way of stepping; write log5 or lin5 for five points")),
    };
    let count = point_count(text, count)?;
    let at = |i: usize| match i {
        0 => from,
        _ if i + 1 == count => to,
        _ => {
            let value = place(a, b, i as f64 / (count - 1) as f64);
            SweptValue::new(if whole { value.round() } else { value }).unwrap_or(to)
        }
    };
    Ok((0..count).map(at).collect())
}

fn one_by_one(text: &str, from: f64, to: f64) -> Result<Vec<SweptValue>, String> {
    let count = to - from + 1.0;
    if count > MAX_POINTS as f64 {
        return Err(too_many(text, &format!("{count}")));
    }
    Ok((0..count as u32).filter_map(|i| SweptValue::new(from + f64::from(i))).collect())
}

fn point_count(text: &str, count: &str) -> Result<usize, String> {
    match count.parse::<usize>() {
        Ok(count) if count > MAX_POINTS => Err(too_many(text, &count.to_string())),
        Ok(count) if count >= 2 => Ok(count),
        Ok(_) => Err(format!("`{text}` has fewer than 2 points; a range takes at least 2, for example log5")),
        Err(_) => Err(format!("`{count}` in `{text}` is no number of points; write for example log5")),
    }
}

fn too_many(text: &str, count: &str) -> String {
    format!(
        "`{text}` has {count} points; a sweep takes at most {MAX_POINTS}, for example 1e5..1e7:log5 for five of a range"
    )
}

fn number(text: &str) -> Result<SweptValue, String> {
    let text = text.trim();
    let number = text.replace('_', "").parse().ok().and_then(SweptValue::new);
    number.ok_or_else(|| match text {
        "" => "there is no number; write for example 1..8 or 1,2,4".to_owned(),
        _ => format!("`{text}` is no number; write for example 1..8 or 1,2,4"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        text.parse::<SweepAxis>().map(|axis| axis.to_string())
    }

    #[test]
    fn lists_and_ranges_are_points_in_order() {
        assert_eq!(read("workers=1..4").as_deref(), Ok("workers=1,2,3,4"));
        assert_eq!(read("workers=8,2, 2,4").as_deref(), Ok("workers=2,4,8"));
        assert_eq!(
            read("primes.limit=1e5..1e7:log5").as_deref(),
            Ok("primes.limit=100000,316228,1000000,3162278,10000000")
        );
        assert_eq!(
            read("my.sleep.seconds=0.1..0.4:lin4").expect("read"),
            "my.sleep.seconds=0.1,0.2,0.30000000000000004,0.4"
        );
        assert_eq!(read("xz.0=1_000").as_deref(), Ok("xz.0=1000"));
    }

    #[test]
    fn an_axis_reads_as_it_is_written() {
        for text in ["workers=1,2,3", "primes.limit=0.5,100000", "t.0=-1,0"] {
            assert_eq!(read(text).as_deref(), Ok(text));
            let axis: SweepAxis = text.parse().expect("an axis");
            let json = serde_json::to_string(&axis).expect("text");
            assert_eq!(serde_json::from_str::<SweepAxis>(&json).expect("an axis"), axis);
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_the_mend() {
        for (text, says) in [
            ("workers", "has no `=`"),
            ("limit=1,2", "names no argument of a task"),
            ("workers=0..3", "0 is no number of workers"),
            ("workers=1.5,2", "1.5 is no number of workers"),
            ("workers=4..1", "is empty: 4 is above 1"),
            ("workers=", "there is no number"),
            ("primes.limit=1..1000000", "has 1000000 points; a sweep takes at most 64"),
            ("primes.limit=1..1e9:log1000000", "has 1000000 points"),
            ("primes.limit=1..9:log1", "fewer than 2 points"),
            ("primes.limit=0..9:log3", "need a start above 0"),
            ("primes.limit=0.1..9", "has no steps"),
            ("primes.limit=1..9:cubic", "no way of stepping"),
            ("primes.limit=a,b", "`a` is no number"),
            ("primes.limit=1,nan", "`nan` is no number"),
        ] {
            let said = read(text).expect_err(text);
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn what_is_varied_is_called_by_its_name() {
        let axis: SweepAxis = "xz.1=1..4".parse().expect("an axis");
        assert_eq!((axis.title().as_str(), axis.at("2").as_str()), ("xz: argument 2", "argument 2 = 2"));
        let axis = axis.called(Some("-T".to_owned()));
        assert_eq!((axis.title().as_str(), axis.at("2").as_str()), ("xz: -T", "-T 2"));
        let value = SweptValue::new(2.0).expect("a number");
        assert_eq!((value.called("-T").with_name(), value.with_name()), ("-T 2".to_owned(), "2".to_owned()));
        assert_eq!(axis.to_string(), "xz.1=1,2,3,4", "in a file it is what a person writes");
        assert_eq!(
            read("primes.limit=1").and_then(|text| text.parse()).map(|axis: SweepAxis| axis.at("1")).as_deref(),
            Ok("limit 1")
        );
    }

    #[test]
    fn the_usual_workers_go_to_twice_the_cores() {
        assert_eq!(SweepAxis::usual_workers(2).to_string(), "workers=1,2,3,4");
        assert_eq!(SweepAxis::usual_workers(16).to_string(), "workers=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,20,25,32");
        assert!(SweepAxis::usual_workers(512).len() < MAX_POINTS);
    }
}

//! Reads values of the file as the model has them, and reports those of a wrong type.

use super::{faults::Faults, words::shown};
use model::duration;
use serde_json::Value;
use std::{ops::RangeInclusive, time::Duration};
use toml::{
    Spanned,
    de::{DeInteger, DeTable, DeValue},
};

/// A value with its place.
pub(super) type Placed<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// A text.
pub(super) fn text<'a>(key: &str, value: Placed<'a, '_>, faults: &mut Faults) -> Option<&'a str> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(text);
    }
    wrong_type(key, value, "text in quotes", faults)
}

/// True or false.
pub(super) fn truth(key: &str, value: Placed<'_, '_>, faults: &mut Faults) -> Option<bool> {
    if let DeValue::Boolean(truth) = value.get_ref() {
        return Some(*truth);
    }
    wrong_type(key, value, "true or false", faults)
}

/// A table, written inline or with a heading.
pub(super) fn table<'a, 'i>(key: &str, value: Placed<'a, 'i>, faults: &mut Faults) -> Option<&'a DeTable<'i>> {
    if let DeValue::Table(table) = value.get_ref() {
        return Some(table);
    }
    wrong_type(key, value, "a table", faults)
}

/// A whole number within a range.
pub(super) fn whole(key: &str, value: Placed<'_, '_>, range: RangeInclusive<u32>, faults: &mut Faults) -> Option<u32> {
    let wanted = format!("a whole number from {} to {}", range.start(), range.end());
    let DeValue::Integer(number) = value.get_ref() else {
        let text = if let DeValue::String(text) = value.get_ref() { text.trim() } else { "" };
        return match text.parse::<u32>().ok().filter(|number| range.contains(number)) {
            Some(number) => wrong_type(key, value, &format!("{key} = {number}, without quotes"), faults),
            None => wrong_type(key, value, &wanted, faults),
        };
    };
    let small = integer(number).and_then(|number| u32::try_from(number).ok());
    if let Some(number) = small.filter(|number| range.contains(number)) {
        return Some(number);
    }
    let number = shown(number.as_str());
    faults.add(value.span().start, format!("`{key}` is {number}; write {wanted}"));
    None
}

/// A number from 0 to `most`.
pub(super) fn share(key: &str, value: Placed<'_, '_>, most: f64, faults: &mut Faults) -> Option<f64> {
    let wanted = format!("a number from 0 to {most}, for example 0.05");
    let text = match value.get_ref() {
        DeValue::Float(number) => number.as_str(),
        DeValue::Integer(number) => number.as_str(),
        _ => return wrong_type(key, value, &wanted, faults),
    };
    let number = text.replace('_', "").parse::<f64>().ok();
    if let Some(number) = number.filter(|number| (0.0..=most).contains(number)) {
        return Some(number);
    }
    faults.add(value.span().start, format!("`{key}` is {}; write {wanted}", shown(text)));
    None
}

/// A duration above zero.
pub(super) fn timeout(key: &str, value: Placed<'_, '_>, faults: &mut Faults) -> Option<Duration> {
    let DeValue::String(text) = value.get_ref() else {
        let seconds =
            if let DeValue::Integer(number) = value.get_ref() { integer(number).filter(|it| *it > 0) } else { None };
        return wrong_type(
            key,
            value,
            &format!("a duration in quotes, for example \"{}s\"", seconds.unwrap_or(60)),
            faults,
        );
    };
    match duration::parse(text) {
        Ok(duration) if !duration.is_zero() => return Some(duration),
        Ok(_) => faults.add(value.span().start, format!("`{key}` is zero; write a longer one or remove the line")),
        Err(_) => {
            let message = match text.trim().parse::<f64>() {
                Ok(_) => format!(
                    "`{0}` has no unit; write \"{0}s\" for seconds, or for example \"250ms\"",
                    shown(text.trim())
                ),
                Err(_) => {
                    format!("`{}` is no duration; write for example \"60s\", \"250ms\" or \"1m30s\"", shown(text))
                }
            };
            faults.add(value.span().start, message);
        }
    }
    None
}

/// Any value that an argument may have.
pub(super) fn json(value: Placed<'_, '_>, faults: &mut Faults) -> Option<Value> {
    Some(match value.get_ref() {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(truth) => (*truth).into(),
        DeValue::Integer(number) => return json_integer(number, value, faults),
        DeValue::Float(number) => return json_float(number.as_str(), value, faults),
        DeValue::Array(array) => array.iter().map(|item| json(item, faults)).collect::<Option<Vec<_>>>()?.into(),
        DeValue::Table(table) => {
            let item =
                |(key, value): (&Spanned<_>, _)| Some((String::from(key.get_ref() as &str), json(value, faults)?));
            Value::Object(table.iter().map(item).collect::<Option<_>>()?)
        }
        DeValue::Datetime(_) => {
            faults.add(value.span().start, "a date can't be an arg; write it as text in quotes");
            return None;
        }
    })
}

fn json_integer(number: &DeInteger<'_>, value: Placed<'_, '_>, faults: &mut Faults) -> Option<Value> {
    let number = integer(number);
    let fits = number
        .and_then(|number| i64::try_from(number).map(Value::from).or(u64::try_from(number).map(Value::from)).ok());
    if fits.is_none() {
        faults.add(value.span().start, "the number is too large; write one of at most 64 bits");
    }
    fits
}

fn json_float(text: &str, value: Placed<'_, '_>, faults: &mut Faults) -> Option<Value> {
    let number = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    if number.is_none() {
        faults.add(value.span().start, format!("`{}` can't be an arg; write a finite number", shown(text)));
    }
    number.map(Value::Number)
}

fn integer(number: &DeInteger<'_>) -> Option<i128> {
    i128::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Reports that a value has the wrong type.
pub(super) fn wrong_type<T>(key: &str, value: Placed<'_, '_>, wanted: &str, faults: &mut Faults) -> Option<T> {
    let kind = match value.get_ref() {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    faults.add(value.span().start, format!("`{key}` is {kind}; write {wanted}"));
    None
}

//! Lines that a runner may send, right and wrong ones.

use super::strategies::strings;
use proptest::prelude::*;
use serde_json::json;

/// A line of JSON: a text, or something close to one.
pub fn text_line() -> impl Strategy<Value = String> {
    let id = prop_oneof![4 => 0..4u32, 1 => any::<u32>()];
    (0..10u32, id, strings(), any::<i64>()).prop_map(|(kind, execution, text, number)| {
        let value = match kind {
            0 => json!({"message": {"execution": execution, "message": text}}),
            1 => json!({"result": {"execution": execution, "part": text}}),
            2 => json!({"traceback": {"execution": execution, "part": text}}),
            3 => json!({"where": {"execution": execution, "place": text, "stack": text}}),
            4 => json!({"output": {"execution": execution, "stderr": number < 0, "bytes": number.unsigned_abs(), "part": text}}),
            5 => json!({"mark": {"kind": "join", "execution": execution, "from_ns": number, "to_ns": 0, "message": text}}),
            6 => json!({"bye": {"max_rss_bytes": number.unsigned_abs(), "cpu_beside_ns": null}}),
            7 => json!({"fatal": {"message": text}}),
            8 => json!({"output": {"execution": number, "part": [text]}}),
            _ => json!({"hello": {"protocol": execution, "runtime": text}}),
        };
        value.to_string()
    })
}

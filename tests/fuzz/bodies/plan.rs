//! A plan: it is read or refused; what is read is checked, written, and read again as the same.

use spawnscope::{store::plan_file, targets::check::check_plan};

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(read) = plan_file::parse(text, "plan.toml", None) else { return };
    check_plan(&read.plan, &read.plan.to_compare());
    let written = plan_file::to_toml(&read.plan);
    let again = plan_file::parse(&written, "plan.toml", None).expect("what was written is read");
    assert_eq!(again.plan, read.plan);
}

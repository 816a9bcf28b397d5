//! Records of switches.

use super::lacking;
use crate::{BorrowedDescriptor, SwitchRecord};
use std::{io, time::Duration};

pub enum SwitchRecords {}

impl SwitchRecords {
    pub fn open() -> io::Result<Self> {
        Err(lacking("record the kernel's switches"))
    }

    pub fn wait(&self, _most: Duration, _wake: BorrowedDescriptor<'_>) {
        match *self {}
    }

    pub fn read(&mut self, _each: impl FnMut(SwitchRecord)) {
        match *self {}
    }
}

pub fn switch_records_hint(error: &io::Error) -> String {
    error.to_string()
}

//! A description of this machine.

use model::Machine;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

/// Describes this machine; what the system does not tell is empty or 0.
pub fn describe() -> Machine {
    let wanted =
        RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing()).with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = System::new_with_specifics(wanted).ok();
    let cores = system.as_ref().map_or(0, |system| system.cpus().len());
    Machine {
        hostname: System::host_name().unwrap_or_default(),
        os: System::long_os_version().unwrap_or_default(),
        kernel: System::kernel_version().unwrap_or_default(),
        cpu_model: system
            .as_ref()
            .and_then(|s| s.cpus().first())
            .map_or_else(String::new, |cpu| cpu.brand().to_owned()),
        logical_cores: u32::try_from(cores).unwrap_or(0).max(1),
        physical_cores: System::physical_core_count().ok().and_then(|cores| u32::try_from(cores).ok()),
        memory_bytes: system.map_or(0, |system| system.total_memory()),
    }
}

//! The lifecycle instants of an execution, and the phases between them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in the life of an execution, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The launcher made it.
    Created,
    /// Spawn or start was called.
    LaunchCalled,
    /// That call returned.
    Launched,
    /// First instruction of the target.
    Entered,
    /// Last instruction of the target.
    Left,
    /// The thread or process is gone.
    Exited,
    /// The launcher's join or wait returned.
    Joined,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Stage; 7] =
        [Self::Created, Self::LaunchCalled, Self::Launched, Self::Entered, Self::Left, Self::Exited, Self::Joined];

    /// The word that people see.
    pub fn word(self) -> &'static str {
        ["created", "launch called", "launched", "entered", "left", "exited", "joined"][self as usize]
    }
}

/// What an execution does between two instants of its life, as the timeline draws it; [`super::Execution::phase`] gives
/// its start and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Created, and no slot free.
    Waiting,
    /// From the launch call to the first instruction of the target, less the two below.
    Launching,
    /// Submitted to a pool whose workers are all busy.
    Queued,
    /// Its arguments are pickled, sent to another process and unpickled there, while nothing else keeps it from its start.
    Sending,
    /// In the target.
    InTarget,
    /// From the last instruction of the target until the thread or process is gone.
    Exiting,
    /// Its result is pickled, sent to the launcher and unpickled there.
    Returning,
    /// Gone, and its result is there; the launcher has yet to join it.
    ToBeJoined,
}

impl Phase {
    /// Every phase in order.
    pub const ALL: [Phase; 8] = [
        Self::Waiting,
        Self::Launching,
        Self::Queued,
        Self::Sending,
        Self::InTarget,
        Self::Exiting,
        Self::Returning,
        Self::ToBeJoined,
    ];

    /// The word that people see.
    pub fn word(self) -> &'static str {
        [
            "waiting for a slot",
            "launching",
            "waiting in the pool's queue",
            "sending arguments",
            "in the target",
            "exiting",
            "returning the result",
            "waiting to be joined",
        ][self as usize]
    }
}

const NEVER: u64 = u64::MAX;

/// The stamps of one execution, in nanoseconds since the run's origin; a stage that was never reached has none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Stamps {
    ns: [u64; 7],
    join_called: u64,
}

impl Default for Stamps {
    fn default() -> Self {
        Self { ns: [NEVER; 7], join_called: NEVER }
    }
}

impl Stamps {
    /// When `stage` was reached.
    pub fn get(&self, stage: Stage) -> Option<u64> {
        known(self.ns[stage as usize])
    }

    /// Notes when `stage` was reached.
    pub fn set(&mut self, stage: Stage, ns: u64) {
        self.ns[stage as usize] = ns;
    }

    /// When the launcher began to block in the join that ended at `joined`.
    pub fn join_called(&self) -> Option<u64> {
        known(self.join_called)
    }

    /// Notes when the launcher began to block in join.
    pub fn set_join_called(&mut self, ns: u64) {
        self.join_called = ns;
    }

    /// Start and end of the time in the target, where both are known.
    pub fn in_target(&self) -> Option<(u64, u64)> {
        Some((self.get(Stage::Entered)?, self.get(Stage::Left)?))
    }

    /// Length of the time in the target, where both its ends are known.
    pub fn in_target_ns(&self) -> Option<u64> {
        self.in_target().map(|(from, to)| to.saturating_sub(from))
    }

    /// The last instant that is known, and its stage.
    pub fn last(&self) -> Option<(Stage, u64)> {
        Stage::ALL.into_iter().rev().find_map(|stage| self.get(stage).map(|ns| (stage, ns)))
    }

    /// Whether the known stamps are in the order of the stages. `launched` and `entered` race by nature:
    /// the new thread may run before the call that made it returns.
    pub fn in_order(&self) -> bool {
        let mut last = 0;
        Stage::ALL.into_iter().filter(|stage| *stage != Stage::Launched).filter_map(|stage| self.get(stage)).all(|ns| {
            let held = ns >= last;
            last = ns;
            held
        }) && self.get(Stage::Launched) >= self.get(Stage::LaunchCalled).filter(|_| self.get(Stage::Launched).is_some())
    }
}

impl std::fmt::Debug for Stamps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(Stage::ALL.map(|stage| (stage.word(), self.get(stage)))).finish()
    }
}

fn known(ns: u64) -> Option<u64> {
    (ns != NEVER).then_some(ns)
}

/// The keys of the JSON document.
#[derive(Serialize, Deserialize)]
struct StampsKeys {
    created_ns: Option<u64>,
    launch_called_ns: Option<u64>,
    launched_ns: Option<u64>,
    entered_ns: Option<u64>,
    left_ns: Option<u64>,
    exited_ns: Option<u64>,
    joined_ns: Option<u64>,
    #[serde(default)]
    join_called_ns: Option<u64>,
}

impl Serialize for Stamps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [created_ns, launch_called_ns, launched_ns, entered_ns, left_ns, exited_ns, joined_ns] = self.ns.map(known);
        let join_called_ns = self.join_called();
        StampsKeys {
            created_ns,
            launch_called_ns,
            launched_ns,
            entered_ns,
            left_ns,
            exited_ns,
            joined_ns,
            join_called_ns,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Stamps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = StampsKeys::deserialize(deserializer)?;
        let ns = [
            keys.created_ns,
            keys.launch_called_ns,
            keys.launched_ns,
            keys.entered_ns,
            keys.left_ns,
            keys.exited_ns,
            keys.joined_ns,
        ];
        Ok(Self { ns: ns.map(|ns| ns.unwrap_or(NEVER)), join_called: keys.join_called_ns.unwrap_or(NEVER) })
    }
}

//! Keeps recent results and unsaved changes of the plan. One thread writes them, so that they are written in their
//! order.

use super::background::{Background, Done, Work};
use crossbeam_channel::{Receiver, Sender, unbounded};
use export::{self, ExportOptions, WriteError};
use insight::label::label;
use model::Experiment;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
};
use store::{
    recent::{self, Recent},
    unsaved::{self, Unsaved, UnsavedPlan},
};

/// What is to be kept.
enum Order {
    Result(String, Arc<Experiment>),
    Unsaved(Option<Box<Unsaved>>),
    Adopt(PathBuf, Box<Unsaved>),
    List,
    /// The window ends with unsaved changes that its user did not give up.
    Leave,
}

/// What the thread has found or done.
pub enum News {
    /// The results that are kept now, the latest first.
    Recent(Vec<Recent>),
    /// Unsaved changes of closed windows, the latest first, each with the lock file that [`Keeper::adopt`] needs.
    Left(Vec<(PathBuf, Unsaved)>),
    /// Something can't be kept, in one sentence.
    Failed(String),
}

/// The thread, which lives as long as the window.
pub struct Keeper {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread, which keeps everything in a folder; without a folder nothing is kept.
    pub fn start(folder: Option<PathBuf>, background: &Background) -> Self {
        let (orders, receiver) = unbounded();
        let thread = folder.and_then(|folder| {
            background.start(Work::Keeping, move |background| {
                Kept { folder, background, place: None, told: false }.carry_out(&receiver);
            })
        });
        Self { orders: thread.is_some().then_some(orders), thread }
    }

    /// Keeps a result.
    pub fn keep(&self, experiment: Arc<Experiment>) {
        self.order(Order::Result(title(&experiment), experiment));
    }

    /// Keeps unsaved changes of the plan; with `None`, forgets those that were kept.
    pub fn unsaved(&self, unsaved: Option<Unsaved>) {
        self.order(Order::Unsaved(unsaved.map(Box::new)));
    }

    /// Takes over unsaved changes that another window left behind.
    pub fn adopt(&self, lock: PathBuf, unsaved: Unsaved) {
        self.order(Order::Adopt(lock, Box::new(unsaved)));
    }

    /// Looks for results that other windows have kept.
    pub fn list(&self) {
        self.order(Order::List);
    }

    /// Ends the thread when everything is kept. With `leave`, unsaved changes stay kept.
    pub fn finish(&mut self, leave: bool) {
        if leave {
            self.order(Order::Leave);
        }
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }
}

struct Kept<'a> {
    folder: PathBuf,
    background: &'a Background,
    place: Option<UnsavedPlan>,
    /// Whether the user was told: one sentence about a full disk is enough.
    told: bool,
}

impl Kept<'_> {
    fn carry_out(mut self, orders: &Receiver<Order>) {
        self.tell(News::Left(unsaved::left(&self.drafts())));
        self.list();
        for order in orders {
            match order {
                Order::Result(label, experiment) => self.keep(&label, &experiment),
                Order::Unsaved(unsaved) => self.keep_unsaved(unsaved.as_deref()),
                Order::Adopt(lock, unsaved) => {
                    self.keep_unsaved(Some(&unsaved));
                    unsaved::take(&lock);
                }
                Order::List => self.list(),
                Order::Leave => self.place.take().into_iter().for_each(UnsavedPlan::leave),
            }
        }
    }

    fn tell(&self, news: News) {
        self.background.tell(Done::Kept(news));
    }

    fn results(&self) -> PathBuf {
        self.folder.join("results")
    }

    fn drafts(&self) -> PathBuf {
        self.folder.join("unsaved")
    }

    fn list(&self) {
        self.tell(News::Recent(recent::list(&self.results())));
    }

    fn keep(&mut self, label: &str, experiment: &Experiment) {
        let kept = recent::keep(&self.results(), label, |out| -> Result<(), WriteError> {
            export::for_path(Path::new("result.json"))?.write(experiment, &ExportOptions::default(), out)
        });
        match kept {
            Ok(_) => self.list(),
            Err(error) => self.tell(News::Failed(format!(
                "the result could not be kept in {}: {error}; export it where there is space",
                self.results().display()
            ))),
        }
    }

    fn keep_unsaved(&mut self, unsaved: Option<&Unsaved>) {
        let Some(unsaved) = unsaved else {
            return self.place.iter().for_each(UnsavedPlan::forget);
        };
        if self.place.is_none() {
            self.place = UnsavedPlan::new(&self.drafts()).map_err(|error| self.tell_once(&error)).ok();
        }
        if let Some(Err(error)) = self.place.as_ref().map(|place| place.keep(unsaved)) {
            self.tell_once(&error);
        }
    }

    fn tell_once(&mut self, error: &std::io::Error) {
        if !std::mem::replace(&mut self.told, true) {
            self.tell(News::Failed(format!(
                "unsaved changes can't be kept in {}: {error}; save the plan before you leave",
                self.drafts().display()
            )));
        }
    }
}

/// The name of a result: its plan, what it compared, and how many runs there were.
fn title(experiment: &Experiment) -> String {
    let settings = if experiment.compared.is_empty() { experiment.settings() } else { experiment.compared.clone() };
    let mut what: Vec<String> = Vec::new();
    for setting in &settings {
        let name = match experiment.sweep {
            Some(_) => setting.mode.title().to_owned(),
            None => label(*setting, &settings),
        };
        if !what.contains(&name) {
            what.push(name);
        }
    }
    let sweep = if experiment.sweep.is_some() { "sweep of " } else { "" };
    let runs = experiment.runs.iter().filter(|run| !run.warmup).count();
    let runs = if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") };
    format!("{}, {sweep}{}, {runs}", experiment.plan.name, what.join(" and "))
}

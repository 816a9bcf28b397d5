//! Reads what a run's processes write: to the end, or until the run is let go, because a process that could not be
//! ended may keep a pipe open for ever.

use crossbeam_channel::{Receiver, bounded};
use os::AsDescriptor;
use std::{
    io::{self, ErrorKind, PipeReader, PipeWriter, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// From the end of a run to closing the streams that are still open.
const PATIENCE: Duration = Duration::from_secs(5);

/// Closes all streams of a run at once.
pub struct LetGo {
    told: Arc<AtomicBool>,
    wake: Arc<PipeReader>,
    writer: Option<PipeWriter>,
}

impl LetGo {
    /// # Errors
    /// No descriptor is free.
    pub fn new() -> io::Result<Self> {
        let (wake, writer) = io::pipe()?;
        Ok(Self { told: Arc::default(), wake: Arc::new(wake), writer: Some(writer) })
    }

    /// Reads a stream in a thread of its own, and passes what arrives to `take`.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn read<T: Send + 'static>(
        &self,
        name: &str,
        mut stream: impl Read + AsDescriptor + Send + 'static,
        mut into: T,
        mut take: impl FnMut(&mut T, &[u8]) + Send + 'static,
    ) -> io::Result<Reading<T>> {
        os::set_nonblocking(stream.as_descriptor())?;
        let (told, wake) = (self.told.clone(), self.wake.clone());
        let (tell, ended) = bounded(1);
        let read = move || {
            let mut buffer = [0; 64 << 10];
            while !told.load(Ordering::Relaxed) {
                match stream.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(length) => take(&mut into, &buffer[..length]),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        if os::wait_for_either(stream.as_descriptor(), &*wake).is_err() {
                            break;
                        }
                    }
                    Err(_) => break,
                }
            }
            let _ = tell.send(into);
        };
        std::thread::Builder::new().name(name.to_owned()).spawn(read)?;
        Ok(Reading(ended))
    }

    fn let_go(&mut self) {
        self.told.store(true, Ordering::Relaxed);
        drop(self.writer.take());
    }
}

/// A stream that is being read.
pub struct Reading<T>(Receiver<T>);

impl<T> Reading<T> {
    /// What was read until the stream's end, which comes soon; or, if it does not, until now.
    pub fn finish(self, run: &mut LetGo) -> Option<T> {
        self.0.recv_timeout(PATIENCE).ok().or_else(|| {
            run.let_go();
            self.0.recv_timeout(PATIENCE).ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn collect(stream: PipeReader, run: &LetGo) -> Reading<Vec<u8>> {
        run.read("test", stream, Vec::new(), |all: &mut Vec<u8>, more| all.extend(more)).expect("a thread")
    }

    #[test]
    fn what_is_held_open_is_let_go_of_and_the_rest_is_kept() {
        let mut run = LetGo::new().expect("a pipe");
        let ((closed, mut one), (held, mut other)) = (io::pipe().expect("a pipe"), io::pipe().expect("a pipe"));
        let (closed, held) = (collect(closed, &run), collect(held, &run));
        one.write_all(b"one").and_then(|()| other.write_all(b"other")).expect("written");
        drop(one);
        assert_eq!(closed.finish(&mut run).as_deref(), Some(&b"one"[..]));
        assert_eq!(held.finish(&mut run).as_deref(), Some(&b"other"[..]), "somebody holds it open");
        drop(other);
    }
}

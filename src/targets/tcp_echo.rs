//! Sends messages to itself over the loopback network, and back.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};
use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    time::Duration,
};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "tcp-echo",
    group: Group::Io,
    help: "Sends a message over loopback TCP and back, with connections of its own; the kernel's work, in any mode.",
    params: &[
        Param::int("round_trips", "How often a message goes there and back.", 20_000, 1, 1_000_000_000),
        Param::int("bytes", "Size of the message.", 64, 8, 4_096).in_unit("bytes"),
    ],
    result: ResultKind::Count,
    result_help: "round trips",
    quiet_stdout: false,
    work,
};

/// The longest wait for a message between two checks for a stop.
const PATIENCE: Duration = Duration::from_millis(10);

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    ctx.check()?;
    let (mut client, mut server) = connect().map_err(|error| Ended::io("connect over loopback", error))?;
    let mut message = vec![0; params.int("bytes") as usize];
    let (mut there, mut back) = (message.clone(), message.clone());
    let round_trips = params.int("round_trips");
    for round in 0..round_trips {
        ctx.check()?;
        message[..8].copy_from_slice(&round.to_le_bytes());
        pass(&message, &mut client, &mut server, &mut there, ctx)?;
        pass(&there, &mut server, &mut client, &mut back, ctx)?;
        if back != message {
            return Err(Ended::Failed(format!("round trip {round} brought back another message")));
        }
    }
    Ok(round_trips)
}

/// Both ends of a connection. The kernel completes it before `accept`, so one thread is enough.
fn connect() -> std::io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let server = loop {
        let (server, peer) = listener.accept()?;
        // Any process may connect to an open port.
        if peer == client.local_addr()? {
            break server;
        }
    };
    for end in [&client, &server] {
        end.set_nodelay(true)?;
        end.set_read_timeout(Some(PATIENCE))?;
    }
    Ok((client, server))
}

/// Writes at one end and reads at the other. The message is small enough for the kernel's buffer.
fn pass(
    message: &[u8],
    from: &mut TcpStream,
    to: &mut TcpStream,
    received: &mut [u8],
    ctx: &Context<'_>,
) -> Result<(), Ended> {
    from.write_all(message).map_err(|error| Ended::io("send over loopback", error))?;
    receive(to, received, ctx)
}

fn receive(end: &mut TcpStream, message: &mut [u8], ctx: &Context<'_>) -> Result<(), Ended> {
    let mut filled = 0;
    while filled < message.len() {
        match end.read(&mut message[filled..]) {
            Ok(0) => return Err(Ended::Failed("the loopback connection was closed".to_owned())),
            Ok(bytes) => filled += bytes,
            Err(error) if is_passing(error.kind()) => ctx.check()?,
            Err(error) => return Err(Ended::io("receive over loopback", error)),
        }
    }
    Ok(())
}

fn is_passing(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

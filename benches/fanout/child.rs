//! A server as a process of its own: this program again, in another role. It ends with its parent, or when it is dropped.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crate::Outcome;
use crate::options::{Options, Role};

/// A running server.
pub struct Server {
    child: Child,
    pub role: Role,
    pub addr: SocketAddr,
}

impl Server {
    /// Starts one, on core 0 if it shall be bound, and waits until it listens.
    pub fn start(role: Role, options: &Options, pinned: bool) -> Outcome<Server> {
        let program = std::env::current_exe()?;
        let mut command = if pinned { Command::new("taskset") } else { Command::new(&program) };
        if pinned {
            command.args(["-c", "0"]).arg(&program);
        }
        command.args(["--role", role.argument()]);
        command.args(["--frame-bytes", &options.frame_bytes.to_string()]);
        command.args(options.send_buffer.map(|bytes| format!("--send-buffer={bytes}")));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no pipe to the server")?).read_line(&mut line)?;
        Ok(Server { role, addr: line.trim().parse()?, child })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// For a server: says where it listens, and ends the process as soon as its parent is gone.
pub fn announce(addr: SocketAddr) {
    println!("{addr}");
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
}

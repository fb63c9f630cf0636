//! What a person who tries the gateway sees first: where the demo is, and two commands that send a message.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use roomgate::Running;
use roomgate::auth::App;
use roomgate::base::{Clock, RoomId};

use super::caller::Caller;
use super::config::LogFormat;
use super::layers::Loaded;
use super::sign::{curl, quote};

const TEXT: &str = "Hello alice, only you can read this";

/// Prints it on standard error, where the demo is on. Among JSON lines it would only be in the way.
pub(super) fn print(loaded: &Loaded, running: &Running) {
    let Some(room) = running.demo_room() else { return };
    if loaded.config.log == LogFormat::Json {
        return;
    }
    let site = format!("http://{}", reachable(running.addr()));
    let key = running.app().key();
    let send = send_command(loaded, running.app(), &site, room);
    let curl = curl_command(running.app(), &site, room);
    eprintln!(
        "
  demo     {site}/
  app key  {key}

  Open two tabs there, alice and bob. Then send alice an urgent message that bob does not see:

    {send}

  The same as a plain call, signed for the next 5 minutes:

    {curl}
"
    );
}

/// Where this machine reaches a listener that takes every address.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// The command with only those flags that another terminal in the same folder needs.
fn send_command(loaded: &Loaded, app: &App, site: &str, room: RoomId) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "roomgate".to_owned());
    let mut words = vec![program, "send".to_owned()];
    words.extend(flags(loaded, app, &format!("{site}/nimserver")));
    words.extend(["--room".to_owned(), room.to_string()]);
    words.extend(["--from", "demo", "--to", "alice", "--high", TEXT].map(str::to_owned));
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

/// The first of these ways by which a command finds the gateway's key; the secret itself only where nothing else helps.
fn flags(loaded: &Loaded, app: &App, url: &str) -> Vec<String> {
    let file = loaded.file.as_ref().map(|file| vec!["--config".to_owned(), file.display().to_string()]);
    let data = vec!["--data".to_owned(), loaded.config.data.display().to_string()];
    let itself = ["--app-key", app.key(), "--app-secret", app.secret()].map(str::to_owned).to_vec();
    let ways = [Some(Vec::new()), file, Some(data), Some(itself)];
    let finds = |flags: Vec<String>| Some((Caller::found_by(&flags)?, flags)).filter(|(caller, _)| caller.app == *app);
    let Some((caller, mut flags)) = ways.into_iter().flatten().find_map(finds) else { return Vec::new() };
    if caller.url != url {
        flags.extend(["--url".to_owned(), url.to_owned()]);
    }
    flags
}

fn curl_command(app: &App, site: &str, room: RoomId) -> String {
    let headers = curl(&app.sign(&Clock::system()));
    // A second paste is a second message, so it has an id of its own.
    format!(
        "curl -sS {site}/nimserver/chatroom/sendMsgToSomeone.action {headers} -d roomid={room} -d fromAccid=demo \
         -d 'toAccids=[\"alice\"]' -d msgType=0 -d \"msgId=curl-$(date +%s)\" -d highPriority=true -d outcomes=true \
         --data-urlencode {}",
        quote(&format!("attach={TEXT}"))
    )
}

//! Every fixed limit by name, with its unit and its reason. What an operator may change is in `Settings` instead.

use std::time::Duration;

/// Account length, in characters (server API, section 7).
pub const ACCID_CHARS: usize = 32;
/// Message id length, in characters. Undocumented; a UUID has 36, and the hosted service's own limit on a Nonce is 128.
pub const MSG_ID_CHARS: usize = 128;
/// Message content, in UTF-16 units, as Java and JavaScript count (section 2.1).
pub const ATTACH_UNITS: usize = 4096;
/// Message extension, in UTF-16 units (section 2.1).
pub const EXT_UNITS: usize = 4096;
/// Recipients of one directed call (section 2.1).
pub const RECIPIENTS: usize = 100;
/// Messages of one batch call (section 2.2).
pub const BATCH_MESSAGES: usize = 10;
/// Accounts of one profile query (section 7).
pub const QUERIED_ACCOUNTS: usize = 200;
/// An account's name, in UTF-16 units, like the profile texts below (section 7).
pub const USER_NAME_UNITS: usize = 64;
/// An account's picture address.
pub const USER_ICON_UNITS: usize = 1024;
/// An account's motto.
pub const USER_SIGN_UNITS: usize = 256;
/// An account's mail address.
pub const USER_EMAIL_UNITS: usize = 64;
/// An account's birthday.
pub const USER_BIRTH_UNITS: usize = 16;
/// An account's telephone number.
pub const USER_MOBILE_UNITS: usize = 32;
/// An account's free text for the application.
pub const USER_EX_UNITS: usize = 1024;
/// The deprecated `props` of an account: read and checked, not kept.
pub const USER_PROPS_UNITS: usize = 1024;
/// A static token (section 7).
pub const TOKEN_UNITS: usize = 128;
/// A dynamic token, in UTF-16 units: those that follow section 7 have about 200.
pub const DYNAMIC_TOKEN_UNITS: usize = 1024;
/// Name of a webhook environment (section 2.1).
pub const ENV_CHARS: usize = 32;
/// Name of a business that a moderation service knows (section 2.1). Undocumented.
pub const BID_UNITS: usize = 128;
/// Extra fields for a moderation service (section 2.1).
pub const MODERATION_EXT_UNITS: usize = 1024;
/// Content handed to moderation in place of a custom message (section 2.1).
pub const ANTISPAM_CUSTOM_UNITS: usize = 5000;
/// A word of a moderation list, in characters. It bounds how many words may end at one place of a text.
pub const WORD_CHARS: usize = 128;
/// A moderation list's file, in bytes: some hundred thousand words.
pub const WORD_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// Content of one check by a moderation service, in characters (section 10.1).
pub const CHECKED_CHARS: usize = 5000;
/// How much of the piece before is checked again with the next, in characters, so that no phrase is cut in two.
pub const CHECKED_AGAIN_CHARS: usize = 100;
/// Id of what a moderation service checks, in characters (section 10.1).
pub const DATA_ID_CHARS: usize = 128;
/// What a webhook is told of a moderation service's answer, in bytes of JSON. The answer may have 64 KiB, and an event of it is kept and
/// sent with every message that is suspect.
pub const YIDUN_RES_BYTES: usize = 4096;
/// Checks that wait for a moderation service at the same time. One that answers after 1.9 s has 950 of them at 500 messages a second.
pub const CHECKS_IN_FLIGHT: usize = 2048;
/// Questions that wait for the application server at the same time; more wait for one of them, within their own time.
pub const QUESTIONS_IN_FLIGHT: usize = 2048;
/// Of those, what one session's sends may have; its next is heard when one of them is through.
pub const QUESTIONS_A_SESSION: usize = 16;
/// Pictures, sounds, films and files that wait to be judged: about 1 MiB. More are not, and counted.
pub const UNJUDGED: usize = 1024;
/// Of those, so many are judged at the same time.
pub const MEDIA_CHECKS: usize = 128;
/// Tag expression that narrows a room message (section 3.1).
pub const TARGET_TAGS_UNITS: usize = 128;
/// Tags of one member (section 5.5). Undocumented; a default expression of so many is still quick to evaluate for every receiver.
pub const TAGS: usize = 20;
/// A tag, in UTF-16 units. Undocumented; as much as the hosted service's `customTag` may have (section 12.1).
pub const TAG_UNITS: usize = 32;
/// Room name (section 4.1).
pub const ROOM_NAME_UNITS: usize = 128;
/// Room announcement and extension (section 4.1).
pub const ROOM_TEXT_UNITS: usize = 4096;
/// Address of a room's live stream (section 4.1).
pub const BROADCAST_URL_UNITS: usize = 1024;
/// Longest time until a room closes by itself, in seconds (section 4.1): seven days.
pub const CLOSE_DELAY_SECONDS: i64 = 604_800;
/// A member's nick in a room, in UTF-16 units (section 5.3).
pub const NICK_UNITS: usize = 64;
/// A member's notification extension, in UTF-16 units (section 5.3).
pub const NOTIFY_EXT_UNITS: usize = 2048;

/// Longest temporary mute, in seconds (section 5.3): thirty days.
pub const MUTE_SECONDS: i64 = 2_592_000;
/// Fixed members of one room: creator, managers, common and limited ones (section 5.1).
pub const FIXED_MEMBERS: i64 = 1000;
/// Members of one page (section 5.3).
pub const MEMBERS_PAGE: i64 = 100;
/// Accounts of one member query (section 5.3).
pub const QUERIED_MEMBERS: usize = 200;
/// Rooms of one query (section 4.3).
pub const QUERIED_ROOMS: usize = 20;
/// Rooms of one page of `chatroom/list`.
pub const ROOMS_PAGE: i64 = 100;
/// Extension of a recall's notification, in UTF-16 units (section 3.4).
pub const RECALL_EXT_UNITS: usize = 1024;
/// Virtual members of one call (section 5.4).
pub const ROBOTS_A_CALL: usize = 100;
/// Virtual members of one room. Undocumented; as many as it has fixed members.
pub const ROBOTS: usize = 1000;
/// Tags that are muted in one room at the same time. Undocumented.
pub const TAG_MUTES: usize = 100;
/// Elements of one queue (section 6.1).
pub const QUEUE_ELEMENTS: i64 = 1000;
/// What `queueInit` sets where it is left out (section 6.1).
pub const QUEUE_DEFAULT: i64 = 50;
/// A queue element's key, in UTF-16 units (section 6.1).
pub const QUEUE_KEY_UNITS: usize = 128;
/// A queue element's value, in UTF-16 units (section 6.1).
pub const QUEUE_VALUE_UNITS: usize = 4096;
/// Elements of one batch of queue changes (section 6.1).
pub const QUEUE_BATCH: usize = 200;
/// Messages of one history query by the application server (section 6.2).
pub const HISTORY_PAGE: i64 = 200;
/// Messages of one history query by a member (socket protocol, section 2).
pub const HISTORY_PAGE_MEMBER: i64 = 100;
/// How long urgent messages are kept for members who come back (section 3.1).
pub const URGENT_TIME: Duration = Duration::from_secs(30);
/// Bytes of urgent messages that one room keeps for them.
pub const URGENT_BYTES: usize = 256 * 1024;
/// Members who left lately that one room remembers for that: about 6 MiB.
pub const LEAVERS: usize = 65_536;

/// How far CurTime may be from our clock, both ways (section 1.2).
pub const SIGNATURE_WINDOW: Duration = Duration::from_secs(300);
/// How far a dynamic token's curTime may lie ahead of our clock (section 7). Undocumented; as far as a call's CurTime.
pub const TOKEN_AHEAD: Duration = SIGNATURE_WINDOW;
/// Longest Nonce, in bytes (section 1.2).
pub const NONCE_BYTES: usize = 128;
/// Signed requests remembered where replays are refused. At 1,000 calls a second it covers the whole window, both ways.
pub const REPLAYS: usize = 600_000;
/// How long an action is refused after too many calls of it in a second (section 1.6).
pub const RATE_BLOCK: Duration = Duration::from_secs(10);
/// The same for an action whose calls are counted by the minute.
pub const MINUTE_RATE_BLOCK: Duration = Duration::from_secs(60);
/// Calls of `chatroom/broadcast` a minute: each reaches every member of every room (section 1.6).
pub const BROADCASTS_A_MINUTE: u32 = 10;
/// Calls of `history/queryChatroomMsg` a minute (section 1.6).
pub const HISTORY_QUERIES_A_MINUTE: u32 = 1200;

/// How much may wait for one member, in bytes of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneBounds {
    /// High lane; a member that fills it is closed as too slow.
    pub high_bytes: usize,
    /// Normal lane; a full one drops its oldest and says so. Answers have as much again.
    pub normal_bytes: usize,
}

/// How long a re-sent message is recognised: longer than any client keeps retrying.
pub const RESEND_WINDOW_MS: u64 = 5 * 60 * 1000;
/// What one room remembers for that, in sends plus the sessions of directed sends: about 10 MiB in the busiest room.
pub const RESEND_ENTRIES: usize = 100_000;
/// What a room remembers in any case, however much the others do.
pub const RESEND_ENTRIES_SURE: usize = 100;
/// What all rooms together remember for it, besides that: about 120 MiB.
pub const RESEND_ENTRIES_TOTAL: usize = 1_000_000;
/// How often quiet rooms forget what they no longer need.
pub const SWEEP_INTERVAL: Duration = Duration::from_secs(60);
/// Dropped messages a session remembers, so that a re-send can bring them back.
pub const MISSED_ENTRIES: usize = 4096;

/// Header and request line, in bytes; hyper answers 431 beyond. Enough for any SDK, too little to be worth an attack.
pub const HEADER_BYTES: usize = 16 * 1024;
/// A REST call's body, in bytes: ten batch messages of the largest kind, percent-encoded, fit.
pub const BODY_BYTES: usize = 1024 * 1024;
/// How long a whole body may take. SDKs give up after 5 s themselves.
pub const BODY_TIME: Duration = Duration::from_secs(10);
/// How long a connection may be idle between calls, or take over its headers. Java's and Go's pools keep 60 s or more.
pub const HEADER_TIME: Duration = Duration::from_secs(75);

/// Events of refused logins in a second, and of callbacks without an answer: whoever guesses tokens shall not fill the disk.
pub const TROUBLE_EVENTS: u32 = 100;
/// Bytes of an answer to a call that the gateway makes itself; more is a failure.
pub const OUTBOUND_REPLY_BYTES: usize = 64 * 1024;
/// How long a connection for such calls is kept without one. Shorter than servers keep theirs, so that few calls meet a closed one.
pub const OUTBOUND_IDLE_TIME: Duration = Duration::from_secs(15);
/// Connections to one address that are kept meanwhile.
pub const OUTBOUND_IDLE: usize = 256;

/// Jobs waiting for one writer. Each is a shared frame and a list: 1,024 is about 100 KiB, and 1 ms of a writer's work.
pub const WRITER_JOBS: usize = 1024;
/// Frame bytes a writer sorts into lanes before it writes them out. Less than either lane by default, so a member who keeps up
/// never loses a frame to a burst that its own socket was not offered first.
pub const TURN_BYTES: usize = 32 * 1024;
/// Jobs a writer takes before it writes: many have no bytes.
pub const TURN_JOBS: usize = 256;
/// Members a writer serves before it lets other tasks of its thread run.
pub const MEMBERS_BETWEEN_YIELDS: usize = 64;
/// Members into whose lanes a writer sorts frames until it lets other tasks run: about a millisecond.
pub const MEMBERS_SORTED: usize = 4096;
/// Bytes of one write to a socket: everything behind the lanes stays small, or the high lane would be worth nothing.
pub const WRITE_BYTES: usize = 16 * 1024;
/// Frames of one write to a socket: the kernel copies vectors of up to 8 from its stack, and takes 1,024 at the most.
pub const WRITE_FRAMES: usize = 64;
/// High frames in a row before one normal frame goes.
pub const HIGH_RUN: u32 = 32;
/// Bytes of pongs and close frames waiting for one member: as many of the largest as the default rate of pings allows in a burst. A member
/// that asks for more without reading is flooding.
pub const CONTROL_BYTES: usize = 32 * 1024;

/// Frames kept for a session until its client has them, however small they are: a place costs up to 16 bytes.
pub const RETAINED_FRAMES: usize = 8192;
/// How long a client may owe word of what it has (`ack`): longer than it takes to find out that a connection is dead. After that nothing is kept
/// for it.
pub const ACK_OVERDUE: Duration = Duration::from_secs(60);
/// How long a session that comes back waits for its old connection to let go, which may be in the midst of a request, or of
/// waiting for the application server and moderation about one.
pub const CLAIM_TIME: Duration = Duration::from_secs(5);

/// Malformed frames before a connection is closed with 4100 (socket protocol, section 2).
pub const MALFORMED_FRAMES: u32 = 10;
/// Fragments of one message. Far above any real client, far below what could keep a core busy.
pub const FRAGMENTS: u32 = 1024;
/// Time from a message's first byte to its last.
pub const ASSEMBLY_TIME: Duration = Duration::from_secs(10);
/// How often it is looked whether a client that asks for much has taken what waits for it.
pub const ROOM_CHECK: Duration = Duration::from_millis(10);
/// How long we wait for the other side to finish a close, counted anew as long as it still takes what waits for it.
pub const CLOSE_TIME: Duration = Duration::from_secs(5);
/// What we still read and throw away meanwhile.
pub const CLOSE_BYTES: usize = 1024 * 1024;
/// tungstenite's read buffer, in bytes; 128 KiB by default, and it is kept for every connection.
pub const READ_BUFFER_BYTES: usize = 64;
/// What is read from a socket at once, in bytes, into memory that connections share. What tungstenite does not take at once is kept.
pub const READ_AHEAD_BYTES: usize = 8 * 1024;

/// Open rooms of the demo: a list that fits a page. Anybody who reaches the demo makes them.
pub const DEMO_ROOMS: usize = 50;
/// Accounts of the demo: each stays, and anybody who reaches the demo has them made. A few megabytes on the disk.
pub const DEMO_ACCOUNTS: u32 = 10_000;
/// After how long an empty room that a visitor of the demo made closes, in seconds: a break is shorter.
pub const DEMO_ROOM_IDLE_SECONDS: u64 = 3600;
/// Files that the demo keeps, besides their bytes: small ones take room too.
pub const DEMO_FILES: usize = 1000;
/// Files that arrive at the demo at the same time. Each may have its limit on the disk before the oldest go for it.
pub const DEMO_UPLOADS: usize = 8;
/// How long one of them may take: 10 MiB from a telephone on the same network.
pub const DEMO_UPLOAD_TIME: Duration = Duration::from_secs(60);
/// What is still read of a file that is too large, and thrown away: a browser that is cut off while it sends does not see why.
pub const DEMO_DISCARD_BYTES: u64 = 64 * 1024 * 1024;
/// A file's name, in bytes. With the id before it, it stays below the 255 that file systems allow.
pub const DEMO_NAME_BYTES: usize = 160;
/// Sessions of one room that are shown from inside, since each is asked for every time: two pages of a panel.
pub const INSIDE_SESSIONS: usize = 200;
/// How much a slowed-down session may be written at once after a pause, as time: about as long as nobody notices.
pub const PACE_BURST: Duration = Duration::from_millis(250);
/// The slowest that a session may be written to, in bytes a second. The largest frame takes 18 minutes then.
pub const PACE_LEAST: u64 = 64;
/// The fastest that makes a difference on one machine, in bytes a second.
pub const PACE_MOST: u64 = 1024 * 1024 * 1024;
/// Bytes of a file that are in memory for each of its readers.
pub const FILE_CHUNK_BYTES: usize = 64 * 1024;
/// How far a test may turn the clock at once: far beyond every deadline, and near enough to be a date.
pub const CLOCK_TURN: Duration = Duration::from_secs(365 * 24 * 3600);

const _: () = assert!(TURN_BYTES >= WRITE_BYTES, "a turn fills at least one write");

/** Wires the page together: the entrance gives a pass, the pass opens a room. The only file that knows all the others. */

import { Composer } from "./composer.js";
import { one } from "./dom.js";
import { fetchMembers, socketUrl } from "./door.js";
import { Entrance } from "./entrance.js";
import { Members } from "./members.js";
import { Messages } from "./messages.js";
import {
  ENTERED,
  isDeparture,
  notificationText,
  RECALLED,
  RENAMED,
  readNotification,
} from "./notification.js";
import { TYPE_NOTIFICATION } from "./protocol.js";
import { Socket } from "./socket.js";
import { Status } from "./status.js";

/**
 * @typedef {import("./socket.js").Pass} Pass
 * @typedef {import("./socket.js").State} State
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./composer.js").Draft} Draft
 * @typedef {import("./message-row.js").MessageRow} MessageRow
 */

const room = one("#room", HTMLElement);
const roomName = one("#room-name", HTMLElement);
const myName = one("#my-name", HTMLElement);

const entrance = new Entrance(enterRoom);
const messages = new Messages();
const members = new Members(() =>
  composer.address(members.picked, (accid) => members.isHere(accid)),
);
const composer = new Composer(say, () => members.unpickAll());
const status = new Status({
  tryNow: () => {
    socket?.connect();
    // The button that was pressed goes away and would take the focus with it.
    composer.focus();
  },
  rejoin: () => {
    socket?.join();
    composer.focus();
  },
  reenter: leaveRoom,
});

let me = { accid: "", nick: "" };
/** @type {Socket | null} */
let socket = null;

one("#leave", HTMLButtonElement).addEventListener("click", leaveRoom);
entrance.show();

/** @param {Pass} pass */
function enterRoom(pass) {
  me = { accid: pass.accid, nick: pass.nick };
  myName.textContent = pass.nick;
  document.title = `${pass.nick} · roomgate`;
  messages.clear();
  members.clear(pass.accid);
  composer.reset();
  room.hidden = false;
  socket = new Socket(socketUrl(location), pass, {
    state: showState,
    joined: (name, again) => {
      if (name) roomName.textContent = name;
      if (again) messages.gap("You were away. What was said meanwhile is not shown.");
      members.replaceWith(fetchMembers());
    },
    message: receive,
    lost: (count) =>
      messages.gap(
        `${count} ${count === 1 ? "frame is" : "frames are"} missing here: this page read too slowly`,
      ),
  });
  socket.connect();
  composer.focus();
}

function leaveRoom() {
  socket?.leave();
  socket = null;
  status.clear();
  room.hidden = true;
  document.title = "roomgate";
  entrance.show();
}

/** @param {State} state */
function showState(state) {
  status.show(state);
  composer.setConnected(state.kind === "online");
}

/** @param {Message} message */
function receive(message) {
  if (message.type !== TYPE_NOTIFICATION) {
    messages.receive(message, message.fromAccount === me.accid);
    return;
  }
  const notification = readNotification(message.attach);
  if (!notification) return;
  const text = notificationText(notification, me.accid);
  if (text) messages.note(text);
  const { id, targets } = notification;
  if (id === ENTERED || id === RENAMED) members.enter(targets);
  else if (isDeparture(notification)) members.leave(targets);
  else if (id === RECALLED) messages.recall(notification.msgId);
}

/** @param {Draft} draft */
function say(draft) {
  deliver(draft, messages.showSending(draft, me));
}

/**
 * @param {Draft} draft
 * @param {MessageRow} row
 * @param {boolean} [again] the gateway may have it already, and is told so
 */
async function deliver(draft, row, again = false) {
  const { msgId, text, to, urgent } = draft;
  row.pending();
  try {
    const reply = await /** @type {Socket} */ (socket).send({
      msgId,
      msgType: 0,
      attach: text,
      toAccids: to.length ? to.map(({ accid }) => accid) : undefined,
      outcomes: to.length > 0,
      highPriority: urgent || undefined,
      resendFlag: again ? 1 : undefined,
    });
    row.delivered(reply);
  } catch (error) {
    row.failed(/** @type {Error} */ (error), () => deliver(draft, row, true));
  }
}

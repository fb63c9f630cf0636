/** A page as it is written for the hosted web SDK. All that was changed for roomgate is this import. */

import SDK from "roomgate/chatroom";

const config = Object.fromEntries(new URLSearchParams(location.search));

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);

const chatroom = SDK.Chatroom.getInstance({
  appKey: config.appKey ?? "",
  account: config.account ?? "",
  token: config.token,
  chatroomId: config.chatroomId ?? "",
  chatroomAddresses: [config.address ?? ""],
  secure: false,
  chatroomNick: config.account,
  onconnect: onChatroomConnect,
  onerror: onChatroomError,
  onwillreconnect: onChatroomWillReconnect,
  ondisconnect: onChatroomDisconnect,
  onmsgs: onChatroomMsgs,
});

/** @param {any} obj */
function onChatroomConnect(obj) {
  show(`in ${obj.chatroom.name} as ${obj.member.nick}`);
  showMembers();
}

/** @param {any} error */
function onChatroomError(error) {
  console.log("something went wrong", error);
}

/** @param {any} obj */
function onChatroomWillReconnect(obj) {
  show(`away, attempt ${obj.retryCount}`);
}

/** @param {any} error */
function onChatroomDisconnect(error) {
  switch (error.code) {
    case 302:
      return show("wrong account or token");
    case 13003:
      return show("blocklisted");
    case "kicked":
      return show(`put out: ${error.reason}`);
    default:
      return show(`over: ${error.code}`);
  }
}

/** @param {any[]} msgs */
function onChatroomMsgs(msgs) {
  for (const msg of msgs) {
    if (msg.type === "notification") onNotification(msg);
    else list(msg);
  }
}

/** @param {any} msg */
function onNotification(msg) {
  switch (msg.attach.type) {
    case "memberEnter":
      list({ ...msg, text: `${msg.attach.fromNick} came in` });
      return showMembers();
    case "memberExit":
      list({ ...msg, text: `${msg.attach.fromNick} left` });
      return showMembers();
    case "kickMember":
      list({ ...msg, text: `${msg.attach.toNick[0]} was put out` });
  }
}

function showMembers() {
  chatroom.getChatroomMembers({
    guest: true,
    limit: 100,
    done(/** @type {any} */ error, /** @type {any} */ obj) {
      if (error) return console.log("no members", error);
      const nicks = obj.members.map((/** @type {any} */ { nick }) => nick);
      element("members").textContent = nicks.sort().join(", ");
    },
  });
}

element("composer").onsubmit = (/** @type {Event} */ event) => {
  event.preventDefault();
  const text = element("text").value;
  element("text").value = "";
  const msg = chatroom.sendText({
    text,
    custom: JSON.stringify({ from: "page" }),
    done: onSendMsgDone,
  });
  list(msg);
};

element("picture").onchange = () => {
  const msg = chatroom.sendFile({ type: "image", fileInput: "picture", done: onSendMsgDone });
  list({ ...msg, text: "a picture" });
};

/** @param {any} error @param {any} msg */
function onSendMsgDone(error, msg) {
  const { idClient, status } = msg.msg ?? msg;
  const row = document.querySelector(`[data-id="${idClient}"]`);
  if (row instanceof HTMLElement) row.dataset.status = error ? String(error.code) : status;
}

/** @param {any} msg */
function list({ idClient, from, text, file, flow, status }) {
  const row = document.createElement("li");
  Object.assign(row.dataset, { id: idClient, flow, status });
  row.textContent = `${from}: ${file ? `${file.name} ${file.w}x${file.h}` : text}`;
  element("messages").append(row);
}

/** @param {string} state */
function show(state) {
  element("state").textContent = state;
}

// For the rest of the application, as pages do.
Object.assign(window, { chatroom });

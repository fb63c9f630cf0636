/** Wires the page together: the entrance gives a pass, the pass opens a stay, and a stay is in one room at a time. */

import { one } from "./base/dom.js";
import { Entrance } from "./entrance/entrance.js";
import { startLanguage } from "./language/language.js";
import { offerChoices } from "./look/choices.js";
import { startTheme } from "./look/theme.js";
import { followViewport } from "./look/viewport.js";
import { Drawer } from "./rooms/drawer.js";
import { Rooms } from "./rooms/rooms.js";
import { Account } from "./session/account.js";
import { Conversation } from "./session/conversation.js";
import { Door } from "./session/door.js";
import { Status } from "./session/status.js";
import { Stay } from "./session/stay.js";
import { Bench } from "./tools/bench.js";

/** @typedef {import("./session/door.js").Pass} Pass */

startTheme();
followViewport();

const page = one("#room", HTMLElement);
const entrance = new Entrance(arrive);
const account = new Account(depart);
/** @type {Conversation} */
const conversation = new Conversation({
  people: () => bench?.people(),
  room: () => bench?.room(),
  queue: () => bench?.queue(),
});
/** @type {Bench | undefined} */
const bench = new Bench(conversation);
const rooms = new Rooms((roomid) => goTo(roomid));
const drawers = [new Drawer("rooms"), new Drawer("people")];
const status = new Status({
  resume: () => again(() => stay?.resume()),
  rejoin: () => stay && goTo(stay.roomid),
  reenter: depart,
});

/** @type {Stay | null} */
let stay = null;
let me = "";

offerChoices(one("#entrance-choices", HTMLElement));
startLanguage();
entrance.show();

/** @param {Pass} pass */
function arrive(pass) {
  me = pass.accid;
  const door = new Door(pass);
  document.title = `${pass.nick} · roomgate`;
  account.show(pass);
  page.hidden = false;
  const arrived = new Stay(pass, {
    state: (state) => {
      status.show(state);
      conversation.setState(state);
      bench?.state(state);
    },
    entered: (room) => {
      conversation.entered(room);
      bench?.entered(room);
      rooms.refresh();
    },
    message: (message) => conversation.message(message),
    notification: (notification) => {
      conversation.notification(notification);
      rooms.refresh();
    },
    gap: (gap) => {
      conversation.gap(gap);
      if (gap.reason === "away") conversation.refresh(gap.room);
    },
  });
  stay = arrived;
  conversation.open(pass, door.headers, () => arrived.room);
  bench?.open(door, arrived, me);
  rooms.open(door, me);
  goTo(pass.roomid);
}

/** @param {string} roomid */
function goTo(roomid) {
  for (const drawer of drawers) drawer.close();
  if (stay && (stay.roomid !== roomid || stay.state.kind === "out")) {
    conversation.clear(me);
    rooms.current(roomid);
    stay.enter(roomid);
  }
  conversation.focus();
}

function depart() {
  stay?.end();
  stay = null;
  rooms.close();
  bench?.close();
  conversation.clear("");
  status.clear();
  page.hidden = true;
  document.title = "roomgate";
  entrance.show();
}

/** The button that was pressed goes away and would take the focus with it. @param {() => void} act */
function again(act) {
  act();
  conversation.focus();
}

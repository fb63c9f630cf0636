/** All the panels beside the conversation, and what they have to be told. */

import { Inside } from "./inside.js";
import { Levers } from "./levers.js";
import { Queue } from "./queue.js";
import { RaceView } from "./race-view.js";
import { RoomPanel } from "./room-panel.js";
import { Server } from "./server.js";
import { Tools } from "./tools.js";

/**
 * @typedef {import("../session/conversation.js").Conversation} Conversation
 * @typedef {import("../session/door.js").Door} Door
 * @typedef {import("../session/stay.js").Stay} Stay
 * @typedef {import("../client/index.js").Room} Room
 */

export class Bench {
  #conversation;
  #inside = new Inside();
  #levers = new Levers();
  #race = new RaceView(this.#levers);
  #server = new Server();
  #queue;
  #room;
  #tools = new Tools((name) => this.#inside.show(name === "inside"));

  /** @param {Conversation} conversation */
  constructor(conversation) {
    this.#conversation = conversation;
    this.#queue = new Queue(conversation.people);
    this.#room = new RoomPanel(conversation.people, (action) => conversation.act(action));
    this.#inside.onOwn = (session) => this.#levers.hear(session?.bytesPerSecond);
  }

  /** @param {Door} door @param {Stay} stay @param {string} me */
  open(door, stay, me) {
    this.#levers.open({ door, stay });
    this.#race.open(stay, me);
    this.#inside.open(door, () => ({ roomid: stay.roomid, session: stay.session }));
    this.#server.open(door, () => ({ roomid: stay.roomid, me, picked: this.#conversation.picked }));
    this.#tools.open();
  }

  close() {
    this.#tools.close();
    this.#inside.close();
    this.#levers.open(null);
    this.#race.open(null, "");
    this.#queue.load(null);
  }

  /** @param {Room} room */
  entered(room) {
    this.#queue.load(room);
    this.#server.follow();
  }

  /** @param {import("../session/stay.js").State} state */
  state(state) {
    this.#levers.state(state);
  }

  people() {
    this.#queue.show();
    this.#room.show();
    this.#server.follow();
  }

  room() {
    this.#room.fill(this.#conversation.info.now);
  }

  queue() {
    this.#queue.refresh();
  }
}

/**
 * Messages of the page on their way to the gateway, files on their way to where they are kept. The page has a message at once, and hears
 * of it again when it is sent.
 *
 * @typedef {import("./message.js").ChatroomMessage} ChatroomMessage
 * @typedef {import("./options.js").FullOptions} FullOptions
 * @typedef {Record<string, any>} Given with `done(error, msg)`
 */

import { failure } from "./chatroom-error.js";
import { checkFile, upload } from "./files.js";
import { readMessage } from "./message.js";
import { compose, shown } from "./outgoing.js";
import { tell } from "./tell.js";

/** All kinds of messages are one call: what is too fast for one of them is too fast for all. */
const SEND = "sendMsg";

/** In place of a file that is not kept anywhere yet. */
const NOWHERE = { url: "-", ext: "-", size: 0, md5: "-", w: 0, h: 0, dur: 0 };

export class Sender {
  #calls;
  #incoming;
  #who;
  #keep;

  /**
   * @param {import("./calls.js").Calls} calls
   * @param {import("./incoming.js").Incoming} incoming
   * @param {() => import("./outgoing.js").Author} who
   * @param {() => FullOptions["uploadFile"]} keep the page’s own upload
   */
  constructor(calls, incoming, who, keep) {
    this.#calls = calls;
    this.#incoming = incoming;
    this.#who = who;
    this.#keep = keep;
  }

  /**
   * @param {string} where the method’s name
   * @param {string} type
   * @param {Given} given
   * @returns {ChatroomMessage}
   */
  send(where, type, given) {
    const { request, message } = compose(where, type, given, this.#who());
    this.#post(request, message, given);
    return { ...message };
  }

  /** @param {Given} given @returns {ChatroomMessage} */
  sendFile(given) {
    const type = checkFile("sendFile", given);
    return given.file ? this.send("sendFile", type, given) : this.#uploadAndSend(type, given);
  }

  /** @param {Given} given */
  previewFile(given) {
    checkFile("previewFile", given);
    upload("previewFile", given, this.#keep()).then(
      (file) => tell(given.done, null, file),
      (error) => tell(given.done, failure(error, "previewFile"), given),
    );
  }

  /**
   * @param {Record<string, unknown>} request
   * @param {ChatroomMessage} message
   * @param {Given} given
   */
  #post(request, message, given) {
    this.#incoming.own(message.idClient);
    this.#calls.run(
      SEND,
      (ask) => ask("send", request),
      (error, reply) => {
        if (error) return tell(given.done, error, { ...message, status: "fail" });
        const sent = readMessage(reply?.desc, message.from);
        tell(given.done, null, { ...shown(given), fromCustom: message.fromCustom, ...sent });
      },
    );
  }

  /** @param {string} type @param {Given} given @returns {ChatroomMessage} */
  #uploadAndSend(type, given) {
    const options = { ...given, file: NOWHERE };
    const { file: _, ...pending } = compose("sendFile", type, options, this.#who()).message;
    upload("sendFile", given, this.#keep(), pending).then(
      (file) => {
        tell(given.uploaddone, null, file, pending);
        this.#sendKept(type, { ...given, file }, pending);
      },
      (error) => {
        const known = failure(error, "sendFile");
        tell(given.uploaddone, known, undefined, pending);
        const { done, ...rest } = given;
        tell(done, known, { ...rest, msg: { ...pending, status: "fail" } });
      },
    );
    return { ...pending };
  }

  /** @param {string} type @param {Given} given @param {ChatroomMessage} pending */
  #sendKept(type, given, pending) {
    try {
      const { idClient } = pending;
      const { request, message } = compose("sendFile", type, given, this.#who());
      const named = { ...message, idClient };
      tell(given.beforesend, { ...named });
      this.#post({ ...request, msgId: idClient }, named, given);
    } catch (error) {
      tell(given.done, error, { ...pending, status: "fail" });
    }
  }
}

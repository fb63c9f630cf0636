/**
 * Messages as pages know them, made of what the gateway delivers and of what its history lists.
 *
 * @typedef {Record<string, any> & {chatroomId: string, idClient: string, from: string, type: string, flow: "in" | "out", time: number}} ChatroomMessage
 */

import { readBody } from "./body.js";
import { CLIENT_TYPE_NUMBERS, CLIENT_TYPES } from "./tables/client-types.js";
import { fromWire, HISTORY_FIELDS, MESSAGE_FIELDS } from "./tables/fields.js";
import { MESSAGE_TYPES } from "./tables/message-types.js";

/**
 * @param {Record<string, any>} wire as it is delivered
 * @param {string} account whose page this is
 * @returns {ChatroomMessage}
 */
export function readMessage(wire, account) {
  const named = fromWire(MESSAGE_FIELDS, wire);
  const type = MESSAGE_TYPES[wire.type] ?? "unknown";
  if (wire.ext === "") delete named.custom;
  if (wire.highPriorityFlag !== undefined) named.highPriority = true;
  if (wire.directedFlag !== undefined) named.directed = true;
  return {
    ...named,
    chatroomId: String(wire.roomId),
    idClient: wire.msgid_client,
    from: wire.fromAccount,
    fromNick: wire.fromNick ?? "",
    fromAvatar: wire.fromAvator ?? "",
    fromClientType: readClientType(wire.fromClientType),
    type,
    // Accounts are always sent in lower case, however a page writes its own.
    flow: wire.fromAccount === account.toLowerCase() ? "out" : "in",
    ...readBody(type, wire.attach ?? ""),
    time: Number(wire.time),
    resend: Number(wire.resendFlag ?? 0) === 1,
    status: "success",
  };
}

/**
 * @param {Record<string, any>} listed one message of `history`
 * @param {string} chatroomId
 * @param {string} account
 */
export function readHistoryMessage(listed, chatroomId, account) {
  const delivered = fromWire(HISTORY_FIELDS, listed);
  return readMessage({ ...listed, ...delivered, roomId: chatroomId }, account);
}

/** @param {string | number | undefined} type */
function readClientType(type) {
  return CLIENT_TYPES[String(type)] ?? CLIENT_TYPE_NUMBERS[Number(type)] ?? String(type ?? "");
}

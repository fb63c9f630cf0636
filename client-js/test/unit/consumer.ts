/** An application in TypeScript: it must compile against the types that the package publishes. */

import {
  connect,
  type Gap,
  type Message,
  type Notification,
  QueueFull,
  Refused,
  type Room,
  RoomgateError,
} from "roomgate";
import SDK, { Chatroom, type ChatroomError, type ChatroomMessage } from "roomgate/chatroom";

export async function chat(WebSocket: typeof globalThis.WebSocket, signal: AbortSignal) {
  const client = connect({
    url: "wss://gateway.test/ws",
    appKey: "key",
    accid: "ann",
    token: "token",
    clientType: "Web",
    deviceId: "laptop",
    WebSocket,
    signal,
    queueLimit: 10,
    renewToken: async (reason) => String(reason.code),
    backoff: (attempt) => (attempt < 5 ? 1_000 : undefined),
  });
  const off: () => void = client.on("state", (state) => {
    if (state.kind === "waiting") console.log(state.afterMs, state.why, state.code, state.attempt);
    if (state.kind === "online") console.log(state.resumed);
    if (state.kind === "ended") console.log(state.error?.message);
  });
  client.on("frame", (frame) => {
    if (frame.op === "drain") console.log(frame.reconnectAfter);
  });
  const room: Room = await client.join("1", { nick: "Ann", tags: ["a"], signal });
  room.on("notification", ({ name, targets }: Notification) => console.log(name, targets[0]?.nick));
  room.on("gap", async (gap: Gap) => {
    for (const message of await gap.recover({ limit: 100, signal })) console.log(message.text);
  });
  room.on("kicked", ({ reason, why }) => console.log(reason, why), { signal });
  await talk(room, signal);
  off();
  client.suspend();
  client.resume();
  await client.close();
}

async function talk(room: Room, signal: AbortSignal) {
  try {
    const { message, outcomes } = await room.send("hi", {
      to: ["bob"],
      high: true,
      outcomes: true,
    });
    console.log(message.id, outcomes?.bob === "queued");
    await room.send(
      { type: "image", url: "https://files.test/a.png", w: 1, h: 1 },
      { ext: { a: 1 } },
    );
    await room.send({ type: "tip", text: "be kind" }, { signal });
  } catch (error) {
    if (error instanceof Refused) console.log(error.code, error.hint);
    else if (error instanceof QueueFull) console.log("later");
    else if (error instanceof RoomgateError) console.log(error.code);
  }
  const old: Message[] = await room.history({ limit: 20, before: Date.now(), types: ["text"] });
  console.log(old.length, (await room.members({ kind: "guests" }))[0]?.nick);
  const { desc } = await room.request("temporaryMute", { target: "bob", muteDuration: 60 });
  console.log(desc);
  for await (const message of room) console.log(message.from, message.text ?? message.content);
  for await (const message of room.messages({ signal, limit: 10 })) console.log(message.high);
}

export function chatAsBefore(WebSocket: typeof globalThis.WebSocket) {
  const chatroom: Chatroom = SDK.Chatroom.getInstance({
    appKey: "key",
    account: "ann",
    token: "token",
    chatroomId: "1",
    chatroomAddresses: ["gateway.test:443"],
    WebSocket,
    onconnect: ({ chatroom: { name, onlineMemberNum }, member }) =>
      console.log(name, onlineMemberNum, member.account, member.type),
    onwillreconnect: ({ retryCount, duration }) => console.log(retryCount, duration),
    onmsgs: (msgs: ChatroomMessage[]) => console.log(msgs[0]?.flow, msgs[0]?.attach?.type),
    uploadFile: async (blob, { name, signal }) => ({ url: name, md5: "", signal, size: blob.size }),
  });
  const sent: ChatroomMessage = chatroom.sendText({
    text: "hi",
    done: (error: ChatroomError | null, msg: ChatroomMessage) =>
      console.log(error?.code, msg.status),
  });
  chatroom.getChatroomMembers({ guest: true, done: console.log });
  chatroom.destroy();
  return [sent, Chatroom];
}

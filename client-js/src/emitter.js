/** Named events and their listeners. Not an EventTarget: React Native has none. */

import { onAbort } from "./abort.js";
import { Invalid } from "./errors.js";

/** @template {Record<string, any>} Events */
export class Emitter {
  /** @type {Map<keyof Events, Set<{listener: (event: any) => void}>>} */
  #listeners;
  #failed;

  /**
   * @param {(keyof Events & string)[]} names
   * @param {(error: unknown, name: keyof Events) => void} failed a listener of it threw; the others and the connection go on
   */
  constructor(names, failed) {
    this.#listeners = new Map(names.map((name) => [name, new Set()]));
    this.#failed = failed;
  }

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(event: Events[Name]) => void} listener
   * @param {{signal?: AbortSignal}} [options]
   * @returns {() => void} takes the listener away
   */
  on(name, listener, { signal } = {}) {
    const listeners = this.#listeners.get(name);
    if (!listeners) {
      const names = [...this.#listeners.keys()].join(", ");
      throw new Invalid(`there is no event ${String(name)}`, `Listen to one of ${names}.`);
    }
    // An object of its own: the same listener twice is two listeners.
    const entry = { listener };
    listeners.add(entry);
    const stop = onAbort(signal, () => listeners.delete(entry));
    return () => {
      stop();
      listeners.delete(entry);
    };
  }

  /** @param {keyof Events} name */
  has(name) {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {Events[Name]} event
   */
  emit(name, event) {
    for (const { listener } of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        this.#failed(error, name);
      }
    }
  }
}

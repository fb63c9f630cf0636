/**
 * A list of any length of which only the rows in sight, and some around them, are in the document. Rows are as high as they
 * are: guessed at first, measured when they are there. What the reader looks at stays where it is, whatever happens above it;
 * at the bottom, and only there, the list follows what is added. Knows nothing of messages.
 */

import { Heights } from "./heights.js";

/** So much above and below what is seen is there already, so that scrolling does not outrun the rows. */
const AROUND_PX = 600;
/** Within this of the end counts as being there. */
const NEAR_END_PX = 48;
/** So often at most the rows that measuring brought into sight are measured too. */
const ROUNDS = 4;
/** So long after its last step a scroll is over. */
const REST_MS = 120;

/**
 * @template T
 * @typedef {{item: T | undefined, below: number}} Anchor the row at the top of what is seen, and how far the view is below its top
 */

/** @template {object} T */
export class VirtualList {
  #view;
  #list;
  #rows;
  /** @type {T[]} */
  #items = [];
  #heights = new Heights();
  /** The rows that are in the document. @type {Map<T, HTMLElement>} */
  #mounted = new Map();
  /** @type {WeakMap<Element, T>} */
  #owners = new WeakMap();
  #first = 0;
  #last = -1;
  #following = true;
  #planned = false;
  /** Where we put the view ourselves: its scroll event is not the reader's doing. */
  #placed = -1;
  /** Where that was while following the end. */
  #endTop = 0;
  /** Runs while the reader scrolls. @type {ReturnType<typeof setTimeout> | undefined} */
  #scrolling;
  /**
   * How far the rows are below where their heights say. Placing the view while it is being scrolled would stop the scroll, so
   * what was guessed wrong is made up for here, and put right when the view has come to rest.
   */
  #shift = 0;
  #observer = new ResizeObserver((entries) => this.#resized(entries));

  /** The reader came to the end, or left it. @param {boolean} following */
  onFollow = (following) => void following;

  /** The reader is near the top. */
  onTop = () => {};

  /**
   * @param {HTMLElement} view scrolls
   * @param {HTMLElement} list holds the rows
   * @param {{build: (item: T) => HTMLElement, guess: (item: T) => number}} rows
   */
  constructor(view, list, rows) {
    this.#view = view;
    this.#list = list;
    this.#rows = rows;
    this.#view.addEventListener("scroll", () => this.#scrolled());
    this.#view.addEventListener("keydown", (event) => this.#key(event));
    this.#observer.observe(view);
  }

  /** @returns {readonly T[]} */
  get items() {
    return this.#items;
  }

  get following() {
    return this.#following;
  }

  /** @param {T} item its row, while it is in the document */
  row(item) {
    return this.#mounted.get(item);
  }

  /** @param {T} item */
  push(item) {
    this.#items.push(item);
    this.#heights.push(this.#rows.guess(item));
    this.#plan();
  }

  /**
   * @param {number} at
   * @param {T[]} items
   */
  insert(at, items) {
    const anchor = this.#anchor();
    this.#items = [...this.#items.slice(0, at), ...items, ...this.#items.slice(at)];
    this.#heights.insert(at, items.map(this.#rows.guess));
    this.#render(anchor);
  }

  /** @param {number} at @param {number} [count] */
  remove(at, count = 1) {
    const anchor = this.#anchor();
    this.#items.splice(at, count);
    this.#heights.remove(at, count);
    this.#render(anchor);
  }

  clear() {
    this.#rest();
    this.#items = [];
    this.#heights = new Heights();
    this.toEnd();
  }

  /** Builds the rows anew, as after a change of language. */
  rebuild() {
    const anchor = this.#anchor();
    for (const [item, row] of this.#mounted) this.#drop(item, row);
    this.#render(anchor);
  }

  toEnd() {
    this.#endTop = 0;
    this.#follow(true);
    this.#render();
  }

  /** Once for all that is added before the next picture. */
  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    requestAnimationFrame(() => this.#render());
  }

  #scrolled() {
    if (Math.abs(this.#view.scrollTop - this.#placed) > 1) {
      this.#follow(this.#isAtEnd());
      clearTimeout(this.#scrolling);
      this.#scrolling = setTimeout(() => this.#rest(), REST_MS);
    }
    this.#placed = -1;
    this.#render();
    if (!this.#following && this.#view.scrollTop < AROUND_PX) this.onTop();
  }

  #rest() {
    clearTimeout(this.#scrolling);
    this.#scrolling = undefined;
    if (this.#shift) this.#render();
  }

  /** The browser's own way to both ends would measure everything on the way. @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.#view || (event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    if (event.key === "End") return this.toEnd();
    this.#rest();
    this.#follow(false);
    this.#render({ item: this.#items[0], below: -this.#list.offsetTop });
    this.onTop();
  }

  /** @param {boolean} following */
  #follow(following) {
    if (this.#following === following) return;
    this.#following = following;
    this.onFollow(following);
  }

  /** A reader who has just left the end is not taken back to it, also where the scroll event is still to come. */
  #noticeReader() {
    const left = this.#view.scrollTop < this.#endTop - NEAR_END_PX;
    if (this.#following && left && !this.#isAtEnd()) this.#follow(false);
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#view;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  /** @returns {Anchor<T>} */
  #anchor() {
    const seen = this.#view.scrollTop - this.#list.offsetTop - this.#shift;
    const at = this.#heights.at(seen);
    return { item: this.#items[at], below: seen - this.#heights.top(at) };
  }

  /** Where in the list the view has to begin. @param {Anchor<T>} anchor */
  #target({ item, below }) {
    if (this.#following) return this.#heights.total - this.#view.clientHeight;
    const at = item ? this.#items.indexOf(item) : -1;
    const seen = this.#view.scrollTop - this.#list.offsetTop - this.#shift;
    return at < 0 ? seen : this.#heights.top(at) + below;
  }

  /** @param {Anchor<T>} [anchor] */
  #render(anchor = this.#anchor()) {
    this.#planned = false;
    this.#noticeReader();
    for (let round = 0; round < ROUNDS; round += 1) {
      const fresh = this.#fill(this.#target(anchor));
      this.#pad();
      if (!this.#measure(fresh)) break;
      this.#pad();
    }
    this.#place(anchor);
  }

  /**
   * Brings in the rows around what is seen and takes the others out.
   * @param {number} seen
   */
  #fill(seen) {
    this.#first = this.#heights.at(seen - AROUND_PX);
    const end = this.#heights.at(seen + this.#view.clientHeight + AROUND_PX);
    this.#last = Math.min(end, this.#items.length - 1);
    const wanted = new Set(this.#items.slice(this.#first, this.#last + 1));
    for (const [item, row] of this.#mounted) if (!wanted.has(item)) this.#drop(item, row);
    /** @type {T[]} */
    const fresh = [];
    let at = this.#first;
    let next = this.#list.firstElementChild;
    for (const item of wanted) {
      let row = this.#mounted.get(item);
      if (row) next = row.nextElementSibling;
      else {
        row = this.#mount(item);
        this.#list.insertBefore(row, next);
        fresh.push(item);
      }
      at += 1;
      row.ariaPosInSet = String(at);
      row.ariaSetSize = String(this.#items.length);
    }
    return fresh;
  }

  /** Stands in for the rows that are not there. */
  #pad() {
    const { style } = this.#list;
    style.paddingTop = `${this.#heights.top(this.#first) + this.#shift}px`;
    style.paddingBottom = `${this.#heights.total - this.#heights.top(this.#last + 1)}px`;
  }

  /** @param {T[]} items @returns {boolean} whether a guess was wrong */
  #measure(items) {
    if (items.length === 0) return false;
    const fresh = new Set(items);
    let wrong = false;
    for (let at = this.#first; at <= this.#last; at += 1) {
      const item = /** @type {T} */ (this.#items[at]);
      if (!fresh.has(item)) continue;
      const height = this.#mounted.get(item)?.getBoundingClientRect().height ?? 0;
      if (Math.abs(height - this.#heights.height(at)) < 0.5) continue;
      this.#heights.set(at, height);
      wrong = true;
    }
    return wrong;
  }

  /** @param {Anchor<T>} anchor */
  #place(anchor) {
    const target = this.#target(anchor) + this.#list.offsetTop;
    const shift = this.#view.scrollTop - target;
    const canShift = this.#scrolling && this.#heights.top(this.#first) + shift >= 0;
    this.#shift = canShift && !this.#following ? shift : 0;
    this.#pad();
    if (this.#shift) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#view;
    const top = this.#following ? scrollHeight - clientHeight : target;
    if (Math.abs(scrollTop - top) < 1) return;
    this.#view.scrollTop = top;
    this.#placed = this.#view.scrollTop;
    if (this.#following) this.#endTop = this.#placed;
  }

  /** Rows changed by themselves, or the view did. Runs before it is seen; new rows wait for the next picture. @param {ResizeObserverEntry[]} entries */
  #resized(entries) {
    const anchor = this.#anchor();
    const items = entries.map(({ target }) => this.#owners.get(target));
    const changed = this.#measure(items.filter((item) => item !== undefined));
    if (!changed && !entries.some(({ target }) => target === this.#view)) return;
    this.#place(anchor);
    this.#plan();
  }

  /** @param {T} item */
  #mount(item) {
    const row = this.#rows.build(item);
    this.#mounted.set(item, row);
    this.#owners.set(row, item);
    this.#observer.observe(row);
    return row;
  }

  /** @param {T} item @param {HTMLElement} row */
  #drop(item, row) {
    // A row that goes away would take the focus with it to nowhere.
    if (row.contains(document.activeElement)) this.#view.focus({ preventScroll: true });
    this.#observer.unobserve(row);
    this.#mounted.delete(item);
    row.remove();
  }
}

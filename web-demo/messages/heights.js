/** How high each row of a long list is, and so where it begins. Sums are made again only from the first row that changed. */

export class Heights {
  /** @type {number[]} */
  #heights = [];
  /** Where each row begins; right below `#summed`. @type {number[]} */
  #tops = [0];
  #summed = 0;

  get count() {
    return this.#heights.length;
  }

  get total() {
    return this.top(this.count);
  }

  /** @param {number} at */
  height(at) {
    return this.#heights[at] ?? 0;
  }

  /** Where a row begins; of the one behind the last, where the list ends. @param {number} at */
  top(at) {
    for (; this.#summed < at; this.#summed += 1) {
      this.#tops[this.#summed + 1] = (this.#tops[this.#summed] ?? 0) + this.height(this.#summed);
    }
    return this.#tops[at] ?? 0;
  }

  /** The row at that place; the last one for places beyond. @param {number} y */
  at(y) {
    let low = 0;
    let high = this.count;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.top(middle) <= y) low = middle;
      else high = middle;
    }
    return low;
  }

  /** @param {number} at @param {number} height */
  set(at, height) {
    this.#heights[at] = height;
    this.#summed = Math.min(this.#summed, at);
  }

  /** @param {number} at @param {number[]} heights */
  insert(at, heights) {
    // Not splice(...heights): an argument for each of ten thousand is too many.
    this.#heights = [...this.#heights.slice(0, at), ...heights, ...this.#heights.slice(at)];
    this.#summed = Math.min(this.#summed, at);
  }

  /** @param {number} height */
  push(height) {
    this.#heights.push(height);
  }

  /** @param {number} at @param {number} count */
  remove(at, count) {
    this.#heights.splice(at, count);
    this.#summed = Math.min(this.#summed, at);
  }
}

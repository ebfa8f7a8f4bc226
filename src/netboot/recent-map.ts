/** A map that holds the entries which were used last, and no more than so many. */
export class RecentMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #most: number;
  readonly #onGone: (value: Value) => void;

  /**
   * @param most how many entries it holds
   * @param onGone called with the value that makes room for another
   */
  constructor(most: number, onGone: (value: Value) => void = () => undefined) {
    this.#most = most;
    this.#onGone = onGone;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which counts as used now. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A Map keeps the order in which its keys came.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    const [oldest] = this.#entries;
    if (oldest === undefined) return;
    this.#entries.delete(oldest[0]);
    this.#onGone(oldest[1]);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}

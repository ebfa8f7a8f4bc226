/** A map that keeps the most recently used entries, up to a maximum number. */
export class RecentMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #most: number;
  readonly #onGone: (value: Value) => void;

  /**
   * @param most the maximum number of entries
   * @param onGone called with the value that is displaced by another
   */
  constructor(most: number, onGone: (value: Value) => void = () => undefined) {
    this.#most = most;
    this.#onGone = onGone;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which then counts as just used. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A Map keeps the order in which its keys were inserted.
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

/** A snapshot of the account. */
export interface DoubleSnapshot {
  readonly id: string;
  readonly region: string;
  readonly volumeGiB: number;
  readonly description: string;
  readonly tags: Map<string, string>;
  state: 'pending' | 'completed' | 'error';
  /** Before this time AWS does not know it, milliseconds since 1970. */
  knownFrom: number;
  completeFrom: number | undefined;
  readonly clientToken: string | undefined;
  /** Index of a block → its SHA-256, Base64. */
  readonly blocks: Map<number, string>;
  readonly sharedWith: Set<string>;
}

/** An image of the account. */
export interface DoubleImage {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly tags: Map<string, string>;
  readonly snapshot: string;
  state: 'pending' | 'available' | 'failed';
  availableFrom: number;
  readonly clientToken: string | undefined;
  readonly launchPermissions: Readonly<Record<string, unknown>>[];
  deprecateAt: Date | undefined;
}

/** Everything that an account has. */
export class Account {
  readonly snapshots = new Map<string, DoubleSnapshot>();
  readonly images = new Map<string, DoubleImage>();
  #next = 0;

  /** A new id, such as snap-00000000000000001. */
  id(kind: 'snap' | 'ami'): string {
    this.#next += 1;
    return `${kind}-${this.#next.toString(16).padStart(17, '0')}`;
  }

  /** Lets time pass: what was pending is completed. */
  settle(now: number): void {
    for (const snapshot of this.snapshots.values())
      if (snapshot.state === 'pending' && snapshot.completeFrom !== undefined && snapshot.completeFrom <= now)
        snapshot.state = 'completed';
    for (const image of this.images.values())
      if (image.state === 'pending' && image.availableFrom <= now) image.state = 'available';
  }

  get isEmpty(): boolean {
    return this.snapshots.size === 0 && this.images.size === 0;
  }
}

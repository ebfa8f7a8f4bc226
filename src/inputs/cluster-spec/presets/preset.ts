/**
 * A source of Mesos that a spec names by one word. Everything that ingot knows about it is in one file of this folder.
 */
export interface Preset {
  /** The word, as in `mesos: WORD`. */
  readonly name: string;
  /** The apt source, up to the folder that contains dists/ (sources.list(5)). */
  readonly url: string;
  /** The Debian suites for which it has packages; its own suites have the same names. */
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** The package to install from it. */
  readonly package: string;
  /** The layout of its packages on a node: a folder of images/layouts. */
  readonly layout: 'clusterd';
  readonly key: {
    /** Where its owner publishes the key that signs the source. */
    readonly url: string;
    /** Fingerprint of the primary key, 40 upper case hexadecimal digits. No other key is accepted. */
    readonly fingerprint: string;
  };
}

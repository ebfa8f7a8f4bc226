/** Something that is wrong with where a layer comes from, or with what is there: shown at its place in the spec. */
export class TreeFault extends Error {
  /** What would be right. */
  readonly right: string;

  /** @param message what is wrong, without the name of the layer */
  constructor(message: string, right: string) {
    super(message);
    this.right = right;
  }
}

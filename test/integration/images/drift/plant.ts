/** A drift planted on a clean node: a shell text that runs in the node's root, and what must be reported. */
export interface Plant {
  readonly name: string;
  readonly plant: string;
  readonly path: string;
  readonly class: 'fixed' | 'derived' | 'forbidden' | 'running';
  readonly kind: string;
}

type OfClass = (name: string, path: string, kind: string, script: string) => Plant;

const ofClass =
  (driftClass: Plant['class']): OfClass =>
  (name, path, kind, script) => ({ name, class: driftClass, path, kind, plant: script });

/** A plant of the class `fixed`. */
export const fixed = ofClass('fixed');
/** A plant of the class `derived`. */
export const derived = ofClass('derived');
/** A plant of the class `forbidden`. */
export const forbidden = ofClass('forbidden');
/** A plant of the class `running`. */
export const running = ofClass('running');

import { type ErrorCode, IngotError } from '../../host/ingot-error.ts';

/** A fault in something that a spec names, found outside of the spec's text. */
export interface SpecFault {
  /** Where the spec names it, if it does, from the top: ['mesos', 'deb']. */
  readonly path: readonly (string | number)[];
  /** What is wrong, in one line. */
  readonly message: string;
  /** What would be right, in one line. */
  readonly right: string;
}

/** Faults in things that a spec names. A caller that knows the text of the spec shows them at their places. */
export class SpecFaults extends IngotError {
  readonly faults: readonly SpecFault[];

  /** What to do next about all of them, one way per line; undefined if each fault says it itself. */
  readonly advice: string | undefined;

  constructor(faults: readonly SpecFault[], advice?: string, code: ErrorCode = 'wrong-spec') {
    super({
      code,
      message: faults.map(({ message }) => message).join('\n'),
      hint: [...faults.map(({ right }) => right), ...(advice === undefined ? [] : [advice])].join('\n'),
    });
    this.faults = faults;
    this.advice = advice;
  }
}

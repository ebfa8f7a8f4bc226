import { IngotError } from '../host/ingot-error.ts';
import { type Night, type NightFacts, nightFactsOf, type NightStepRecord, type StepName } from './night.ts';
import { type OpenNight, writeNight } from './night-folder.ts';

/** What a step did. */
export interface StepOutcome {
  /** In words, one line each. */
  readonly says: readonly string[];
  readonly facts?: NightFacts;
  /** The night ends here, since there is nothing to do. */
  readonly ends?: true;
}

/** One step of a night. It may run again after it was killed at any moment. */
export interface NightStep {
  readonly name: StepName;
  /** Digest of what its result depends on. Without it the step runs each time: it is quick if its work is done. */
  readonly key?: (facts: NightFacts) => string;
  /** Whether what an earlier run of the step left is still there. */
  readonly holds?: (facts: NightFacts) => Promise<boolean>;
  readonly run: (facts: NightFacts) => Promise<StepOutcome>;
}

export interface StepsRequest {
  readonly steps: readonly NightStep[];
  /** Earlier nights, newest first: a step with the same key is not done again. */
  readonly earlier: readonly Night[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called when a step begins, and with its record when it has ended. */
  readonly onStep: (name: StepName, record?: NightStepRecord) => void;
}

/** A night after its last step, and the error that ended it. */
export interface EndedNight {
  readonly open: OpenNight;
  readonly error?: Error;
}

/** The failure of a step for the record; an error that is not for people is recorded by its message. */
function failureOf(error: unknown): NightStepRecord['failure'] & object {
  if (!(error instanceof IngotError))
    return { code: 'bug', message: error instanceof Error ? error.message : String(error), excerpt: [] };
  const { code, message, excerpt, hint } = error;
  return { code, message, excerpt, ...(hint === undefined ? {} : { hint }) };
}

/** The record of the same step with the same inputs, if its result still holds. */
async function keptRecord(
  { name, holds }: NightStep,
  key: string,
  nights: readonly Night[],
): Promise<NightStepRecord | undefined> {
  const found = nights
    .flatMap(({ steps }) => steps)
    .find((one) => one.name === name && one.key === key && one.result !== 'failed');
  if (found === undefined) return undefined;
  return holds === undefined || (await holds(found.facts)) ? found : undefined;
}

const isInterruption = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted || (error instanceof IngotError && error.code === 'interrupted');

/**
 * Runs the steps of a night one after another, and writes its record after each. A step whose inputs are those of an
 * earlier run is not done again. A failed step ends the night; an interrupted night stays open and continues later.
 * @returns the ended night with the error of the step that failed
 * @throws the interruption
 */
export async function runSteps(begun: OpenNight, request: StepsRequest): Promise<EndedNight> {
  const { steps, earlier, now, signal, onStep } = request;
  const own = begun.night;
  const done: NightStepRecord[] = [];
  let open: OpenNight = begun;
  const write = async (more: Partial<Night>) => {
    open = { ...open, night: { ...open.night, ...more } };
    await writeNight(open);
  };
  const add = async (record: NightStepRecord, end: Partial<Night> = {}) => {
    done.push(record);
    // What an interrupted night had done stays in its record until the step is reached again.
    const rest = own.steps.filter(({ name }) => !done.some((one) => one.name === name));
    await write({ steps: end.ended === undefined ? [...done, ...rest] : done, ...end });
    onStep(record.name, record);
  };
  const endedNow = () => new Date(now()).toISOString();
  for (const step of steps) {
    signal.throwIfAborted();
    const facts = nightFactsOf({ steps: done });
    const begunAt = now();
    onStep(step.name);
    const key = step.key?.(facts);
    const about = {
      name: step.name,
      begun: new Date(begunAt).toISOString(),
      ...(key === undefined ? {} : { key }),
    };
    const took = () => (now() - begunAt) / 1000;
    try {
      const kept = key === undefined ? undefined : await keptRecord(step, key, [own, ...earlier]);
      if (kept !== undefined) {
        await add({ ...about, result: 'kept', seconds: took(), says: kept.says, facts: kept.facts });
        continue;
      }
      const { says, facts: found = {}, ends } = await step.run(facts);
      const record: NightStepRecord = { ...about, result: 'done', seconds: took(), says, facts: found };
      await add(record, ends === true ? { ended: endedNow(), result: 'unchanged' } : {});
      if (ends === true) return { open };
    } catch (error) {
      if (isInterruption(error, signal)) throw error;
      const failure = failureOf(error);
      await add(
        { ...about, result: 'failed', seconds: took(), says: [failure.message], facts: {}, failure },
        { ended: endedNow(), result: 'failed' },
      );
      return { open, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
  await write({ steps: done, ended: endedNow(), result: 'published' });
  return { open };
}

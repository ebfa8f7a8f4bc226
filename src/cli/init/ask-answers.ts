import { answerFaults } from '../../inputs/starter/answer-faults.ts';
import { mesosOrigins, type StarterAnswers } from '../../inputs/starter/starter-spec.ts';
import { wrappedText } from '../shared/wrapped-text.ts';
import type { AskOne } from './question.ts';

/** What asking needs besides the questions. */
export interface AskOptions {
  /** The answers that are used where a person only presses Enter. */
  readonly defaults: StarterAnswers;
  /** Answers that options have already given: they are not asked. */
  readonly given: Partial<StarterAnswers>;
  /** Path of an SSH public key of this user, as the default; undefined if there is none. */
  readonly keyFile: string | undefined;
  /** Reads the line of a key from a file that the user named. */
  readonly readKey: (file: string) => Promise<string>;
  readonly show: (text: string) => void;
  /** The width of the terminal in columns. */
  readonly width: number;
}

interface Question {
  /** What is asked. A narrow terminal breaks it between words. */
  readonly text: string;
  readonly fallback: string;
  /** The answers with this one. */
  readonly with: (answer: string) => Promise<Partial<StarterAnswers>>;
}

const addressesOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

function questionsOf({ defaults, given, keyFile, readKey }: AskOptions): readonly Question[] {
  const all: readonly (Question & { readonly key: keyof StarterAnswers })[] = [
    {
      key: 'cluster',
      text: 'Name of the cluster',
      fallback: defaults.cluster,
      with: (cluster) => Promise.resolve({ cluster }),
    },
    {
      key: 'masters',
      text: 'Addresses of the masters',
      fallback: defaults.masters.join(' '),
      with: (text) => Promise.resolve({ masters: addressesOf(text) }),
    },
    {
      key: 'mesos',
      text: 'Mesos: clusterd, or stand-ins to try ingot',
      fallback: defaults.mesos,
      with: (text) => {
        const mesos = mesosOrigins.find((one) => one === text);
        if (mesos === undefined) throw new WrongAnswer(`"${text}" is not one of ${mesosOrigins.join(', ')}`);
        return Promise.resolve({ mesos });
      },
    },
    {
      key: 'operator',
      text: 'File of your SSH public key, or none',
      fallback: keyFile ?? 'none',
      with: async (file) => ({ operator: file === 'none' ? undefined : await readKey(file) }),
    },
  ];
  return all.filter(({ key }) => !(key in given));
}

/** An answer that has to be given again. */
export class WrongAnswer extends Error {}

/**
 * Asks what a new cluster needs, each question until its answer is valid.
 * @param ask asks one question; an empty answer means the default
 */
export async function askAnswers(ask: AskOne, options: AskOptions): Promise<StarterAnswers> {
  const { defaults, given, show, width } = options;
  let answers: StarterAnswers = { ...defaults, ...given };
  for (const { text, fallback, with: answered } of questionsOf(options))
    for (let valid = false; !valid;) {
      const typed = await ask(`${wrappedText(`${text} [${fallback}]:`, width - 1)} `);
      try {
        const next = { ...answers, ...(await answered(typed === '' ? fallback : typed)) };
        const faults = answerFaults(next);
        if (faults.length > 0) throw new WrongAnswer(faults.join('\n'));
        answers = next;
        valid = true;
      } catch (error) {
        if (!(error instanceof WrongAnswer)) throw error;
        for (const line of error.message.split('\n')) show(`  ${wrappedText(line, width - 2, '  ')}\n`);
      }
    }
  return answers;
}

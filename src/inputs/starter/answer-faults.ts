import { IngotError } from '../../host/ingot-error.ts';
import { parseSpec } from '../cluster-spec/parse-spec.ts';
import { type StarterAnswers, starterSpec } from './starter-spec.ts';

const fileName = 'cluster.yaml';
const anyStandIns = { mesos: 'packages/mesos.deb', marathon: 'packages/marathon.deb' };

/**
 * Returns what is wrong with answers, by the rules of cluster.yaml: a line for each fault, and one for what would be
 * right. The list is empty if a spec with these answers is valid.
 */
export function answerFaults(answers: StarterAnswers): readonly string[] {
  try {
    parseSpec(starterSpec(answers, anyStandIns), fileName);
    return [];
  } catch (error) {
    if (!(error instanceof IngotError)) throw error;
    return error.message.split('\n').flatMap((line) => {
      const [, fault, right] = /^(?:cluster\.yaml:\d+:\d+: (.*)| {2}right: (.*))$/.exec(line) ?? [];
      return fault !== undefined ? [fault] : right !== undefined ? [`right: ${right}`] : [];
    });
  }
}

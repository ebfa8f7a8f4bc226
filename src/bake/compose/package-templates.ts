import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebconfAnswer } from '../../inputs/plan/debconf-answers.ts';

/** The text of a package's debconf templates in a tree (absolute); empty if it has none. */
export async function debconfTemplates(tree: string, name: string): Promise<string> {
  for (const file of [`${name}.templates`, `${name}:amd64.templates`]) {
    const text = await readFile(join(tree, 'var/lib/dpkg/info', file), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}

/**
 * Reports answers to questions that their packages do not have in their templates. This is only a note: a package can
 * register a question under another name at run time (debconf-devel(7), REGISTER).
 */
export async function reportUnknownQuestions(
  tree: string,
  answers: readonly DebconfAnswer[],
  say: (line: string) => void = () => undefined,
): Promise<void> {
  for (const { package: name, question } of answers) {
    const known = (await debconfTemplates(tree, name))
      .split('\n')
      .map((line) => line.replace(/^Template: */, ''));
    if (!known.includes(question))
      say(
        `ingot: ${name} has no question ${question} in its templates: check its name if the answer has no effect`,
      );
  }
}

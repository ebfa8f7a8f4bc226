import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebconfAnswer } from '../../inputs/plan/debconf-answers.ts';

/** The text of a package's debconf templates in a tree (absolute); empty where it asks nothing. */
export async function templatesOf(tree: string, name: string): Promise<string> {
  for (const file of [`${name}.templates`, `${name}:amd64.templates`]) {
    const text = await readFile(join(tree, 'var/lib/dpkg/info', file), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}

/**
 * Says which answers are to questions that their packages do not have in their templates. That is no error: a package can register a
 * question of another name while it runs (debconf-devel(7), REGISTER).
 */
export async function sayUnknownQuestions(
  tree: string,
  answers: readonly DebconfAnswer[],
  say: (line: string) => void = () => undefined,
): Promise<void> {
  for (const { package: name, question } of answers) {
    const known = (await templatesOf(tree, name)).split('\n').map((line) => line.replace(/^Template: */, ''));
    if (!known.includes(question))
      say(
        `ingot: ${name} has no question ${question} in its templates: look at its name if the answer has no effect`,
      );
  }
}

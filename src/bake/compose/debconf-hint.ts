import { debconfTypes } from '../../inputs/plan/debconf-answers.ts';

/** Parses the questions of a templates file (debconf-devel(7)) that can be answered in advance, with their types. */
function questionsOf(templates: string): { question: string; type: string }[] {
  return templates.split(/\n\s*\n/).flatMap((stanza) => {
    const question = /^Template: *(\S+)/m.exec(stanza)?.[1];
    const type = /^Type: *(\S+)/m.exec(stanza)?.[1];
    return question === undefined || type === undefined || !(debconfTypes as readonly string[]).includes(type)
      ? []
      : [{ question, type }];
  });
}

const maxShown = 8;

/**
 * Explains how to answer a package's questions in the spec, one line each; empty for a package without questions.
 * @param templates the text of its templates file
 * @param what "shared" or the role that it was installed for
 */
export function debconfHint(name: string, templates: string, what: string): string[] {
  const questions = questionsOf(templates);
  if (questions.length === 0) return [];
  return [
    `${name} has debconf questions, which a bake cannot ask. If an answer is missing, give it in the spec:`,
    `  ${what === 'shared' ? 'common' : what}:`,
    '    debconf:',
    ...questions
      .slice(0, maxShown)
      .map(
        ({ question, type }) =>
          `      - { package: ${name}, question: ${question}, type: ${type}, value: ${type === 'boolean' ? 'true' : "'…'"} }`,
      ),
  ];
}

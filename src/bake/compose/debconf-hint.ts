import { debconfTypes } from '../../inputs/plan/debconf-answers.ts';

/** The questions of a templates file (debconf-devel(7)) that can be answered beforehand, with their types. */
function questionsOf(templates: string): { question: string; type: string }[] {
  return templates.split(/\n\s*\n/).flatMap((stanza) => {
    const question = /^Template: *(\S+)/m.exec(stanza)?.[1];
    const type = /^Type: *(\S+)/m.exec(stanza)?.[1];
    return question === undefined || type === undefined || !(debconfTypes as readonly string[]).includes(type)
      ? []
      : [{ question, type }];
  });
}

const mostShown = 8;

/**
 * How the questions of a package are answered in the spec, in lines; nothing for a package that asks none.
 * @param templates the text of its templates file
 * @param what "shared" or the role that it was installed for
 */
export function debconfHint(name: string, templates: string, what: string): string[] {
  const questions = questionsOf(templates);
  if (questions.length === 0) return [];
  return [
    `${name} asks questions by debconf, and nobody is asked in a bake. If it misses an answer, give it in the spec:`,
    `  ${what === 'shared' ? 'common' : what}:`,
    '    debconf:',
    ...questions
      .slice(0, mostShown)
      .map(
        ({ question, type }) =>
          `      - { package: ${name}, question: ${question}, type: ${type}, value: ${type === 'boolean' ? 'true' : "'…'"} }`,
      ),
  ];
}

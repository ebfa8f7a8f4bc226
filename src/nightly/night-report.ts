import type { Report, Section } from '../diff/report-parts.ts';
import { type Night, nightFactsOf, type NightStepRecord, type StepName, stepNames } from './night.ts';

const results: Readonly<Record<NonNullable<Night['result']>, string>> = {
  published: 'published',
  unchanged: 'nothing changed',
  failed: 'failed',
  abandoned: 'abandoned: it was killed, and a later night began again',
};

const secondsText = (seconds: number): string => `${seconds.toFixed(1)} s`;

/** Seconds from the begin to the end of a night; 0 while it runs. */
export const nightSeconds = ({ begun, ended }: Night): number =>
  ended === undefined ? 0 : (Date.parse(ended) - Date.parse(begun)) / 1000;

/** The record of each step in their order; a step that the night did not reach has none. */
export function allSteps({ steps }: Night): { name: StepName; record: NightStepRecord | undefined }[] {
  return stepNames.map((name) => ({ name, record: steps.find((one) => one.name === name) }));
}

/** The first line of a night: which one, and how it ended. */
export const nightTitle = ({ cluster, name, result }: Night): string =>
  `${cluster}, ${name}: ${result === undefined ? 'running' : results[result]}`;

function stepsSection(night: Night): Section {
  return {
    title: 'Steps',
    table: {
      head: ['step', 'result', 'time', 'what it found'],
      rows: allSteps(night).map(({ name, record }) =>
        record === undefined
          ? [name, night.result === 'unchanged' ? 'not needed' : 'not run', '', '']
          : [name, record.result, secondsText(record.seconds), record.says.join('\n')],
      ),
    },
  };
}

function failureSection({ steps }: Night): Section | undefined {
  const failed = steps.find(({ failure }) => failure !== undefined);
  if (failed?.failure === undefined) return undefined;
  const { code, message, excerpt, hint } = failed.failure;
  return {
    title: `Why the step ${failed.name} failed`,
    lines: [...message.split('\n'), ...(hint === undefined ? [] : hint.split('\n')), `code: ${code}`],
    blocks: excerpt.length === 0 ? [] : [{ title: 'What was seen', language: 'text', lines: excerpt }],
  };
}

function versionsSection(night: Night): Section | undefined {
  const { images = [], before = [] } = nightFactsOf(night);
  if (images.length === 0) return undefined;
  return {
    title: 'Versions',
    table: {
      head: ['role', 'version', 'the one before', 'folder'],
      rows: images.map(({ role, version, folder }) => {
        const former = before.find((one) => one.role === role)?.version ?? '';
        return [role, version, former === version ? 'the same' : former, folder];
      }),
    },
  };
}

function packagesSection(night: Night): Section | undefined {
  const { packages = [] } = nightFactsOf(night);
  if (packages.length === 0) return undefined;
  return {
    title: 'Packages that changed in the lock',
    table: { head: ['package', 'old', 'new', 'security', 'in'], rows: packages },
  };
}

function drillsSection(night: Night): Section | undefined {
  const { drills = [], statements = [] } = nightFactsOf(night);
  if (drills.length === 0) return undefined;
  return {
    title: 'Rehearsal',
    table: {
      head: ['drill', 'result', 'time', 'what was seen'],
      rows: drills.map(({ name, result, seconds, saw }) => [name, result, secondsText(seconds), saw]),
    },
    lines: statements.map((file) => `signed: ${file}`),
  };
}

function differencesSections(night: Night): Section[] {
  return (nightFactsOf(night).differences ?? []).map(({ role, before, after, summary, files }) => ({
    title: `What differs on a ${role}`,
    lines: [`${before} → ${after}`, ...summary, ...files.map((file) => `all of it: ${file}`)],
  }));
}

/** The content of a night's report, which is the same in every format. */
export function nightReport(night: Night): Report {
  const { images = [], channel } = nightFactsOf(night);
  const names = images.map(({ role, version }) => `${role} ${version}`).join(', ');
  const failed = night.steps.find(({ result }) => result === 'failed');
  return {
    title: nightTitle(night),
    summary: [
      `begun ${night.begun}, took ${secondsText(nightSeconds(night))}`,
      ...(names === '' ? [] : [names]),
      ...(channel === undefined ? [] : [`the channel ${channel} leads to them`]),
      ...(failed === undefined ? [] : [`the step ${failed.name} failed: ${failed.says.join(' ')}`]),
    ],
    sections: [
      failureSection(night),
      stepsSection(night),
      versionsSection(night),
      packagesSection(night),
      ...differencesSections(night),
      drillsSection(night),
    ].filter((one) => one !== undefined),
  };
}

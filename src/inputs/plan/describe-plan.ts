import type { DataDisk } from '../cluster-spec/data-schema.ts';
import type { DebconfAnswer } from './debconf-answers.ts';
import { contributedSections, layerSummaries } from './describe-contributions.ts';
import type { AptSource, LocalDeb, PlacedFile, Plan, RolePlan } from './plan.ts';
import { spacedFingerprint } from './spaced-fingerprint.ts';

const width = 100;
const indent = 20;

/** A label and the words that belong to it. */
interface Row {
  readonly label: string;
  readonly words: readonly string[];
  /** Whether each word has a line of its own, or the words are wrapped, separated by spaces or commas. */
  readonly as: 'lines' | 'words' | 'phrases';
}

function wrap(words: readonly string[], divider: string): string[] {
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const next = index < words.length - 1 ? word + divider : word;
    const line = lines.at(-1);
    if (line !== undefined && indent + line.length + 1 + next.length <= width)
      lines.splice(-1, 1, `${line} ${next}`);
    else lines.push(next);
  }
  return lines;
}

function show({ label, words, as }: Row): string[] {
  const lines = as === 'lines' ? words : wrap(words, as === 'words' ? '' : ',');
  return lines.map((line, index) => (index === 0 ? `  ${label}` : '').padEnd(indent) + line);
}

function sourceText({ uris, suites, components, signedBy, preset }: AptSource): string {
  const key = signedBy === undefined ? '' : ` (key ${signedBy})`;
  return `${[...uris, ...suites, ...components].join(' ')}${preset === undefined ? key : ` (preset ${preset.name})`}`;
}

/** Describes a preset: the source, its key, and what follows from it. */
function presetWords({ base, layout, sharedPackages }: Plan): string[] {
  const source = base.sources.find(({ preset }) => preset !== undefined);
  if (source?.preset === undefined) return [];
  const { name, package: wanted, mirror, keyUrl, fingerprint } = source.preset;
  const packages = sharedPackages.filter((one) => one === wanted || one.startsWith(`${wanted}=`));
  const from = `${source.uris.join(' ')}, ${mirror ? "the site's mirror" : 'its owner’s source'}`;
  const signer =
    fingerprint === undefined
      ? "the site's own key"
      : `the key ${spacedFingerprint(fingerprint)} and no other`;
  return [
    `preset ${name}: ${packages.join(' ')} for ${source.suites.join(' ')}`,
    `from ${from}`,
    `signed with ${signer}`,
    keyUrl === undefined
      ? `which is read from ${source.signedBy ?? ''}`
      : `which ingot lock fetches from ${keyUrl}`,
    `hence the layout ${layout}, and Debian ${base.suite}`,
  ];
}

function debText({ name, from, sha256 }: LocalDeb): string {
  return `${name}: ${from}${sha256 === undefined ? '' : ` (sha256 ${sha256.slice(0, 12)}…)`}`;
}

function fileText({ path, mode, note }: PlacedFile): string {
  return `${path} (${mode})${note === undefined ? '' : `, ${note}`}`;
}

function answerText({ question, value }: DebconfAnswer): string {
  return `${question} = ${value}`;
}

function packageRow(names: readonly string[]): Row {
  return { label: `packages (${names.length})`, words: names, as: 'words' };
}

/** Returns the rows of a role. Values that all roles share are shown once. */
function rowsOf(role: RolePlan): readonly Row[] {
  const sysctls = Object.entries(role.sysctls).map(([key, value]) => `${key}=${value}`);
  return [
    { label: 'debs', words: role.debs.map(debText), as: 'lines' },
    { label: 'layers', words: role.layers, as: 'lines' },
    { label: 'your files', words: role.files.map(fileText), as: 'lines' },
    { label: 'modules', words: role.modules ?? [], as: 'words' },
    { label: 'sysctls', words: sysctls, as: 'phrases' },
    { label: 'kernel arguments', words: role.kernelArguments, as: 'words' },
    { label: 'steps', words: role.steps.map(({ folder }) => folder), as: 'lines' },
    { label: 'units on', words: role.unitsOn, as: 'words' },
    { label: 'units masked', words: role.unitsMasked, as: 'words' },
    { label: 'debconf', words: (role.debconf ?? []).map(answerText), as: 'lines' },
    {
      label: 'set-user-id',
      words: (role.setuid ?? []).map(({ path, why }) => `${path}: ${why}`),
      as: 'lines',
    },
    {
      label: 'left out',
      words: (role.leaveOut ?? []).map(({ path, why }) => `${path}: ${why}`),
      as: 'lines',
    },
    { label: 'checks', words: role.checks.map(({ name }) => name), as: 'phrases' },
  ];
}

function describeRoles(plan: Plan): string[] {
  const all = plan.roles.map((role) => ({ role, rows: rowsOf(role) }));
  const everywhere = (index: number, word: string): boolean =>
    all.every(({ rows }) => rows[index]?.words.includes(word) ?? false);
  const pick = (rows: readonly Row[], common: boolean): Row[] =>
    rows.map((row, index) => ({
      ...row,
      words: row.words.filter((word) => everywhere(index, word) === common),
    }));
  return [
    '',
    'every node',
    ...[
      packageRow(plan.sharedPackages),
      { label: 'debconf', words: (plan.debconf ?? []).map(answerText), as: 'lines' } as const,
      ...pick(all[0]?.rows ?? [], true),
    ].flatMap(show),
    ...all.flatMap(({ role, rows }) => [
      '',
      `${role.role}, besides`,
      ...[packageRow(role.packages), ...pick(rows, false)].flatMap(show),
    ]),
  ];
}

/** Describes what comes from each layer of the site, and from the spec's own units and checks. */
function describeContributions(plan: Plan): string[] {
  return contributedSections(plan).flatMap(({ heading, adds }) => [
    '',
    heading,
    ...Object.entries(adds).flatMap(([label, words]) =>
      show({ label, words, as: label === 'packages' || label.startsWith('units') ? 'words' : 'lines' }),
    ),
  ]);
}

function dataWords({ label, disk, format }: DataDisk): string[] {
  if (label !== undefined) return [`the file system labelled ${label}`];
  return [`the disk ${disk ?? ''}`, format === 'if-blank' ? 'formatted if it is blank' : 'never formatted'];
}

/** Describes the cluster itself, without its roles: the first lines of `ingot check`. */
export function describeCluster(plan: Plan): string[] {
  const { base, data, guest, masters } = plan;
  const rows: Row[] = [
    {
      label: 'masters',
      words: masters.map((address, index) => `${address} (id ${index + 1})`),
      as: 'phrases',
    },
    { label: 'quorum', words: [`${plan.quorum} of ${masters.length}`], as: 'lines' },
    { label: 'mesos', words: presetWords(plan), as: 'lines' },
    { label: 'layout', words: [plan.layout], as: 'lines' },
    { label: 'scheduler', words: [plan.scheduler], as: 'lines' },
    { label: 'your layers', words: layerSummaries(plan), as: 'lines' },
    { label: 'targets', words: plan.targets, as: 'phrases' },
    { label: 'data', words: data === null ? [] : dataWords(data), as: 'phrases' },
    { label: 'base', words: [base.distribution, base.suite, base.architecture], as: 'words' },
    { label: 'from', words: base.sources.map(sourceText), as: 'lines' },
    {
      label: 'build guest',
      words: [
        `${guest.cpus} processors`,
        `${guest.memoryMiB} MiB`,
        `${guest.timeoutMinutes} minutes at most`,
      ],
      as: 'phrases',
    },
  ];
  return [`cluster ${plan.cluster}`, ...rows.flatMap(show)];
}

/** Describes everything that would be baked: the text of `ingot check --verbose`. Ends in a newline. */
export function describePlan(plan: Plan): string {
  return `${[...describeCluster(plan), ...describeRoles(plan), ...describeContributions(plan)].join('\n')}\n`;
}

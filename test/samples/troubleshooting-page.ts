import { format } from 'prettier';
import { knownFailures } from '../../src/failures/catalogue.ts';
import { failureAreas, type KnownFailure, type LogKind } from '../../src/failures/known-failure.ts';
import { failureSamples } from './failure-samples.ts';

const introduction = `# Troubleshooting

The known failures, by where they happen: what it looks like, why it happens, and what to do. When a command fails,
ingot looks for them in its own message and in the logs of the run, and prints the likely cause with the code of the
section here. The codes do not change; [errors](errors.md) lists the error codes and exit statuses, for scripts.

A failed bake, boot test or rehearsal keeps its logs in \`out/runs/RUN/logs\`. What happened is in \`failure.txt\` there,
without any line left out. To report a failure that is not on this page, write an archive without secrets and attach it:

\`\`\`
ingot report cluster.yaml --bundle report.tar.gz
\`\`\`

This page is generated from \`src/failures/known/\`; each entry has a test with the real text of the failure
(\`test/samples/failures/\`). To change the page, change the entry and run
\`npx vitest run --project unit test/unit/failures/troubleshooting-page.test.ts -u\`.
`;

const places: Readonly<Record<LogKind, string>> = {
  error: 'the message of ingot',
  compose: 'compose-*.log',
  packer: 'packer.log',
  console: 'console-*.log',
  qemu: 'qemu-*.log',
  journal: 'journal-*.log',
};

const longest = 160;

/** A real line that shows the failure. */
function exampleOf({ code, sign }: KnownFailure): string {
  const lines = failureSamples
    .filter((one) => one.code === code)
    .flatMap(({ text }) => text.lines.filter((line) => sign.test(line)));
  const shown = (lines.find((line) => line.length <= longest) ?? lines[0] ?? '').trim();
  return shown.length > longest ? `${shown.slice(0, longest)} …` : shown;
}

function sectionOf(known: KnownFailure): string {
  const { code, title, cause, remedy } = known;
  return `### ${title}

<a id="${code}"></a>Code \`${code}\`, shown in ${known.in.map((kind) => places[kind]).join(', ')}:

\`\`\`text
${exampleOf(known)}
\`\`\`

${cause}

${remedy.map((one) => `- ${one}`).join('\n')}
`.replaceAll('*.log', '\\*.log');
}

/** The text of docs/troubleshooting.md. */
export function troubleshootingPage(): Promise<string> {
  const areas = Object.entries(failureAreas).map(([area, heading]) => {
    const own = knownFailures.filter((one) => one.area === area);
    return `## ${heading}\n\n${own.map(sectionOf).join('\n')}`;
  });
  return format([introduction, ...areas].join('\n'), {
    parser: 'markdown',
    proseWrap: 'always',
    printWidth: 120,
  });
}

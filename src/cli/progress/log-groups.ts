type Environment = Readonly<Record<string, string | undefined>>;

/** The lines by which the log of a CI service is folded. */
export interface LogGroups {
  /** @param seconds since 1970 */
  readonly begins: (title: string, seconds: number) => string;
  readonly ends: (title: string, seconds: number) => string;
}

// GitHub Actions, "Workflow commands for GitHub Actions", "Grouping log lines".
const github: LogGroups = {
  begins: (title) => `::group::${title}\n`,
  ends: () => '::endgroup::\n',
};

const sectionName = (title: string): string => `ingot_${title.replace(/[^A-Za-z0-9]+/g, '_')}`;

// The control sequence that erases the line from the cursor (ECMA-48, EL).
const erase = '\x1b[0K';

// GitLab CI/CD, "Job logs", "Custom collapsible sections".
const gitlab: LogGroups = {
  begins: (title, seconds) => `${erase}section_start:${seconds}:${sectionName(title)}\r${erase}${title}\n`,
  ends: (title, seconds) => `${erase}section_end:${seconds}:${sectionName(title)}\r${erase}\n`,
};

/** How this log is folded, by the variables that its CI service sets; undefined for any other log. */
export function logGroups(env: Environment): LogGroups | undefined {
  if (env['GITHUB_ACTIONS'] === 'true') return github;
  if (env['GITLAB_CI'] === 'true') return gitlab;
  return undefined;
}

import type { Plan } from '../inputs/plan/plan.ts';
import { targetsOf } from '../inputs/targets/all-targets.ts';
import { textsOf } from '../inputs/targets/target-files.ts';
import { type PipelineEngine, pipelineEngines } from './pipeline-engines.ts';
import { renderFrom, type Templates, templateText } from './templates.ts';

/** The scripts of a pipeline, in the order in which it runs them; templates/pipeline has each as NAME.sh. */
export const pipelineScripts = ['install', 'check', 'prepare', 'bake', 'deliver'] as const;

/** What a pipeline needs besides the plan. */
export interface PipelineSettings {
  /** Path of the spec in the repository. */
  readonly spec: string;
  /** URL or path of ingot's npm package. */
  readonly package: string;
  /** The shared cache: a folder that all runners mount, or oci://… */
  readonly cache: string;
  /** Path of the public key in the repository. */
  readonly publicKey: string;
  /** The container image of the jobs: Debian 12 with Node.js, git and tar. */
  readonly image: string;
  /** The label of the runners with /dev/kvm. */
  readonly runner: string;
}

/** One target of one role, with its files in a version, separated by spaces. */
interface PipelinePart {
  readonly role: string;
  readonly target: string;
  readonly files: string;
}

function partsOf({ roles, targets }: Plan): PipelinePart[] {
  return targetsOf(targets).flatMap((target) => {
    const files = [
      ...target.disks.map(({ path }) => path),
      ...textsOf(target).map(({ folder, name }) => `${folder}/${name}`),
      ...Object.keys(target.links),
    ];
    return roles.map(({ role }) => ({
      role,
      target: target.name,
      files: [...new Set(files)].sort().join(' '),
    }));
  });
}

/** A name as Kubernetes allows it (RFC 1123, label). */
const objectName = (text: string): string =>
  `images-${text.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.slice(0, 63).replace(/-+$/, '');

/**
 * Renders the pipeline of a CI system: it bakes each role, then delivers each target of each role, on runners that share
 * a cache.
 * @throws IngotError wrong-template
 */
export function renderPipeline(
  templates: Templates,
  engine: PipelineEngine,
  plan: Plan,
  settings: PipelineSettings,
): string {
  const scripts = Object.fromEntries(
    pipelineScripts.map((name) => [name, templateText(templates, `pipeline/${name}.sh`)]),
  );
  const { spec, package: packed, cache, publicKey, runner } = settings;
  const checkout = { name: 'source', path: '/src', git: { repo: '{{workflow.parameters.repository}}' } };
  return renderFrom(templates, `pipeline/${pipelineEngines[engine]}.hbs`, {
    ...settings,
    ...{ scripts, checkout, source: [checkout], cluster: plan.cluster, name: objectName(plan.cluster) },
    roles: plan.roles.map(({ role }) => role),
    parts: partsOf(plan),
    selector: { [runner]: 'true' },
    env: Object.entries({ SPEC: spec, PACKAGE: packed, CACHE: cache, PUBLIC_KEY: publicKey }).map(
      ([name, value]) => ({ name, value }),
    ),
  });
}

import { pipelineEngines } from '../../render/pipeline-engines.ts';
import { choiceArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { requiredValue, valueOr } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';

const engines = Object.keys(pipelineEngines) as (keyof typeof pipelineEngines)[];

/** `ingot pipeline`: the pipeline of a CI system. */
export const pipelineCommand = command({
  name: 'pipeline',
  task: 'ship',
  summary:
    'print a pipeline that spreads roles and targets over the runners of a CI system, with a shared cache',
  arguments: { engine: choiceArgument('engine', 'the CI system', engines), spec: specArgument },
  options: {
    sharedCache: requiredValue(
      'place',
      'the cache that all runners share: a folder that they mount, or oci://…',
    ),
    package: requiredValue('url', "URL or path of ingot's npm package"),
    key: valueOr('file', 'the public key in the repository', 'release.pub.pem'),
    image: valueOr('image', 'the container image of the jobs: Debian 12, Node.js, git', 'node:22-bookworm'),
    runner: valueOr('label', 'the label of the runners with /dev/kvm', 'kvm'),
  },
  examples: [
    {
      line: 'ingot pipeline github cluster.yaml --shared-cache oci://registry.example/ingot/cache --package https://example.org/ingot-0.1.0.tgz',
      does: 'for .github/workflows/images.yml',
    },
  ],
});

export type PipelineInput = InputOf<typeof pipelineCommand>;

import { z } from 'zod';
import { allTargets, defaultTarget, targetNames } from '../targets/all-targets.ts';
import { checkSpecAddresses } from './address-rules.ts';
import { checkAttributeNames } from './attribute-names.ts';
import { checksSchema } from './check-schema.ts';
import { dataSchema } from './data-schema.ts';
import { debconfAnswers } from './debconf-schema.ts';
import * as field from './fields.ts';
import { checkComponents } from './flat-rules.ts';
import { layersSchema } from './layers-schema.ts';
import { allLayouts, withLayout } from './layout-of.ts';
import { leftOutPaths } from './leave-out-schema.ts';
import { checkMesos } from './mesos/mesos-rules.ts';
import { checkNetboot } from './netboot-rules.ts';
import { netbootSchema } from './netboot-schema.ts';
import { checkOperators } from './operator-rules.ts';
import { checkPreset, checkPresetOrigin, namedPreset, presetFields, presetWord } from './preset-schema.ts';
import {
  checkData,
  checkFile,
  checkFiles,
  checkMasters,
  checkOrigin,
  checkSource,
  checkTargets,
} from './rules.ts';
import { checkScheduler } from './scheduler-rules.ts';
import { allSchedulers, defaultScheduler, forEachScheduler } from './schedulers.ts';
import { checkSeed } from './seed-rules.ts';
import { seedSchema } from './seed-schema.ts';
import { setuidPrograms } from './setuid-schema.ts';
import { checkSysctlModules } from './sysctl-rules.ts';
import { unitsSchema } from './units-schema.ts';
import { updatesSchema } from './updates-schema.ts';
import { writtenFor } from './written-for.ts';

// A rule also runs if a field next to it is wrong, so that all errors are reported at once.
const always = { when: () => true };

// zod's int() ends parsing early, and then the rules next to it do not run.
const wholeNumber = z.number().multipleOf(1);

const aptSource = z
  .strictObject({
    url: field.aptUrlSchema,
    suite: field.sourceSuite,
    components: z
      .array(field.componentName)
      .min(1)
      .optional()
      .meta({
        description: 'components of the suite, by default main; a flat repository has none',
        examples: [['main']],
      }),
    key: field.localPath
      .meta({
        title: 'path of a key',
        description: 'the key that signs the source, a keyring or an armoured key on the build host',
        examples: ['keys/mesos.asc'],
      })
      .optional(),
    trusted: z
      .boolean()
      .meta({ description: 'true to trust an unsigned source, in place of key', examples: [true] })
      .optional(),
    validUntil: z
      .boolean()
      .meta({
        description: 'false to read a source whose Release file has expired, such as a snapshot',
        examples: [false],
      })
      .optional(),
  })
  .superRefine(checkSource, always)
  .superRefine(checkComponents, always)
  .meta({ description: 'an apt source: url, suite, components, and the key that signs it' });

const originFields = {
  deb: field.debLocation.optional(),
  sha256: field.sha256.optional(),
  source: aptSource.optional(),
  package: field.packageName
    .meta({
      title: 'Debian package',
      description: 'the name of the package in the source',
      examples: ['mesos'],
    })
    .optional(),
  version: field.version.optional(),
};
const origin = z.strictObject(originFields).superRefine(checkOrigin, always);

const mesosOrigin = z
  .union([
    presetWord,
    z
      .strictObject({ ...originFields, ...presetFields })
      .superRefine(checkOrigin, always)
      .superRefine(checkPresetOrigin, always)
      .meta({
        oneOf: [
          ...['deb', 'source'].map((key) => ({ required: [key] })),
          { anyOf: ['preset', 'mirror'].map((key) => ({ required: [key] })) },
        ],
      }),
  ])
  .transform((mesos) => namedPreset(mesos))
  .meta({
    title: 'origin of Mesos',
    description:
      'where Mesos comes from: a preset (clusterd), a mirror of it (mirror, key), a .deb (deb, sha256) or an apt source (source, version)',
    examples: ['clusterd'],
  });

function originOf(what: string) {
  return origin.meta({
    description: `where ${what} comes from: a .deb (deb, sha256) or an apt source (source, version)`,
    examples: [{ deb: `packages/${what.toLowerCase()}.deb` }],
    oneOf: [{ required: ['deb'] }, { required: ['source'] }],
  });
}

const file = z
  .strictObject({
    path: field.absolutePath,
    content: z
      .string()
      .meta({ title: 'content', description: 'the text of the file', examples: ['hello'] })
      .optional(),
    from: field.localPath.optional(),
    mode: field.octalMode.default('0644'),
  })
  .superRefine(checkFile, always)
  .meta({
    description: 'a file or a folder on the node: path, content or from, mode',
    examples: [{ path: '/etc/motd', content: 'hello' }],
  });

function additions(whom: string) {
  return z
    .strictObject({
      packages: field.packageNames.default([]),
      files: z
        .array(file)
        .superRefine(checkFiles, always)
        .default([])
        .meta({ description: 'files to put onto the node' }),
      modules: field.modules.default([]),
      sysctls: field.sysctls.default({}),
      kernelArguments: field.kernelArguments.default([]),
      units: unitsSchema,
      checks: checksSchema,
      debconf: debconfAnswers,
      setuid: setuidPrograms,
      leaveOut: leftOutPaths,
    })
    .prefault({})
    .meta({
      description: `what ${whom} gets in addition to images/: packages, files, modules, sysctls, kernelArguments, units, checks, debconf, setuid, leaveOut`,
    });
}

/** cluster.yaml. People read the descriptions: in errors, in `ingot schema` and in editors. */
export const specSchema = z
  .strictObject({
    ingot: writtenFor.optional(),
    cluster: field.clusterName,
    masters: z
      .array(field.address)
      .min(1)
      .meta({
        description:
          "the addresses of the 3, 5 or 7 masters, in an order that never changes: a master's position in it is its ZooKeeper id",
        examples: [['10.0.0.11', '10.0.0.12', '10.0.0.13']],
      }),
    singleMaster: z
      .boolean()
      .default(false)
      .meta({
        description: 'true for a cluster of one master, which does not survive its loss',
        examples: [true],
      }),
    base: z
      .strictObject({
        distribution: z.enum(['debian']).default('debian').meta({ description: 'the distribution' }),
        suite: field.suiteName.default('bookworm'),
        architecture: z.enum(['amd64']).default('amd64').meta({ description: 'the architecture' }),
        kernel: z
          .enum(['cloud', 'generic'])
          .default('cloud')
          .meta({ description: 'cloud for virtual machines, generic for hardware' }),
        mirror: z
          .strictObject({
            url: field.aptUrlSchema,
            suites: z
              .array(field.sourceSuite)
              .min(1)
              .optional()
              .meta({
                description: 'suites to read; by default only the suite of the base',
                examples: [['bookworm']],
              }),
            components: aptSource.shape.components,
            key: aptSource.shape.key,
            trusted: aptSource.shape.trusted,
            validUntil: aptSource.shape.validUntil,
          })
          .superRefine(checkSource, always)
          .superRefine(checkComponents, always)
          .optional()
          .meta({ description: 'where Debian comes from; by default the apt sources of the build host' }),
      })
      .prefault({})
      .meta({ description: 'the distribution that everything is based on' }),
    layout: z.enum(allLayouts).optional().meta({
      description:
        'how the Mesos packages are laid out: files, units, cgroups; by default that of the preset, else mesosphere',
    }),
    mesos: mesosOrigin,
    scheduler: z.enum(allSchedulers).default(defaultScheduler).meta({
      description: 'the framework on the masters that starts tasks; none: a master is ZooKeeper and Mesos',
    }),
    ...forEachScheduler(({ title }) => originOf(title).optional()),
    targets: z
      .array(z.enum(targetNames).meta({ enumDescriptions: allTargets.map(({ description }) => description) }))
      .min(1)
      .superRefine(checkTargets, always)
      .default([defaultTarget])
      .meta({
        description: `what to make from each golden root: ${targetNames.join(', ')}`,
        examples: [targetNames.slice(0, 2)],
      }),
    layers: layersSchema,
    common: additions('every node'),
    master: additions('a master'),
    slave: additions('a slave'),
    guest: z
      .strictObject({
        cpus: wholeNumber
          .min(1)
          .max(64)
          .default(2)
          .meta({ description: 'processors of the build guest', examples: [2] }),
        memory: field.memory.default('2GiB'),
        timeoutMinutes: wholeNumber
          .min(1)
          .max(600)
          .default(30)
          .meta({ description: 'minutes after which a build guest is given up', examples: [30] }),
      })
      .prefault({})
      .meta({ description: 'the machine in which the steps of images/ run' }),
    operators: z
      .array(field.publicKeySchema)
      .superRefine(checkOperators, always)
      .default([])
      .meta({ description: 'SSH public keys that may log in as ops; they are part of the cluster seed' }),
    updates: updatesSchema,
    data: dataSchema,
    netboot: netbootSchema,
    seed: seedSchema,
  })
  .superRefine(checkMasters, always)
  .superRefine(checkScheduler, always)
  .superRefine(checkData, always)
  .superRefine(checkNetboot, always)
  .superRefine(checkSpecAddresses, always)
  .superRefine(checkSysctlModules, always)
  .superRefine(checkSeed, always)
  .superRefine(checkAttributeNames, always)
  .superRefine(checkMesos, always)
  .superRefine(checkPreset, always)
  .transform((spec) => withLayout(spec));

/** A cluster.yaml with its defaults filled in. Paths are as written, relative to the folder of the file. */
export type Spec = z.output<typeof specSchema>;
export type PackageOrigin = Spec['mesos'];
export type Additions = Spec['common'];

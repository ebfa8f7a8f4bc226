import { z } from 'zod';
import { addressRangePattern } from './address-range.ts';
import { absolutePath, localPath, octalMode, publicKeyPaths } from './fields.ts';
import { mesosSchema } from './mesos/mesos-schema.ts';
import { checkFile, checkFiles } from './rules.ts';
import { forEachScheduler, schedulerNames } from './schedulers.ts';
import { tlsSchema } from './tls-schema.ts';

const always = { when: () => true };

const range = z
  .string()
  .regex(addressRangePattern)
  .meta({
    title: 'range of addresses',
    description: 'first and last address with a hyphen, a network with its prefix length, or one address',
    examples: ['10.0.1.10-10.0.1.99'],
  });

// mesos.apache.org, "Attributes and Resources": text, or ranges in brackets.
const attributes = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_/.-]{1,100}$/)
      .meta({
        title: 'name of an attribute',
        description: 'letters, digits and _ / . -',
        examples: ['rack'],
      }),
    z.union([z.int(), z.string().regex(/^(?:[A-Za-z0-9_/.-]{1,200}|\[\d+-\d+(?:,\d+-\d+)*\])$/)]).meta({
      title: 'value of an attribute',
      description: 'letters, digits and _ / . -, a number, or ranges such as [1-3]',
      examples: ['r1'],
    }),
  )
  .meta({ description: 'attributes of agents, by name', examples: [{ rack: 'r1' }] });

const resources = z
  .union([
    z.record(z.string(), z.union([z.number(), z.string()])),
    z.string(),
    z.array(z.record(z.string(), z.unknown())),
  ])
  .meta({
    title: 'resources of an agent',
    description:
      'what the agent offers: a map of name to value, the text of --resources, or a list of Resource objects',
    examples: [{ cpus: 7, mem: 14336, ports: '[31000-32000]' }],
  })
  .optional();

const agents = z
  .array(
    z
      .strictObject({
        addresses: z
          .array(range)
          .min(1)
          .meta({
            description: 'the addresses of the agents that the entry applies to; every agent if omitted',
            examples: [['10.0.1.0/24']],
          })
          .optional(),
        attributes: attributes.default({}),
        resources,
      })
      .meta({
        description: 'settings of the agents at certain addresses: addresses, attributes, resources',
      }),
  )
  .default([])
  .meta({ description: 'attributes and resources of agents by address' });

const stateFile = z
  .string()
  .regex(/^\/var\/lib\/ingot\/state(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+@-]+)+$/)
  .meta({
    title: 'path on the data disk',
    description: 'a file below /var/lib/ingot/state on the node',
    examples: ['/var/lib/ingot/state/secrets/agent'],
  });

const place = {
  file: stateFile.optional(),
  command: z
    .array(
      z
        .string()
        .regex(/^[^\p{Cc}]+$/u)
        .meta({ title: 'word of a command', description: 'one argument, on one line' }),
    )
    .min(1)
    .meta({
      description: 'the path of a program and its arguments, one word each; its output is the secret',
      examples: [['/usr/bin/curl', '-fsS', 'https://vault.example.org/agent']],
    })
    .optional(),
};

function secretOf(what: string) {
  return z
    .strictObject(place)
    .superRefine(checkPlace, always)
    .meta({
      description: `${what}: file, a path on the data disk of the node; or command, which prints it. Never its text`,
      examples: [{ file: '/var/lib/ingot/state/secrets/agent' }],
    });
}

function checkPlace(value: unknown, context: Pick<z.core.$RefinementCtx, 'issues'>): void {
  if (typeof value !== 'object' || value === null) return;
  const { file, command } = value as Record<string, unknown>;
  if ((file === undefined) === (command === undefined))
    context.issues.push({
      code: 'custom',
      path: [],
      message: file === undefined ? 'neither file nor command' : 'both file and command',
      params: { right: 'file: /var/lib/ingot/state/…, or command: [/path/of/program, …]' },
      input: undefined,
    });
}

function principal(example: string) {
  return z
    .string()
    .regex(/^[A-Za-z0-9_.@-]{1,100}$/)
    .meta({ title: 'principal', description: 'the name to log in with', examples: [example] });
}

function named<Name extends z.ZodType>(description: string, name: Name) {
  return z
    .strictObject({ ...place, principal: name })
    .superRefine(checkPlace, always)
    .meta({
      description,
      examples: [{ principal: 'somebody', file: '/var/lib/ingot/state/secrets/somebody' }],
    })
    .optional();
}

const secrets = z
  .strictObject({
    agentCredential: named(
      'the credential with which agents log in at masters (--credential): principal, if ACLs name it, and file or command. Never its text',
      principal('agent').optional(),
    ),
    agentHttpCredentials: secretOf('the logins that agents accept over HTTP (--http_credentials)').optional(),
    masterCredentials: secretOf('the logins that masters accept (--credentials)').optional(),
    ...forEachScheduler(({ title }) =>
      named(
        `the credential with which ${title} logs in at masters: principal, and file or command of its secret. Never its text`,
        principal(title.toLowerCase()),
      ),
    ),
    operator: named(
      'the credential with which programs of the node log in over HTTP: principal, and file or command of its secret. Never its text',
      principal('operator'),
    ),
    dockerConfig: secretOf(
      'logins of registries, as Docker keeps them in config.json (--docker_config)',
    ).optional(),
    tlsKey: secretOf('the private key of the node, in PEM').optional(),
    tlsCertificate: secretOf(
      'the certificate of the node for that key and its address, in PEM, with the intermediate certificates up to the CA',
    ).optional(),
  })
  .prefault({})
  .meta({
    description: `where nodes find secrets: agentCredential, agentHttpCredentials, masterCredentials, ${schedulerNames.join(', ')}, operator, dockerConfig, tlsKey, tlsCertificate`,
  });

/** The name of each secret that the spec knows. */
export const secretNames = [
  'agentCredential',
  'agentHttpCredentials',
  'masterCredentials',
  ...schedulerNames,
  'operator',
  'dockerConfig',
  'tlsKey',
  'tlsCertificate',
] as const;

const file = z
  .strictObject({
    path: absolutePath,
    content: z
      .string()
      .meta({ title: 'content', description: 'the text of the file', examples: ['hello'] })
      .optional(),
    from: localPath.optional(),
    mode: octalMode.default('0644'),
    owner: z
      .string()
      .regex(/^[a-z_][a-z0-9_-]{0,31}:[a-z_][a-z0-9_-]{0,31}$/)
      .default('root:root')
      .meta({
        title: 'owner',
        description: 'a user and a group that the image has',
        examples: ['root:root'],
      }),
  })
  .superRefine(checkFile, always)
  .meta({
    description: 'a file on every node: path, content or from, mode, owner',
    examples: [{ path: '/etc/motd', content: 'hello' }],
  });

// A name, or an address in the only form that every program reads the same way: without leading zeros.
const timeServer = /^(?![\d.]*(?:^|\.)0\d[\d.]*$)[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$/;

/**
 * The section `seed` of cluster.yaml: the contents of the cluster seed other than masters, data and operators. No image
 * depends on it, except on its keys.
 */
export const seedSchema = z
  .strictObject({
    keys: publicKeyPaths('keys/seed.pub.pem').meta({
      description: 'public keys of the signers whose seeds a node trusts; they are in the image',
    }),
    network: range
      .meta({
        title: 'network',
        description:
          "the network that contains a node's own address; by default that of the route to the first master",
        examples: ['10.0.0.0/16'],
      })
      .optional(),
    timeServers: z
      .array(
        z
          .string()
          .regex(timeServer)
          .meta({ title: 'time server', description: 'an address or a name', examples: ['10.0.0.1'] }),
      )
      .default([])
      .meta({
        description:
          'NTP servers of every node; with them no service of the cluster starts before the clock is right',
      }),
    agents,
    secrets,
    tls: tlsSchema,
    mesos: mesosSchema,
    logs: z
      .strictObject({
        url: z
          .string()
          .regex(/^https?:\/\/[A-Za-z0-9.:[\]_-]+(?:\/[A-Za-z0-9._~/-]*)?$/)
          .meta({
            title: 'URL of a log server',
            description: 'http or https, where systemd-journal-remote listens',
            examples: ['http://logs.example.org:19532'],
          }),
        ca: absolutePath.optional().meta({
          title: 'path on the node',
          description: 'the certificates that verify an https server; those of Debian by default',
          examples: ['/etc/ssl/site-ca.pem'],
        }),
      })
      .optional()
      .meta({
        description: 'where every node sends its journal: url, ca',
        examples: [{ url: 'http://logs.example.org:19532' }],
      }),
    files: z
      .array(file)
      .superRefine(checkFiles, always)
      .default([])
      .meta({ description: 'files that the seed puts onto every node' }),
  })
  .prefault({})
  .meta({
    description:
      'the contents of the cluster seed: keys, network, timeServers, agents, secrets, tls, mesos, logs, files',
  });

/** The section `seed` with its defaults. */
export type SeedSection = z.output<typeof seedSchema>;

import { z } from 'zod';

const flags = (process: string) =>
  z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,60}$/)
        .meta({
          title: 'name of a flag',
          description: `a flag of the ${process} without its hyphens`,
          examples: ['authenticate_agents'],
        }),
      z
        .union([z.boolean(), z.number(), z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())])
        .meta({
          title: 'value of a flag',
          description: 'a value that Mesos accepts; a map for a flag that takes JSON',
          examples: [true],
        }),
    )
    .default({})
    .meta({
      description: `flags of every ${process}, by name`,
      examples: [{ authenticate_http_readonly: true }],
    });

const amounts = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9_.-]{0,60}$/)
      .meta({ title: 'name of a resource', description: 'cpus, mem, disk, gpus', examples: ['cpus'] }),
    z
      .number()
      .min(0)
      .max(1e12)
      .meta({ title: 'amount', description: 'mem and disk in MB', examples: [8] }),
  )
  .meta({ description: 'amounts of resources, by name', examples: [{ cpus: 8, mem: 16384 }] });

const quotas = z
  .array(
    z
      .strictObject({
        role: z
          .string()
          .meta({ title: 'role', description: 'the role that the quota is for', examples: ['web'] }),
        limits: amounts,
      })
      .meta({ description: 'the maximum for a role: role, limits' }),
  )
  .default([])
  .meta({ description: 'quotas that the leading master sets if they are missing' });

const networks = z
  .array(
    z
      .looseObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,60}$/)
          .meta({ title: 'name of a network', description: 'letters, digits and _ . -', examples: ['net1'] }),
        type: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,60}$/)
          .meta({ title: 'CNI plugin', description: 'the plugin that creates it', examples: ['bridge'] }),
      })
      .meta({ description: 'a CNI network: name, type, and the settings of its plugin' }),
  )
  .default([])
  .meta({ description: 'CNI networks of every agent, each in the format of its JSON file' });

/** The section `seed.mesos`: the settings of the cluster's Mesos. No image depends on it. */
export const mesosSchema = z
  .strictObject({
    master: flags('mesos-master'),
    agent: flags('Mesos agent'),
    networks,
    quotas,
    webInterface: z
      .boolean()
      .default(true)
      .meta({ description: 'false: masters serve no web interface', examples: [false] }),
  })
  .prefault({})
  .meta({ description: 'settings of Mesos: master, agent, networks, quotas, webInterface' });

/** The section `seed.mesos` with its defaults. */
export type MesosSection = z.output<typeof mesosSchema>;

import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const digest = z.strictObject({ sha256 });
const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/);
const time = z.iso.datetime();
const texts = z.record(z.string(), z.string());

/** in-toto attestation v1, ResourceDescriptor: one of uri, digest and content is required. */
const descriptor = z
  .strictObject({ name: z.string().min(1), uri, digest, annotations: texts })
  .partial()
  .refine((one) => one.uri !== undefined || one.digest !== undefined);

/**
 * The schema of provenance.json: in-toto's Statement v1 (spec/v1/statement.md: subjects with a digest, no two with the
 * same name) with the predicate of SLSA Provenance v1 (slsa.dev/spec/v1.0/provenance), every field named there and no
 * others.
 */
export const provenanceSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z
    .array(z.strictObject({ name: z.string().min(1), digest }))
    .min(1)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  predicate: z.strictObject({
    buildDefinition: z.strictObject({
      buildType: uri,
      externalParameters: z.strictObject({
        role: z.enum(['master', 'slave']),
        spec: z.strictObject({ digest }),
        lock: z.strictObject({ digest }),
        targets: z.array(z.string()).min(1),
        compressionLevel: z.int(),
      }),
      internalParameters: z.strictObject({
        stages: z.record(
          z.string(),
          z.strictObject({ key: sha256, was: z.enum(['made', 'cached', 'idle']) }),
        ),
      }),
      resolvedDependencies: z.array(descriptor).min(1),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({ id: uri, builderDependencies: z.array(descriptor), version: texts }),
      metadata: z.strictObject({ invocationId: z.string().min(1), startedOn: time, finishedOn: time }),
    }),
  }),
});

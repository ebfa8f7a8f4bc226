import { z } from 'zod';
import { localPath } from './fields.ts';

/**
 * The steps of introducing TLS, in the order in which a running cluster takes them. At each level members still
 * understand those that are one level behind.
 * `accept`: accept TLS as well as plain text. `prefer`: use TLS wherever the other side supports it. `verify`: nothing
 * but TLS, and servers are verified. `mutual`: clients present a certificate as well.
 */
export const tlsLevels = ['accept', 'prefer', 'verify', 'mutual'] as const;

/** The section `seed.tls`. */
export const tlsSchema = z
  .strictObject({
    ca: localPath.meta({
      title: 'path of a certificate',
      description:
        'the certificate of the CA that signs those of the nodes, in PEM; it is public, and in the seed',
      examples: ['keys/cluster-ca.pem'],
    }),
    level: z.enum(tlsLevels).default('mutual').meta({
      description:
        'accept and prefer are steps for migrating a running cluster; verify: nothing but TLS; mutual: clients present a certificate as well',
    }),
  })
  .optional()
  .meta({
    description:
      'TLS between the members of the cluster: ca, level; with it secrets.tlsKey and secrets.tlsCertificate (docs/tls.md)',
    examples: [{ ca: 'keys/cluster-ca.pem' }],
  });

/** The section with its defaults; undefined without TLS. */
export type TlsSection = z.output<typeof tlsSchema>;

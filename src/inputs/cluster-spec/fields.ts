import { z } from 'zod';
import { checkPublicKey } from './operator-rules.ts';
import { checkSysctls, sysctlName } from './sysctl-rules.ts';

/**
 * The types of values that cluster.yaml and image.yaml share. The title, the description and the example of each appear
 * in its error messages and in the JSON Schema, so a rule is worded once.
 */
function text(pattern: RegExp, title: string, description: string, example?: string) {
  const examples = example === undefined ? {} : { examples: [example] };
  return z
    .string()
    .regex(pattern)
    .meta({ title, description, ...examples });
}

// Debian policy 5.6.1 and 5.6.12; apt reads a trailing hyphen as "remove".
export const packageName = text(
  /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](?:=[A-Za-z0-9.+:~-]+)?$/,
  'Debian package',
  'a package of the base or of a named apt source, optionally with =version',
  'htop',
);

// systemd.unit(5).
export const unitName = text(
  /^[A-Za-z0-9:_.\\-]+(?:@[A-Za-z0-9:_.\\-]*)?\.(?:service|socket|timer|path|target|mount|automount|swap|slice)$/,
  'systemd unit',
  'the name of a unit with its suffix',
  'zookeeper.service',
);

// The kernel splits its command line at spaces, and GRUB interprets quotes, $ and ;. The arguments that ingot sets must
// not be set twice.
export const kernelArgument = text(
  /^(?!(?:ingot\.|root=|boot=|init=|initrd=))[A-Za-z0-9_.,:=/@%+-]+$/,
  'kernel argument',
  'one argument without spaces or quotes; root=, boot=, init=, initrd= and ingot.* are set by ingot',
  'transparent_hugepage=never',
);

export const sysctls = z
  .record(
    // checkSysctls explains what is wrong with a name; the pattern is for editors.
    z.string().meta({
      title: 'sysctl key',
      description: 'a kernel parameter with its points',
      examples: ['vm.swappiness'],
      pattern: sysctlName.source,
    }),
    z
      // No strings that are a quoted boolean or a quoted fraction: no kernel setting has such a value.
      .union([z.int(), z.string().regex(/^(?!(?:true|false|[-+]?\d*\.\d*)$)[^\p{Cc}]*\S[^\p{Cc}]*$/iu)])
      .meta({
        title: 'sysctl value',
        description: 'a whole number (1 and 0 for on and off), or text on one line',
        examples: [1],
      }),
  )
  .superRefine(checkSysctls, { when: () => true })
  .meta({
    description: 'kernel parameters that are set at boot, sysctl.d(5)',
    examples: [{ 'vm.swappiness': 1 }],
  });

// modules-load.d(5).
export const modules = z
  .array(
    text(
      /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
      'kernel module',
      'the name of a module, as modprobe takes it',
      'br_netfilter',
    ),
  )
  .meta({
    description: 'kernel modules to load at boot, before sysctls are set',
    examples: [['br_netfilter']],
  });

export const packageNames = z
  .array(packageName)
  .meta({ description: 'Debian packages to install', examples: [['htop', 'tcpdump']] });

export const kernelArguments = z
  .array(kernelArgument)
  .meta({ description: 'arguments for the kernel command line', examples: [['transparent_hugepage=never']] });

// RFC 1123, 2.1. Longer names would result in host names of more than 64 characters (hostname(7)).
export const clusterName = text(
  /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/,
  'cluster name',
  'at most 32 lower case letters, digits and hyphens; host names begin with it',
  'demo',
);

export const address = z.ipv4().meta({
  title: 'IPv4 address',
  description: 'four numbers from 0 to 255, separated by points',
  examples: ['10.0.0.11'],
});

export const absolutePath = text(
  /^(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)+$/u,
  'path on the node',
  'an absolute path of a file, without . or .. in it',
  '/etc/motd',
);

export const octalMode = text(/^0[0-7]{3}$/, 'file mode', 'four octal digits in quotes', '"0644"');

export const localPath = text(
  /^(?![a-z][a-z0-9+.-]*:\/\/)[^\p{Cc}]+$/u,
  'path on the build host',
  'a path; relative paths start at the folder of this file',
  'files/motd',
);

export const debLocation = text(
  /^(?:https?:\/\/[^\s/\p{Cc}]+\/[^\s\p{Cc}]+|(?![a-z][a-z0-9+.-]*:\/\/)[^\p{Cc}]+\.deb)$/u,
  'place of a .deb',
  'a path that ends in .deb (relative paths start at the folder of this file), or an http(s) URL together with sha256',
  'packages/mesos_1.9.0-2.0.1.debian9_amd64.deb',
);

export const sha256 = text(
  /^[0-9a-f]{64}$/,
  'SHA-256',
  '64 hexadecimal digits, the first word that sha256sum FILE prints',
);

export const aptUrlSchema = text(
  /^(?:[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/\p{Cc}]+[^\s\p{Cc}]*|[Ff][Ii][Ll][Ee]:(?:\/\/(?:localhost)?\/|\/(?!\/))[^\p{Cc}]+)$/u,
  'URL of an apt source',
  'http, https or file (file:/srv/repo), up to the folder that contains dists/ or, for a flat repository, the folder that suite is relative to',
  'https://mirror.example.org/debian',
);

// sources.list(5): a suite that ends in a slash is the folder of a flat repository.
export const sourceSuite = text(
  /^(?!.*\/\.\.?\/)(?:\.?\/(?:[A-Za-z0-9][A-Za-z0-9._~+/-]*\/)?|[A-Za-z0-9][A-Za-z0-9._~+/-]*)$/,
  'suite of a source',
  'a name below dists/ of the source, or for a flat repository its folder with a slash at the end, such as binary/ or ./',
  'bookworm',
);

export const suiteName = text(
  /^[A-Za-z0-9](?:[A-Za-z0-9./-]*[A-Za-z0-9.-])?$/,
  'suite',
  'a name below dists/ of the source',
  'bookworm',
);

export const componentName = text(
  /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  'component',
  'a component of the suite',
  'main',
);

export const version = text(
  /^[0-9][A-Za-z0-9.+:~-]*$/,
  'package version',
  'a Debian version in full, as apt-cache policy prints it',
  '1.9.0-2.0.1.debian9',
);

export const memory = text(
  /^[1-9][0-9]{0,6}(?:MiB|GiB)$/,
  'amount of memory',
  'a whole number with MiB or GiB',
  '2GiB',
);

// sshd(8), AUTHORIZED_KEYS FILE FORMAT, without options. The pattern is for editors: checkPublicKey decodes the key.
export const publicKeySchema = z
  .string()
  .superRefine(checkPublicKey)
  .meta({
    title: 'SSH public key',
    description: 'one line of a .pub file',
    examples: ['ssh-ed25519 AAAA… alice@example.org'],
    pattern:
      '^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com) AAAA[A-Za-z0-9+/]+={0,2}(?: .*)?$',
  });

/** The paths of public keys; an empty list by default. */
export const publicKeyPaths = (example: string) =>
  z
    .array(
      localPath.meta({
        title: 'path of a public key',
        description:
          'an ed25519 or ECDSA P-256 public key in PEM on the build host, as ingot keygen makes it',
        examples: [example],
      }),
    )
    .default([]);

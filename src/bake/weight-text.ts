import type { Weight } from '../version/sbom/weight.ts';

/** Lighter packages of the distribution appear only in report.json. */
const minListedBytes = 10 * 1024 ** 2;
const named = 3;

const mib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MiB`;

function line({ name, bytes, brings, bringsBytes }: Weight): string {
  if (brings.length === 0) return `${name} ${mib(bytes)}`;
  const heaviest = brings.slice(0, named).map((one) => `${one.name} ${mib(one.bytes)}`);
  const rest = brings.length > named ? ', …' : '';
  const count = brings.length === 1 ? '1 package' : `${brings.length} packages`;
  return `${name} ${mib(bytes)}, and ${mib(bringsBytes)} in ${count} that only it needs: ${heaviest.join(', ')}${rest}`;
}

/**
 * Formats the installed size of the payload and the heaviest packages in a root, before compression, one line each.
 * Mesos and schedulers are always listed.
 */
export function weightLines(weight: readonly Weight[]): string[] {
  return weight
    .filter(({ foreign, bytes, bringsBytes }) => foreign || bytes + bringsBytes >= minListedBytes)
    .map(line);
}

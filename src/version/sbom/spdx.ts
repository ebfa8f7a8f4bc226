import ids from 'spdx-license-ids/index.json' with { type: 'json' };

const known = new Map(ids.map((id) => [id.toLowerCase(), id]));

/** Short names of DEP-5 for licences that have another name in SPDX (copyright-format 1.0, "Short name"). */
const otherwise = new Map([
  ['expat', 'MIT'],
  ['artistic', 'Artistic-1.0'],
  ['cc0', 'CC0-1.0'],
  ['openldap-2.8', 'OLDAP-2.8'],
  ['zope-2.1', 'ZPL-2.1'],
]);

/** "GPL-2+", "LGPLv2.1", "GFDL-NIV-1.3+" (no invariant sections): DEP-5's names of the GNU licences. */
const gnu = /^(A?GPL|LGPL|GFDL)(-NIV)?-?v?(\d)(?:\.(\d))?(\+?)$/i;

function gnuName(name: string): string | undefined {
  const [, family, noInvariants, major, minor = '0', later] = gnu.exec(name) ?? [];
  if (family === undefined || major === undefined) return undefined;
  const invariants = noInvariants === undefined ? '' : '-no-invariants';
  return `${family}-${major}.${minor}${invariants}-${later === '+' ? 'or-later' : 'only'}`;
}

/**
 * The SPDX identifier of a licence that a Debian copyright file names; undefined if SPDX has none, or more than one.
 */
export function spdxId(name: string): string | undefined {
  const candidates = [otherwise.get(name.toLowerCase()), gnuName(name), name, `${name}.0`];
  for (const one of candidates) {
    const id = one === undefined ? undefined : known.get(one.toLowerCase());
    if (id !== undefined) return id;
  }
  return undefined;
}

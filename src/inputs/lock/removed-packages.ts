/**
 * The Debian suites that old packages of Mesos and Marathon were built for, and all later ones, oldest first
 * (debian.org/releases).
 */
const releases = ['jessie', 'stretch', 'buster', 'bullseye', 'bookworm', 'trixie'] as const;
type Suite = (typeof releases)[number];
/** The release number of the first of them. */
const firstNumber = 8;

/** A package that Debian no longer has. */
interface RemovedPackage {
  readonly last: Suite;
  /** The file name of the library that programs request from the loader (ELF, DT_NEEDED). */
  readonly soname?: string;
  /** The package that replaces it in later suites, with a different file and a different interface. */
  readonly instead?: string;
}

/**
 * Libraries that old packages depend on, and the last suite that has each of them: tracker.debian.org (news of each
 * source package) and packages.debian.org. That bookworm has none of them, and bullseye only those with `last:
 * 'bullseye'`, was checked with apt.
 */
const removedPackages: Readonly<Record<string, RemovedPackage>> = {
  'libssl1.0.0': { last: 'jessie', soname: 'libssl.so.1.0.0', instead: 'libssl3' },
  'libssl1.0.2': { last: 'stretch', soname: 'libssl.so.1.0.2', instead: 'libssl3' },
  'libssl1.1': { last: 'bullseye', soname: 'libssl.so.1.1', instead: 'libssl3' },
  libcurl3: { last: 'stretch', instead: 'libcurl4' },
  'libevent-2.0-5': { last: 'stretch', soname: 'libevent-2.0.so.5', instead: 'libevent-2.1-7' },
  'libevent-2.1-6': { last: 'buster', soname: 'libevent-2.1.so.6', instead: 'libevent-2.1-7' },
  'libevent-openssl-2.0-5': { last: 'stretch', soname: 'libevent_openssl-2.0.so.5' },
  'libevent-openssl-2.1-6': { last: 'buster', soname: 'libevent_openssl-2.1.so.6' },
  'libevent-pthreads-2.0-5': { last: 'stretch', soname: 'libevent_pthreads-2.0.so.5' },
  'libevent-pthreads-2.1-6': { last: 'buster', soname: 'libevent_pthreads-2.1.so.6' },
  libicu52: { last: 'jessie', soname: 'libicuuc.so.52', instead: 'libicu72' },
  libicu57: { last: 'stretch', soname: 'libicuuc.so.57', instead: 'libicu72' },
  libicu63: { last: 'buster', soname: 'libicuuc.so.63', instead: 'libicu72' },
  libicu67: { last: 'bullseye', soname: 'libicuuc.so.67', instead: 'libicu72' },
  libprotobuf10: { last: 'stretch', soname: 'libprotobuf.so.10', instead: 'libprotobuf32' },
  libprotobuf17: { last: 'buster', soname: 'libprotobuf.so.17', instead: 'libprotobuf32' },
  libprotobuf23: { last: 'bullseye', soname: 'libprotobuf.so.23', instead: 'libprotobuf32' },
  libreadline6: { last: 'jessie', soname: 'libreadline.so.6', instead: 'libreadline8' },
  libreadline7: { last: 'buster', soname: 'libreadline.so.7', instead: 'libreadline8' },
  libffi6: { last: 'buster', soname: 'libffi.so.6', instead: 'libffi8' },
  libffi7: { last: 'bullseye', soname: 'libffi.so.7', instead: 'libffi8' },
  'libpython2.7': { last: 'bullseye', soname: 'libpython2.7.so.1.0' },
  'multiarch-support': { last: 'buster' },
  python: { last: 'buster', instead: 'python3' },
  'python2.7': { last: 'bullseye', instead: 'python3' },
  'openjdk-7-jre-headless': { last: 'jessie', instead: 'openjdk-17-jre-headless' },
  'openjdk-8-jre-headless': { last: 'stretch', instead: 'openjdk-17-jre-headless' },
  'openjdk-11-jre-headless': { last: 'bullseye', instead: 'openjdk-17-jre-headless' },
};

/**
 * Further files of a library, with the name of the package that contains them: libcrypto is in the package of libssl.
 */
const otherFiles: Readonly<Record<string, string>> = {
  'libcrypto.so.1.0.0': 'libssl1.0.0',
  'libcrypto.so.1.0.2': 'libssl1.0.2',
  'libcrypto.so.1.1': 'libssl1.1',
};

const inFull = (suite: Suite): string => `Debian ${firstNumber + releases.indexOf(suite)} (${suite})`;

/**
 * Returns "last in Debian 11 (bullseye), gone since Debian 12 (bookworm), which has libssl3"; undefined for an unknown
 * package.
 */
export function whenRemoved(name: string): string | undefined {
  if (!Object.hasOwn(removedPackages, name)) return undefined;
  const { last, instead } = removedPackages[name] as RemovedPackage;
  const since = releases[releases.indexOf(last) + 1] as Suite;
  return `last in ${inFull(last)}, gone since ${inFull(since)}${instead === undefined ? '' : `; Debian 12 has ${instead}, which does not replace it`}`;
}

/** Returns the package that contained a library's file while Debian had it; undefined for an unknown library. */
export function packageOfSoname(soname: string): string | undefined {
  return (
    otherFiles[soname] ??
    Object.keys(removedPackages).find((name) => removedPackages[name]?.soname === soname)
  );
}

import { inArea } from '../known-failure.ts';

const apt = ['error', 'compose'] as const;

/** Failures of package sources: whether they are reached, and whether they are trusted. */
export const sourceFailures = inArea('sources', [
  ...(['unreachable-source', 'wrong-source', 'untrusted-source', 'unavailable-package'] as const),
  ...(['unsolvable-packages', 'wrong-key', 'command-failed'] as const),
])([
  {
    code: 'proxy-unreachable',
    title: 'The proxy does not answer',
    in: apt,
    sign: /the proxy \S+ does not answer/,
    cause:
      'This machine has a setting that sends requests through a proxy, and the proxy is down or has moved.',
    remedy: [
      'Find the setting: `apt-config dump | grep -i proxy`, and the variables http_proxy and https_proxy.',
      'Correct or remove it.',
    ],
  },
  {
    code: 'proxy-login',
    title: 'The proxy demands a login',
    in: apt,
    sign: /\b407 +Proxy Authentication Required|the proxy requires a login/,
    cause: 'The proxy of this machine accepts only users who log in, and its address has no login.',
    remedy: [
      'Name the login where the proxy is set: `Acquire::http::Proxy "http://USER:PASSWORD@proxy:3128";`.',
    ],
  },
  {
    code: 'source-name',
    title: 'The host name of a package source does not resolve',
    in: apt,
    sign: /Could not resolve '|Temporary failure resolving '|the host name \S+ does not resolve/,
    cause: 'The name in the URL is misspelt, or this machine has no working name server.',
    remedy: [
      'Try another name: `getent hosts example.org`. If that fails as well, correct /etc/resolv.conf.',
      'Correct the URL of the source in cluster.yaml.',
      'Without a network, bring the packages from elsewhere: `ingot lock export` and `ingot lock import`.',
    ],
  },
  {
    code: 'source-tls',
    title: 'The certificate of a package source is not accepted',
    in: apt,
    sign: /Certificate verification failed|Could not handshake|there is no secure connection \(TLS\)/,
    cause:
      'The certificate has expired, is for another name, or is from an authority that this machine does not know; a proxy that opens TLS connections has its own authority.',
    remedy: [
      'Look at the certificate: `openssl s_client -connect HOST:443 -servername HOST </dev/null`.',
      "Install the site's authority: copy it to /usr/local/share/ca-certificates/ and run `update-ca-certificates`.",
    ],
  },
  {
    code: 'source-refused',
    title: 'No connection to a package source',
    in: apt,
    sign: /Could not connect to |Unable to connect to |the connection is refused|there is no connection|Network is unreachable/,
    cause: 'Nothing listens at the address and port of the source, or a firewall is on the way.',
    remedy: [
      'Try it: `curl -I URL`.',
      'Correct the URL in cluster.yaml, or name another mirror (`base.mirror`).',
      'Without a network, use `--offline` with a pool that has the packages.',
    ],
  },
  {
    code: 'source-login',
    title: 'A package source demands a login, or forbids access',
    in: apt,
    sign: /\b401 +Unauthorized|\b403 +Forbidden|the server requires a login|the server forbids it/,
    cause: 'The source is not public, and the credentials are missing, wrong or not allowed to read it.',
    remedy: [
      'Put the credentials into /etc/apt/auth.conf.d/NAME.conf: `machine HOST login USER password PASSWORD` (apt_auth.conf(5)).',
      'Ask the owner of the source whether the account may read it.',
    ],
  },
  {
    code: 'package-file-gone',
    title: 'A locked package is no longer in its source',
    in: apt,
    sign: /no longer available from the source, and not in the package pool|Failed to fetch \S+\.deb +404/,
    cause:
      'The source has published a newer version and deleted the one that the lock names. Debian does this with every security update.',
    remedy: [
      'Take the new versions: `ingot lock cluster.yaml --update`, and look at the change with `ingot diff`.',
      'Get the old ones from a machine whose pool has them: `ingot lock export cluster.yaml FILE` there, `ingot lock import cluster.yaml FILE` here.',
      'Use a mirror that keeps old versions, such as a snapshot archive, as `base.mirror`.',
    ],
  },
  {
    code: 'source-release-expired',
    title: 'The Release file of a package source has expired',
    in: apt,
    sign: /is expired \(invalid since|its Release file has expired/,
    cause:
      'The mirror is no longer updated, the source is a snapshot of the past, or the clock of this machine is ahead.',
    remedy: [
      'Compare the clock: `date -u`.',
      'For a snapshot, where this is intended: `validUntil: false` at the source in cluster.yaml.',
      'Else name another mirror.',
    ],
  },
  {
    code: 'source-key-missing',
    title: 'A package source is signed with a key that was not given',
    in: apt,
    sign: /NO_PUBKEY|which was not given: /,
    cause:
      'The owner of the source signs with another key than the one in cluster.yaml, often because the key was replaced.',
    remedy: [
      "Get the present key from its owner's site over https, and compare the fingerprint with another place.",
      'Name the file as `key` at the source in cluster.yaml.',
    ],
  },
  {
    code: 'source-key-expired',
    title: 'The key of a package source has expired',
    in: apt,
    sign: /EXPKEYSIG|the key that signs it has expired|has expired on .*\bkey\b/,
    cause:
      'Keys have a date. The owner usually has extended it, and the file here is an old copy with the old date. Old copies of the key of clusterd that expired on 2024-09-28 and 2026-09-28 are in circulation.',
    remedy: [
      'Look at the date: `gpg --show-keys FILE`.',
      'Download the key again: an extended key has the same fingerprint.',
    ],
  },
  {
    code: 'source-key-revoked',
    title: 'The key of a package source was revoked',
    in: apt,
    sign: /REVKEYSIG|the key that signs it was revoked/,
    cause: 'Its owner has declared the key invalid: it may be in the hands of others.',
    remedy: ['Do not use the source before its owner has published a new key and said why.'],
  },
  {
    code: 'source-altered',
    title: 'A package source is being updated, or was altered',
    in: apt,
    sign: /Hash Sum mismatch|File has unexpected size|is not the one that its Release file names|BADSIG/,
    cause:
      'The index does not match the signed Release file: a mirror is in the middle of an update, a proxy has kept an old file, or the bytes were changed on the way.',
    remedy: [
      'Try again in some minutes.',
      'Name another mirror, and use https.',
      'Empty the cache of the proxy.',
    ],
  },
  {
    code: 'source-login-page',
    title: 'Something else answers in place of a package source',
    in: apt,
    sign: /Clearsigned file isn't valid|NODATA|or something else answers in its place/,
    cause: 'A network that demands a login, or a proxy, answers every URL with a page.',
    remedy: ['Open the URL in a browser of this machine, or `curl URL`, and log in.'],
  },
  {
    code: 'source-server-error',
    title: 'The server of a package source fails',
    in: apt,
    sign: /^ *5\d\d +[A-Z]\w+ |Failed to fetch \S+ +5\d\d |the server has failed \(5\d\d\)/,
    cause: 'The server has an error of its own, or too many requests.',
    remedy: ['Try again later.', 'Name another mirror.'],
  },
  {
    code: 'source-not-found',
    title: 'A package source does not have the suite',
    in: apt,
    sign: /does not have a Release file|it has no Release file|\b404 +(?:File )?(?:Not|not) (?:Found|found)|: it is not there/,
    cause: 'The URL or the suite of the source is misspelt, or the suite was moved to an archive.',
    remedy: [
      'Look with a browser: `URL/dists/SUITE/Release` has to exist; for a flat repository `URL/SUITE/Release`.',
      'Correct `url` and `suite` in cluster.yaml; the suite of a flat repository ends with a slash.',
    ],
  },
  {
    code: 'source-unsigned',
    title: 'A package source is not signed',
    in: apt,
    sign: /The repository '.*' is not signed|: it is not signed/,
    cause: 'The source has a Release file, and no signature of it.',
    remedy: [
      'Ask its owner to sign it.',
      'For a source of your own on a trusted network: `trusted: true` at the source in cluster.yaml accepts whatever answers there.',
    ],
  },
]);

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { aptConf } from '../../../src/inputs/apt/apt-conf.ts';
import { networkSettings } from '../../../src/inputs/apt/private-apt.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

/** The real apt-config, which reads these settings instead of this machine's. */
async function hostWith(text: string): Promise<Host> {
  const folder = await temporaryFolder();
  const config = join(folder, 'apt.conf');
  await writeFile(config, `Dir::Etc::main "/dev/null";\nDir::Etc::parts "${folder}/missing";\n${text}`);
  const host = makeHost();
  return {
    ...host,
    run: (program, args, more) => host.run(program, args, { ...more, env: { APT_CONFIG: config } }),
  };
}

const taken = `
Acquire::ForceIPv4 "true";
Acquire::Retries "7";
Acquire::Queue-Mode "access";
Acquire::http::Proxy "http://proxy.example:3128/";
Acquire::http::Proxy::mirror.example "DIRECT";
Acquire::http::Proxy::other.example "http://p2.example:1/a b#c";
Acquire::http::Timeout "11";
Acquire::http::Dl-Limit "900";
Acquire::http::User-Agent "x; \\\\ {y} // é";
Acquire::http::Proxy-Auto-Detect "/usr/local/bin/detect proxy";
Acquire::https::CAInfo "/etc/ssl/own.pem";
Acquire::https::Verify-Peer "true";
Acquire::https::SslCert "/etc/ssl/me.pem";
Acquire::https::mirror.example::CAInfo "/etc/ssl/mirror.pem";
Acquire::ftp::Passive "true";
Acquire::https::Proxy "DIRECT";
`;
const leftOut = `
Acquire::AllowInsecureRepositories "true";
Acquire::AllowWeakRepositories "true";
Acquire::AllowDowngradeToInsecureRepositories "true";
Acquire::Check-Valid-Until "false";
Acquire::Check-Date "false";
Acquire::Max-ValidTime "1";
Acquire::Min-ValidTime "1";
Acquire::gpgv::Options:: "--ignore-time-conflict";
Acquire::Languages { "de"; };
Acquire::GzipIndexes "true";
Acquire::IndexTargets::deb::X::MetaKey "x";
`;

test('the network settings of this machine are adopted completely, and are the same when read from the file that we write', async () => {
  const settings = await networkSettings(await hostWith(`${taken}${leftOut}`));
  const expected = [...taken.matchAll(/^(\S+) "(.*)";$/gm)].map(([, name = '', value = '']) => [name, value]);
  expect(new Map(settings.map(([name, value]) => [name, value]))).toEqual(
    new Map(expected as [string, string][]),
  );
  const again = await networkSettings(await hostWith(aptConf(settings)));
  expect(again).toEqual(settings);
});

test('settings for trust and for the files to read are not adopted', async () => {
  expect(await networkSettings(await hostWith(leftOut))).toEqual([]);
});

import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { Ensemble } from './ensemble.ts';

test("an ensemble grows from three to five as described in docs/rehearsal.md, with Debian's own ZooKeeper", async () => {
  const ensemble = new Ensemble(await temporaryFolder());
  onTestFinished(() => ensemble.close());
  const serve = async (addresses: readonly string[]): Promise<void> => {
    for (const address of addresses)
      await expect
        .poll(() => ensemble.mode(address), { timeout: 90_000, interval: 200 })
        .toMatch(/leader|follower/);
  };
  for (const address of ensemble.addresses) ensemble.start(address);
  await serve(ensemble.addresses);
  const modes = await Promise.all(ensemble.addresses.map((address) => ensemble.mode(address)));
  const leader = ensemble.addresses[modes.indexOf('leader')];
  const followers = ensemble.addresses.filter((address) => address !== leader);
  const five = [...ensemble.addresses, ...ensemble.more];

  const [first = '', second = ''] = followers;
  await ensemble.kill(first);
  ensemble.start(first, five);
  // It needs three that agree, and there are two: waiting for it here would never end.
  await ensemble.kill(second);
  ensemble.start(second, five);
  await serve(ensemble.addresses);

  const last = leader ?? '';
  await ensemble.kill(last);
  ensemble.start(last, five);
  await serve(ensemble.addresses);
  for (const address of ensemble.more) ensemble.start(address, five);
  await serve(five);
});

import { describe, expect, it } from 'vitest';
import { loginsWithPassword } from '../../../../src/bake/seal/account-faults.ts';
import { clampShadowDays } from '../../../../src/bake/seal/shadow-days.ts';

describe('/etc/shadow of an image', () => {
  it('contains no day after that of the image, and keeps everything else', () => {
    const epoch = 20_000 * 86_400 + 5;
    const shadow = 'root:*:20414:0:99999:7:::\nold:!:19000:0:99999:7:::\nnever:!:::::::\n';
    expect(clampShadowDays(shadow, epoch)).toBe(
      'root:*:20000:0:99999:7:::\nold:!:19000:0:99999:7:::\nnever:!:::::::\n',
    );
  });

  it('lets nobody log in with a password, not even an empty one', () => {
    const shadow =
      'root:*:1::::::\nops:!:1::::::\nopen::1::::::\nweak:$y$j9T$abc:1::::::\nlocked:!$y$abc:1::::::\n';
    expect(loginsWithPassword(shadow)).toEqual(['open', 'weak']);
  });
});

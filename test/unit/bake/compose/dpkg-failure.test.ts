import { describe, expect, test } from 'vitest';
import { dpkgFailure } from '../../../../src/bake/compose/dpkg-failure.ts';

const reason = (script: string, how: string) =>
  ` installed vendor package ${script} script subprocess returned error exit status ${how}`;

describe('the package that dpkg could not install', () => {
  test('is named with its script and the output between dpkg’s own lines', () => {
    expect(
      dpkgFailure([
        'Setting up other (2.0) ...',
        'not of vendor',
        'Setting up vendor (1.0-1) ...',
        'debconf: unable to initialize frontend: Dialog',
        'checking the licence',
        'licence not accepted',
        'dpkg: error processing package vendor (--configure):',
        reason('post-installation', '1'),
        'Errors were encountered while processing:',
      ]),
    ).toEqual({
      package: 'vendor',
      version: '1.0-1',
      what: 'its post-installation script (postinst) ended with exit status 1',
      words: ['checking the licence', 'licence not accepted'],
    });
  });

  test('is also found by its file, before it is unpacked', () => {
    const found = dpkgFailure([
      'Preparing to unpack .../12-vendor_1%3a1.0_amd64.deb ...',
      'no',
      'dpkg: error processing archive /tmp/apt-dpkg-install-x/12-vendor_1%3a1.0_amd64.deb (--unpack):',
      ' new vendor package pre-installation script subprocess returned error exit status 2',
    ]);
    expect(found).toMatchObject({
      package: 'vendor',
      what: 'its pre-installation script (preinst) ended with exit status 2',
      words: ['no'],
    });
  });

  test('has dpkg’s own reason where no script failed', () => {
    expect(
      dpkgFailure([
        'Unpacking vendor (1.0) ...',
        'dpkg: error processing archive /x/vendor_1.0_all.deb (--unpack):',
        " trying to overwrite '/usr/bin/x', which is also in package other 1.0",
      ]),
    ).toMatchObject({
      package: 'vendor',
      what: 'dpkg refused it',
      words: ["trying to overwrite '/usr/bin/x', which is also in package other 1.0"],
    });
  });

  test('is not found if dpkg names none', () => {
    expect(dpkgFailure(['Setting up vendor (1.0) ...', 'dpkg: error: out of memory'])).toBeUndefined();
  });
});

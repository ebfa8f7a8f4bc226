import type { Preset } from './preset.ts';

/**
 * The packages of clusterd, the actively maintained fork of Mesos (github.com/m3scluster/clusterd), as its owner
 * AVENTER publishes them for Debian 12. Copies of the key that expired on 2024-09-28 and on 2026-09-28 are in
 * circulation; an extended copy has the same fingerprint.
 */
export const clusterd: Preset = {
  name: 'clusterd',
  url: 'http://rpm.aventer.biz/Debian/',
  suites: ['bookworm'],
  components: ['main'],
  package: 'aventer-mesos',
  layout: 'clusterd',
  key: {
    url: 'https://www.aventer.biz/assets/support_aventer.asc',
    fingerprint: 'BA227EBC312D2E43498A533963F8CEE149ACA59E',
  },
};

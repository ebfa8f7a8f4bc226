// cspell:ignore cs dvbdev synclink vidtv hdac regmap dmxdev hotplugd coredump libminizip minizip nscd slapd krb kdc
/** What about an image shows that it does not have a vulnerability. */
export type Condition =
  /** The kernel has no such module, neither loadable nor built in. */
  | { readonly moduleAbsent: string }
  /** All of these units are masked. */
  | { readonly masked: readonly string[] }
  /** No such package is installed; it is built from the same source, and only it has the vulnerable code. */
  | { readonly packageAbsent: string };

/** A vulnerability that scanners report for a source package, although only a part of it has the vulnerable code. */
export interface Rule {
  readonly name: string;
  /** Debian's source package. */
  readonly source: string;
  /** Where the vulnerable code is. */
  readonly code: string;
  readonly when: Condition;
}

const kernel = (name: string, moduleAbsent: string, code: string): Rule => ({
  name,
  source: 'linux',
  code,
  when: { moduleAbsent },
});
const other = (name: string, source: string, packageAbsent: string, code: string): Rule => ({
  name,
  source,
  code,
  when: { packageAbsent },
});

/**
 * Whether an image has the code is read from the image; where the code is, is knowledge of this table. An entry has to
 * agree with https://security-tracker.debian.org/tracker/NAME, which its statement names.
 */
export const rules: readonly Rule[] = [
  kernel('CVE-2019-15213', 'dvb_usb', 'drivers/media/usb/dvb-usb'),
  kernel('CVE-2020-11725', 'snd', 'sound/core/control.c'),
  kernel('CVE-2022-3238', 'ntfs3', 'fs/ntfs3'),
  kernel('CVE-2022-41848', 'synclink_cs', 'drivers/char/pcmcia/synclink_cs.c'),
  kernel('CVE-2022-44032', 'cm4000_cs', 'drivers/char/pcmcia/cm4000_cs.c'),
  kernel('CVE-2022-44033', 'cm4040_cs', 'drivers/char/pcmcia/cm4040_cs.c'),
  kernel('CVE-2022-44034', 'scr24x_cs', 'drivers/char/pcmcia/scr24x_cs.c'),
  kernel('CVE-2022-45884', 'dvb_core', 'drivers/media/dvb-core/dvbdev.c'),
  kernel('CVE-2022-45885', 'dvb_core', 'drivers/media/dvb-core/dvb_frontend.c'),
  kernel('CVE-2023-31081', 'dvb_vidtv_bridge', 'drivers/media/test-drivers/vidtv/vidtv_bridge.c'),
  kernel('CVE-2023-31082', 'n_gsm', 'drivers/tty/n_gsm.c'),
  kernel('CVE-2024-21803', 'bluetooth', 'net/bluetooth/af_bluetooth.c'),
  kernel('CVE-2024-23196', 'snd_hda_core', 'sound/hda/hdac_regmap.c'),
  kernel('CVE-2024-24864', 'dvb_core', 'drivers/media/dvb-core/dmxdev.c'),
  {
    name: 'CVE-2024-11584',
    source: 'cloud-init',
    code: 'the socket of cloud-init-hotplugd.socket, which everybody can write to',
    when: { masked: ['cloud-init-hotplugd.socket'] },
  },
  other('CVE-2025-4598', 'systemd', 'systemd-coredump', 'systemd-coredump'),
  other('CVE-2017-14159', 'openldap', 'slapd', 'the server slapd'),
  other('CVE-2017-17740', 'openldap', 'slapd', 'the server slapd'),
  other('CVE-2024-26462', 'krb5', 'krb5-kdc', 'the server krb5kdc'),
  other('CVE-2023-45853', 'zlib', 'libminizip1', 'contrib/minizip'),
  other('CVE-2024-33599', 'glibc', 'nscd', 'the daemon nscd'),
  other('CVE-2024-33600', 'glibc', 'nscd', 'the daemon nscd'),
  other('CVE-2024-33601', 'glibc', 'nscd', 'the daemon nscd'),
  other('CVE-2024-33602', 'glibc', 'nscd', 'the daemon nscd'),
];

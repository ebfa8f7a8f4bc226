import { basename } from 'node:path';
import type { MachineEvent } from './machine-event.ts';
import { shownText } from './shown-text.ts';

/** Client architectures of option 93 (RFC 4578 and IANA's list), as written in the vendor class. */
const architectures: Readonly<Record<string, string>> = {
  '00000': 'BIOS',
  '00007': 'UEFI',
  '00009': 'UEFI',
  '00016': 'UEFI',
};

interface Classes {
  readonly vendor: string;
  readonly user: string;
}

const noClasses: Classes = { vendor: '', user: '' };

/** The sender of a DHCP request, as text for people, and whether it is firmware or a boot loader. */
function requester({ vendor, user }: Classes): { readonly by: string; readonly firmware: boolean } {
  if (user.includes('iPXE')) return { by: 'iPXE', firmware: true };
  const [, kind, architecture = ''] = /^(PXE|HTTP)Client:Arch:(\d{5})/.exec(vendor) ?? [];
  if (kind === undefined) return { by: 'the system', firmware: false };
  return {
    by: `${architectures[architecture] ?? `architecture ${Number(architecture)}`} ${kind}`,
    firmware: true,
  };
}

const macForm = '(?<mac>(?:[0-9a-f]{2}:){5}[0-9a-f]{2})';
const addressForm = String.raw`(?<address>\d+\.\d+\.\d+\.\d+)`;
const classLine = /^(?<id>\d+) (?<which>vendor|user) class: (?<text>.*)$/;
const discoverLine = new RegExp(String.raw`^(?<id>\d+) DHCPDISCOVER\(\S+\) (?:\S+ )?${macForm} ?(?<why>.*)$`);
const proxyLine = new RegExp(String.raw`^(?<id>\d+) PXE\(\S+\) (?:${addressForm} )?${macForm} `);
const ackLine = new RegExp(String.raw`^\d+ DHCPACK\(\S+\) ${addressForm} ${macForm}(?: |$)`);
const nakLine = new RegExp(String.raw`^\d+ DHCPNAK\(\S+\) \S+ ${macForm} ?(?<why>.*)$`);
const sentLine = new RegExp(String.raw`^(?<verb>sent|failed sending) (?<path>.*) to ${addressForm}$`);
const missingLine = new RegExp(String.raw`^file (?<path>.*) not found for ${addressForm}$`);

/** The maximum number of simultaneous DHCP exchanges that are tracked. */
const maxExchanges = 10_000;

/**
 * Parses what dnsmasq 2.90 logs with `log-dhcp`. The classes of a request are in separate lines before it, with the
 * same number.
 */
export class DnsmasqLog {
  readonly #classes = new Map<string, Classes>();

  /** What a line reports about machines, in order; empty if the line reports nothing of interest. */
  read(line: string): readonly MachineEvent[] {
    // The machines choose the names of files and classes, so the text is not trusted.
    const [, what, text] = /^dnsmasq-(dhcp|tftp)\[\d+\]: (.*?)\s*$/.exec(shownText(line)) ?? [];
    if (text === undefined) return [];
    return what === 'tftp' ? tftp(text) : this.#dhcp(text);
  }

  #dhcp(text: string): readonly MachineEvent[] {
    const classes = classLine.exec(text)?.groups;
    if (classes !== undefined) {
      this.#remember(classes['id'] ?? '', classes['which'] === 'user', classes['text'] ?? '');
      return [];
    }
    const discover = discoverLine.exec(text)?.groups;
    if (discover !== undefined) {
      const { mac = '', why = '', id = '' } = discover;
      const asked: MachineEvent = { kind: 'asked', mac, ...requester(this.#classes.get(id) ?? noClasses) };
      return why === '' ? [asked] : [asked, { kind: 'no-address', mac, why }];
    }
    const proxy = proxyLine.exec(text)?.groups;
    if (proxy !== undefined) {
      const { mac = '', id = '', address } = proxy;
      const asked: MachineEvent = { kind: 'asked', mac, ...requester(this.#classes.get(id) ?? noClasses) };
      return address === undefined ? [asked] : [asked, { kind: 'address', mac, address }];
    }
    const ack = ackLine.exec(text)?.groups;
    if (ack !== undefined) return [{ kind: 'address', mac: ack['mac'] ?? '', address: ack['address'] ?? '' }];
    const nak = nakLine.exec(text)?.groups;
    if (nak !== undefined) return [{ kind: 'no-address', mac: nak['mac'] ?? '', why: nak['why'] ?? '' }];
    return [];
  }

  #remember(id: string, user: boolean, text: string): void {
    const before = this.#classes.get(id) ?? noClasses;
    if (this.#classes.size >= maxExchanges) this.#classes.clear();
    // The vendor class comes first and begins a new request.
    this.#classes.set(id, user ? { ...before, user: text } : { vendor: text, user: '' });
  }
}

function tftp(text: string): readonly MachineEvent[] {
  const sent = sentLine.exec(text)?.groups;
  const missing = missingLine.exec(text)?.groups;
  const { path = '', address = '' } = sent ?? missing ?? {};
  if (address === '') return [];
  const file = {
    path: `/loader/${basename(path)}`,
    by: 'TFTP' as const,
    status: sent === undefined ? 404 : 200,
    bytes: 0,
    seconds: 0,
    whole: sent?.['verb'] === 'sent',
  };
  return [{ kind: 'file', address, file }];
}

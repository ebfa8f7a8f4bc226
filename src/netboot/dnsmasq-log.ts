import { basename } from 'node:path';
import type { Seen } from './seen.ts';
import { shownText } from './shown-text.ts';

/** Client architectures of option 93 (RFC 4578 and IANA's list), as they stand in the vendor class. */
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

const nobody: Classes = { vendor: '', user: '' };

/** What asks, for people, and whether it is something that boots a machine. */
function asker({ vendor, user }: Classes): { readonly by: string; readonly firmware: boolean } {
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

/** Machines that ask at the same time: more of them are not looked after. */
const mostExchanges = 10_000;

/** Reads what dnsmasq 2.90 logs with `log-dhcp`: the classes of a question stand in lines of their own before it, with its number. */
export class DnsmasqLog {
  readonly #classes = new Map<string, Classes>();

  /** What a line says of machines, in order; nothing for the lines that say no more. */
  read(line: string): readonly Seen[] {
    // Names of files and classes are the machines' own words.
    const [, what, text] = /^dnsmasq-(dhcp|tftp)\[\d+\]: (.*?)\s*$/.exec(shownText(line)) ?? [];
    if (text === undefined) return [];
    return what === 'tftp' ? tftp(text) : this.#dhcp(text);
  }

  #dhcp(text: string): readonly Seen[] {
    const said = classLine.exec(text)?.groups;
    if (said !== undefined) {
      this.#remember(said['id'] ?? '', said['which'] === 'user', said['text'] ?? '');
      return [];
    }
    const discover = discoverLine.exec(text)?.groups;
    if (discover !== undefined) {
      const { mac = '', why = '', id = '' } = discover;
      const asked: Seen = { kind: 'asked', mac, ...asker(this.#classes.get(id) ?? nobody) };
      return why === '' ? [asked] : [asked, { kind: 'no-address', mac, why }];
    }
    const proxy = proxyLine.exec(text)?.groups;
    if (proxy !== undefined) {
      const { mac = '', id = '', address } = proxy;
      const asked: Seen = { kind: 'asked', mac, ...asker(this.#classes.get(id) ?? nobody) };
      return address === undefined ? [asked] : [asked, { kind: 'address', mac, address }];
    }
    const ack = ackLine.exec(text)?.groups;
    if (ack !== undefined) return [{ kind: 'address', mac: ack['mac'] ?? '', address: ack['address'] ?? '' }];
    const nak = nakLine.exec(text)?.groups;
    if (nak !== undefined) return [{ kind: 'no-address', mac: nak['mac'] ?? '', why: nak['why'] ?? '' }];
    return [];
  }

  #remember(id: string, user: boolean, text: string): void {
    const before = this.#classes.get(id) ?? nobody;
    if (this.#classes.size >= mostExchanges) this.#classes.clear();
    // The vendor's comes first, and begins a question anew.
    this.#classes.set(id, user ? { ...before, user: text } : { vendor: text, user: '' });
  }
}

function tftp(text: string): readonly Seen[] {
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

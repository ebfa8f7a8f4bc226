import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BakeEvent } from '../../../../src/bake/packer/events.ts';
import { type PackerRun, runPacker } from '../../../../src/bake/packer/packer.ts';
import { makeHost } from '../../../../src/host/make-host.ts';

/** A run folder that is removed when the test ends. */
export async function runFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ingot-bake-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A template of two builds without a machine; the commands of each role run on this host. */
function template(commands: Readonly<Record<'master' | 'slave', readonly string[]>>): string {
  const provisioner = (role: 'master' | 'slave') => `
  provisioner "shell-local" {
    only   = ["null.${role}"]
    inline = ${JSON.stringify(commands[role]).replaceAll('${', '$${')}
  }`;
  return `
source "null" "master" {
  communicator = "none"
}
source "null" "slave" {
  communicator = "none"
}
build {
  name    = "ingot"
  sources = ["source.null.master", "source.null.slave"]
${provisioner('master')}
${provisioner('slave')}
}
`;
}

/** A boot sector that prints a line on the first serial port (8086 code: a loop of lodsb and out, then hlt). */
function bootSector(line: string): Buffer {
  const code = [
    ...[0xbe, 0x11, 0x7c, 0xac, 0x08, 0xc0, 0x74, 0x06, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xf5, 0xf4, 0xeb, 0xfd],
    ...Buffer.from(`${line}\r\n\0`),
  ];
  const sector = Buffer.alloc(1024 * 1024);
  sector.set(code);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** Writes a template whose guest boots, prints a line on its console and never answers over SSH. */
export async function deafGuest(folder: string, line: string, sshTimeout: string): Promise<string> {
  await writeFile(join(folder, 'disk.raw'), bootSector(line));
  const hclFile = join(folder, 'deaf.pkr.hcl');
  await writeFile(
    hclFile,
    `
source "qemu" "master" {
  disk_image       = true
  iso_url          = "${folder}/disk.raw"
  iso_checksum     = "none"
  skip_resize_disk = true
  format           = "raw"
  output_directory = "${folder}/output"
  headless         = true
  disable_vnc      = true
  boot_wait        = "-1s"
  accelerator      = "tcg"
  memory           = 64
  qemuargs         = [["-serial", "file:${folder}/console-master.log"], ["-display", "none"]]
  ssh_username     = "root"
  ssh_password     = "none"
  ssh_timeout      = "${sshTimeout}"
}
build {
  sources = ["source.qemu.master"]
}
`,
  );
  return hclFile;
}

/** Runs the real Packer; returns the events so far, and what runPacker returned or threw. */
export async function bake(
  folder: string,
  commands: Partial<Record<'master' | 'slave', readonly string[]>>,
  more: Partial<PackerRun> & { readonly onEvent?: (event: BakeEvent) => void } = {},
) {
  const events: BakeEvent[] = [];
  const hclFile = join(folder, 'cluster.pkr.hcl');
  await writeFile(hclFile, template({ master: ['true'], slave: ['true'], ...commands }));
  const run = {
    hclFile,
    runFolder: folder,
    expectedBuilds: ['null.master', 'null.slave'],
    secrets: [],
    ...more,
  };
  const outcome = runPacker(makeHost(), run, (event) => {
    events.push(event);
    more.onEvent?.(event);
  });
  const settled = await outcome.then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  return { events, ...settled };
}

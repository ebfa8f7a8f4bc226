/** A change that survives a restart, how it is undone, and the drift that must be reported. */
export interface LastingDrift {
  readonly path: string;
  readonly kind: string;
  /** Shell scripts that root runs. */
  readonly plant: string;
  readonly undo: string;
}

const esp = '/run/ingot/esp';

/** Changes a file of the boot partition and keeps the original. */
function changed(file: string, command: string): LastingDrift {
  const writable = (work: string): string =>
    `mount -o remount,rw ${esp}; ${work}; mount -o remount,ro ${esp}`;
  const kept = `/run/ingot/kept-${file.replaceAll('/', '-')}`;
  return {
    path: `boot:/${file}`,
    kind: 'content',
    plant: writable(`cp ${esp}/${file} ${kept}; ${command}`),
    undo: writable(`cp ${kept} ${esp}/${file}`),
  };
}

const byte = (file: string): LastingDrift =>
  changed(file, `printf X | dd of=${esp}/${file} bs=1 seek=1000000 conv=notrunc status=none`);

const containers = '/var/lib/docker/containers';

/** For a node that runs slot a. */
export const lastingDrifts: readonly LastingDrift[] = [
  byte('a/initrd.img'),
  byte('a/vmlinuz'),
  changed('grub/grub.cfg', `sed -i 's/ingot.slot=/init=.bin.sh &/' ${esp}/grub/grub.cfg`),
  {
    path: 'container:helper',
    kind: 'starts by itself',
    plant: `mkdir -p ${containers}/helper
      echo '{"RestartPolicy":{"Name":"always"},"Privileged":true}' >${containers}/helper/hostconfig.json
      echo '{"Name":"/helper","Config":{"Image":"evil:1"}}' >${containers}/helper/config.v2.json`,
    undo: `rm -r ${containers}/helper`,
  },
];

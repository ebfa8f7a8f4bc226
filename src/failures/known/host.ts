import { inArea } from '../known-failure.ts';

/** Failures whose cause is this machine. */
export const hostFailures = inArea('host')([
  {
    code: 'disk-full',
    title: 'A file system of the build host is full',
    in: ['error', 'compose', 'packer', 'qemu'],
    sign: /[Nn]o space left on device|Disk quota exceeded|^Disk full$|not enough space in |ENOSPC|EDQUOT/,
    only: ['command-failed', 'no-space', 'node-failed', 'wrong-export'],
    cause:
      'A bake needs about 5 GiB for each role in the output store while it runs, and the package pool and the cache grow.',
    remedy: [
      'See what is full: `df -h`. The store is `out` or the folder of `--out`; pool and cache are in `~/.cache/ingot`.',
      'Free space with `ingot gc --max-size 5GiB` and `ingot gc --keep-versions 2`.',
      'Use folders on another file system: `--out`, `--cache` and `--pool`.',
    ],
  },
  {
    code: 'kvm-denied',
    title: 'KVM is there, and this user may not use it',
    in: ['error', 'packer', 'qemu'],
    sign: /Could not access KVM kernel module: Permission denied|failed to initialize kvm: Permission denied/,
    cause: 'The device `/dev/kvm` belongs to the group kvm, and QEMU runs without that group.',
    remedy: [
      'Run ingot as root, as a bake requires.',
      'Until then use emulation: `INGOT_ACCEL=tcg` (many times slower).',
    ],
  },
  {
    code: 'kvm-missing',
    title: 'KVM was demanded, and this machine has none',
    in: ['error', 'packer', 'qemu'],
    sign: /Could not access KVM kernel module: No such file|failed to initialize kvm: No such file/,
    cause:
      'INGOT_ACCEL is kvm, and there is no `/dev/kvm`: the processor does not virtualise, or it is switched off in the firmware, or this machine is itself a virtual one without nested virtualisation.',
    remedy: [
      'Unset INGOT_ACCEL: ingot then uses KVM only where a kernel boots with it.',
      'In a virtual machine, enable nested virtualisation on its host.',
    ],
  },
  {
    code: 'memory-too-small',
    title: 'The machine has too little memory for the guests',
    in: ['error', 'packer', 'qemu'],
    sign: /cannot set up guest memory '[^']*': Cannot allocate memory|^not enough memory: /,
    cause:
      'All guests of a step run at the same time, and their memory together is more than this machine has free.',
    remedy: [
      'End other programs, or add memory or swap.',
      'Bake one role at a time: `ingot bake cluster.yaml --role master`, then `--role slave`.',
      'Rehearse with fewer nodes: `ingot rehearse cluster.yaml --masters 1 --slaves 1`.',
    ],
  },
  {
    code: 'program-killed',
    title: 'A program was killed by SIGKILL',
    in: ['error'],
    sign: /was (?:killed|ended) by SIGKILL/,
    cause:
      'Usually the kernel of this machine ran out of memory and killed the largest program. A container with a memory limit does the same.',
    remedy: [
      'Look for "Out of memory" in the output of `dmesg`.',
      'Give the machine or the container more memory, or bake one role at a time with `--role`.',
    ],
  },
  {
    code: 'program-missing',
    title: 'A program that ingot needs is not installed',
    in: ['error'],
    sign: /(?:a program is|\d+ programs are) missing on this host|could not be started$|Failed creating Qemu driver: exec: /,
    cause: 'A bake runs programs of Debian packages, and one of them is missing.',
    remedy: ['Install them: `make setup`.', 'See which are missing: `ingot doctor`.'],
  },
  {
    code: 'port-in-use',
    title: 'A port is already in use',
    in: ['error', 'qemu', 'packer'],
    sign: /Address already in use|Could not set up host forwarding rule/,
    cause:
      'Another program listens on a port that ingot needs: a web or DHCP server, or a guest of an earlier run.',
    remedy: [
      'Find it: `ss -lntup`.',
      'Stop it, or name another port (`ingot netboot serve`), or wait until the other bake has ended.',
    ],
  },
  {
    code: 'disk-in-use',
    title: 'A disk image is used by another QEMU',
    in: ['error', 'qemu', 'packer'],
    sign: /Failed to get "write" lock/,
    cause:
      'A QEMU that somebody started by hand, or one that an earlier run left over, has the same image open.',
    remedy: [
      'Find it: `pgrep -a qemu-system`, and end it.',
      'Work on a copy: `qemu-img create -f qcow2 -F qcow2 -b out/master/latest/disk.qcow2 copy.qcow2`.',
    ],
  },
  {
    code: 'cpu-model-unknown',
    title: 'QEMU does not know the processor or the machine',
    in: ['error', 'qemu', 'packer'],
    sign: /unable to find CPU model|unsupported machine type/,
    cause:
      'The QEMU of this machine is older than the one that ingot is made for (Debian 12 has 7.2), or it is a build without the x86 machines.',
    remedy: [
      "Use Debian's package: `apt-get install qemu-system-x86`, and see that no other QEMU is in /usr/local.",
    ],
  },
  {
    code: 'firmware-missing',
    title: 'QEMU does not find its firmware',
    in: ['error', 'qemu', 'packer'],
    sign: /could not load PC BIOS/,
    cause: 'The package with the firmware is missing: seabios for BIOS, ovmf for UEFI.',
    remedy: ['Install it: `apt-get install seabios ovmf`.'],
  },
  {
    code: 'clock-wrong',
    title: 'The clock of this machine is wrong',
    in: ['error', 'compose'],
    sign: /is not valid yet \(invalid for another|Release file is dated in the future|The date of the image, .* is in the future/,
    cause:
      'Release files and images have dates, and one of them is later than the clock of this machine. A virtual machine that was suspended has often a clock that is behind.',
    remedy: [
      'Compare: `date -u`, and set the clock: `systemctl restart systemd-timesyncd` or `chronyc makestep`.',
      'If the clock is right, the source or the lock has the wrong date: make the lock again with `ingot lock cluster.yaml --update`.',
    ],
  },
  {
    code: 'store-mounted-nodev',
    title: 'The output store is on a file system without devices or programs',
    in: ['error', 'compose'],
    sign: /which is mounted (?:nodev|noexec|ro)|chroot: failed to run command '[^']*': Permission denied/,
    cause:
      'Trees are composed in the store: they contain device files, and programs of the tree run there. The file system is mounted nodev, noexec or read-only, as /tmp and home folders sometimes are.',
    remedy: [
      'Name a store on another file system with `--out`.',
      'Remount it: `mount -o remount,dev,exec /the/mount/point`.',
    ],
  },
  {
    code: 'not-root',
    title: 'The command needs root',
    in: ['error'],
    sign: / needs root$/,
    cause: 'A bake creates files of all users, mounts and network namespaces, which only root may do.',
    remedy: ['Run the same command as root, for example with `sudo`.'],
  },
  {
    code: 'packer-too-old',
    title: 'The version of Packer does not fit',
    in: ['error', 'packer'],
    sign: /Unsupported Packer Core version/,
    cause: 'The template demands a version of Packer, and the one that was found in the path is older.',
    remedy: [
      "Use Debian's package: `apt-get install packer`, and see that no other Packer is in /usr/local.",
    ],
  },
  {
    code: 'packer-template',
    title: 'Packer does not accept the template',
    in: ['error', 'packer'],
    sign: /^Error: Unsupported (?:argument|block type)|Packer does not accept the template/,
    cause:
      'A changed template in `templates/packer/` has an argument that this version of Packer or of its QEMU plugin does not know.',
    remedy: [
      'Read the rendered template: `ingot render cluster.yaml --out rendered`, then `packer validate rendered/packer/cluster.pkr.hcl`.',
      'Undo the change in `templates/packer/`, or use the version of Packer that `ingot doctor` names.',
    ],
  },
  {
    code: 'temporary-folder',
    title: 'The folder for temporary files cannot be used',
    in: ['error'],
    sign: /^the folder for temporary files /,
    cause: 'TMPDIR names a folder that does not exist or cannot be written.',
    remedy: ['Unset TMPDIR, or set it to a folder that exists: `TMPDIR=/var/tmp`.'],
  },
]);

const setupSectors = 1;
const protectedStart = (setupSectors + 1) * 512;
const handover = 0x200;

/**
 * Prints the text at edi on the first serial line and ends QEMU (isa-debug-exit); the same bytes have the same meaning
 * in 32-bit and in 64-bit code.
 */
const print = [
  ...[0x8a, 0x07, 0xff, 0xc7], // next: mov al,[edi]; inc edi
  ...[0x84, 0xc0, 0x74, 0x14], // test al,al; jz done
  ...[0x88, 0xc3], // mov bl,al
  ...[0x66, 0xba, 0xfd, 0x03], // mov dx,0x3fd
  ...[0xec, 0xa8, 0x20, 0x74, 0xfb], // wait: in al,dx; test al,0x20; jz wait
  ...[0x66, 0xba, 0xf8, 0x03], // mov dx,0x3f8
  ...[0x88, 0xd8, 0xee], // mov al,bl; out dx,al
  ...[0xeb, 0xe4], // jmp next
  ...[0x66, 0xba, 0xf8, 0x03, 0xb0, 0x0a, 0xee], // done: mov dx,0x3f8; mov al,'\n'; out dx,al
  ...[0x66, 0xba, 0xf4, 0x00, 0xee], // mov dx,0xf4; out dx,al
  ...[0xf4, 0xeb, 0xfd], // hlt, for ever
];

/**
 * A kernel that only prints its command line on the first serial line and ends the machine, in the format that boot
 * loaders accept (Linux, Documentation/arch/x86/boot.rst), by BIOS and by UEFI's handover protocol.
 */
export function fakeKernel(): Buffer {
  const kernel = Buffer.alloc(protectedStart + 4096);
  kernel[0x1f1] = setupSectors;
  kernel.writeUInt16LE(0xaa55, 0x1fe);
  kernel.set([0xeb, 0x66], 0x200); // jump over the header, whose length is given here
  kernel.write('HdrS', 0x202, 'latin1');
  kernel.writeUInt16LE(0x020c, 0x206); // boot protocol 2.12
  kernel[0x211] = 1; // loaded high
  kernel.writeUInt32LE(0x100000, 0x214);
  kernel.writeUInt32LE(0x7fffffff, 0x22c); // highest address of an initrd
  kernel.writeUInt32LE(0x1000, 0x230); // alignment
  kernel[0x234] = 1; // relocatable
  kernel[0x235] = 12;
  kernel.writeUInt16LE(0b1011, 0x236); // 64-bit entry, above 4 GiB, UEFI handover
  kernel.writeUInt32LE(2047, 0x238); // longest command line
  kernel.writeBigUInt64LE(0x1000000n, 0x258);
  kernel.writeUInt32LE(0x100000, 0x260); // memory to run in
  kernel.writeUInt32LE(handover, 0x264);
  const commandLine = [0x28, 0x02, 0x00, 0x00]; // offset of its address in the boot parameters
  kernel.set([0x8b, 0xbe, ...commandLine, ...print], protectedStart); // mov edi,[esi+0x228]
  kernel.set([0x8b, 0xbe, ...commandLine, ...print], protectedStart + 0x200); // mov edi,[rsi+0x228]
  kernel.set([0x8b, 0xba, ...commandLine, ...print], protectedStart + handover + 0x200); // mov edi,[rdx+0x228]
  return kernel;
}

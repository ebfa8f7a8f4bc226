/**
 * A program for qemu(1)'s guestfwd=…-cmd:, which starts it for each connection of a guest: it connects the guest to a
 * port of the loopback interface.
 */
export const relayProgram = `
const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
socket.on('error', () => process.exit(1));
process.stdin.pipe(socket).pipe(process.stdout);
`;

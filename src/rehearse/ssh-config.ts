import { commandText } from '../host/command-text.ts';
import { inNetworkOf } from '../vm/private-network.ts';
import { sshValue } from '../vm/quote-ssh.ts';
import type { SshTarget } from '../vm/ssh.ts';

/** Connects standard input and output with a port. Only Node is certain to be installed. */
const connect = (port: number): string =>
  `const s=require("net").connect(${port},"127.0.0.1");process.stdin.pipe(s);s.pipe(process.stdout);s.on("close",()=>process.exit())`;

/**
 * An ssh_config(5) with which a person can reach running nodes by name. ssh itself stays in this host's network, so
 * that ports can be forwarded from it.
 * @param node absolute path of Node
 */
export function sshConfig(
  nodes: readonly { readonly name: string; readonly ssh: SshTarget }[],
  node: string,
): string {
  return nodes
    .map(({ name, ssh: { port, user, keyFile, networkOf } }) => {
      const plain = { program: node, args: ['-e', connect(port)] };
      const { program, args } = networkOf === undefined ? plain : inNetworkOf(networkOf, plain);
      return [
        `Host ${name}`,
        `  User ${user}`,
        `  IdentityFile ${sshValue(keyFile)}`,
        '  IdentitiesOnly yes',
        '  StrictHostKeyChecking no',
        '  UserKnownHostsFile /dev/null',
        '  LogLevel ERROR',
        `  ProxyCommand ${commandText(program, args).replaceAll('%', '%%')}`,
        '',
      ].join('\n');
    })
    .join('\n');
}

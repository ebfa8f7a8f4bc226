/** Where the Mesos of a new cluster comes from. */
export const mesosOrigins = ['clusterd', 'stand-ins'] as const;

export type MesosOrigin = (typeof mesosOrigins)[number];

/** What `ingot init` has to know of a new cluster. */
export interface StarterAnswers {
  readonly cluster: string;
  /** IPv4 addresses, in the order of the ZooKeeper ids. */
  readonly masters: readonly string[];
  readonly mesos: MesosOrigin;
  /** The line of an SSH public key; undefined for none. */
  readonly operator: string | undefined;
}

/** The file names of packages that a spec with stand-ins names, below its folder. */
export interface StandInFiles {
  readonly mesos: string;
  readonly marathon: string;
}

/** The name of the schema next to cluster.yaml. */
export const schemaFileName = 'cluster.schema.json';

/** Quotes a text for YAML if it has to be, so that an answer cannot become another key. */
function yamlWord(text: string): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9 ./+=@_-]*$/.test(text) && !otherValues.test(text);
  return plain ? text : JSON.stringify(text);
}

/** What some YAML reader takes for a truth value, for nothing or for a number. */
const otherValues = /^(?!\d+(?:\.\d+){3}$)(?:y|n|yes|no|on|off|true|false|null|[0-9.e+x_-]*)$/i;

const clusterd = `# clusterd is the maintained fork of Mesos. \`ingot lock\` fetches the key of its source and compares the fingerprint.
mesos: clusterd
scheduler: none # frameworks of your own register with the masters; with marathon, name its package below marathon:
`;

const standIns = ({ mesos, marathon }: StandInFiles): string =>
  `# Stand-ins take the place of Mesos and Marathon, for trying ingot: not for production.
# For a cluster that runs tasks, write \`mesos: clusterd\` and \`scheduler: none\`, and remove marathon.
mesos:
  deb: ${mesos}
marathon:
  deb: ${marathon}
`;

function operators(operator: string | undefined): string {
  const lines =
    operator === undefined
      ? '# operators: # replace this key with your own\n#   - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkVY4Lh94PCFvFqfhTIJWdY3KVRGPEIuvrCecRrPbn1 alice@example.org\n'
      : `operators:\n  - ${yamlWord(operator)}\n`;
  return `# Who may log in to the nodes as ops. These keys are in the cluster seed: a change needs no new image.\n${lines}`;
}

/**
 * Returns the text of a new cluster.yaml, with comments. Keys that a cluster can do without are written as comments, in
 * the form in which they are valid.
 * @param standInFiles required for the origin stand-ins
 */
export function starterSpec(answers: StarterAnswers, standInFiles: StandInFiles): string {
  const { cluster, masters, mesos, operator } = answers;
  return `# yaml-language-server: $schema=${schemaFileName}
# The description of a cluster. docs/spec.md explains every key.
#
#   ingot check cluster.yaml   shows what would be baked, or every error; needs no network
#   ingot lock cluster.yaml    fixes every package in cluster.lock.json; commit that file
#   ingot bake cluster.yaml    builds both images, boots and checks them, and publishes them in out/

cluster: ${yamlWord(cluster)} # host names begin with it

masters: # the order gives the ZooKeeper ids: keep it, and replace an address in its place
${masters.map((address) => `  - ${yamlWord(address)}\n`).join('')}${masters.length === 1 ? 'singleMaster: true # for trying things out: nothing survives the loss of this master\n' : ''}
${mesos === 'clusterd' ? clusterd : standIns(standInFiles)}
# The forms of each image: qcow2 (virtual machines), raw (hardware), netboot (machines without a disk), ec2 (clouds).
targets: [qcow2]

${operators(operator)}
# The kernel: cloud is for virtual machines.
# base: { kernel: generic } # for hardware

# What every node gets in addition, or the nodes of one role (master, slave).
# common:
#   packages: [htop, tcpdump]
#   files:
#     - { path: /etc/motd, content: "Ask the cluster team.\\n" }
# slave:
#   sysctls: { vm.max_map_count: 524288 }

# Settings that nodes get when they boot. No image depends on them.
# seed:
#   network: 10.0.0.0/16 # where a node's own address is, for nodes with several cards
#   timeServers: [10.0.0.1] # nothing of the cluster starts before the clock is synchronised
#   agents:
#     - attributes: { site: berlin } # every agent
`;
}

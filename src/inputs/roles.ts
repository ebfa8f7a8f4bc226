/** The differences between a master and a slave in src/. The files on a node are in images/. */
interface RoleFacts {
  /** Whether its nodes are those in `masters` of the spec: no other role has these addresses. */
  readonly listedInMasters: boolean;
  /** Whether the scheduler of the spec is in its image. */
  readonly hasScheduler: boolean;
  /** The services on its nodes, by their names in the samples of a rehearsal. */
  readonly runs: readonly ('master' | 'agent' | 'zookeeper' | 'marathon')[];
  readonly mesos: {
    /** Its settings in `seed.mesos` of the spec. */
    readonly section: 'master' | 'agent';
    /** TCP port of its HTTP interface, Mesos' default. */
    readonly port: number;
    /**
     * Maps a secret of the seed to the flag that names its file; cluster_config.py and cluster_mesos.py have the same
     * mapping on the node.
     */
    readonly secretFlags: Readonly<Record<string, string>>;
  };
  /** TCP port on which its nodes elect a leader of ZooKeeper. */
  readonly quorumPort?: number;
  /** The boot test of a bake, on a network that exists only between its two nodes. */
  readonly bootTest: {
    /** The role of a node that has to run at the same time. */
    readonly needs?: Role;
    /** Each firmware is tested once, because the disks of both roles are assembled in the same way. */
    readonly firmware: 'uefi' | 'bios';
    readonly address: string;
    readonly mac: string;
  };
  /** Groups of an Ansible inventory whose hosts have this role, in lower case. */
  readonly inventoryGroups: readonly string[];
}

export const allRoles = ['master', 'slave'] as const;
export type Role = (typeof allRoles)[number];

export const roles: Readonly<Record<Role, RoleFacts>> = {
  master: {
    listedInMasters: true,
    hasScheduler: true,
    runs: ['master', 'zookeeper', 'marathon'],
    mesos: { section: 'master', port: 5050, secretFlags: { masterCredentials: 'credentials' } },
    quorumPort: 3888,
    bootTest: { firmware: 'uefi', address: '10.77.0.11', mac: '52:54:00:77:00:11' },
    inventoryGroups: ['master', 'masters'],
  },
  slave: {
    listedInMasters: false,
    hasScheduler: false,
    runs: ['agent'],
    mesos: {
      section: 'agent',
      port: 5051,
      secretFlags: {
        agentCredential: 'credential',
        agentHttpCredentials: 'http_credentials',
        dockerConfig: 'docker_config',
      },
    },
    bootTest: { needs: 'master', firmware: 'bios', address: '10.77.0.21', mac: '52:54:00:77:00:21' },
    inventoryGroups: ['slave', 'slaves', 'agent', 'agents'],
  },
};

export function isRole(text: unknown): text is Role {
  return allRoles.some((role) => role === text);
}

/**
 * Units of Debian's packages that need not be on the build host, reduced to what decides about order and names: their
 * dependencies as Debian 12 ships them, with /bin/true to run. systemd's and cloud-init's own are the host's real ones.
 */
export const foreignUnits: Readonly<Record<string, string>> = {
  'ssh.service':
    '[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\nAlias=sshd.service\n',
  'chrony.service':
    '[Unit]\nWants=time-sync.target\nBefore=time-sync.target\nAfter=network.target\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\nAlias=chronyd.service\n',
  'systemd-resolved.service':
    '[Unit]\nDefaultDependencies=no\nAfter=systemd-sysctl.service systemd-sysusers.service\nBefore=sysinit.target network.target nss-lookup.target shutdown.target\nConflicts=shutdown.target\nWants=nss-lookup.target\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=sysinit.target\n',
  'systemd-journal-upload.service':
    '[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nDynamicUser=yes\nExecStart=/bin/true\nRestart=on-failure\nStateDirectory=systemd/journal-upload\nSupplementaryGroups=systemd-journal\nUser=systemd-journal-upload\n[Install]\nWantedBy=multi-user.target\n',
  'logrotate.service': '[Service]\nType=oneshot\nExecStart=/bin/true\n',
  'logrotate.timer': '[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n',
  'containerd.service':
    '[Unit]\nAfter=network.target local-fs.target\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
  'docker.socket': '[Socket]\nListenStream=/run/docker.sock\n[Install]\nWantedBy=sockets.target\n',
  'docker.service':
    '[Unit]\nAfter=network-online.target docker.socket firewalld.service containerd.service time-set.target\nWants=network-online.target containerd.service\nRequires=docker.socket\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
  'apparmor.service':
    '[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\nAfter=local-fs.target systemd-journald-audit.socket\nRequiresMountsFor=/var/cache/apparmor\n[Service]\nType=oneshot\nExecStart=/bin/true\n[Install]\nWantedBy=sysinit.target\n',
};

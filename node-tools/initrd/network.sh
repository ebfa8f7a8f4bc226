# shellcheck shell=sh
# The card that the machine booted from (BOOTIF, as PXELINUX writes it) or any card, and its DHCP lease.

# Prints the machine's own cards, one name per line. If a hardware address is given, only the card that has it.
ingot_cards() {
  for card in "${INGOT_SYS_NET:-/sys/class/net}"/*; do
    # A card without a device behind it is lo or a bridge.
    [ -e "$card/device" ] || continue
    [ -z "$1" ] || [ "$(cat "$card/address")" = "$1" ] || continue
    echo "${card##*/}"
  done
}

# Converts 01-52-54-00-AA-BB-CC, where 01 is the hardware type, to 52:54:00:aa:bb:cc.
ingot_bootif_mac() {
  echo "$1" | sed 's/^[0-9A-Fa-f]\{2\}-\(\([0-9A-Fa-f]\{2\}-\)\{5\}[0-9A-Fa-f]\{2\}\)$/\1/' | tr 'A-F-' 'a-f:'
}

# Waits until the driver has found the card, at most a minute, and prints it.
ingot_wait_for_cards() {
  waited=0
  until cards=$(ingot_cards "$1") && [ -n "$cards" ]; do
    [ "$waited" -lt 60 ] || return 1
    sleep 1
    waited=$((waited + 1))
  done
  echo "$cards"
}

# Gets a lease on the first card that receives one. DHCP may be late: a switch port that runs spanning tree forwards
# nothing for half a minute. The client identifier is the hardware address (udhcpc's default), as with iPXE and
# networkd, so the server sees one identity and gives one address.
ingot_network() {
  mac=$(ingot_bootif_mac "${BOOTIF:-}")
  cards=$(ingot_wait_for_cards "$mac") ||
    ingot_refuse "no network card${mac:+ with the address $mac}; cards with a driver: $(ingot_cards '' | tr '\n' ' ')(an image with base.kernel: generic has the drivers of hardware)"
  for card in $cards; do
    ip link set "$card" up
  done
  began=$(ingot_uptime)
  until ingot_lease "$cards"; do
    [ $(($(ingot_uptime) - began)) -lt 180 ] ||
      ingot_refuse "no DHCP server gave an address within 180 s to $(echo "$cards" | tr '\n' ' '); is the cable in the right port?"
    ingot_say "no DHCP server answers on $(echo "$cards" | tr '\n' ' ')since $(($(ingot_uptime) - began)) s: trying again"
  done
}

# Tries each card in turn; the lease script writes /run/ingot/lease.
ingot_lease() {
  for card in $1; do
    if udhcpc -i "$card" -f -q -n -t 3 -T 3 -s /usr/lib/ingot/initrd/lease >/run/ingot/udhcpc.log 2>&1; then
      # shellcheck source=/dev/null
      . /run/ingot/lease
      ingot_say "network: $card (${ingot_mac:?}) has the address ${ingot_address:?}"
      return 0
    fi
  done
  return 1
}

# Passes the network on to the booted system: networkd requests the same address on this card and waits for no other
# card. cloud-init leaves the network alone unless its seed configures it.
ingot_hand_over_network() {
  mkdir -p /run/systemd/network/90-ingot-dhcp.network.d "${rootmnt:?}/etc/cloud/cloud.cfg.d"
  cat >/run/systemd/network/05-ingot-netboot.network <<EOF
[Match]
MACAddress=$ingot_mac
Type=ether

[Network]
DHCP=yes

[DHCPv4]
ClientIdentifier=mac
UseDomains=yes
EOF
  printf '[Link]\nRequiredForOnline=no\n' >/run/systemd/network/90-ingot-dhcp.network.d/10-netboot.conf
  echo 'network: {config: disabled}' >"$rootmnt/etc/cloud/cloud.cfg.d/90-ingot-netboot.cfg"
}

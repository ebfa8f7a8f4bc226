# shellcheck shell=sh
# The card that the machine booted from (BOOTIF, as PXELINUX writes it) or any card, and its lease by DHCP.

# The machine's own cards, one name a line; with a hardware address only the card that has it.
ingot_cards() {
  for card in "${INGOT_SYS_NET:-/sys/class/net}"/*; do
    # No device behind it: lo, a bridge.
    [ -e "$card/device" ] || continue
    [ -z "$1" ] || [ "$(cat "$card/address")" = "$1" ] || continue
    echo "${card##*/}"
  done
}

# 01-52-54-00-AA-BB-CC, where 01 is the type of the hardware, as 52:54:00:aa:bb:cc.
ingot_bootif_mac() {
  echo "$1" | sed 's/^[0-9A-Fa-f]\{2\}-\(\([0-9A-Fa-f]\{2\}-\)\{5\}[0-9A-Fa-f]\{2\}\)$/\1/' | tr 'A-F-' 'a-f:'
}

# Waits until the driver has found the card, at most a minute; says which.
ingot_wait_for_cards() {
  waited=0
  until cards=$(ingot_cards "$1") && [ -n "$cards" ]; do
    [ "$waited" -lt 60 ] || return 1
    sleep 1
    waited=$((waited + 1))
  done
  echo "$cards"
}

# A lease on the first card that gets one. DHCP may be late: a switch port that learns its tree first is deaf for half a minute.
# The client identifier is the hardware address (udhcpc's default), as with iPXE and networkd: one identity, one address.
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
    ingot_say "no DHCP server answers on $(echo "$cards" | tr '\n' ' ')since $(($(ingot_uptime) - began)) s: asking again"
  done
}

# Asks on each card in turn; the lease's script writes /run/ingot/lease.
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

# What the booted system has to know: networkd asks for the same address on this card, and waits for no other card;
# cloud-init leaves the network alone unless its seed says something about it.
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

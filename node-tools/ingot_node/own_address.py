"""Which of this machine's addresses is the node's own."""

from __future__ import annotations

# Only the C part: building the tables of names in socket takes longer than this whole module.
import _socket as socket
import re

from ingot_node.cluster_seed import IdentityError, Range, Seed, number


def local_addresses(fib_trie: str) -> list[str]:
    """The IPv4 addresses in the text of /proc/net/fib_trie, in order, without those of the loopback network.

    Format: Linux, net/ipv4/fib_trie.c.
    """
    found = re.findall(r"\|-- (\S+)\s+/32 host LOCAL", fib_trie)
    return [each for each in sorted(set(found), key=number) if not each.startswith("127.")]


def _towards(first_master: str) -> str:
    """The source address of the route to the first master. Connecting a UDP socket sends no packet."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.connect((first_master, 2181))
        return probe.getsockname()[0]
    except OSError as error:
        raise IdentityError(f"no route to the first master {first_master} ({error.strerror}): is the network up?") from error
    finally:
        probe.close()


def _within(network: Range, addresses: list[str]) -> str:
    inside = [each for each in addresses if network[0] <= number(each) <= network[1]]
    if len(inside) == 1:
        return inside[0]
    have = ", ".join(addresses) or "none"
    if not inside:
        raise IdentityError(f"no address of this node is in the network that the seed names (seed.network); it has {have}: is the network up?")
    raise IdentityError(f"{len(inside)} addresses of this node are in the network that the seed names (seed.network): {', '.join(inside)}; name a smaller one")


def own_address(seed: Seed, role: str, addresses: list[str], given: str | None) -> str:
    """The node's own address; IdentityError if there is none, or if several addresses of a master are in the list."""
    address = given or (_within(seed.network, addresses) if seed.network else _towards(seed.masters[0]))
    mine = [each for each in seed.masters if each == address or each in addresses]
    if role == "master" and len(mine) > 1:
        raise IdentityError(
            f"two addresses of this node, {' and '.join(mine)}, are in the seed's list of masters: each master must be a separate machine, so remove one"
        )
    if role == "master" and mine and address not in mine:
        raise IdentityError(
            f"this node's own address is {address}, but the seed's list of masters has {mine[0]} of this node: list the address by which the masters reach"
            " each other, or name its network in the seed (seed.network)"
        )
    return address

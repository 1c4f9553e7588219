"""Where webhooks may go: to hosts that the operator lists, or else to addresses outside the own network only.

A name is resolved once, and the connection goes to the address that was looked at, so that it cannot lead elsewhere
meanwhile. Links to other places are not followed.
"""

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpcore2

from api.settings import ServiceSettings
from engine.vocabulary import Word

_TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""Addresses of the sixth version behind which there are ones of the fourth."""

_SocketOptions = Iterable[httpcore2.SOCKET_OPTION]


class HostFault(Word):
    """Why nothing is sent to an address."""

    NO_ADDRESS = "no_address", "不是以 https:// 开头的地址", "not an address that begins with https://"
    LOGIN = "login", "地址中含有用户名或者密码", "an address with a login in it"
    CHARACTERS = "characters", "地址中含有不允许的字符", "an address with characters that are not allowed in it"
    NO_TLS = "no_tls", "向内部网络之外发送须用 https://", "http:// to a host that is not inside the own network"
    UNLISTED = "unlisted", "主机不在允许的名单中", "a host that is not listed in DUECOURSE_WEBHOOK_HOSTS"
    INSIDE = "inside", "主机在内部网络中而未列入名单", "a host inside the own network that is not listed"
    UNKNOWN = "unknown", "主机名无法解析", "a host whose name is not known"


class HostRefusedError(Exception):
    """Nothing is sent to such a host."""

    def __init__(self, fault: HostFault) -> None:
        """Keep the reason, which names no address."""
        super().__init__(fault.en)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that webhooks may go to. `listed`: names, `*.` before one for all below it; none: any outside."""

    listed: tuple[str, ...]
    private: bool

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Hosts":
        """Read them from the settings."""
        return cls(names(settings.webhook_hosts), private=settings.webhook_private_hosts)

    def checked(self, url: str) -> SplitResult:
        """Return the parts of an address that may be sent to, as far as its text tells; raises `HostRefusedError`."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise HostRefusedError(HostFault.NO_ADDRESS) from None
        if parts.scheme not in {"http", "https"} or not host:
            raise HostRefusedError(HostFault.NO_ADDRESS)
        if parts.username is not None or parts.password is not None:
            raise HostRefusedError(HostFault.LOGIN)
        if not url.isascii() or any(character.isspace() or not character.isprintable() for character in url):
            raise HostRefusedError(HostFault.CHARACTERS)
        if parts.scheme == "http" and not self.inside(host):
            raise HostRefusedError(HostFault.NO_TLS)
        if self.listed and not self.private and not self.lists(host):
            raise HostRefusedError(HostFault.UNLISTED)
        return parts

    def lists(self, host: str) -> bool:
        """Tell whether the operator lists a host."""
        return listed(host, self.listed)

    def inside(self, host: str) -> bool:
        """Tell whether a host may lie inside the own network."""
        return self.private or self.lists(host)


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to hosts that webhooks may go to, and to no others."""

    def __init__(self, hosts: Hosts) -> None:
        """Take the hosts."""
        self._hosts = hosts
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library has it
        local_address: str | None = None,
        socket_options: _SocketOptions | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of a host; raises `HostRefusedError` if any of them may not be sent to."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise HostRefusedError(HostFault.UNKNOWN) from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self._hosts.inside(host) and not all(map(is_outside, addresses)):
            raise HostRefusedError(HostFault.INSIDE)
        return await self._network.connect_tcp(
            addresses[0], port, timeout=timeout, local_address=local_address, socket_options=socket_options
        )

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._network.sleep(seconds)


def is_outside(address: str) -> bool:
    """Tell whether an address is one that anybody on the net can reach: neither private nor of this machine."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_outside(str(found.ipv4_mapped))
        if found.sixtofour is not None or found.teredo is not None or any(found in net for net in _TRANSLATED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def names(setting: str) -> tuple[str, ...]:
    """Read a setting that lists names with commas between."""
    return tuple(name.strip().lower() for name in setting.split(",") if name.strip())


def listed(name: str, among: Iterable[str]) -> bool:
    """Tell whether a name is among some; `*.` before one stands for all names below it."""
    name = name.lower()
    return any(name.endswith(each[1:]) if each.startswith("*.") else name == each for each in among)

"""Which scheduler is trusted, and what can be wrong with it and its workers.

Whoever reaches a scheduler can run any code on its workers, as their user. So a scheduler on another host is spoken to
by TLS only, unless a setting says that the network itself is closed.
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from distributed import Security

from api.settings import ServiceSettings
from api.sweeps.errors import SweepError
from engine.vocabulary import Bilingual

_SCHEMES: Final = ("tcp", "tls")


class BadSchedulerAddressError(SweepError):
    """A text is no address of a scheduler."""

    def __init__(self, given: str) -> None:
        """Keep the text."""
        super().__init__(
            Bilingual(
                zh=f"--scheduler: 输入为 {given!r};应为 tcp://主机:端口 或者 tls://主机:端口;请更正地址",
                en=f"--scheduler: given {given!r}; expected tcp://HOST:PORT or tls://HOST:PORT; correct the address",
            )
        )


class PlainSchedulerError(SweepError):
    """A scheduler on another host would be spoken to without TLS."""

    def __init__(self, given: str) -> None:
        """Keep the address."""
        super().__init__(
            Bilingual(
                zh=f"--scheduler: 输入为 {given},即不加密地连接另一台主机;应为 tls:// 地址并设置 "
                "DUECOURSE_SCHEDULER_TLS_CA、_CERT、_KEY;网络本身封闭的,可以设置 DUECOURSE_SCHEDULER_PLAIN=true",
                en=f"--scheduler: given {given}, another host without encryption; expected an address tls:// with "
                "DUECOURSE_SCHEDULER_TLS_CA, _CERT and _KEY set; where the network itself is closed, "
                "set DUECOURSE_SCHEDULER_PLAIN=true",
            )
        )


class NoCertificatesError(SweepError):
    """An address asks for TLS, and there are no certificates."""

    def __init__(self, given: str) -> None:
        """Keep the address."""
        super().__init__(
            Bilingual(
                zh=f"--scheduler: 输入为 {given},但没有证书;请设置 DUECOURSE_SCHEDULER_TLS_CA、_CERT、_KEY",
                en=f"--scheduler: given {given}, but no certificates; "
                "set DUECOURSE_SCHEDULER_TLS_CA, _CERT and _KEY to their files",
            )
        )


class NoSchedulerError(SweepError):
    """Nobody answers where a scheduler should be."""

    def __init__(self, *, address: str, seconds: float, why: str) -> None:
        """Keep the address, how long it was waited, and why it was in vain."""
        super().__init__(
            Bilingual(
                zh=f"--scheduler: 输入为 {address};{seconds:g}秒内无法连接调度器({why});"
                "请启动 dask scheduler 并核对地址,然后再次运行同一命令",
                en=f"--scheduler: given {address}; no scheduler was reached within {seconds:g} s ({why}); "
                "start `dask scheduler`, check the address, and run the same command again",
            )
        )


class LostSchedulerError(SweepError):
    """The scheduler went away while parts were under way."""

    def __init__(self, address: str) -> None:
        """Keep the address."""
        super().__init__(
            Bilingual(
                zh=f"与调度器 {address} 的连接中断;已完成部分的结果保留;"
                "请重新启动调度器后再次运行同一命令,即从中断处继续",
                en=f"the scheduler at {address} was lost; what was done stays; start it again and run the same command "
                "again: only what is missing is judged",
            )
        )


class NoWorkerError(SweepError):
    """There is a scheduler, and nobody to do the work."""

    def __init__(self, *, address: str, seconds: float) -> None:
        """Keep the address, and how long it was waited."""
        super().__init__(
            Bilingual(
                zh=f"调度器 {address} 在{seconds:g}秒内没有任何工作进程;"
                f"请运行 dask worker {address} 后再次运行同一命令",
                en=f"the scheduler at {address} had no worker for {seconds:g} s; "
                f"start some with `dask worker {address}`, and run the same command again",
            )
        )


class UnfitWorkerError(SweepError):
    """A worker could not take the rulebooks in."""

    def __init__(self, *, address: str, why: str) -> None:
        """Keep the address of the scheduler and what happened."""
        super().__init__(
            Bilingual(
                zh=f"调度器 {address} 的工作进程无法装入规则库({why});"
                "请在各台机器上安装同一版本的循程后重新启动工作进程",
                en=f"a worker of the scheduler at {address} cannot take the rulebook in ({why}); "
                "install the same version of duecourse on every machine, and start the workers again",
            )
        )


def security_for(address: str, settings: ServiceSettings) -> Security | None:
    """Return the certificates for an address, none where none are needed; raises `SweepError`."""
    parts = _split(address)
    files = (settings.scheduler_tls_ca, settings.scheduler_tls_cert, settings.scheduler_tls_key)
    if parts.scheme == "tls":
        ca, certificate, key = files
        if ca is None or certificate is None:
            raise NoCertificatesError(address)
        return Security(
            require_encryption=True,
            tls_ca_file=str(ca),
            tls_client_cert=str(certificate),
            tls_client_key=str(key or certificate),
        )
    if not (settings.scheduler_plain or _is_here(parts.hostname or "")):
        raise PlainSchedulerError(address)
    return None


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in _SCHEMES and parts.hostname and parts.port
    except ValueError:
        whole = None
    if not whole:
        raise BadSchedulerAddressError(address)
    return parts


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

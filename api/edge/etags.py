"""ETags: whether what the caller has is still what is there, for reading (304) and for changing (412, 428)."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Request
from starlette.responses import Response

from api.refusals import StaleError, UnconditionalError
from engine.vocabulary import Bilingual

ANY: Final = "*"


class StaleVersionError(StaleError):
    """What is to be changed is no longer what the caller has seen."""

    def __init__(self, *, given: str, present: str) -> None:
        """Say which version is there now."""
        super().__init__(
            "stale_version",
            given=given,
            expected=Bilingual(zh=f"现有版本 {present}", en=f"the version that is there now, {present}"),
            do=Bilingual(zh="重新读取,核对他人的更改后再提交", en="read it again, look at what changed, send anew"),
            field="If-Match",
        )


class VersionMissingError(UnconditionalError):
    """A change is asked for without `If-Match`."""

    def __init__(self) -> None:
        """Say what to send."""
        super().__init__(
            "version_missing",
            given="nothing",
            expected=Bilingual(zh="所改版本的ETag", en="the ETag of the version that is to be changed"),
            do=Bilingual(
                zh="先读取,把答复的ETag写入If-Match", en="read it first, and send the ETag of the answer as If-Match"
            ),
            field="If-Match",
        )


def etag(*parts: object) -> str:
    """Make a strong ETag of what tells one version from another: digests, numbers, days."""
    return f'"{"-".join(str(part) for part in parts)}"'


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the caller has this version already, by `If-None-Match`; weak tags count as strong ones here."""
    given = request.headers.get("if-none-match")
    return given is not None and (given.strip() == ANY or tag in _tags(given))


def not_modified(tag: str) -> Response:
    """Answer that the caller has this version already."""
    return Response(status_code=304, headers={"ETag": tag})


@dataclass(frozen=True, slots=True)
class IfMatch:
    """Which versions the caller is ready to change."""

    given: str

    def requires(self, present: str) -> None:
        """Go on if the version that is there is one of them; raises `StaleVersionError`."""
        if self.given.strip() != ANY and present not in _strong_tags(self.given):
            raise StaleVersionError(given=self.given, present=present)


async def _if_match(
    if_match: Annotated[
        str | None, Header(max_length=1000, description="the ETag of the version that is to be changed")
    ] = None,
) -> IfMatch:
    if if_match is None:
        raise VersionMissingError
    return IfMatch(if_match)


IfMatchDep = Annotated[IfMatch, Depends(_if_match)]


def _tags(given: str) -> tuple[str, ...]:
    return tuple(part.strip().removeprefix("W/") for part in given.split(","))


def _strong_tags(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(","))

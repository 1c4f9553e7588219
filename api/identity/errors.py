"""Why somebody is turned away at the door: one class per reason, each with a stable code."""

from datetime import timedelta
from typing import Final

from api.identity.operations import Operation, Scope
from api.identity.roles import Role
from api.refusals import ForbiddenError, TooManyError, UnauthenticatedError
from engine.vocabulary import Bilingual

AUTHORIZATION: Final = "(header) Authorization"


class NotAuthenticatedError(UnauthenticatedError):
    """Nobody is logged in, or the session or token is not in force. Which of these it was is not told."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "not_authenticated",
            given="-",
            expected=Bilingual(zh="有效的会话或者令牌", en="a session or a token that is in force"),
            do=Bilingual(zh="重新登录,或者更换令牌", en="log in again, or use another token"),
            field=AUTHORIZATION,
        )


class LoginFailedError(UnauthenticatedError):
    """Account and password do not belong together, or the account may not log in. Which of these is not told."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "login_failed",
            given="-",
            expected=Bilingual(zh="账号及其密码", en="an account and its password"),
            do=Bilingual(
                zh="更正,或者请管理员重置密码", en="correct them, or ask an administrator to reset the password"
            ),
        )


class TooManyTriesError(TooManyError):
    """Too many failed logins, for the account or from the address."""

    def __init__(self, *, wait: timedelta) -> None:
        """Keep how long to wait."""
        seconds = max(1, round(wait.total_seconds()))
        super().__init__(
            "too_many_tries",
            given="-",
            expected=Bilingual(zh="较少的失败登录", en="fewer failed logins"),
            do=Bilingual(zh=f"{seconds}秒后再试", en=f"try again in {seconds} seconds"),
            seconds=seconds,
        )


class NotAllowedError(ForbiddenError):
    """The role may not do this."""

    def __init__(self, *, operation: Operation, role: Role) -> None:
        """Keep the operation and the role."""
        super().__init__(
            "not_allowed",
            given=f"{operation} ({role})",
            expected=Bilingual(zh="该角色有权进行的操作", en="an operation that this role may do"),
            do=Bilingual(zh="请有权的角色办理", en="ask somebody whose role may do it"),
        )
        self.operation = operation
        self.role = role


class OutOfReachError(ForbiddenError):
    """The caller may see the thing, and may not do this with it."""

    def __init__(self, code: str, *, given: object, expected: Bilingual, do: Bilingual) -> None:
        """Keep what was asked for."""
        super().__init__(code, given=given, expected=expected, do=do)


class ScopeMissingError(ForbiddenError):
    """The token was not issued for this."""

    def __init__(self, *, operation: Operation) -> None:
        """Keep the operation; its scope is None if no token will do."""
        scope = operation.scope
        super().__init__(
            "scope_missing",
            given=operation.value,
            expected=_scoped(scope) if scope else _PERSON,
            do=Bilingual(zh="更换令牌", en="use another token") if scope else _LOG_IN,
        )
        self.operation = operation
        self.scope = scope


def _scoped(scope: Scope) -> Bilingual:
    return Bilingual(zh=f"范围为“{scope.zh}”({scope})的令牌", en=f"a token with the scope {scope}")


_PERSON: Final = Bilingual(zh="本人登录后的会话", en="the session of a person who has logged in")
_LOG_IN: Final = Bilingual(zh="登录后办理", en="log in for it")


class PasswordMustChangeError(ForbiddenError):
    """The one-time password has to be changed before anything else."""

    def __init__(self, *, operation: Operation) -> None:
        """Say what to do."""
        super().__init__(
            "password_must_change",
            given=operation.value,
            expected=Bilingual(zh="自己设定的密码", en="a password of one's own"),
            do=Bilingual(zh="先修改一次性密码", en="change the one-time password first (POST /api/v1/password)"),
        )


class CrossSiteError(ForbiddenError):
    """A change is asked for with a session's cookie, and nothing shows that it comes from a page of this site."""

    def __init__(self, *, given: str) -> None:
        """Keep what was wrong."""
        super().__init__(
            "cross_site",
            given=given,
            expected=Bilingual(
                zh="从本站发出,并带有与会话相符的X-CSRF-Token",
                en="a request from a page of this site, with the X-CSRF-Token of the session",
            ),
            do=Bilingual(
                zh="带上登录时得到的令牌;程序请改用Authorization: Bearer",
                en="send the token that came with the login; a program uses Authorization: Bearer",
            ),
        )

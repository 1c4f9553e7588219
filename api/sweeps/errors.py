"""What keeps a sweep, or a part of it, from being done: each error says what was given, where, and what to do."""

from collections.abc import Iterable
from pathlib import Path

from engine.vocabulary import Bilingual


class SweepError(Exception):
    """Something that a sweep cannot do. `told`: the message, in both languages; `stops`: no other part can be done."""

    stops = False

    def __init__(self, told: Bilingual) -> None:
        """Keep the message."""
        super().__init__(told.en)
        self.told = told

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes as the message alone."""
        return _again, (type(self), self.told)


def _again(kind: type[SweepError], told: Bilingual) -> SweepError:
    found = kind.__new__(kind)
    SweepError.__init__(found, told)
    return found


class UnknownSourceError(SweepError):
    """A text names nothing that can be swept."""

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__(
            Bilingual(
                zh=f"输入为 {text!r};应为案例表文件夹(含layout.json)、Parquet或CSV文件(或其文件夹)、数据库地址(sqlite:///…、"
                "postgresql+psycopg://…)之一;请核对路径或者地址",
                en=f"given {text!r}; expected a folder with a case table (layout.json), Parquet or CSV files or a "
                "folder of them, or the URL of a database (sqlite:///…, postgresql+psycopg://…); "
                "check the path or the URL",
            )
        )


class UnreadableLayoutError(SweepError):
    """The layout of a case table cannot be read."""

    def __init__(self, *, file: Path, why: str) -> None:
        """Keep the file and the reason."""
        super().__init__(
            Bilingual(
                zh=f"{file}: 不是本程序写出的案例表格式({why});请重新生成,或者改用长表(Parquet、CSV)",
                en=f"{file}: not the layout of a case table ({why}); write the table anew, or give files in long form",
            )
        )


class UnknownNamesError(SweepError):
    """A case table was written with names that the rulebook does not know."""

    def __init__(self, *, file: Path, field: str, names: Iterable[str]) -> None:
        """Keep the file, the field of the layout, and the names."""
        listed = ", ".join(sorted(names))
        super().__init__(
            Bilingual(
                zh=f"{file} {field}: 输入为 {listed};应为规则库中已有的名称;"
                "请改用写出该案例表时的规则库,或者在规则库中补充",
                en=f"{file} {field}: given {listed}; expected names that the rulebook knows; "
                "sweep with the rulebook that the table was written with, or add the names to the rulebook",
            )
        )


class UnreadablePartError(SweepError):
    """A file of a part cannot be read: to try again is no use."""

    def __init__(self, *, file: Path, why: str) -> None:
        """Keep the file and the reason."""
        super().__init__(
            Bilingual(
                zh=f"{file}: 无法读取({why});请恢复或者重新生成该文件,再次运行同一命令即只补算这一部分",
                en=f"{file}: cannot be read ({why}); restore or write it anew, and run the same command again: "
                "only what is missing is judged",
            )
        )


class DiskFullError(SweepError):
    """There is no room for results."""

    stops = True

    def __init__(self, *, folder: Path) -> None:
        """Keep the folder."""
        super().__init__(
            Bilingual(
                zh=f"{folder}: 磁盘空间不足,已停止;已完成的部分完整保留。"
                "请腾出空间后再次运行同一命令,将从未完成的部分继续",
                en=f"{folder}: no space left, stopped; what is finished is kept whole. "
                "Make room and run the same command again: it goes on with what is not done",
            )
        )


class OtherQuestionError(SweepError):
    """The results of another question lie in a folder."""

    def __init__(self, *, file: Path, field: str, given: str, found: str) -> None:
        """Keep the file, and what differs."""
        super().__init__(
            Bilingual(
                zh=f"{file}: 其中是另一问题的结果({field}:本次为 {given},已有 {found});"
                "请用--out指定另一文件夹,或者删除该文件夹",
                en=f"{file}: the results of another question lie here ({field}: given {given}, found {found}); "
                "give another folder with --out, or delete this one",
            )
        )


class WorkerDiedError(SweepError):
    """Processes die over a part."""

    def __init__(self, *, part: str, times: int) -> None:
        """Keep the part, and how often."""
        super().__init__(
            Bilingual(
                zh=f"{part}: 处理该部分的进程{times}次异常终止(常见原因是内存不足);"
                "请减少--workers或者释放内存后再次运行同一命令",
                en=f"{part}: the process that judged it died {times} times (often for want of memory); "
                "give fewer --workers or free memory, and run the same command again",
            )
        )


class UnfitRulesError(SweepError):
    """By a rulebook nothing can be judged."""

    stops = True

    def __init__(self, *, digest: str, why: str) -> None:
        """Keep the digest of the rulebook and the reason."""
        super().__init__(
            Bilingual(
                zh=f"规则库 {digest[:12]}: 无法编译({why});请运行 duecourse rules lint 并更正",
                en=f"rulebook {digest[:12]}: cannot be compiled ({why}); run `duecourse rules lint` and correct it",
            )
        )


class BusyError(SweepError):
    """Another sweep writes to a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        super().__init__(
            Bilingual(
                zh=f"{folder}: 另一个sweep正在写入;请等待其结束,或者用--out指定另一文件夹",
                en=f"{folder}: another sweep writes here; wait until it ends, or give another folder with --out",
            )
        )

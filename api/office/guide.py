"""How a template is filled in, in words: Chinese first, English beside it."""

from typing import Final

from engine.procedure import Procedure
from engine.vocabulary import Bilingual

_FORMS: Final = (
    Bilingual(
        zh="第1行是列标题,方括号内为字段名,不要改动。从第2行起填写,一行一项。不填的列留空,可以删除整列或者整张表。",
        en="Row 1 holds the headings; the names in brackets must stay. Fill in from row 2 on, one thing a row. Leave "
        "blank what is not known; whole columns and sheets may be deleted.",
    ),
    Bilingual(
        zh="留空表示不清楚,不表示“否”。没有做的,填写“否”。",
        en="Blank means not known, and never no. Write 否 (no) for what was not done.",
    ),
    Bilingual(
        zh="日期:2024-03-01、2024年3月1日、2024/3/1;只知道月、季、年的,填写2024-03、2024-Q1、2024;"
        "带时刻的,填写2024-03-01T09:30;"
        "已发生但日期不明的,填写 unknown。知道多少填多少,不要猜。",
        en="Days: 2024-03-01, 2024年3月1日, 2024/3/1; of what is known to the month, quarter or year only: 2024-03, "
        "2024-Q1, 2024; with a time: 2024-03-01T09:30; what took place nobody knows when: unknown. As exactly as it is "
        "known, and never a guess.",
    ),
    Bilingual(
        zh="选项:从下拉列表选择,名称和代码都可以(见“选项 choices”表)。可以多选的,用顿号或者分号隔开;"
        "明知一项也没有的,填写(无)。",
        en="Choices: take one from the list, by its name or its code (sheet `choices`). Where several may stand, "
        "divide them by 、 or ;. Where there is known to be none, write (无).",
    ),
    Bilingual(
        zh="是或者否:填写“是”“否”。数字:只填数字,不带单位。编号、摘要等文字:单元格格式用“文本”,以免前面的0丢失。",
        en="Yes or no: 是 or 否, yes or no. Numbers: digits alone, without a unit. Ids and digests: format the cells "
        "as text, so that leading zeros stay.",
    ),
    Bilingual(
        zh="可以有几个值的文字列(来源、目录事项):每格一个值,不够时加列,列标题写[source#2]、[source#3]。",
        en="Texts of which there may be several (source, entry of the catalogue): one in each cell; for more, add "
        "columns with the headings [source#2], [source#3].",
    ),
    Bilingual(
        zh="不要合并单元格,不要隐藏填了内容的行、列和表,不要用有错误值的公式。有问题的单元格会逐个指出,"
        "其他事项照常导入。",
        en="Merge no cells, hide no rows, columns or sheets in which anything stands, leave no formula with an error. "
        "Every bad cell is named; the other records are imported.",
    ),
)

_OF_RECORDS: Final = (
    Bilingual(
        zh="“事项 record”表:一件决策事项一行。其他各表的“事项编号”填写该行的编号。",
        en="Sheet `record`: one row for each decision matter. The other sheets name it by its id.",
    ),
    Bilingual(
        zh="各环节的表:一轮一行,“轮次”按事项从1起连续编号。同一环节办了两次的,就是两轮。",
        en="A sheet for each step: one row for each round, counted from 1 for each record. What was done twice is two "
        "rounds.",
    ),
    Bilingual(
        zh="右侧带“(计划)”“(公告)”的日期列,填写原定和公告的时间;不带的,填写实际发生的时间。",
        en="The columns of days at the right, `planned` and `announced`, hold what was meant to be; the others what "
        "took place.",
    ),
    Bilingual(
        zh="“证明材料 documents”“期限事件 events”表:用事项编号、环节和轮次指明属于哪一轮。",
        en="Sheets `documents` and `events`: id of the record, step and round say where each belongs.",
    ),
    Bilingual(
        zh="“认定 determinations”表:一项认定一行;没有理由的认定不予采信。",
        en="Sheet `determinations`: one row for each; a determination without a reason is not believed.",
    ),
)

_OF_CATALOGUES: Final = (
    Bilingual(
        zh="“目录 catalogue”表:一个年度目录一行;“目录事项 entries”表:一个事项一行;其他各表用编号指明"
        "属于哪个目录、哪个事项。",
        en="Sheet `catalogue`: one row for the catalogue of a year; sheet `entries`: one row for each entry. The other "
        "sheets name both by their ids.",
    ),
    Bilingual(
        zh="“目录的编制、公布和调整 versions”表:首次编制和每次调整各一行,“序号”从1起连续编号;"
        "“计划决策时间 plans”表同样。",
        en="Sheet `versions`: one row for the first version and one for each adjustment, counted from 1; so are the "
        "rows of `plans`.",
    ),
)


def guide(procedure: Procedure | None) -> tuple[Bilingual, ...]:
    """Return the lines of the first sheet."""
    if procedure is None:
        return (
            Bilingual(zh="年度决策事项目录填报模板", en="Template for catalogues of decision matters"),
            *_OF_CATALOGUES,
            *_FORMS,
        )
    title = Bilingual(zh=f"{procedure.title.zh}:事项填报模板", en=f"{procedure.title.en}: template for records")
    return (title, *_OF_RECORDS, *_FORMS)

"""Steps about the participation of the public: comment, hearing, and what became of the opinions."""

from pytest_bdd import step

from tests.bdd.facts import Facts, code, said

QUARTERS = "一二三四"

# --- public comment ------------------------------------------------------------------------------------------------


@step(said('决策事项"{title}"于<day>公开征求意见'))
def comment_opened(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("public_comment", opened=day)


@step(said('决策事项"{title}"于<day>公开征求意见,公告载明<until>截止'))
def comment_announced(facts: Facts, title: str, day: str, until: str) -> None:
    facts.title = title
    facts.begin("public_comment", opened=day, closed={"announced": until})


@step(said(r'决策事项"{title}"于(?P<year>\d{4})年第(?P<quarter>[一二三四])季度公开征求意见'))
def comment_opened_in_a_quarter(facts: Facts, title: str, year: str, quarter: str) -> None:
    facts.title = title
    facts.begin("public_comment", opened=f"{year}-Q{QUARTERS.index(quarter) + 1}")


@step(said("征求意见于<day>截止"))
def comment_closed(facts: Facts, day: str) -> None:
    facts.add("public_comment", closed=day)


@step(said(r"征求意见于<day>截止,收到意见(?P<count>\d+)条"))
def comment_closed_with_opinions(facts: Facts, day: str, count: str) -> None:
    facts.add("public_comment", closed=day, opinions=int(count))


@step(said("公告说明了缩短期限的理由"))
def explained_in_notice(facts: Facts) -> None:
    facts.add("public_comment", shortening_explained_in_notice=True)


@step(said("事后报告说明了缩短期限的理由"))
def explained_afterwards(facts: Facts) -> None:
    facts.add("public_comment", shortening_explained_afterwards=True)


# --- hearing -------------------------------------------------------------------------------------------------------


@step(said("听证会于<day>举行"))
def hearing_held(facts: Facts, day: str) -> None:
    facts.add("hearing", held=day)


@step(said("听证公告于<day>发布"))
def hearing_announced(facts: Facts, day: str) -> None:
    facts.add("hearing", notice_published=day)


@step(said("听证公告于<day>发布,载明听证会于<until>举行"))
def hearing_announced_for(facts: Facts, day: str, until: str) -> None:
    facts.add("hearing", notice_published=day, held={"announced": until})


@step(said("听证材料于<day>送达"))
def hearing_materials(facts: Facts, day: str) -> None:
    facts.add("hearing", materials_delivered=day)


# --- adoption of opinions ------------------------------------------------------------------------------------------


@step(said("公众意见于<day>开始归纳整理,于<until>完成研究采纳"))
def opinions_studied(facts: Facts, day: str, until: str) -> None:
    facts.begin("opinion_adoption", of=code("opinion_adoption", "of", "社会公众"), started=day, completed=until)


@step(said(r"采纳意见(?P<count>\d+)条,草案(?P<improved>已|未)据此完善"))
def opinions_adopted(facts: Facts, count: str, improved: str) -> None:
    facts.add("opinion_adoption", adopted=int(count), draft_improved=improved == "已")

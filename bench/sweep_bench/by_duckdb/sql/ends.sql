-- Submission, meetings, report to the Party group, publication, archive, and the time named in the catalogue.

CREATE OR REPLACE TEMP TABLE submissions AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, cut(submitted_lo) AS lo, cut(submitted_hi) AS hi,
        shown(materials, cut(submitted_lo), submitted_lo) AS materials
    FROM submission WHERE begun_lo <= last_minute()
), several AS (SELECT key, min(begun_hi) AS ends FROM seen GROUP BY key HAVING count(*) > 1)
SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
    max(both_of(holds(materials, 1), before(lo, hi, gate_lo, gate_hi))) AS in_time,
    max(both_of(holds(materials, 1), happened(lo, hi))) AS done,
    max(holds(materials, 8)) AS with_risk, max(holds(materials, 32)) AS with_review,
    min(lo) FILTER (begun_lo <= coalesce(ends, never())) AS first_lo,
    max(hi) FILTER (begun_lo <= coalesce(ends, never())) AS first_hi
FROM seen LEFT JOIN several USING (key) JOIN cases USING (key) GROUP BY key;

CREATE OR REPLACE TEMP TABLE meetings AS
WITH beside AS (
    SELECT m.*, lower_body, before(m.held_lo, m.held_hi, c.issued_lo, c.issued_hi) AS in_time,
        first_day(m.held_lo) AS f, last_day(m.held_hi, to_come(m.held_lo, m.written_hi, m.held_planned_hi)) AS l,
        m.held_hi < never() AS past, first_day(decided_lo) AS d_first, last_day(decided_hi, far()) AS d_last,
        decided_hi < never() AS d_past, decided_lo < never() AS d_begun, opposite(ruled) AS not_ruled,
        same_draft(coalesce(m.draft, 0), coalesce(r.draft, 0)) AS unchanged
    FROM meeting_rounds AS m JOIN cases AS c USING (key) LEFT JOIN review_first AS r USING (key)
), ordered AS (
    SELECT *, both_of(in_time, greatest(not_ruled,
        CASE WHEN past AND d_begun AND d_first - l >= 0 THEN 100::TINYINT
             WHEN past AND d_last - f < 0 THEN 0
             ELSE why_inexact(f, l, past, d_first, d_last, d_past, true) END)) AS orderly
    FROM beside
)
SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
    max(greatest(both_of(fits(form IN (0, 1)), orderly),
                 CASE WHEN lower_body THEN both_of(fits(form = 2), orderly) ELSE 0::TINYINT END)) AS met,
    agreed(fits(form IN (0, 1, 2)), may_be_last) AS proper, agreed(says(members_spoke), may_be_last) AS spoke,
    agreed(unchanged, may_be_last) AS unchanged
FROM ordered GROUP BY key;

CREATE OR REPLACE TEMP TABLE reports AS
WITH seen AS (
    SELECT key, cut(reported_lo) AS lo, cut(reported_hi) AS hi,
        CASE WHEN shown(not_prescribed, cut(reported_lo), reported_lo) = 1 THEN 100::TINYINT ELSE 0 END AS not_prescribed
    FROM party_report WHERE begun_lo <= last_minute()
)
SELECT key, max(not_prescribed) AS not_prescribed, max(happened(lo, hi)) AS done,
    max(before(lo, hi, issued_lo, issued_hi)) AS in_time
FROM seen JOIN cases USING (key) GROUP BY key;

CREATE OR REPLACE TEMP TABLE archives AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, cut(archived_lo) AS lo, cut(archived_hi) AS hi,
        shown(items, cut(archived_lo), archived_lo) AS items
    FROM archiving WHERE begun_lo <= last_minute()
), several AS (SELECT key, min(begun_hi) AS ends FROM seen GROUP BY key HAVING count(*) > 1)
SELECT key, max(holds(items, 64)) AS with_review,
    min(lo) FILTER (begun_lo <= coalesce(ends, never())) AS first_lo,
    max(hi) FILTER (begun_lo <= coalesce(ends, never())) AS first_hi
FROM seen LEFT JOIN several USING (key) GROUP BY key;

-- Twenty working days from the issue; whether its day is the first is not settled.

CREATE OR REPLACE TEMP TABLE publications AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, cut(published_lo) AS lo, cut(published_hi) AS hi,
        published_hi AS written_hi, coalesce(published_announced_hi, published_planned_hi) AS named
    FROM publication WHERE begun_lo <= last_minute()
), several AS (SELECT key, min(begun_hi) AS ends FROM seen GROUP BY key HAVING count(*) > 1
), first AS (
    SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
        min(lo) FILTER (begun_lo <= coalesce(ends, never())) AS lo, max(hi) FILTER (begun_lo <= coalesce(ends, never())) AS hi,
        max(to_come(lo, written_hi, named)) FILTER (begun_lo <= coalesce(ends, never())) AS coming
    FROM seen LEFT JOIN several USING (key) GROUP BY key
), dated AS (
    SELECT key, coalesce(taken, 0::TINYINT) AS taken, coalesce(happened(lo, hi), 0::TINYINT) AS published, issued,
        under(decree(), issued_lo, issued_hi, 100) AS law,
        first_day(issued_lo) AS early, last_day(issued_hi, far()) AS late, issued_hi < never() AS past,
        first_day(coalesce(lo, never())) AS end_first, last_day(coalesce(hi, never()), coalesce(coming, far())) AS end_last,
        coalesce(hi < never(), false) AS end_past, coalesce(lo < never(), false) AS end_begun
    FROM cases LEFT JOIN first USING (key)
), measured AS (
    SELECT dated.*, law = 100 AS sure, law = 100 AND past AS known, a.after20_counting AS due_first, b.after20 AS due_last,
        a.before AS early_before, b.counted AS late_counted
    FROM dated JOIN calendar AS a ON a.day = in_calendar(early) JOIN calendar AS b ON b.day = in_calendar(late)
)
SELECT key, taken, published, law, issued, sure, early, late, end_first, end_last, end_past, end_begun, early_before,
    late_counted,
    decided(known AND end_begun AND end_last <= due_first, known AND end_first > due_last,
            why_inexact(early, late, past, end_first, end_last, end_past, sure)) AS in_time,
    decided(known AND as_of_day() > due_last, known AND as_of_day() <= due_first,
            why_inexact(early, late, past, as_of_day(), as_of_day(), true, sure)) AS over
FROM measured;

-- The time of decision that the catalogue names, against the gate of discussion.

CREATE OR REPLACE TEMP TABLE listings AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, cut(scheduled_until_lo) AS lo, cut(scheduled_until_hi) AS hi,
        scheduled_until_hi AS written_hi, coalesce(scheduled_until_announced_hi, scheduled_until_planned_hi) AS named
    FROM catalogue_listing WHERE begun_lo <= last_minute()
), several AS (SELECT key, max(begun_lo) AS begins FROM seen GROUP BY key HAVING count(*) > 1
), last AS (
    SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
        min(lo) FILTER (begun_hi >= coalesce(begins, long_ago())) AS lo,
        max(hi) FILTER (begun_hi >= coalesce(begins, long_ago())) AS hi,
        max(to_come(lo, written_hi, named)) FILTER (begun_hi >= coalesce(begins, long_ago())) AS coming
    FROM seen LEFT JOIN several USING (key) GROUP BY key
), dated AS (
    SELECT key, taken, happened(lo, hi) AS running,
        under(decree(), lo, hi, 100) AS law,
        first_day(lo) AS early, last_day(hi, coming) AS late, hi < never() AS past,
        gate_first, gate_last, gate_past, gate_begun, discussed
    FROM last JOIN cases USING (key)
), measured AS (
    SELECT *, law = 100 AND past AS known, CASE WHEN gate_begun THEN gate_last ELSE far() END AS end_last,
        finishing(gate_first, CASE WHEN gate_begun THEN gate_last ELSE far() END, gate_past) AS finish
    FROM dated
)
SELECT key, taken, running, law, discussed,
    decided(known AND gate_begun AND gate_last <= early, known AND gate_first > late,
            why_inexact(early, late, past, gate_first, gate_last, gate_past, law = 100)) AS in_time,
    decided(known AND as_of_day() > late, known AND as_of_day() <= early,
            why_inexact(early, late, past, as_of_day(), as_of_day(), true, law = 100)) AS over,
    shown_least(least_length(late, finish, end_last, finish - late), most_length(early, end_last, end_last - early)) AS least,
    most_length(early, end_last, end_last - early) AS most
FROM measured;

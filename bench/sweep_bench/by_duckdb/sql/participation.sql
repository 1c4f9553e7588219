-- Public comment, hearings, other participation, and what was made of the opinions.

CREATE OR REPLACE TEMP TABLE comment_rounds AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, opened_lo AS written, opened_hi AS written_hi,
        coalesce(opened_announced_hi, opened_planned_hi) AS opened_named,
        coalesce(closed_announced_hi, closed_planned_hi) AS closed_named,
        cut(opened_lo) AS opened_lo, cut(opened_hi) AS opened_hi,
        closed_lo AS closed_written, closed_hi AS closed_written_hi,
        cut(CASE WHEN stands_in(closed_lo, closed_announced_hi) THEN closed_announced_lo ELSE closed_lo END) AS closed_lo,
        cut(CASE WHEN stands_in(closed_lo, closed_announced_hi) THEN closed_announced_hi ELSE closed_hi END) AS closed_hi,
        notice_contains, shortening_explained_in_notice, opinions
    FROM public_comment WHERE begun_lo <= last_minute()
), several AS (SELECT key, min(begun_hi) AS ends FROM seen GROUP BY key HAVING count(*) > 1)
SELECT seen.*, coalesce(begun_lo <= ends, true) AS may_be_first FROM seen LEFT JOIN several USING (key);

CREATE OR REPLACE TEMP TABLE comment AS
WITH first AS (
    SELECT key, min(opened_lo) AS first_lo, max(opened_hi) AS first_hi FROM comment_rounds WHERE may_be_first GROUP BY key
), lawful AS (
    SELECT first.*, under(decree(), first_lo, first_hi, by_gate) AS law,
        gate_lo, gate_hi
    FROM first JOIN cases USING (key)
), dated AS (
    SELECT lawful.*, law = 100 AS sure, begun_hi, closed_lo, closed_hi, closed_written, opinions,
        first_day(opened_lo) AS early, last_day(opened_hi, to_come(opened_lo, written_hi, opened_named)) AS late,
        opened_hi < never() AS past, first_day(closed_lo) AS end_first, closed_lo < never() AS end_begun,
        last_day(closed_hi, to_come(closed_lo, closed_written_hi, closed_named)) AS end_last, closed_hi < never() AS end_past,
        shown(notice_contains, opened_lo, written) AS contents,
        shown(shortening_explained_in_notice, opened_lo, written) = 1 AS explained
    FROM comment_rounds JOIN lawful USING (key)
), measured AS (
    SELECT *, CASE WHEN sure AND past AND end_begun THEN end_first - late - 30 ELSE -widest() END AS surely,
        CASE WHEN sure AND past THEN end_last - early - 29 ELSE widest() END AS perhaps,
        finishing(end_first, end_last, end_past) AS finish,
        most_length(early, end_last, end_last - early + 1) AS longest
    FROM dated
)
SELECT key, any_value(law) AS law, any_value(first_lo) AS first_lo, any_value(first_hi) AS first_hi,
    CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
    max(before(closed_lo, closed_hi, gate_lo, gate_hi)) AS heard,
    min(happened(closed_lo, closed_hi)) AS over,
    max(surely) AS surely, max(perhaps) AS perhaps,
    max(CASE WHEN surely < 0 AND perhaps >= 0
             THEN why_inexact(early, late, past, end_first, end_last, end_past, sure) ELSE 0::TINYINT END) AS doubt,
    max(shown_least(least_length(late, finish, end_last, finish - late - (NOT sure)::INTEGER), longest)) AS least,
    max(longest) AS most,
    coalesce(bool_or(explained), false) AS explained,
    max(holds(contents, 3)) AS shows_draft, max(holds(contents, 12)) AS shows_how,
    max(both_of(happened(closed_lo, closed_hi), more_than_none(shown(opinions, closed_lo, closed_written)))) AS answered
FROM measured GROUP BY key;

CREATE OR REPLACE TEMP TABLE hearing_rounds AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi,
        materials_delivered_hi AS written_hi, held_lo AS held_written, held_hi AS held_written_hi,
        coalesce(materials_delivered_announced_hi, materials_delivered_planned_hi) AS delivered_named,
        coalesce(held_announced_hi, held_planned_hi) AS held_named,
        cut(materials_delivered_lo) AS delivered_lo, cut(materials_delivered_hi) AS delivered_hi,
        cut(CASE WHEN stands_in(held_lo, held_announced_hi) THEN held_announced_lo ELSE held_lo END) AS held_lo,
        cut(CASE WHEN stands_in(held_lo, held_announced_hi) THEN held_announced_hi ELSE held_hi END) AS held_hi,
        held_in_public, sequence
    FROM hearing WHERE begun_lo <= last_minute()
), several AS (SELECT key, min(begun_hi) AS ends FROM seen GROUP BY key HAVING count(*) > 1)
SELECT seen.*, coalesce(begun_lo <= ends, true) AS may_be_first FROM seen LEFT JOIN several USING (key);

CREATE OR REPLACE TEMP TABLE hearings AS
WITH first AS (
    SELECT key, min(held_lo) AS first_lo, max(held_hi) AS first_hi FROM hearing_rounds WHERE may_be_first GROUP BY key
), lawful AS (
    SELECT first.*, under(decree(), first_lo, first_hi, by_gate) AS law,
        gate_lo, gate_hi
    FROM first JOIN cases USING (key)
), dated AS (
    SELECT lawful.*, law = 100 AS sure, begun_hi, held_lo, held_hi, happened(held_lo, held_hi) AS done,
        first_day(delivered_lo) AS early, last_day(delivered_hi, to_come(delivered_lo, written_hi, delivered_named)) AS late,
        delivered_hi < never() AS past, first_day(held_lo) AS end_first, held_lo < never() AS end_begun,
        last_day(held_hi, to_come(held_lo, held_written_hi, held_named)) AS end_last, held_hi < never() AS end_past,
        says(shown(held_in_public, held_lo, held_written)) AS in_public,
        holds(shown(sequence, held_lo, held_written), 3) AS debated
    FROM hearing_rounds JOIN lawful USING (key)
), measured AS (
    SELECT *, CASE WHEN sure AND past AND end_begun THEN end_first - late - 8 ELSE -widest() END AS surely,
        CASE WHEN sure AND past THEN end_last - early - 7 ELSE widest() END AS perhaps,
        finishing(end_first, end_last, end_past) AS finish,
        most_length(early, end_last, end_last - early + (NOT sure)::INTEGER) AS longest
    FROM dated
)
SELECT key, any_value(law) AS law, any_value(first_lo) AS first_lo, any_value(first_hi) AS first_hi,
    CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
    max(before(held_lo, held_hi, gate_lo, gate_hi)) AS heard, min(done) AS over, max(done) AS done,
    min(surely) AS surely, min(perhaps) AS perhaps,
    max(CASE WHEN surely < 0 AND perhaps >= 0
             THEN why_inexact(early, late, past, end_first, end_last, end_past, sure) ELSE 0::TINYINT END) AS doubt,
    min(shown_least(least_length(late, finish, end_last, finish - late - 1), longest)) AS least, min(longest) AS most,
    both_of(every_round(greatest(opposite(done), in_public)), max(done)) AS in_public,
    both_of(every_round(greatest(opposite(done), debated)), max(done)) AS debated
FROM measured GROUP BY key;

CREATE OR REPLACE TEMP TABLE other AS
WITH seen AS (
    SELECT key, cut(completed_lo) AS lo, cut(completed_hi) AS hi, shown(opinions, cut(completed_lo), completed_lo) AS opinions
    FROM other_participation WHERE begun_lo <= last_minute()
)
SELECT key, max(before(lo, hi, gate_lo, gate_hi)) AS heard,
    max(both_of(happened(lo, hi), more_than_none(opinions))) AS answered
FROM seen JOIN cases USING (key) GROUP BY key;

CREATE OR REPLACE TEMP TABLE adoption AS
WITH seen AS (
    SELECT key, cut(completed_lo) AS lo, cut(completed_hi) AS hi,
        fits(shown("of", cut(completed_lo), completed_lo) = 0) AS of_public
    FROM opinion_adoption WHERE begun_lo <= last_minute()
)
SELECT key, max(both_of(of_public, before(lo, hi, gate_lo, gate_hi))) AS in_time, max(both_of(of_public, happened(lo, hi))) AS done
FROM seen JOIN cases USING (key) GROUP BY key;
